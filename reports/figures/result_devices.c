/* What is built, what was written on it, and how it fares. */
#include <math.h>

#include "reports/figures/facts.h"
#include "reports/figures/result_lines.h"

static const char SET_PULSES[] =
    "SET pulses of the training phases: transfer pays chi out, refresh writes pairs anew";

static double cells_used(const struct mca_result_place *place) {
    const struct mca_inventory *inventory = place->subject.inventory;
    return mca__ratio(mca__devices_used(inventory), (double)inventory->devices);
}

static double pulses(const struct mca_result_place *place, enum mca_component component) {
    double sum = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        sum += (double)place->subject.ledger->counts[p][component];
    }
    return sum;
}

/* Of weights from outside; NAN where there are none. */
static double imported(const struct mca_result_place *place) {
    const uint64_t weights = place->subject.run->result->import.weights;
    return weights > 0 ? mca_result_number(place, &place->figure->number) : (double)NAN;
}

static double verified(const struct mca_result_place *place) {
    const int is_verified =
        place->subject.run->scenario->chip.weights.programming == MCA_PROGRAM_VERIFY &&
        place->subject.run->result->import.programmed > 0;
    return is_verified ? imported(place) : (double)NAN;
}

static double import_error_mean(const struct mca_result_place *place) {
    const struct mca_import_stats *import = &place->subject.run->result->import;
    return mca__ratio(import->error_sum_us, (double)import->programmed);
}

static double import_error_rms(const struct mca_result_place *place) {
    const struct mca_import_stats *import = &place->subject.run->result->import;
    return sqrt(mca__ratio(import->error_squares_us2, (double)import->programmed));
}

static double set_pulses(const struct mca_result_place *place) {
    return pulses(place, MCA_COMPONENT_PCM_SET);
}

static double reset_pulses(const struct mca_result_place *place) {
    return pulses(place, MCA_COMPONENT_PCM_RESET);
}

static double max_writes(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_train_result *result = s->run->result;
    return (double)(s->scope == MCA_OF_LAYER ? result->layers[s->layer].wear.max_writes_per_device
                                             : result->max_writes_per_device);
}

static double lifetime_s(const struct mca_result_place *place) {
    const struct mca_wear *wear = mca__first_worn(&place->subject);
    return wear ? (double)(wear->first_worn_endurance - wear->first_worn_before) /
                      mca__wear_rate(place->subject.run, wear)
                : (double)NAN;
}

static double stuck(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_train_result *result = s->run->result;
    double sum = 0.0;
    for (uint32_t i = 0; i < result->layer_count; ++i) {
        const int counts = s->scope != MCA_OF_LAYER || s->layer == i;
        sum += counts ? (double)result->layers[i].wear.stuck_devices : 0.0;
    }
    return sum;
}

static double at_gmax(const struct mca_result_place *place) {
    const struct mca_result_subject *s = &place->subject;
    const struct mca_train_result *result = s->run->result;
    return (double)(s->scope == MCA_OF_LAYER ? result->layers[s->layer].devices_at_gmax
                                             : result->devices_at_gmax);
}

const struct mca_result_figure mca__array_figures[] = {
    FIGURE("array.tiles", COUNT, "tiles", NEITHER, "tiles", "tiles of devices that are built",
           .scope = PARTS, .number = BUILT("tiles", tiles), .layers = {2, " tiles"}),
    FIGURE("array.weights", COUNT, "weights", NEITHER, "weights", "weights of the network",
           .scope = PARTS, .number = BUILT("weights", weights), .layers = {3, NULL}),
    FIGURE("array.cells_used", FRACTION, "", MORE, "cells used",
           "devices that hold weights, two each, over all devices on the tiles", .digits = 1,
           .scope = PARTS, .value = cells_used, .source = MCA_FROM_CELLS,
           .layers = {3, "   cells"}),
    FIGURE("array.buffer_bits", COUNT, "bits", NEITHER, "bits of buffers",
           "bits of the buffers of activations, errors and choices, for two images at work",
           .number = BUILT("bits", buffer_bits)),
    FIGURE("array.devices", COUNT, "devices", NEITHER, "devices",
           "devices on all tiles, two a weight, used or not", .scope = PARTS,
           .number = BUILT("devices", devices)),
    FIGURE("array.dacs", COUNT, "converters", NEITHER, "DACs",
           "digital-to-analog converters that are built (dac.build, dac.share)", .scope = PARTS,
           .number = BUILT("dacs", dacs)),
    FIGURE("array.adcs", COUNT, "converters", NEITHER, "ADCs",
           "analog-to-digital converters that are built (adc.build, adc.share, adc.backward_share, "
           "adc.bank)",
           .scope = PARTS, .number = BUILT("adcs", adcs)),
    FIGURE("array.sample_holds", COUNT, "lines", NEITHER, "sample and holds",
           "lines with a converter or a share of one, a switch of each with adc.bank shared, and a "
           "second one of each column with refresh.sense compare or comparator",
           .scope = PARTS, .number = BUILT("lines", sample_holds)),
    FIGURE("array.comparators", COUNT, "comparators", NEITHER, "comparators",
           "comparators of columns with refresh.high_us (refresh.sense comparator)", .scope = PARTS,
           .number = BUILT("comparators", comparators)),
    FIGURE("array.program_drivers", COUNT, "drivers", NEITHER, "programming drivers",
           "drivers of programming pulses, transfer.drivers a tile", .scope = PARTS,
           .number = BUILT("drivers", program_drivers)),
    FIGURE("array.dpu_lanes", COUNT, "lanes", NEITHER, "lanes of digital units",
           "lanes of all digital units, dpu.lanes each (dpu.units)",
           .number = BUILT("lanes", dpu_lanes)),
    FIGURE("array.register_bits", COUNT, "bits", NEITHER, "bits of registers",
           "bits of registers of all digital units", .number = BUILT("bits", register_bits)),
    FIGURE("array.link_bits", COUNT, "bits", NEITHER, "bits of stops",
           "registers of the interconnect: two ways of interconnect.bits at the stop of each tile, "
           "and with interconnect.kind tree wherever two branches meet",
           .scope = PARTS, .number = BUILT("bits", link_bits)),
    FIGURE("array.chi_bits", COUNT, "bits", NEITHER, "bits of chi",
           "capacity of the accumulator memory, a word a weight", .scope = PARTS,
           .number = BUILT("bits", chi_bits)),
    FIGURE("array.accumulator_bits", COUNT, "bits", NEITHER, "bits of accumulators",
           "capacity of sums over positions before chi", .number = BUILT("bits", accumulator_bits)),
    FIGURE("array.scan_map_bits", COUNT, "bits", NEITHER, "bits of scan maps",
           "bits that tell which pairs were programmed since the last refresh (refresh.scan)",
           .scope = PARTS, .number = BUILT("bits", scan_map_bits)),
    FIGURE("array.weight_bits", COUNT, "bits", NEITHER, "bits of weight memory",
           "capacity of the weight memory of digital layers", .scope = PARTS,
           .number = BUILT("bits", weight_bits)),
    {.key = NULL},
};

const struct mca_result_figure mca__write_figures[] = {
    FIGURE("writes.set_total", COUNT, "pulses", NEITHER, "SET pulses", SET_PULSES, .scope = PARTS,
           .number = TERM("pulses"), .value = set_pulses, .source = MCA_FROM_SET_PULSES,
           .terminal = {11, "* SET"}, .compare_layers = {3, "*: SET pulses"}, .layers = {9, NULL},
           .is_on_page = 1),
    FIGURE("writes.reset_total", COUNT, "pulses", NEITHER, "RESET pulses",
           "RESET pulses of the training phases: refresh clears pairs with them", .scope = PARTS,
           .number = TERM("pulses"), .value = reset_pulses, .source = MCA_FROM_RESET_PULSES,
           .terminal = {13, "* RESET"}, .layers = {9, NULL}, .is_on_page = 1),
    FIGURE("writes.set_per_image", NUMBER, "pulses", NEITHER, "SET pulses per image", SET_PULSES,
           .number = COUNT("pulses", set_pulses), .over = IMAGES, .source = MCA_FROM_SET_PULSES,
           .terminal = {12, "(* per image)"}),
    FIGURE("writes.refresh_pairs", COUNT, "pairs", NEITHER, "pairs refreshed",
           "pairs that refreshes wrote anew, since a device stood near its largest conductance "
           "(refresh.high_us)",
           .number = COUNT("pairs", refreshed_pairs), .terminal = {14, "* pairs refreshed"},
           .is_on_page = 1),
    FIGURE(
        "writes.max_per_device", COUNT, "pulses", LESS, "writes, worst cell",
        "SET and RESET pulses of the device that had most of them, the first programming included",
        .scope = PARTS, .number = TERM("pulses"), .value = max_writes, .is_total = 1,
        .needs_pulses = 1, .compare = {9, NULL}, .sweep = {7, NULL}, .short_title = "worst cell",
        .compare_layers = {4, "*: worst cell"}, .layers = {10, "   worst"},
        .terminal = {15, "at most * on a device"}),
    FIGURE(
        "writes.lifetime_s", LIFETIME, "s", MORE, "lifetime at this use",
        "time of training until a device has had the pulses that it takes, if each goes on at its "
        "rate in this one: of the device that comes first, those pulses (by "
        "device.endurance_pulses and device.endurance_spread), less what it had before",
        .scope = PARTS, .value = lifetime_s, .source = MCA_FROM_WEAR, .needs_pulses = 1,
        .compare = {9, NULL}, .sweep = {7, NULL}, .short_title = "lifetime",
        .terminal = {21, "the first device sticks after * of such training"}, .is_on_page = 1),
    FIGURE("import.weights", COUNT, "weights", NEITHER, "weights from outside",
           "weights and biases that --weights gave, as plain weights", .value = imported,
           .number = COUNT("weights", import.weights), .terminal = {11, "* weights"}),
    FIGURE("import.clipped", COUNT, "weights", LESS, "clipped",
           "of them, beyond the largest conductance, or digital word (weights.scale)",
           .value = imported, .number = COUNT("weights", import.clipped),
           .terminal = {12, "* clipped"}),
    FIGURE("import.unreached", COUNT, "weights", LESS, "not within the tolerance",
           "that weights.max_pulses did not bring within weights.tolerance_us, as they read; only "
           "of program-and-verify",
           .value = verified, .number = COUNT("weights", import.unreached),
           .terminal = {13, "* not within the tolerance"}),
    FIGURE("import.error_mean_us", NUMBER, "uS", NEITHER, "mean error of programming",
           "conductance differences of pairs, without noise, less their targets, over all pairs",
           .number = TERM("uS"), .value = import_error_mean),
    FIGURE("import.error_rms_us", NUMBER, "uS", LESS, "error of programming",
           "root of the mean square of what conductance differences of pairs, without read noise, "
           "are off their targets by",
           .number = TERM("uS"), .value = import_error_rms,
           .compare = {9, "import: error (uS rms)"}, .terminal = {14, "off by * uS rms"}),
    FIGURE("import.pulses_mean", NUMBER, "pulses", LESS, "pulses of a weight",
           "SET and RESET pulses of program-and-verify after the first RESET, over all pairs",
           .number = COUNT("pulses", import.pulses), .over = COUNT("pairs", import.programmed)),
    FIGURE("import.pulses_most", COUNT, "pulses", LESS, "pulses, worst weight",
           "the most that a weight had of these pulses", .value = imported,
           .number = COUNT("pulses", import.pulses_most)),
    FIGURE("import.reads", COUNT, "reads", LESS, "reads of pairs",
           "reads of program-and-verify, of both devices of a pair each", .value = imported,
           .number = COUNT("reads", import.reads)),
    FIGURE("health.adc_clip_fraction", FRACTION, "", LESS, "conversions clipped",
           "conversions of training reads whose input lay beyond the converter's range "
           "(adc.forward_range, adc.backward_range), over all of them",
           .digits = 3, .number = COUNT("clipped", adc_clips),
           .over = COUNT("conversions", adc_conversions), .compare = {10, NULL},
           .terminal = {11, "conversions clipped *"}, .is_on_page = 1),
    FIGURE("health.chi_saturations", COUNT, "", NEITHER, "chi words saturated",
           "additions to chi, or to accumulators before it, that ended beyond their bits and were "
           "cut off",
           .number = COUNT("saturations", chi_saturations), .mode = 1 + MCA_TRANSFER_CHI,
           .terminal = {21, "chi saturated * times"}, .is_on_page = 1),
    FIGURE("health.pulses_lost", COUNT, "", NEITHER, "pulses lost",
           "pulses of single updates beyond transfer.max_pulses, with transfer.mode direct",
           .number = COUNT("pulses", pulses_lost), .mode = 1 + MCA_TRANSFER_DIRECT,
           .terminal = {21, "* pulses lost beyond transfer.max_pulses"}, .is_on_page = 1),
    FIGURE("health.devices_at_gmax", COUNT, "devices", NEITHER,
           "devices at their largest conductance",
           "devices that stand at their largest conductance when training ends", .scope = PARTS,
           .number = TERM("devices"), .value = at_gmax, .needs_pulses = 1,
           .terminal = {22, "* devices at their maximum"}, .layers = {11, NULL}, .is_on_page = 1),
    FIGURE("health.stuck_devices", COUNT, "devices", LESS, "devices that stick",
           "devices that have had the pulses that they take when training ends: no pulse changes "
           "them any more",
           .scope = PARTS, .number = TERM("devices"), .value = stuck, .is_total = 1,
           .needs_pulses = 1, .compare = {10, NULL}, .sweep = {7, NULL},
           .short_title = "stuck devices", .terminal = {23, "* stuck"}, .is_on_page = 1),
    FIGURE("health.update_loss_fraction", FRACTION, "", NEITHER, "products lost to rounding",
           "products of input and error that are not 0 but were rounded to no change of chi, over "
           "all that are not 0; none with stochastic rounding, which loses none in the mean",
           .digits = 2, .number = COUNT("lost", updates_lost),
           .over = COUNT("products", update_products),
           .terminal = {12, "products lost to rounding *"}, .is_on_page = 1),
    {.key = NULL},
};
