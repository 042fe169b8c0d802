/* Work over what it takes: inference, operations, throughput, and the peak of the arrays. */
#include <math.h>

#include "reports/figures/facts.h"
#include "reports/figures/result_lines.h"

/* Of tests beside training, or of the test that is all of a run. */
static enum mca_phase phase_of_tests(const struct mca_result_place *place) {
    return mca_is_test_alone(place->subject.run->result) ? MCA_PHASE_FORWARD : MCA_PHASE_TEST;
}

static double inference_s(const struct mca_result_place *place) {
    return place->subject.pricing->critical_s[phase_of_tests(place)];
}

static double inference_j(const struct mca_result_place *place) {
    return place->subject.pricing->by_phase_j[phase_of_tests(place)];
}

static double inference_rate(const struct mca_result_place *place) {
    return mca__ratio((double)place->subject.run->result->tested_images, inference_s(place));
}

static double test_latency_s(const struct mca_result_place *place) {
    const uint64_t ps = place->subject.run->result->test_latency_ps;
    return ps > 0 ? (double)ps / 1e12 : (double)NAN;
}

/* Operations in 10^12, two a product. */
static double tera_operations(const struct mca_result_place *place) {
    const uint64_t macs = place->subject.macs->total;
    return macs > 0 ? 2.0 * (double)macs / 1e12 : (double)NAN;
}

static double tested_tera_operations(const struct mca_result_place *place) {
    const uint64_t macs = place->subject.macs->tested;
    return macs > 0 ? 2.0 * (double)macs / 1e12 : (double)NAN;
}

static double operations(const struct mca_result_place *place) {
    return 2.0 * (double)place->subject.macs->total;
}

static double images_per_s(const struct mca_result_place *place) {
    return mca__ratio((double)place->subject.run->result->images, place->subject.pricing->time_s);
}

static double tops(const struct mca_result_place *place) {
    return mca__ratio(tera_operations(place), place->subject.pricing->time_s);
}

static double inference_tops(const struct mca_result_place *place) {
    return mca__ratio(tested_tera_operations(place), inference_s(place));
}

static double energy_per_image(const struct mca_result_place *place) {
    return mca__ratio(place->subject.pricing->total_j, (double)place->subject.run->result->images);
}

/* Of arrays that do nothing but read. */
static double read_operations(const struct mca_result_place *place) {
    const uint64_t macs = place->subject.run->full_reads.macs;
    return macs > 0 ? 2.0 * (double)macs / 1e12 : (double)NAN;
}

static double read_pace_s(const struct mca_result_place *place) {
    return (double)place->subject.run->full_reads.pace_ps / 1e12;
}

static double read_joules(const struct mca_result_place *place) {
    const struct mca_full_reads *reads = &place->subject.run->full_reads;
    return reads->macs > 0 ? reads->joules : (double)NAN;
}

static double array_area(const struct mca_result_place *place) {
    double sum = 0.0;
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        sum += mca__is_of_arrays((enum mca_block)b) ? place->subject.pricing->area_mm2[b] : 0.0;
    }
    return sum;
}

static double read_tops(const struct mca_result_place *place) {
    return mca__ratio(read_operations(place), read_pace_s(place));
}

const struct mca_result_figure mca__inference_figures[] = {
    FIGURE("inference.latency_s", SI, "s", LESS, "latency of inference",
           "picoseconds from the load of an image to its class, alone on a chip at rest",
           .value = test_latency_s, .source = MCA_FROM_TEST_LATENCY, .terminal = {11, "* alone"}),
    FIGURE("inference.s_per_image", SI, "s", LESS, "time per image of inference",
           "the time of all tests (latency_other_s.test; of a test alone latency_s.total), one "
           "image after the other, the next one loaded meanwhile; over the images tested",
           .number = TERM("tests"), .value = inference_s, .over = TESTS,
           .terminal = {12, "* in a row"}),
    FIGURE("inference.images_per_s", SI, "/s", MORE, "throughput of inference",
           "images tested, over the time of all tests", .number = TERM("tested_per_second"),
           .value = inference_rate, .compare = {8, NULL}, .terminal = {13, "(*)"}),
    FIGURE("inference.j_per_image", SI, "J", LESS, "energy per image of inference",
           "dynamic and static energy of all tests (energy_other_j.test; of a test alone "
           "energy_j.total), over the images tested",
           .number = TERM("tests"), .value = inference_j, .over = TESTS, .compare = {8, NULL},
           .terminal = {14, "* per image"}),
    FIGURE("inference.tops", NUMBER, "TOPS", MORE, "operations of inference",
           "10^12 operations a second: 2 for each multiplication with its addition of the images "
           "tested, every weight visited, over the time of all tests",
           .number = TERM("tera_operations"), .value = tested_tera_operations,
           .over = TERM("seconds of all tests"), .over_value = inference_s,
           .terminal = {21, "* TOPS"}, .is_on_page = 1),
    FIGURE("inference.tops_per_w", NUMBER, "TOPS/W", MORE, "efficiency of inference",
           "10^12 operations a joule: the same operations over the energy of all tests",
           .number = TERM("tera_operations"), .value = tested_tera_operations,
           .over = TERM("joules of all tests"), .over_value = inference_j, .compare = {8, NULL},
           .sweep = {11, NULL}, .short_title = "inference, TOPS/W", .terminal = {22, "* TOPS/W"},
           .is_on_page = 1),
    FIGURE("inference.tops_per_mm2", NUMBER, "TOPS/mm2", MORE, "density of inference",
           "10^12 operations a second and square millimetre of the whole chip",
           .number = KEY("inference.tops"), .value = inference_tops,
           .over = PRICE("area_mm2.total", area_total_mm2), .terminal = {23, "* TOPS/mm\u00b2"},
           .is_on_page = 1),
    FIGURE("inference.j_per_mac", SI, "J", LESS, "energy per MAC of inference",
           "energy of all tests over the multiplications, each with its addition, of the images "
           "tested, every weight visited",
           .number = TERM("joules"), .value = inference_j, .over = MACS("tested_macs", tested),
           .terminal = {24, "* per MAC"}, .is_on_page = 1),
    {.key = NULL},
};

const struct mca_result_figure mca__rate_figures[] = {
    FIGURE("operations.macs_per_image", COUNT, "MACs", NEITHER, "MACs per image",
           "multiplications, each with its addition, that an image takes: forward, and in training "
           "backward and for the update, every weight visited at every position",
           .scope = PARTS, .number = MACS("macs", per_image), .terminal = {11, "* MACs per image"},
           .is_on_page = 1),
    FIGURE("operations.macs_forward", COUNT, "MACs", NEITHER, "MACs forward",
           "the same of all images of the run, forward", .scope = PARTS,
           .number = MACS("macs", forward), .is_on_page = 1),
    FIGURE("operations.macs_backward", COUNT, "MACs", NEITHER, "MACs backward",
           "the same, of transposed reads", .scope = PARTS, .number = MACS("macs", backward),
           .is_on_page = 1),
    FIGURE("operations.macs_update", COUNT, "MACs", NEITHER, "MACs of updates",
           "the same, of the products of inputs and errors", .scope = PARTS,
           .number = MACS("macs", update), .is_on_page = 1),
    FIGURE("operations.macs", COUNT, "MACs", NEITHER, "MACs", "the same, all of the run's",
           .scope = PARTS, .number = MACS("macs", total), .is_on_page = 1),
    FIGURE("operations.total", COUNT, "operations", NEITHER, "operations",
           "2 for each multiplication with its addition, all of the run's", .scope = PARTS,
           .number = TERM("operations"), .value = operations,
           .terminal = {21, "* operations, 2 per MAC"}, .is_on_page = 1),
    FIGURE("operations.j_per_mac", SI, "J", LESS, "energy per MAC",
           "dynamic and static energy of the run over all of its multiplications with their "
           "additions, those of inputs and errors of 0 included",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = PRICE("energy_j.total", total_j), .over = MACS("macs", total),
           .compare = {6, NULL}, .sweep = {10, NULL}, .short_title = "energy per MAC",
           .terminal = {12, "* per MAC"}, .is_on_page = 1),
    FIGURE("operations.j_per_mac_forward", SI, "J", LESS, "energy per MAC, forward",
           "dynamic and static energy of the forward phase over its multiplications with their "
           "additions",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = PRICE("energy_j.by_phase.forward", by_phase_j[MCA_PHASE_FORWARD]),
           .over = MACS("macs_forward", forward), .compare = {6, NULL}, .sweep = {10, NULL},
           .short_title = "energy per MAC, forward", .terminal = {13, "* per MAC forward"},
           .is_on_page = 1),
    FIGURE("throughput.images_per_s", SI, "/s", MORE, "throughput",
           "images trained on, or in a run that only tests tested, over the time of all",
           .scope = COSTS, .unlisted = MCA_OF_DESIGN, .number = IMAGES,
           .over = PRICE("latency_s.total", time_s), .compare = {6, "images a second"},
           .sweep = {9, NULL}, .short_title = "throughput", .terminal = {11, "images *"},
           .is_on_page = 1),
    FIGURE("throughput.tops", NUMBER, "TOPS", MORE, "operations achieved",
           "10^12 operations a second: 2 for each multiplication with its addition, every weight "
           "visited, over the time",
           .scope = COSTS, .unlisted = MCA_OF_DESIGN, .number = TERM("tera_operations"),
           .value = tera_operations, .over = PRICE("latency_s.total", time_s),
           .compare = {8, "TOPS"}, .sweep = {10, NULL}, .short_title = "TOPS",
           .terminal = {12, "* TOPS"}, .is_on_page = 1),
    FIGURE("throughput.tops_per_w", NUMBER, "TOPS/W", MORE, "operations per joule",
           "10^12 operations a joule: the same operations over dynamic and static energy",
           .scope = ALL_COSTS, .unlisted = MCA_OF_DESIGN | MCA_OF_LAYER,
           .number = TERM("tera_operations"), .value = tera_operations,
           .over = PRICE("energy_j.total", total_j), .compare = {8, "TOPS/W"}, .sweep = {10, NULL},
           .short_title = "TOPS/W", .terminal = {13, "* TOPS/W"}, .is_on_page = 1),
    FIGURE("throughput.tops_per_mm2", NUMBER, "TOPS/mm2", MORE, "operations per area",
           "10^12 operations a second and square millimetre of all that is built", .scope = COSTS,
           .unlisted = MCA_OF_DESIGN, .number = KEY("throughput.tops"), .value = tops,
           .over = PRICE("area_mm2.total", area_total_mm2), .compare = {8, "TOPS/mm\u00b2"},
           .sweep = {10, NULL}, .short_title = "TOPS/mm\u00b2", .terminal = {14, "* TOPS/mm\u00b2"},
           .is_on_page = 1),
    FIGURE("throughput.energy_delay_js", SI, "J s", LESS, "energy x delay per image",
           "energy per image over images a second, which is energy per image x latency per image",
           .scope = COSTS, .unlisted = MCA_OF_DESIGN, .number = KEY("energy_j.per_image"),
           .value = energy_per_image, .over = TERM("images a second"), .over_value = images_per_s,
           .compare = {6, NULL}, .sweep = {9, NULL}, .short_title = "energy x delay",
           .terminal = {21, "energy x delay *"}, .is_on_page = 1),
    FIGURE("throughput.share_of_peak", FRACTION, "", MORE, "of the arrays' peak",
           "operations achieved over those of arrays that do nothing but read (peak.tops)",
           .digits = 2, .number = KEY("throughput.tops"), .value = tops, .over = TERM("peak.tops"),
           .over_value = read_tops, .terminal = {22, "* of the arrays' peak"}, .is_on_page = 1),
    FIGURE("peak.tops", NUMBER, "TOPS", MORE, "peak of the arrays",
           "10^12 operations a second of arrays that do nothing but read, forward, one read after "
           "the other: 2 for each weight on them and read",
           .number = TERM("tera_operations_a_read"), .value = read_operations,
           .over = TERM("seconds from read to read"), .over_value = read_pace_s,
           .terminal = {11, "peak * TOPS"}, .is_on_page = 1),
    FIGURE("peak.tops_per_w", NUMBER, "TOPS/W", MORE, "peak efficiency of the arrays",
           "10^12 operations a joule of such a read with every line driven: drives, devices, "
           "samples and conversions; digital unit and static power are left out",
           .number = TERM("tera_operations_a_read"), .value = read_operations,
           .over = TERM("peak.read_j"), .over_value = read_joules, .terminal = {12, "* TOPS/W"},
           .is_on_page = 1),
    FIGURE("peak.tops_per_mm2", NUMBER, "TOPS/mm2", MORE, "peak density of the arrays",
           "peak of the arrays over their area and that of their converters",
           .number = KEY("peak.tops"), .value = read_tops, .over = TERM("peak.area_mm2"),
           .over_value = array_area, .terminal = {13, "* TOPS/mm\u00b2"}, .is_on_page = 1),
    FIGURE("peak.read_j", SI, "J", LESS, "energy of a full read",
           "counts of a read of all arrays with every line driven x joules per action",
           .number = TERM("joules"), .value = read_joules, .source = MCA_FROM_FULL_READS),
    FIGURE("peak.area_mm2", AREA, "mm2", LESS, "area of arrays and converters",
           "area of devices, tile control, DACs, sample and holds, ADCs", .number = TERM("area"),
           .value = array_area, .source = MCA_FROM_ARRAY_AREA),
    {.key = NULL},
};
