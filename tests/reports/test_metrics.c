/*
 * Power, operations, throughput and bounds of the reference chip against sums done here, from
 * counts, busy times and single prices; laws that hold for any run; and none where nothing was
 * measured.
 */
#include "mca_test.h"
#include "report_fixture.h"

#include "reports/figures/result_figures.h"
#include "run/simulation.h"

enum { IMAGES = 300, TESTED = 40, LAYERS = 2 };

static const char *const REFERENCE[] = {"dataset.name=synthetic-digits",
                                        "train.epochs=1",
                                        "train.images=300",
                                        "train.test_images=40",
                                        "dataset.synthetic_train=400",
                                        "dataset.synthetic_test=40"};

static void run(struct mca_simulation *s, const char *file, const char **sets, size_t set_count) {
    char path[512];
    struct mca_error error = {""};
    (void)snprintf(path, sizeof path, "%s/scenarios/%s", MCA_TEST_SOURCE_DIR, file);
    const struct mca_scenario_args args = {.path = path, .sets = {sets, set_count}};
    if (mca_simulation_load(s, &args, &error) != MCA_OK ||
        mca_simulation_load_data(s, NULL, NULL, &error) != MCA_OK ||
        mca_simulation_create_chip(s, NULL, NULL, &error) != MCA_OK ||
        mca_simulation_train(s, NULL, NULL, 1, NULL, &error) != MCA_OK ||
        mca_simulation_report(s, &(struct mca_runtime){.threads = 1}, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
}

static int start(void **state, const char *more) {
    const char *sets[8];
    size_t count = 0;
    for (; count < sizeof REFERENCE / sizeof REFERENCE[0]; ++count) {
        sets[count] = REFERENCE[count];
    }
    if (more) {
        sets[count++] = more;
    }
    (void)setenv("MCA_COMPONENTS_DIR", MCA_TEST_SOURCE_DIR "/scenarios/components", 1);
    struct mca_simulation *s = calloc(1, sizeof *s);
    run(s, "mnist-mca.yaml", sets, count);
    *state = s;
    return 0;
}

static int set_up_reference(void **state) {
    return start(state, NULL);
}

static int set_up_test_alone(void **state) {
    return start(state, "train.epochs=0");
}

static int set_up_what_if(void **state) {
    return start(state, "timing.what_if=true");
}

static int tear_down_run(void **state) {
    mca_simulation_deinit(*state);
    free(*state);
    return 0;
}

static double figure(const struct mca_priced_run *report, const char *key) {
    struct mca_result_place place;
    if (!mca_result_find(&place, report, key)) {
        fail_msg("no figure %s", key);
    }
    return mca_result_value(&place);
}

static double figure_of(const struct mca_priced_run *report, const char *before, uint32_t number,
                        const char *key) {
    char full[MCA_RESULT_KEY_SIZE];
    (void)snprintf(full, sizeof full, "%s%u.%s", before, number, key);
    return figure(report, full);
}

static double of_resource(const struct mca_priced_run *report, const char *before,
                          enum mca_resource resource, const char *behind) {
    char full[MCA_RESULT_KEY_SIZE];
    (void)snprintf(full, sizeof full, "%s%s%s", before, mca_resource_name(resource), behind);
    return figure(report, full);
}

static void assert_close(double got, double wanted) {
    assert_near(got, wanted, 1e-12 * fabs(wanted));
}

/* Of all layers. */
static struct mca_ledger_part all_of(const struct mca_simulation *s) {
    struct mca_ledger_part all;
    memcpy(all.counts, s->result.ledger.counts, sizeof all.counts);
    memcpy(all.busy_ps, s->result.ledger.busy_ps, sizeof all.busy_ps);
    return all;
}

/* Dynamic energy of some components of a part of the run's counts, training phases. */
static double joules_of(const struct mca_simulation *s, const struct mca_ledger_part *of,
                        const enum mca_component *components, size_t component_count) {
    double joules = 0.0;
    for (size_t i = 0; i < component_count; ++i) {
        for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
            joules +=
                (double)of->counts[p][components[i]] * s->report.prices.energy[components[i]].value;
        }
    }
    return joules;
}

static double busy_s(const struct mca_ledger_part *of, enum mca_resource resource) {
    uint64_t ps = 0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        ps += of->busy_ps[p][resource];
    }
    return (double)ps / 1e12;
}

/* Static power of the reference chip: 5 tiles of 256 x 256 pairs; ADCs on 4 x 250 and 10 columns,
 * and for the way back on 250 rows; DACs on 785 and 251 rows, and on 10 columns; 16 lanes. */
static double static_w(const struct mca_simulation *s) {
    static const struct {
        enum mca_block block;
        double instances;
    } built[] = {{MCA_BLOCK_PCM_DEVICE, 5 * 65536 * 2},
                 {MCA_BLOCK_TILE_CONTROL, 5},
                 {MCA_BLOCK_DAC, 785 + 251 + 10},
                 {MCA_BLOCK_ADC, 1000 + 10 + 250},
                 {MCA_BLOCK_SAMPLE_HOLD, 1260},
                 {MCA_BLOCK_PROGRAM_DRIVER, 5},
                 {MCA_BLOCK_DPU_LANE, 16},
                 {MCA_BLOCK_SIGMOID_UNIT, 16},
                 {MCA_BLOCK_REGISTER_BIT, 16 * 757},
                 {MCA_BLOCK_CHI_BIT, 198760 * 16},
                 {MCA_BLOCK_BUFFER_BIT, 0}};
    double watts = (double)s->result.inventory.buffer_bits *
                   s->report.prices.static_w[MCA_BLOCK_BUFFER_BIT].value;
    for (size_t i = 0; i < sizeof built / sizeof built[0]; ++i) {
        watts += built[i].instances * s->report.prices.static_w[built[i].block].value;
    }
    return watts;
}

/* Counts x prices, and what stands there all the time. */
static double total_j(const struct mca_simulation *s) {
    const struct mca_ledger_part all = all_of(s);
    double joules = static_w(s) * (double)s->result.time_ps / 1e12;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        const enum mca_component component = (enum mca_component)c;
        joules += joules_of(s, &all, &component, 1);
    }
    return joules;
}

static void test_metrics_power_by_hand(void **state) {
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const double time_s = (double)s->result.time_ps / 1e12;
    assert_close(figure(r, "power_w.static"), static_w(s));
    assert_close(figure(r, "power_w.average"), total_j(s) / time_s);
}

/* Converters and drivers of both layers at work, each layer's for what it spends in its own time,
 * and what they share. */
static void test_metrics_power_of_all_units_by_hand(void **state) {
    static const enum mca_component dac[] = {MCA_COMPONENT_DAC_DRIVE};
    static const enum mca_component tile[] = {MCA_COMPONENT_PCM_READ};
    static const enum mca_component adc[] = {MCA_COMPONENT_SAMPLE_HOLD,
                                             MCA_COMPONENT_ADC_CONVERSION};
    static const enum mca_component chi[] = {MCA_COMPONENT_CHI_READ, MCA_COMPONENT_CHI_WRITE};
    static const enum mca_component port[] = {MCA_COMPONENT_DRAM_READ, MCA_COMPONENT_IMAGE_LOAD};
    static const enum mca_component pulses[] = {MCA_COMPONENT_PCM_SET, MCA_COMPONENT_PCM_RESET};
    static const enum mca_component dpu[] = {MCA_COMPONENT_BUFFER_READ, MCA_COMPONENT_BUFFER_WRITE,
                                             MCA_COMPONENT_DPU_ADD,     MCA_COMPONENT_DPU_MULTIPLY,
                                             MCA_COMPONENT_DPU_SIGMOID, MCA_COMPONENT_DPU_RANDOM};
    static const uint64_t drivers[] = {4, 1}; /* one a tile */
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const struct mca_ledger_part all = all_of(s);
    double watts[MCA_RESOURCE_COUNT] = {0};
    for (int l = 0; l < LAYERS; ++l) {
        const struct mca_ledger_part *of = &s->result.layers[l].part;
        watts[MCA_RESOURCE_DAC] += joules_of(s, of, dac, 1) / busy_s(of, MCA_RESOURCE_DAC);
        watts[MCA_RESOURCE_TILE] += joules_of(s, of, tile, 1) / busy_s(of, MCA_RESOURCE_TILE);
        watts[MCA_RESOURCE_ADC] += joules_of(s, of, adc, 2) / busy_s(of, MCA_RESOURCE_ADC);
        watts[MCA_RESOURCE_PROGRAM] +=
            joules_of(s, of, pulses, 2) * (double)drivers[l] / busy_s(of, MCA_RESOURCE_PROGRAM);
    }
    watts[MCA_RESOURCE_CHI] = joules_of(s, &all, chi, 2) / busy_s(&all, MCA_RESOURCE_CHI);
    watts[MCA_RESOURCE_IMAGE_PORT] =
        joules_of(s, &all, port, 2) / busy_s(&all, MCA_RESOURCE_IMAGE_PORT);
    watts[MCA_RESOURCE_DPU] = joules_of(s, &all, dpu, 6) / busy_s(&all, MCA_RESOURCE_DPU);
    double sum = static_w(s);
    for (int k = 0; k < MCA_RESOURCE_COUNT; ++k) {
        assert_true(watts[k] > 0.0);
        assert_close(of_resource(r, "power_w.at_work.", (enum mca_resource)k, ""), watts[k]);
        sum += watts[k];
    }
    assert_close(figure(r, "power_w.at_once"), sum);
}

/* Products: forward 785 x 250 + 251 x 10, backward 250 x 10 without the bias, update as forward. */
static void test_metrics_operations_by_hand(void **state) {
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const double macs = 198760 + 2500 + 198760;
    assert_near(figure(r, "operations.macs_per_image"), macs, 0.0);
    assert_near(figure(r, "operations.macs_forward"), IMAGES * 198760.0, 0.0);
    assert_near(figure(r, "operations.macs_backward"), IMAGES * 2500.0, 0.0);
    assert_near(figure(r, "operations.macs_update"), IMAGES * 198760.0, 0.0);
    assert_near(figure(r, "operations.macs"), IMAGES * macs, 0.0);
    assert_near(figure(r, "operations.total"), 2.0 * IMAGES * macs, 0.0);
    assert_near(figure(r, "layers.0.operations.macs_per_image"), 2.0 * 785 * 250, 0.0);
    assert_near(figure(r, "layers.1.operations.macs_per_image"), 2.0 * 251 * 10 + 2500, 0.0);
    assert_near(figure(r, "layers.shared.operations.macs"), 0.0, 0.0);
    assert_close(figure(r, "operations.j_per_mac"), total_j(s) / (IMAGES * macs));
    double forward_j = static_w(s) * (double)s->result.ledger.critical_ps[MCA_PHASE_FORWARD] / 1e12;
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        forward_j += (double)s->result.ledger.counts[MCA_PHASE_FORWARD][c] *
                     s->report.prices.energy[c].value;
    }
    assert_close(figure(r, "operations.j_per_mac_forward"), forward_j / (IMAGES * 198760.0));
}

static void test_metrics_throughput_by_hand(void **state) {
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const double time_s = (double)s->result.time_ps / 1e12;
    const double tops = 2.0 * IMAGES * 400020 / time_s / 1e12;
    const double area_mm2 = figure(r, "area_mm2.total");
    assert_close(figure(r, "throughput.images_per_s"), IMAGES / time_s);
    assert_close(figure(r, "throughput.tops"), tops);
    assert_close(figure(r, "throughput.tops_per_w"), tops * time_s / total_j(s));
    assert_close(figure(r, "throughput.tops_per_mm2"), tops / area_mm2);
    assert_close(figure(r, "throughput.energy_delay_js"), total_j(s) / IMAGES * (time_s / IMAGES));
    assert_close(figure(r, "throughput.share_of_peak"), tops / figure(r, "peak.tops"));
    const double tests_s = (double)s->result.ledger.critical_ps[MCA_PHASE_TEST] / 1e12;
    assert_close(figure(r, "inference.tops"), 2.0 * TESTED * 198760 / tests_s / 1e12);
    assert_close(figure(r, "inference.tops_per_mm2"),
                 2.0 * TESTED * 198760 / tests_s / 1e12 / area_mm2);
    const double tests_j = figure(r, "energy_other_j.test");
    assert_close(figure(r, "inference.tops_per_w"), 2.0 * TESTED * 198760 / tests_j / 1e12);
    assert_close(figure(r, "inference.j_per_mac"), tests_j / (TESTED * 198760.0));
}

/* A read: 256 levels of 0.5 ns and 2 ns to settle, longer than 1 ns to load and those levels, and
 * than the 77 ns of its conversions. 785 and 251 lines, two devices a weight, 4 x 250 + 10 codes.
 */
static void test_metrics_peak_by_hand(void **state) {
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const struct mca_price *energy = s->report.prices.energy;
    const struct mca_price *area = s->report.prices.area_um2;
    const double tops = 2.0 * 198760 / 130e-9 / 1e12;
    const double read_j = (785 + 251) * energy[MCA_COMPONENT_DAC_DRIVE].value +
                          2 * 198760 * energy[MCA_COMPONENT_PCM_READ].value +
                          1010 * (energy[MCA_COMPONENT_SAMPLE_HOLD].value +
                                  energy[MCA_COMPONENT_ADC_CONVERSION].value);
    const double area_mm2 =
        (655360 * area[MCA_BLOCK_PCM_DEVICE].value + 5 * area[MCA_BLOCK_TILE_CONTROL].value +
         1046 * area[MCA_BLOCK_DAC].value +
         1260 * (area[MCA_BLOCK_ADC].value + area[MCA_BLOCK_SAMPLE_HOLD].value)) /
        1e6;
    assert_close(figure(r, "peak.tops"), tops);
    assert_close(figure(r, "peak.read_j"), read_j);
    assert_close(figure(r, "peak.tops_per_w"), 2.0 * 198760 / read_j / 1e12);
    assert_close(figure(r, "peak.area_mm2"), area_mm2);
    assert_close(figure(r, "peak.tops_per_mm2"), tops / area_mm2);
}

static void test_metrics_counts_of_what_is_built(void **state) {
    const struct mca_simulation *s = *state;
    static const struct {
        const char *key;
        double count;
    } built[] = {{"array.devices", 655360},      {"array.dacs", 1046},
                 {"array.adcs", 1260},           {"array.sample_holds", 1260},
                 {"array.program_drivers", 5},   {"array.dpu_lanes", 16},
                 {"array.register_bits", 12112}, {"array.chi_bits", 3180160},
                 {"array.accumulator_bits", 0},  {"array.weight_bits", 0},
                 {"layers.0.array.adcs", 1000},  {"layers.1.array.adcs", 260},
                 {"layers.1.array.dacs", 261},   {"layers.1.array.program_drivers", 1}};
    for (size_t i = 0; i < sizeof built / sizeof built[0]; ++i) {
        assert_near(figure(&s->report, built[i].key), built[i].count, 0.0);
    }
}

/* Each resource alone: of converters, arrays and drivers those of the layer that needs them longest
 * are what images wait for, not the mean over the layers. */
static void test_metrics_bounds_by_hand(void **state) {
    static const double drivers[] = {4, 1};
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const struct mca_ledger_part all = all_of(s);
    double least = (double)INFINITY;
    double use_of_least = 0.0;
    for (int k = 0; k < MCA_RESOURCE_COUNT; ++k) {
        const enum mca_resource resource = (enum mca_resource)k;
        double seconds = busy_s(&all, resource);
        if (resource == MCA_RESOURCE_DAC || resource == MCA_RESOURCE_TILE ||
            resource == MCA_RESOURCE_ADC || resource == MCA_RESOURCE_PROGRAM) {
            seconds = 0.0;
            for (int l = 0; l < LAYERS; ++l) {
                const double of_one = busy_s(&s->result.layers[l].part, resource) /
                                      (resource == MCA_RESOURCE_PROGRAM ? drivers[l] : 1.0);
                seconds = fmax(seconds, of_one);
            }
        }
        const double bound = of_resource(r, "roofline.", resource, ".images_per_s");
        assert_close(bound, IMAGES / seconds);
        const double use = of_resource(r, "latency_s.busiest.", resource, "");
        assert_close(use, seconds / ((double)s->result.time_ps / 1e12));
        assert_true(bound >= figure(r, "throughput.images_per_s"));
        use_of_least = bound < least ? use : use_of_least;
        least = fmin(least, bound);
    }
    assert_close(least * use_of_least, figure(r, "throughput.images_per_s"));
    assert_true(s->report.pricing.busiest[s->report.pricing.bottleneck] == use_of_least);
}

/* Laws of any run: energy is power x time, units at work draw more than on average, parts add up.
 */
static void assert_laws(const struct mca_priced_run *r) {
    static const char *const sums[] = {"power_w.average",          "power_w.static",
                                       "operations.macs_forward",  "operations.macs_backward",
                                       "operations.macs_update",   "operations.macs",
                                       "operations.macs_per_image"};
    const double energy_j = figure(r, "energy_j.total");
    assert_close(figure(r, "power_w.average") * figure(r, "latency_s.total"), energy_j);
    assert_true(figure(r, "power_w.at_once") >= figure(r, "power_w.average"));
    assert_true(figure(r, "power_w.average") >= figure(r, "power_w.static"));
    assert_true(figure(r, "peak.tops") > 0.0);
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; ++i) {
        char shared[MCA_RESULT_KEY_SIZE];
        (void)snprintf(shared, sizeof shared, "layers.shared.%s", sums[i]);
        double all = figure(r, shared);
        for (uint32_t l = 0; l < r->result->layer_count; ++l) {
            all += figure_of(r, "layers.", l, sums[i]);
        }
        assert_close(all, figure(r, sums[i]));
    }
    assert_near(figure(r, "operations.macs_forward"), (double)r->result->forward_macs, 0.0);
    assert_near(figure(r, "operations.macs_backward"), (double)r->result->backward_macs, 0.0);
    assert_near(figure(r, "operations.macs_update"), (double)r->result->update_macs, 0.0);
}

static void test_metrics_laws(void **state) {
    const struct mca_simulation *s = *state;
    assert_laws(&s->report);
}

/* A digital design does the same operations. */
static void test_metrics_of_designs(void **state) {
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const double macs = IMAGES * 400020.0;
    const char *const design = "baselines.digital_fp32.";
    char key[MCA_RESULT_KEY_SIZE];
    (void)snprintf(key, sizeof key, "%senergy_j.total", design);
    const double joules = figure(r, key);
    (void)snprintf(key, sizeof key, "%slatency_s.total", design);
    const double seconds = figure(r, key);
    assert_close(figure(r, "baselines.digital_fp32.throughput.tops"), 2e-12 * macs / seconds);
    assert_close(figure(r, "baselines.digital_fp32.throughput.tops_per_w"), 2e-12 * macs / joules);
    assert_close(figure(r, "baselines.digital_fp32.operations.j_per_mac"), joules / macs);
    assert_close(figure(r, "baselines.digital_fp32.power_w.average"), joules / seconds);
}

/* Only the way forward; what it counts is what an inference takes. */
static void test_metrics_of_a_test_alone(void **state) {
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    assert_laws(r);
    assert_near(figure(r, "operations.macs_per_image"), 198760, 0.0);
    assert_near(figure(r, "operations.macs"), TESTED * 198760.0, 0.0);
    assert_near(figure(r, "operations.macs_update"), 0.0, 0.0);
    assert_close(figure(r, "throughput.tops"), figure(r, "inference.tops"));
    assert_close(figure(r, "throughput.tops_per_w"), figure(r, "inference.tops_per_w"));
    assert_close(figure(r, "operations.j_per_mac"), figure(r, "inference.j_per_mac"));
}

/* A convolution of three filters of 3 x 3 with bias at 12 positions, and 7 x 4 weights behind. */
static void test_metrics_macs_of_a_convolution(void **state) {
    (void)state;
    struct mca_network_config config = {.input = {1, 6, 5}, .layer_count = 3};
    struct mca_network network;
    struct mca_macs layers[4];
    config.layers[0] =
        (struct mca_layer_config){.type = MCA_LAYER_CONV2D, .units = 3, .kernel = 3, .stride = 1};
    config.layers[1] =
        (struct mca_layer_config){.type = MCA_LAYER_MAX_POOL, .kernel = 2, .stride = 2};
    config.layers[2] = (struct mca_layer_config){.type = MCA_LAYER_DENSE, .units = 4};
    assert_int_equal(mca_network_init(&network, &config, NULL), MCA_OK);
    const struct mca_macs all = mca_macs_of(&network, 10, 5, layers);
    assert_int_equal(layers[0].forward, 10 * 12 * 10 * 3);
    assert_int_equal(layers[0].backward, 0);
    assert_int_equal(layers[1].total, 0);
    assert_int_equal(layers[2].forward, 10 * 7 * 4);
    assert_int_equal(layers[2].backward, 10 * 6 * 4);
    assert_int_equal(layers[3].total, 0);
    assert_int_equal(all.per_image, 2 * (12 * 10 * 3 + 28) + 24);
    assert_int_equal(all.total, 10 * all.per_image);
    assert_int_equal(all.tested, 5 * (12 * 10 * 3 + 28));
}

/* Times are the chip's (tests/chip/test_what_if.c); energies are sums of the ledger's. */
static void test_metrics_what_if_by_hand(void **state) {
    const struct mca_simulation *s = *state;
    const struct mca_priced_run *r = &s->report;
    const struct mca_price *prices = s->report.prices.static_w;
    const struct mca_ledger_part all = all_of(s);
    static const enum mca_component of_adc[] = {MCA_COMPONENT_SAMPLE_HOLD,
                                                MCA_COMPONENT_ADC_CONVERSION};
    const double time_s = (double)s->result.time_ps / 1e12;
    for (int k = 0; k < MCA_RESOURCE_COUNT; ++k) {
        const enum mca_resource resource = (enum mca_resource)k;
        const double free_s = (double)mca_chip_what_if_ps(s->chip, resource) / 1e12;
        const double test_s = (double)mca_chip_what_if_test_ps(s->chip, resource) / 1e12;
        assert_true(free_s > 0.0 && test_s > 0.0);
        assert_close(of_resource(r, "what_if.", resource, ".latency_s"), free_s);
        assert_close(of_resource(r, "what_if.", resource, ".speedup"), time_s / free_s);
        assert_close(of_resource(r, "what_if.", resource, ".inference_s_per_image"),
                     test_s / TESTED);
        assert_close(of_resource(r, "what_if.", resource, ".energy_j"),
                     total_j(s) - static_w(s) * (time_s - free_s));
    }
    const double adc_w = 1260 * (prices[MCA_BLOCK_ADC].value + prices[MCA_BLOCK_SAMPLE_HOLD].value);
    assert_close(figure(r, "what_if.adc.energy_without_j"),
                 total_j(s) - joules_of(s, &all, of_adc, 2) - adc_w * time_s);
    assert_close(figure(r, "what_if.chi.area_without_mm2"),
                 figure(r, "area_mm2.total") -
                     198760 * 16 * s->report.prices.area_um2[MCA_BLOCK_CHI_BIT].value / 1e6);
}

/* What costs nothing is plain arithmetic; what takes no time has to be asked for. */
static void test_metrics_what_if_has_to_be_asked_for(void **state) {
    const struct mca_simulation *s = *state;
    assert_true(isnan(figure(&s->report, "what_if.adc.latency_s")));
    assert_true(isnan(figure(&s->report, "what_if.adc.speedup")));
    assert_true(isnan(figure(&s->report, "what_if.adc.energy_j")));
    assert_true(isnan(figure(&s->report, "what_if.adc.inference_s_per_image")));
    assert_true(figure(&s->report, "what_if.adc.energy_without_j") > 0.0);
}

/* Without tests there is no inference, without time no rate, without arrays no peak. */
static void test_metrics_none_where_nothing_was_measured(void **state) {
    struct fixture *f = *state;
    f->result.tested_images = 0;
    f->scenario.chip.network.layers[0].digital = 1;
    f->scenario.chip.network.layers[1].digital = 1;
    memset(f->result.ledger.critical_ps, 0, sizeof f->result.ledger.critical_ps);
    mca_priced_run_init(&f->report);
    static const char *const none[] = {"inference.tops",
                                       "inference.tops_per_w",
                                       "inference.tops_per_mm2",
                                       "inference.j_per_mac",
                                       "power_w.average",
                                       "power_w.at_once",
                                       "throughput.images_per_s",
                                       "throughput.tops",
                                       "throughput.tops_per_mm2",
                                       "throughput.energy_delay_js",
                                       "throughput.share_of_peak",
                                       "peak.tops",
                                       "peak.tops_per_w",
                                       "peak.tops_per_mm2",
                                       "peak.read_j",
                                       "latency_s.busiest.adc"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; ++i) {
        if (!isnan(figure(&f->report, none[i]))) {
            fail_msg("%s has a value", none[i]);
        }
    }
}

#define METRICS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_reference, tear_down_run)

int main(void) {
    const struct CMUnitTest tests[] = {
        METRICS_TEST(test_metrics_power_by_hand),
        METRICS_TEST(test_metrics_power_of_all_units_by_hand),
        METRICS_TEST(test_metrics_operations_by_hand),
        METRICS_TEST(test_metrics_throughput_by_hand),
        METRICS_TEST(test_metrics_peak_by_hand),
        METRICS_TEST(test_metrics_counts_of_what_is_built),
        METRICS_TEST(test_metrics_bounds_by_hand),
        METRICS_TEST(test_metrics_laws),
        METRICS_TEST(test_metrics_of_designs),
        METRICS_TEST(test_metrics_what_if_has_to_be_asked_for),
        cmocka_unit_test_setup_teardown(test_metrics_what_if_by_hand, set_up_what_if,
                                        tear_down_run),
        cmocka_unit_test_setup_teardown(test_metrics_of_a_test_alone, set_up_test_alone,
                                        tear_down_run),
        cmocka_unit_test(test_metrics_macs_of_a_convolution),
        cmocka_unit_test_setup_teardown(test_metrics_none_where_nothing_was_measured, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
