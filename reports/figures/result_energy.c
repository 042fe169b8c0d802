/* What is paid: energy, area and power. */
#include <math.h>

#include "reports/figures/facts.h"
#include "reports/figures/result_lines.h"

static const char PHASE_ENERGY[] =
    "counts x joules per action; static_BLOCK: instances x seconds that the phase adds to the "
    "critical path x watts, or for a gated clock seconds of work";

static double at_work(const struct mca_result_place *place) {
    return mca__at_work_w(place->subject.run, (enum mca_resource)place->item);
}

static double peak_power(const struct mca_result_place *place) {
    double sum = place->subject.pricing->static_w;
    for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
        sum += mca__at_work_w(place->subject.run, (enum mca_resource)r);
    }
    return place->subject.pricing->time_s > 0.0 ? sum : (double)NAN;
}

const struct mca_result_figure mca__energy_figures[] = {
    FIGURE("energy_j.total", SI, "J", LESS, "energy of training",
           "dynamic and static energy of the training phases", .scope = EVERY_COST,
           .number = PRICE("", total_j), .is_total = 1, .source = MCA_FROM_ENERGY,
           .compare = {3, "energy"}, .sweep = {3, NULL}, .short_title = "energy in all",
           .axis_prefix = "m"),
    FIGURE("energy_j.per_image", SI, "J", LESS, "energy per image", PER_IMAGE, .scope = EVERY_COST,
           .unlisted = MCA_OF_DESIGN, .number = PRICE("energy_j.total", total_j), .over = IMAGES,
           .compare_layers = {1, "*: energy per image"}, .layers = {4, "  per image"},
           .compare = {4, NULL}, .sweep = {2, NULL}, .objective = "energy",
           .heading = "energy/image", .short_title = "energy", .axis_prefix = "n"),
    FIGURE("energy_j.dynamic_per_image", SI, "J", NEITHER, "dynamic energy per image", PER_IMAGE,
           .scope = PARTS, .number = PRICE("energy_j.dynamic", dynamic_j), .over = IMAGES,
           .layers = {5, "   dynamic"}),
    FIGURE("energy_j.dynamic", SI, "J", NEITHER, "dynamic energy",
           "dynamic energy of all components", .scope = EVERY_COST, .number = PRICE("", dynamic_j),
           .source = MCA_FROM_COMPONENTS),
    FIGURE("energy_j.static", SI, "J", NEITHER, "static energy", "static energy of all blocks",
           .scope = ALL_COSTS, .number = PRICE("", static_j), .source = MCA_FROM_BLOCKS,
           .layers = {6, NULL}),
    ENDS("energy_j.", SI, "J", "energy of training", PRICED_END, total_range_j, .scope = EVERY_COST,
         .source = MCA_FROM_ENERGY, .compare = {3, NULL}, .compare_per_image = {5, NULL},
         .sweep = {3, NULL}),
    ENDS("energy_j.independent.", SI, "J", "energy of training by the figures' own errors",
         PRICED_END, independent_range_j, .scope = COSTS, .unlisted = MCA_OF_DESIGN,
         .source = MCA_FROM_OWN_ERRORS),
    ENDS("energy_j.common.", SI, "J", "energy of training by shared causes", PRICED_END,
         common_range_j, .scope = COSTS, .unlisted = MCA_OF_DESIGN,
         .source = MCA_FROM_COMMON_ERRORS),
    FIGURE("energy_j.by_phase.*", SI, "J", NEITHER, "energy of a phase", PHASE_ENERGY,
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .family = MCA_RESULT_TRAINING_PHASES, .number = EACH(by_phase_j, by_phase_j[0]),
           .source = MCA_FROM_ENERGY),
    FIGURE("energy_j.by_component.*.total", SI, "J", NEITHER, "energy of a component",
           "counts of the training phases x joules per action", .scope = ALL_COSTS,
           .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .family = MCA_RESULT_COMPONENTS,
           .number = EACH(by_component_j, by_component_j[0]), .source = MCA_FROM_ENERGY),
    ENDS("energy_j.by_component.*.", SI, "J", "energy of a component", EACH_END, component_range_j,
         .scope = COSTS, .unlisted = COSTS, .family = MCA_RESULT_COMPONENTS,
         .source = MCA_FROM_ENERGY),
    FIGURE("energy_j.by_component.static_*.total", SI, "J", NEITHER, "static energy of a block",
           "instances x seconds that each training phase adds to the critical path x watts, or "
           "for a gated clock seconds of work",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .family = MCA_RESULT_BLOCKS, .number = EACH(by_block_j, by_block_j[0]),
           .source = MCA_FROM_ENERGY),
    ENDS("energy_j.by_component.static_*.", SI, "J", "static energy of a block", EACH_END,
         block_range_j, .scope = COSTS, .unlisted = COSTS, .family = MCA_RESULT_BLOCKS,
         .source = MCA_FROM_ENERGY),
    FIGURE("energy_other_j.*", SI, "J", NEITHER, "energy of tests", PHASE_ENERGY,
           .family = MCA_RESULT_TEST_PHASE, .number = EACH(by_phase_j, by_phase_j[0]),
           .source = MCA_FROM_ENERGY),
    FIGURE("energy_other_j.*", SI, "J", NEITHER, "energy of initial weights", PHASE_ENERGY,
           .family = MCA_RESULT_INIT_PHASE, .number = EACH(by_phase_j, by_phase_j[0]),
           .source = MCA_FROM_ENERGY),
    {.key = NULL},
};

const struct mca_result_figure mca__area_figures[] = {
    FIGURE("area_mm2.total", AREA, "mm2", LESS, "area", AREA, .scope = ALL_COSTS,
           .number = PRICE("", area_total_mm2), .source = MCA_FROM_AREA,
           .compare_layers = {2, "*: area"}, .layers = {7, "       area"}, .compare = {7, NULL},
           .sweep = {6, "area_mm2"}, .objective = "area", .heading = "area", .short_title = "area"),
    FIGURE("area_mm2.by_component.*", AREA, "mm2", NEITHER, "area of a block",
           "instances x square micrometres", .scope = ALL_COSTS,
           .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .family = MCA_RESULT_BLOCKS,
           .number = EACH(area_mm2, area_mm2[0]), .source = MCA_FROM_AREA),
    {.key = NULL},
};

const struct mca_result_figure mca__power_figures[] = {
    FIGURE("power_w.average", SI, "W", LESS, "average power",
           "energy of the training phases over their time: dynamic and static", .scope = ALL_COSTS,
           .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .number = PRICE("energy_j.total", total_j),
           .over = PRICE("latency_s.total", time_s), .compare = {7, NULL}, .sweep = {9, NULL},
           .short_title = "power", .terminal = {11, "average *"}, .is_on_page = 1),
    FIGURE("power_w.static", SI, "W", LESS, "static power",
           "instances x static power of all blocks, which is drawn all the time, that of a gated "
           "clock while its unit works",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = PRICE("", static_w), .source = MCA_FROM_STATIC_POWER,
           .terminal = {12, "static *"}, .is_on_page = 1),
    FIGURE("power_w.at_once", SI, "W", LESS, "power of all units at work",
           "static power, and what the units of each resource draw while they work, as if all "
           "worked at once: what a supply has to bear for as long as an operation takes",
           .value = peak_power, .number = TERM("watts"), .source = MCA_FROM_PEAK_POWER,
           .compare = {7, NULL}, .sweep = {9, NULL}, .short_title = "power, all at work",
           .terminal = {13, "* with all units at work"}, .is_on_page = 1),
    FIGURE("power_w.at_work.*", SI, "W", NEITHER, "power of a resource at work",
           "dynamic energy of what belongs to the resource, over the time in which each of its "
           "units works; those of all layers together",
           .family = MCA_RESULT_RESOURCES, .value = at_work, .source = MCA_FROM_UNIT_POWER),
    {.key = NULL},
};
