/* Time: of the run by phase and resource, and what bounds it. */
#include <math.h>

#include "reports/figures/facts.h"
#include "reports/figures/result_lines.h"

static double utilisation(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const uint64_t instances = s->inventory->resource_instances[place->item];
    return s->pricing->time_s > 0.0 && instances > 0 ? s->pricing->utilisation[place->item]
                                                     : (double)NAN;
}

/* Of the layer's own units and of its share of those that all layers use; and the chip's. */
static double busy(const struct mca_result_place *place) {
    double ps = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        ps += (double)place->subject.ledger->busy_ps[p][place->item];
    }
    return ps / 1e12;
}

static double busiest(const struct mca_result_place *place) {
    return isnan(utilisation(place)) ? (double)NAN : place->subject.pricing->busiest[place->item];
}

/* Images that the busiest units of a resource would let through if they never waited. */
static double bound(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const enum mca_resource resource = (enum mca_resource)place->item;
    const struct mca_layer_price *group = mca__busiest_group(run, resource);
    const struct mca_inventory *built = group ? &group->inventory : place->subject.inventory;
    return (double)run->result->images * mca_longest_units(built, resource);
}

static double bound_s(const struct mca_result_place *place) {
    const enum mca_resource resource = (enum mca_resource)place->item;
    const struct mca_layer_price *group = mca__busiest_group(place->subject.run, resource);
    return mca_longest_ps(group ? &group->ledger : place->subject.ledger, resource) / 1e12;
}

/* Picoseconds of the run, or of its tests, had a resource taken no time. */
static double free_ps(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const int is_there = run->scenario->chip.timing.what_if &&
                         place->subject.inventory->resource_instances[place->item] > 0;
    return is_there ? (double)run->result->what_if_ps[place->item] : (double)NAN;
}

static double free_test_ps(const struct mca_result_place *place) {
    const struct mca_priced_run *run = place->subject.run;
    const int is_there = !isnan(free_ps(place)) && run->result->tested_images > 0;
    return is_there ? (double)run->result->what_if_test_ps[place->item] : (double)NAN;
}

static double ps_per_s(const struct mca_result_place *place) {
    (void)place;
    return 1e12;
}

static double tested_ps_per_s(const struct mca_result_place *place) {
    return (double)place->subject.run->result->tested_images * 1e12;
}

static double free_s(const struct mca_result_place *place) {
    return free_ps(place) / 1e12;
}

static double free_energy(const struct mca_result_place *place) {
    const struct mca_pricing *pricing = place->subject.pricing;
    return pricing->dynamic_j + free_s(place) * pricing->idle_w +
           mca_price_gated_j(pricing, (enum mca_resource)place->item);
}

static double energy_without(const struct mca_result_place *place) {
    return mca__energy_without_j(place->subject.run, (enum mca_resource)place->item);
}

static double area_without(const struct mca_result_place *place) {
    return mca__area_without_mm2(place->subject.run, (enum mca_resource)place->item);
}

static const char *bottleneck(const struct mca_result_place *place, char *room) {
    const struct mca_pricing *pricing = place->subject.pricing;
    (void)room;
    return pricing->busiest[pricing->bottleneck] > 0.0 ? mca_resource_name(pricing->bottleneck)
                                                       : NULL;
}

const struct mca_result_figure mca__latency_figures[] = {
    FIGURE("latency_s.total", SI, "s", LESS, "latency of training", PATH,
           .scope = COSTS | MCA_OF_DESIGN_LAYER, .number = PRICE("", time_s),
           .source = MCA_FROM_TIME, .sweep = {5, NULL}, .short_title = "latency in all"),
    FIGURE("latency_s.per_image", SI, "s", LESS, "latency per image", PER_IMAGE,
           .scope = COSTS | MCA_OF_DESIGN_LAYER, .unlisted = MCA_OF_DESIGN,
           .number = PRICE("latency_s.total", time_s), .over = IMAGES, .compare = {6, NULL},
           .sweep = {4, NULL}, .objective = "latency", .heading = "latency/image",
           .short_title = "latency", .axis_prefix = "\u00b5"),
    FIGURE("latency_s.critical_path.*", SI, "s", NEITHER, "time of a phase", PATH, .scope = COSTS,
           .unlisted = MCA_OF_DESIGN, .family = MCA_RESULT_TRAINING_PHASES,
           .number = EACH(critical_s, critical_s[0]), .source = MCA_FROM_TIME),
    FIGURE("latency_other_s.*", SI, "s", NEITHER, "time of tests",
           "picoseconds of all tests, each on a chip at rest", .family = MCA_RESULT_TEST_PHASE,
           .number = EACH(critical_s, critical_s[0]), .source = MCA_FROM_TIME),
    FIGURE("latency_other_s.*", SI, "s", NEITHER, "time of initial weights",
           "picoseconds in which the initial weights are programmed",
           .family = MCA_RESULT_INIT_PHASE, .number = EACH(critical_s, critical_s[0]),
           .source = MCA_FROM_TIME),
    FIGURE(
        "latency_s.bottleneck", TEXT, "", NEITHER, "bottleneck",
        "the resource whose busiest units work longest, of a layer's own the busiest layer's, of "
        "tiles' the longest in each operation; the first of equals",
        .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER, .text = bottleneck,
        .source = MCA_FROM_BOTTLENECK, .compare = {8, NULL}, .layers = {8, "    busiest"}),
    FIGURE("latency_s.utilisation.*", FRACTION, "", NEITHER, "utilisation of a resource",
           "picoseconds in which the resource was busy, over its instances x the time", .digits = 1,
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .family = MCA_RESULT_RESOURCES, .value = utilisation, .source = MCA_FROM_BUSY),
    FIGURE("latency_s.busiest.*", FRACTION, "", NEITHER, "use of a resource's busiest units",
           "picoseconds in which the busiest units of the resource worked, of a layer's own the "
           "busiest layer's, of tiles' the longest in each operation, over their instances x the "
           "time; the largest of all resources bounds the chip",
           .digits = 1, .family = MCA_RESULT_RESOURCES, .value = busiest,
           .source = MCA_FROM_BUSIEST),
    FIGURE("latency_s.busy.*", SI, "s", NEITHER, "time that units work",
           "picoseconds in which units of a kind work, those that work side by side each by itself",
           .scope = PARTS, .family = MCA_RESULT_RESOURCES, .value = busy, .source = MCA_FROM_BUSY),
    {.key = NULL},
};

const struct mca_result_figure mca__bound_figures[] = {
    FIGURE("roofline.*.images_per_s", SI, "/s", NEITHER, "throughput that a resource allows",
           "images over the time in which the busiest units of the resource work, of a layer's own "
           "the busiest layer's, of tiles' the longest in each operation; the least of all "
           "resources bounds the chip (latency_s.bottleneck)",
           .family = MCA_RESULT_RESOURCES, .number = TERM("images_x_instances"), .value = bound,
           .over = TERM("seconds of work"), .over_value = bound_s),
    FIGURE("what_if.*.latency_s", SI, "s", NEITHER, "latency with a resource free",
           "time of the same work had the resource taken none: the program scheduled again "
           "(timing.what_if)",
           .family = MCA_RESULT_RESOURCES, .number = TERM("picoseconds"), .value = free_ps,
           .over = TERM("picoseconds per second"), .over_value = ps_per_s),
    FIGURE("what_if.*.speedup", RATIO, "", NEITHER, "gain of a resource that is free",
           "time of the run over its time had the resource taken none: the most that a faster one "
           "gives",
           .family = MCA_RESULT_RESOURCES, .number = PRICE("latency_s.total", time_s),
           .over = TERM("seconds with it free"), .over_value = free_s),
    FIGURE("what_if.*.inference_s_per_image", SI, "s", NEITHER,
           "time per image of inference with a resource free",
           "time of all tests had the resource taken none, over the images tested",
           .family = MCA_RESULT_RESOURCES, .number = TERM("picoseconds"), .value = free_test_ps,
           .over = TERM("images x picoseconds per second"), .over_value = tested_ps_per_s),
    FIGURE("what_if.*.energy_j", SI, "J", NEITHER, "energy with a resource free",
           "dynamic energy as it is, and static power for the time with the resource free",
           .family = MCA_RESULT_RESOURCES, .number = TERM("joules"), .value = free_energy,
           .source = MCA_FROM_FREE_ENERGY),
    FIGURE("what_if.*.energy_without_j", SI, "J", NEITHER, "energy without a resource's part",
           "energy of the run less what the resource's components spend and its blocks draw, in "
           "the time that the run takes: the most that a leaner one gives",
           .family = MCA_RESULT_RESOURCES, .number = TERM("joules"), .value = energy_without,
           .source = MCA_FROM_ENERGY_WITHOUT),
    FIGURE("what_if.*.area_without_mm2", AREA, "mm2", NEITHER, "area without a resource's part",
           "area less that of the resource's blocks", .family = MCA_RESULT_RESOURCES,
           .number = TERM("area"), .value = area_without, .source = MCA_FROM_AREA_WITHOUT),
    {.key = NULL},
};
