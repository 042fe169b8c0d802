/*
 * Random networks of all kinds of layers and odd shapes on random chips: random_networks COUNT
 * [ends | DIR]. Of each the counts of the whole are the sums of the layers', figures add up, nothing is
 * undefined, or zero where there is work, every explanation gives its figure to the last digit,
 * tests on one and on two threads and a run that stops at any image and goes on end in the same
 * state. Prints a line for each network with what it ended in, to be compared with other SIMD
 * paths'; `ends`: nothing else. Files and text of its report are left in DIR.
 */
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chip/chip.h"
#include "mca_test.h"
#include "network/layer_kind.h"
#include "network/network.h"
#include "network/random_config.h"
#include "network/random_scenario.h"
#include "reports/explain_all.h"
#include "reports/figures/facts.h"
#include "reports/run/report.h"
#include "reports/summary_sums.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "train/calibration.h"
#include "train/checkpoint.h"

/* A thread takes 64 test images at a time. */
enum { IMAGES_MAX = 14, TESTS = 5, TESTS_OF_THREADS = 70 };

struct experiment {
    uint64_t seed;
    uint64_t sequence;
    struct mca_scenario scenario;
    struct mca_dataset data;
    char dir[32];
};

/* How a run ended. */
struct end {
    uint64_t chip; /* hash */
    struct mca_train_result result;
};

static uint32_t draw(struct experiment *e, uint32_t count) {
    return random_below(&e->sequence, count);
}

/* One of each row. */
static random_choice CHOICES[] = {
    {"dac.drive=two-phase", "dac.drive=bipolar", "dac.bits=6", "dac.bits=0"},
    {"adc.bits=8", "adc.bits=5", "adc.bits=10", "adc.bits=0"},
    {"dpu.lanes=16", "dpu.lanes=8", "dpu.lanes=4", "dpu.lanes=32"},
    {"dpu.activation_bits=8", "dpu.activation_bits=12", "dpu.error_bits=10", "dpu.error_bits=12"},
    {"dpu.rounding=stochastic", "dpu.rounding=stochastic", "dpu.rounding=nearest",
     "dpu.rounding=nearest"},
    {"transfer.epsilon_us=0.77", "transfer.epsilon_us=0.1", "transfer.epsilon_us=0.05",
     "transfer.fifo_depth=2"},
    {"calibration.method=percentile", "calibration.method=least-error", "calibration.margin=1",
     "calibration.images=3"},
    {"cost.dram=true", "cost.dram=false", "cost.library=isaac-32nm", "adc.share=8"},
    {"adc.bank=shared", "adc.bank=per-direction", "adc.backward_share=3", "adc.backward_share=0"},
    {"cost.clock_gating=true", "cost.clock_gating=false", "cost.clock_residual=0",
     "cost.clock_residual=1"},
    {"dpu.units=per-layer", "dpu.units=shared", "dpu.units=per-tile", "dpu.units=shared"},
    {"cost.sram_sleep=true", "cost.sram_sleep=false", "cost.sleep_residual=0",
     "cost.sleep_residual=1"},
};

/* Stops a run at a place between two images, by way of a checkpoint, and goes on from there. */
struct stopper {
    char path[48];
    struct mca_chip *chip;
    struct mca_checkpoint_identity identity;
    struct mca_checkpoint from;
    uint64_t asked;
    uint64_t stop_at; /* 0: nowhere */
};

static int stop_now(void *user) {
    struct stopper *s = user;
    return ++s->asked == s->stop_at ? MCA_INTERRUPTED : 0;
}

static int never_due(void *user) {
    (void)user;
    return 0;
}

static const struct mca_checkpoint_extra NOTHING = {NULL, 0};

static enum mca_status save(void *user, const struct mca_train_place *place,
                            struct mca_error *error) {
    const struct stopper *s = user;
    return mca_checkpoint_save(s->path, &s->identity, s->chip, place, &NOTHING, error);
}

static enum mca_status restore(void *user, struct mca_error *error) {
    struct stopper *s = user;
    return mca_checkpoint_restore(&s->from, s->chip, &NOTHING, error);
}

static struct stopper make_stopper(const struct experiment *e) {
    struct stopper s = {.identity = {1, 2, 3, 0}};
    struct mca_error error;
    (void)snprintf(s.path, sizeof s.path, "%s/checkpoint", e->dir);
    if (mca_chip_create(&s.chip, &e->scenario.chip, &error) != MCA_OK ||
        mca_chip_hash(s.chip, &s.identity.start, &error) != MCA_OK) {
        fail_msg("network %" PRIu64 ": %s", e->seed, error.message);
    }
    return s;
}

/* Trains and tests, from the checkpoint where `resumes`; gives 0 where it stopped. */
static int train(const struct experiment *e, int resumes, uint64_t stop_at, uint32_t threads,
                 struct end *end) {
    struct stopper s = make_stopper(e);
    struct mca_error error = {""};
    s.stop_at = stop_at;
    struct mca_train_keeper keeper = {&s, never_due, save, NULL, restore};
    if (resumes) {
        const uint32_t images = mca_train_images(&e->scenario.train, &e->data);
        assert_int_equal(mca_checkpoint_open(&s.from, s.path, &s.identity, images,
                                             e->scenario.train.epochs, &error),
                         MCA_OK);
        keeper.resume = &s.from.place;
    }
    const struct mca_observer observer = {.user = &s, .stop = stop_now};
    const struct mca_training training = {s.chip,    NULL,   &e->scenario.train, &e->data, threads,
                                          &observer, &keeper};
    const enum mca_status status = mca_train(&training, &end->result, &error);
    if (status != MCA_OK && status != MCA_INTERRUPTED) {
        fail_msg("network %" PRIu64 ": %s", e->seed, error.message);
    }
    assert_int_equal(mca_chip_hash(s.chip, &end->chip, &error), MCA_OK);
    mca_checkpoint_close(&s.from);
    mca_chip_destroy(s.chip);
    return status == MCA_OK;
}

static void check_same(const struct experiment *e, const struct end *a, const struct end *b,
                       const char *what) {
    int same = a->chip == b->chip && a->result.epoch_count == b->result.epoch_count &&
               memcmp(&a->result.ledger, &b->result.ledger, sizeof a->result.ledger) == 0;
    for (uint32_t i = 0; same && i < a->result.epoch_count; ++i) {
        const struct mca_epoch_record *x = &a->result.epochs[i];
        const struct mca_epoch_record *y = &b->result.epochs[i];
        same = x->train_loss == y->train_loss && x->train_accuracy == y->train_accuracy &&
               x->test_accuracy == y->test_accuracy && x->time_ps == y->time_ps &&
               memcmp(&x->ledger, &y->ledger, sizeof x->ledger) == 0;
    }
    for (uint32_t l = 0; same && l <= a->result.layer_count; ++l) {
        same = memcmp(&a->result.layers[l].part, &b->result.layers[l].part,
                      sizeof a->result.layers[l].part) == 0;
    }
    if (!same) {
        fail_msg("network %" PRIu64 ": %s: ends in another state", e->seed, what);
    }
}

/* Whole numbers: what the layers have, and what belongs to none, is what the chip has. */
static void check_counts(const struct experiment *e, const struct mca_train_result *result) {
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            uint64_t sum = 0;
            for (uint32_t l = 0; l <= result->layer_count; ++l) {
                sum += result->layers[l].part.counts[p][c];
            }
            if (sum != result->ledger.counts[p][c]) {
                fail_msg("network %" PRIu64 ": phase %d, component %d: %" PRIu64
                         " by layer, %" PRIu64 " in all",
                         e->seed, p, c, sum, result->ledger.counts[p][c]);
            }
        }
    }
}

/* No loss is undefined. */
static void check_losses(const struct experiment *e, const struct mca_train_result *result) {
    for (uint32_t i = 0; i < result->epoch_count; ++i) {
        const double loss = result->epochs[i].train_loss;
        if (!(loss > 0.0) || !isfinite(loss)) {
            fail_msg("network %" PRIu64 ": loss %g", e->seed, loss);
        }
    }
}

/* A layer with a matrix was read and written first, one without was not: on tiles, or in the memory
 * of a digital layer. */
static void check_work_of_layers(const struct experiment *e,
                                 const struct mca_train_result *result) {
    const struct mca_network_config *network = &e->scenario.chip.network;
    for (uint32_t l = 0; l < result->layer_count; ++l) {
        const struct mca_ledger_part *part = &result->layers[l].part;
        const unsigned type = network->layers[l].type;
        const int has_matrix = type == MCA_LAYER_DENSE || type == MCA_LAYER_CONV2D;
        const int has_tiles = has_matrix && !network->layers[l].digital;
        const int has_memory = has_matrix && network->layers[l].digital;
        const uint64_t tile_ps = part->busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_TILE];
        const uint64_t tests = part->counts[MCA_PHASE_TEST][MCA_COMPONENT_PCM_READ];
        const uint64_t words = part->counts[MCA_PHASE_TEST][MCA_COMPONENT_WEIGHT_READ];
        const uint64_t dpu_ps = part->busy_ps[MCA_PHASE_FORWARD][MCA_RESOURCE_DPU];
        if ((tile_ps > 0) != has_tiles || (tests > 0) != has_tiles || dpu_ps == 0 ||
            (words > 0) != has_memory || (result->layers[l].inventory.weights > 0) != has_matrix) {
            fail_msg("network %" PRIu64 ", layer %u of kind %u: tiles %" PRIu64 " ps, %" PRIu64
                     " devices and %" PRIu64 " bits of weights read in tests, digital unit %" PRIu64
                     " ps",
                     e->seed, l, type, tile_ps, tests, words, dpu_ps);
        }
    }
}

/* The drawing of the chip has all of its energy. */
static void check_floor_plan(const struct experiment *e, const struct mca_priced_run *report) {
    struct mca__json json;
    double drawn_j = 0.0;
    size_t i;
    json_t *block;
    mca__json_init(&json);
    mca__floor_plan_put(&json, report);
    json_array_foreach(json_object_get(json.root, "floor_plan"), i, block) {
        drawn_j += json_number_value(json_object_get(block, "energy_j"));
    }
    json_decref(json.root);
    const double all_j = report->pricing.total_j;
    if (!(fabs(drawn_j - all_j) <= 1e-12 * all_j)) {
        fail_msg("network %" PRIu64 ": %.17g J drawn of %.17g", e->seed, drawn_j, all_j);
    }
}

static const char *reports_dir; /* NULL: not kept */

static void keep_report(const struct experiment *e, const struct mca_priced_run *report) {
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%" PRIu64, reports_dir, e->seed);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(mca_report_write_files(report, path, NULL), MCA_OK);
    (void)snprintf(path, sizeof path, "%s/%" PRIu64 "/said", reports_dir, e->seed);
    FILE *said = fopen(path, "w");
    assert_non_null(said);
    mca_report_print_summary(said, report, 0);
    assert_int_equal(fclose(said), 0);
}

static void check_report(const struct experiment *e, const struct mca_train_result *result) {
    struct mca_component_library library;
    struct mca_error error;
    struct mca_priced_run *report = malloc(sizeof *report);
    if (mca_component_library_load(&library, e->scenario.cost.library, &error) != MCA_OK) {
        fail_msg("%s", error.message);
    }
    *report =
        (struct mca_priced_run){.name = "random",
                                .scenario = &e->scenario,
                                .dataset = {"random", e->data.train.count, e->data.test.count, 0},
                                .result = result,
                                .library = &library};
    mca_priced_run_init(report);
    check_summary(report, e->dir);
    assert_true(explain_every_figure(report, e->dir) > 400);
    check_floor_plan(e, report);
    if (reports_dir) {
        keep_report(e, report);
    }
    mca_component_library_deinit(&library);
    free(report);
}

/* What a network is drawn to try, of these: the script asks that each was drawn. */
static void print_kinds(const struct mca_chip_config *chip) {
    const int is_fixed = chip->dpu.arithmetic == MCA_ARITHMETIC_FIXED;
    struct mca_network network;
    assert_int_equal(mca_network_init(&network, &chip->network, NULL), MCA_OK);
    for (uint32_t l = 0; l < network.layer_count; ++l) {
        const struct mca_network_layer *layer = &network.layers[l];
        if (layer->config.digital && is_fixed && !layer->config.frozen) {
            printf(" fixed-digital-%s", layer->kind->name);
        }
    }
    printf("%s%s\n", is_fixed && mca_chip_sums(chip, &network) > 0 ? " fixed-sums" : "",
           chip->timing.streaming && mca_network_can_stream(&network) ? " streams" : "");
}

/* What a run ends in, beside the state of its chip. */
static void print(const struct experiment *e, const struct end *end) {
    uint64_t counts = 0;
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            counts = counts * 31 + end->result.ledger.counts[p][c];
        }
    }
    const struct mca_epoch_record *last = &end->result.epochs[end->result.epoch_count - 1];
    printf("%" PRIu64 " chip %016" PRIx64 " counts %016" PRIx64 " ps %" PRIu64
           " loss %.17g accuracy %.17g %.17g",
           e->seed, end->chip, counts, end->result.time_ps, last->train_loss, last->train_accuracy,
           last->test_accuracy);
    print_kinds(&e->scenario.chip);
}

/* Its scenario, calibrated, and its images. */
static void prepare(struct experiment *e) {
    struct mca_scenario_origins *origins = malloc(sizeof *origins);
    random_scenario(e->seed, &e->sequence, CHOICES, sizeof CHOICES / sizeof CHOICES[0],
                    &e->scenario, origins);
    free(origins);
    e->data.inputs = (uint32_t)mca_shape_values(&e->scenario.chip.network.input);
    e->data.classes = mca_network_config_outputs(&e->scenario.chip.network);
    random_images(&e->scenario, &e->sequence, 2 + draw(e, IMAGES_MAX), &e->data.train);
    random_images(&e->scenario, &e->sequence, draw(e, 4) == 0 ? TESTS_OF_THREADS : TESTS,
                  &e->data.test);
    struct mca_error error;
    if (mca_calibrate(&e->scenario.chip, &e->scenario.calibration, &e->data.train, NULL, &error) !=
        MCA_OK) {
        fail_msg("network %" PRIu64 ": %s", e->seed, error.message);
    }
}

/* Trained in other ways, it ends in the same state. */
static void check_other_ways(struct experiment *e, const struct end *whole) {
    struct end other;
    assert_true(train(e, 0, 0, 2, &other));
    check_same(e, whole, &other, "two threads");
    mca_train_result_deinit(&other.result);
    const uint64_t places = (uint64_t)e->scenario.train.epochs * e->data.train.count;
    assert_false(train(e, 0, 2 + draw(e, (uint32_t)places), 1, &other));
    assert_true(train(e, 1, 0, 1, &other));
    check_same(e, whole, &other, "stopped and gone on");
    mca_train_result_deinit(&other.result);
}

static uint64_t networks;
static int only_ends;

static void check_network(struct experiment *e) {
    struct end whole;
    prepare(e);
    assert_true(train(e, 0, 0, 1, &whole));
    if (!only_ends) {
        check_counts(e, &whole.result);
        check_losses(e, &whole.result);
        check_work_of_layers(e, &whole.result);
        check_report(e, &whole.result);
        check_other_ways(e, &whole);
    }
    print(e, &whole);
    mca_train_result_deinit(&whole.result);
}

static void test_random_networks(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= networks; ++seed) {
        struct experiment e = {.seed = seed, .sequence = ~seed, .data = {.name = "random"}};
        (void)strcpy(e.dir, "/tmp/mca-networks-XXXXXX");
        assert_non_null(mkdtemp(e.dir));
        check_network(&e);
        mca_dataset_deinit(&e.data);
        char path[48];
        (void)snprintf(path, sizeof path, "%s/checkpoint", e.dir);
        (void)unlink(path);
        assert_int_equal(rmdir(e.dir), 0);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_networks)};
    networks = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    only_ends = argc > 2 && strcmp(argv[2], "ends") == 0;
    reports_dir = argc > 2 && !only_ends ? argv[2] : NULL;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
