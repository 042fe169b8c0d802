/* The digital designs beside the chip. */
#include "reports/figures/facts.h"
#include "reports/figures/result_lines.h"

static double lanes(const struct mca_result_place *place) {
    return place->subject.baseline->lanes;
}

static const char *strongest(const struct mca_result_place *place, char *room) {
    const struct mca_priced_run *run = place->subject.run;
    const struct mca_baseline_report *design = mca__strongest_design(run);
    const ptrdiff_t number = design ? design - run->baselines : 0;
    (void)room;
    return design ? mca_baseline_design_name((enum mca_baseline_design)number) : NULL;
}

static const char *verdict(const struct mca_result_place *place, char *room) {
    mca__verdict_text(place->subject.run, room);
    return room[0] ? room : NULL;
}

const struct mca_result_figure mca__design_figures[] = {
    FIGURE("verdict.design", TEXT, "", NEITHER, "strongest digital design",
           "the digital design that needs least energy in all", .text = strongest),
    FIGURE("verdict.total_energy_ratio", RATIO, "", MORE,
           "total energy of the strongest digital design / chip",
           "dynamic and static energy of that design over that of the chip",
           .unlisted = MCA_OF_CHIP, .number = STRONGEST(total_ratio.value),
           .sweep = {8, "digital_total_energy_ratio"}, .heading = "digital / chip",
           .short_title = "digital / chip, total"),
    FIGURE("verdict.energy_ratio", RATIO, "", MORE, "dynamic energy alone of that design / chip",
           "dynamic energy of that design over that of the chip", .unlisted = MCA_OF_CHIP,
           .number = STRONGEST(dynamic_ratio.value), .sweep = {8, "digital_dynamic_energy_ratio"},
           .heading = "dynamic", .short_title = "digital / chip, dynamic"),
    FIGURE("verdict.text", TEXT, "", NEITHER, "verdict",
           "whether the chip or that design needs less energy in all, and by how much",
           .text = verdict),
    FIGURE("lanes", COUNT, "", NEITHER, "lanes", "multiply-add units of the design",
           .scope = DESIGNS, .unlisted = DESIGNS, .number = TERM("lanes"), .value = lanes),
    FIGURE("energy_j_per_image", SI, "J", NEITHER, "energy per image", PER_IMAGE, .scope = DESIGNS,
           .number = PRICE("energy_j.total", total_j), .over = IMAGES),
    FIGURE("dynamic_j_per_image", SI, "J", NEITHER, "dynamic energy per image", PER_IMAGE,
           .scope = DESIGNS, .number = PRICE("energy_j.dynamic", dynamic_j), .over = IMAGES),
    FIGURE("latency_s_per_image", SI, "s", NEITHER, "latency per image", PER_IMAGE,
           .scope = DESIGNS, .number = PRICE("latency_s.total", time_s), .over = IMAGES),
    FIGURE("total_energy_ratio", RATIO, "", MORE, "total energy / chip",
           "dynamic and static energy of the design over that of the chip", .scope = MCA_OF_DESIGN,
           .number = DESIGN(total_ratio.value), .source = MCA_FROM_TOTAL_RATIO,
           .compare = {12, "* / chip, total"}),
    ENDS("total_energy_ratio_", RATIO, "", "total energy / chip", RATIO_END, total_ratio,
         .scope = MCA_OF_DESIGN, .source = MCA_FROM_TOTAL_RATIO),
    FIGURE("energy_ratio", RATIO, "", NEITHER, "dynamic energy / chip",
           "dynamic energy of the design over that of the chip", .scope = MCA_OF_DESIGN,
           .number = DESIGN(dynamic_ratio.value), .source = MCA_FROM_DYNAMIC_RATIO,
           .compare = {12, "  dynamic alone"}),
    ENDS("energy_ratio_", RATIO, "", "dynamic energy / chip", RATIO_END, dynamic_ratio,
         .scope = MCA_OF_DESIGN, .source = MCA_FROM_DYNAMIC_RATIO),
    FIGURE("area_mm2", AREA, "mm2", NEITHER, "area", AREA, .scope = MCA_OF_EQUAL,
           .number = PRICE("", area_total_mm2), .source = MCA_FROM_AREA),
    {.key = NULL},
};
