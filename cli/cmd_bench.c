/* mcasim bench: this machine, the chip's training and testing, and plain floating point beside. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/shipped.h"
#include "chip/probe.h"
#include "chip/view.h"
#include "cli/bench/blas.h"
#include "cli/bench/conv_blas.h"
#include "cli/bench/roofline.h"
#include "cli/cli.h"
#include "network/network.h"
#include "reports/formats/terminal_text.h"
#include "run/common_options.h"
#include "run/progress.h"
#include "run/simulation.h"
#include "run/stop_request.h"

enum { REPEAT_MAX = 99, BATCH = 100 };

struct options {
    const char *data;
    uint32_t images;
    uint32_t repeat;
    int json;
    int quiet;
};

static const struct mca_option OPTIONS[] = {
    MCA_OPTION_JSON(AT(json)),
    MCA_NUMBER("images", 0, "N", AT(images), 100, 60000, "2000", "images of a repetition"),
    MCA_NUMBER("repeat", 0, "N", AT(repeat), 1, REPEAT_MAX, "5", "repetitions"),
    MCA_OPTION_DATA(AT(data)),
    MCA_OPTION_ONLY_RESULTS(AT(quiet)),
};

/* What is timed. Training comes before testing in each repetition. */
enum contest {
    CHIP_TRAIN,
    CHIP_TEST,
    IDEAL_TRAIN,
    IDEAL_TEST,
    BLAS_TRAIN_1,
    BLAS_TRAIN_100,
    BLAS_TEST_100,
    LENET_TRAIN,
    LENET_BLAS_TRAIN,
    CONTESTS
};

/* The chips, each of a shipped scenario. */
enum chip { REFERENCE, IDEAL, LENET, CHIPS };

static const char *const SCENARIOS[CHIPS] = {"mnist-mca", "ideal-devices", "lenet-mnist"};

/* Stages of a training image, by the operation of the digital unit that ends them. */
enum stage { STAGE_FORWARD, STAGE_ERROR, STAGE_UPDATE, STAGE_REST, STAGES };

struct bench {
    struct options options;
    struct mca_progress_bar progress;
    struct mca_observer observer;
    struct mca_simulation chips[CHIPS];
    struct cli_blas_network *blas;
    struct cli_conv_network *lenet;
    float *pixels; /* [images][inputs] in 0 .. 1 */
    uint16_t *predicted;
    uint32_t images;
    uint32_t repetition;                /* at work */
    double rates[CONTESTS][REPEAT_MAX]; /* images per second */
    double median[CONTESTS];
    double blas_share; /* of the time of a batch-1 image that lies in BLAS */
    size_t data_bytes; /* weights, variances and chi that all images share */
    struct cli_roofline roofline;
    double stage_s[STAGES];
    double stage_start_s;
    double bytes_per_image; /* of weights, variances and chi */
    double macs_per_image;
    uint64_t peak_rss_bytes;
};

static enum mca_status load_chip(struct bench *bench, int which, struct mca_error *error) {
    struct mca_simulation *s = &bench->chips[which];
    char path[4096];
    MCA_TRY(mca_shipped_path(MCA_SHIPPED_SCENARIO, SCENARIOS[which], path, sizeof path, error));
    const struct mca_scenario_args args = {.path = path};
    MCA_TRY(mca_simulation_load(s, &args, error));
    MCA_TRY(
        mca_simulation_load_data(s, bench->options.data, which ? NULL : &bench->observer, error));
    MCA_TRY(mca_simulation_create_chip(s, NULL, NULL, error));
    mca_chip_set_rate(s->chip, s->scenario.scenario.train.learning_rate, 1);
    return MCA_OK;
}

static enum mca_status set_up(struct bench *bench, struct mca_error *error) {
    for (int c = 0; c < CHIPS; ++c) {
        MCA_TRY(load_chip(bench, c, error));
    }
    const struct mca_dataset *data = &bench->chips[0].data;
    const uint32_t most =
        data->train.count < data->test.count ? data->train.count : data->test.count;
    bench->images = bench->options.images < most ? bench->options.images : most;
    bench->images -= bench->images % BATCH;
    const size_t values = (size_t)bench->images * data->inputs;
    bench->pixels = malloc(values * sizeof *bench->pixels);
    bench->predicted = malloc(bench->images * sizeof *bench->predicted);
    if (!bench->pixels || !bench->predicted) {
        return mca_fail_memory(error, "bench");
    }
    for (size_t i = 0; i < values; ++i) {
        bench->pixels[i] = (float)data->train.pixels[i] / 255.0f;
    }
    const struct mca_network *network = mca_chip_network(bench->chips[0].chip);
    struct mca_u32_list widths = {1, {mca_network_inputs(network)}};
    for (uint32_t i = 0; i < network->layer_count; ++i) {
        widths.values[widths.count++] = network->layers[i].outputs;
    }
    /* that of lenet-mnist */
    const struct cli_conv_shape lenet = {28, 5, {16, 32}, 128, 10};
    MCA_TRY(cli_conv_create(&bench->lenet, &lenet, error));
    return cli_blas_create(&bench->blas, &widths, BATCH, error);
}

static enum mca_status train_chip(struct bench *bench, uint32_t which, struct mca_error *error) {
    const struct mca_image_set *set = &bench->chips[which].data.train;
    const uint32_t inputs = bench->chips[which].data.inputs;
    for (uint32_t i = 0; i < bench->images; ++i) {
        struct mca_image_outcome outcome;
        MCA_TRY(mca_chip_train_image(bench->chips[which].chip, set->pixels + (size_t)i * inputs,
                                     set->labels[i], &outcome, error));
    }
    return MCA_OK;
}

static enum mca_status test_chip(struct bench *bench, uint32_t which, struct mca_error *error) {
    const struct mca_simulation *s = &bench->chips[which];
    return mca_chip_infer(s->chip, s->data.test.pixels, bench->images, bench->repetition, 1,
                          bench->predicted, error);
}

static enum mca_status train_blas(struct bench *bench, uint32_t batch, struct mca_error *error) {
    const struct mca_dataset *data = &bench->chips[REFERENCE].data;
    (void)error;
    for (uint32_t i = 0; i < bench->images; i += batch) {
        (void)cli_blas_train(bench->blas, bench->pixels + (size_t)i * data->inputs,
                             data->train.labels + i, batch, 0.05f);
    }
    return MCA_OK;
}

static enum mca_status test_blas(struct bench *bench, uint32_t batch, struct mca_error *error) {
    const struct mca_dataset *data = &bench->chips[REFERENCE].data;
    (void)error;
    for (uint32_t i = 0; i < bench->images; i += batch) {
        (void)cli_blas_test(bench->blas, bench->pixels + (size_t)i * data->inputs,
                            data->train.labels + i, batch);
    }
    return MCA_OK;
}

static enum mca_status train_lenet(struct bench *bench, uint32_t batch, struct mca_error *error) {
    const struct mca_dataset *data = &bench->chips[REFERENCE].data;
    (void)error;
    for (uint32_t i = 0; i < bench->images; i += batch) {
        (void)cli_conv_train(bench->lenet, bench->pixels + (size_t)i * data->inputs,
                             data->train.labels[i], 0.01f);
    }
    return MCA_OK;
}

/* Of each contest, what is done with each image, with what: a chip, or a number of images at once;
 * and what it is set against. */
static const struct {
    const char *name;
    const char *work;
    const char *key;
    enum mca_status (*run)(struct bench *bench, uint32_t with, struct mca_error *error);
    uint32_t with;
    enum contest against;
} TABLE[CONTESTS] = {
    {"reference chip", "training", "chip_train", train_chip, REFERENCE, BLAS_TRAIN_1},
    {"reference chip", "testing", "chip_test", test_chip, REFERENCE, BLAS_TEST_100},
    {"ideal devices", "training", "ideal_train", train_chip, IDEAL, BLAS_TRAIN_1},
    {"ideal devices", "testing", "ideal_test", test_chip, IDEAL, BLAS_TEST_100},
    {"OpenBLAS fp32, batch 1", "training", "blas_train_batch_1", train_blas, 1, BLAS_TRAIN_1},
    {"OpenBLAS fp32, batch 100", "training", "blas_train_batch_100", train_blas, BATCH,
     BLAS_TRAIN_1},
    {"OpenBLAS fp32, batch 100", "testing", "blas_test_batch_100", test_blas, BATCH, BLAS_TEST_100},
    {"LeNet on the chip", "training", "lenet_train", train_chip, LENET, LENET_BLAS_TRAIN},
    {"OpenBLAS im2col, batch 1", "training", "lenet_blas_train", train_lenet, 1, LENET_BLAS_TRAIN},
};

static int by_value(const void *left, const void *right) {
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Every contest once in each repetition, so that a slow moment of the machine hits all alike. The
 * first round warms up and does not count. */
static enum mca_status race(struct bench *bench, struct mca_error *error) {
    const uint32_t repeat = bench->options.repeat;
    for (uint32_t r = 0; r <= repeat; ++r) {
        bench->repetition = r;
        for (int c = 0; c < CONTESTS; ++c) {
            MCA_TRY(mca_stop_check(error));
            const double start = mca_now_s();
            MCA_TRY(TABLE[c].run(bench, TABLE[c].with, error));
            if (r > 0) {
                bench->rates[c][r - 1] = (double)bench->images / (mca_now_s() - start);
            }
        }
    }
    for (int c = 0; c < CONTESTS; ++c) {
        qsort(bench->rates[c], repeat, sizeof bench->rates[c][0], by_value);
        bench->median[c] =
            repeat % 2 ? bench->rates[c][repeat / 2]
                       : 0.5 * (bench->rates[c][repeat / 2 - 1] + bench->rates[c][repeat / 2]);
    }
    return MCA_OK;
}

static void note_operation(void *user, const struct mca_dpu_operation *operation) {
    static const enum stage stages[] = {[MCA_DPU_FORWARD] = STAGE_FORWARD,
                                        [MCA_DPU_ERROR] = STAGE_ERROR,
                                        [MCA_DPU_UPDATE] = STAGE_UPDATE};
    struct bench *bench = user;
    const double now = mca_now_s();
    bench->stage_s[stages[mca_dpu_kind_of(operation->step)]] += now - bench->stage_start_s;
    bench->stage_start_s = now;
}

/* One more round of training with a clock read at every operation of the digital unit, and one of
 * batch-1 BLAS with one around every call. */
static enum mca_status split_time(struct bench *bench, struct mca_error *error) {
    struct mca_chip *chip = bench->chips[0].chip;
    const struct mca_image_set *set = &bench->chips[0].data.train;
    const uint32_t inputs = bench->chips[0].data.inputs;
    const struct mca_chip_stats before = *mca_chip_stats_of(chip);
    struct mca_chip_probe probe = {.user = bench, .operation = note_operation};
    mca_chip_attach(chip, &probe);
    enum mca_status status = MCA_OK;
    for (uint32_t i = 0; i < bench->images && status == MCA_OK; ++i) {
        struct mca_image_outcome outcome;
        bench->stage_start_s = mca_now_s();
        status = mca_chip_train_image(chip, set->pixels + (size_t)i * inputs, set->labels[i],
                                      &outcome, error);
        bench->stage_s[STAGE_REST] += mca_now_s() - bench->stage_start_s;
    }
    mca_chip_detach(chip, &probe);
    MCA_TRY(status);
    const struct mca_chip_stats *after = mca_chip_stats_of(chip);
    const double images = (double)bench->images;
    const double read =
        (double)(after->forward_macs_nonzero - before.forward_macs_nonzero) / images;
    const double updated =
        (double)(after->update_macs_nonzero - before.update_macs_nonzero) / images;
    const struct mca_layer_view first = mca_chip_layer(chip, 0);
    const double weight = (double)first.matrix->bytes_per_weight;
    const double word = !mca_chi_is_kept(first.chi) ? 0.0
                        : first.chi->narrow         ? sizeof *first.chi->narrow
                                                    : sizeof *first.chi->wide;
    bench->macs_per_image = 2.0 * read + updated;
    bench->bytes_per_image = read * weight + updated * 2.0 * word;
    for (uint32_t i = 0; i < mca_chip_layer_count(chip); ++i) {
        const struct mca_layer_view layer = mca_chip_layer(chip, i);
        const double cells = (double)layer.inputs * (double)layer.matrix->stride;
        bench->data_bytes += (size_t)(cells * (weight + word));
    }
    cli_blas_time(bench->blas, 1);
    const double start = mca_now_s();
    MCA_TRY(train_blas(bench, 1, error));
    bench->blas_share = cli_blas_seconds(bench->blas) / (mca_now_s() - start);
    cli_blas_time(bench->blas, 0);
    return MCA_OK;
}

static double ratio_of(const struct bench *bench, enum contest contest) {
    return bench->median[contest] / bench->median[TABLE[contest].against];
}

static const char *const STAGE_NAMES[STAGES] = {"forward reads and activation",
                                                "backward reads and errors", "update of chi",
                                                "image, pulses and refresh"};

static double stages_total(const struct bench *bench) {
    double total = 0.0;
    for (int s = 0; s < STAGES; ++s) {
        total += bench->stage_s[s];
    }
    return total;
}

/* Bytes a second of a training image against a level's copy bandwidth. */
static double roofline_share(const struct bench *bench, int level) {
    return bench->bytes_per_image * bench->median[CHIP_TRAIN] /
           bench->roofline.levels[level].bytes_per_s;
}

static void print_text(const struct bench *bench) {
    const uint32_t repeat = bench->options.repeat;
    const double image_s = 1.0 / bench->median[CHIP_TRAIN];
    (void)printf("%s, %s images a repetition, %u repetitions, one thread; images per second\n",
                 bench->chips[0].data.name, mca__grouped(bench->images).s, repeat);
    (void)printf("  %-26s%-10s%10s%12s%12s%14s\n", "", "", "median", "least", "most", "/ OpenBLAS");
    for (int c = 0; c < CONTESTS; ++c) {
        (void)printf("  %-26s%-10s", TABLE[c].name, TABLE[c].work);
        mca__put_right(stdout, mca__grouped((uint64_t)bench->median[c]).s, 10);
        mca__put_right(stdout, mca__grouped((uint64_t)bench->rates[c][0]).s, 12);
        mca__put_right(stdout, mca__grouped((uint64_t)bench->rates[c][repeat - 1]).s, 12);
        (void)printf("%14.2f\n", ratio_of(bench, (enum contest)c));
    }
    (void)printf("  training is set against batch 1, testing against batch 100, LeNet against its "
                 "own; %s of "
                 "batch 1 lies in OpenBLAS\n",
                 mca__percent(bench->blas_share, 0).s);
    (void)printf("\nA training image of the reference chip: %s\n", mca__si(image_s, "s").s);
    for (int s = 0; s < STAGES; ++s) {
        (void)printf("  %-32s", STAGE_NAMES[s]);
        mca__put_right(stdout, mca__percent(bench->stage_s[s] / stages_total(bench), 1).s, 8);
        (void)printf("  %s\n", mca__bar(bench->stage_s[s] / stages_total(bench), 24).s);
    }
    (void)printf("  %sB of weights, variances and chi and %s multiply-adds: ",
                 mca__si(bench->bytes_per_image, "").s, mca__si(bench->macs_per_image, "").s);
    (void)printf("%sB/s and %s/s\n", mca__si(bench->bytes_per_image / image_s, "").s,
                 mca__si(bench->macs_per_image / image_s, "").s);
    (void)puts("This machine, one core");
    const int lies_in = cli_roofline_level(&bench->roofline, bench->data_bytes);
    for (int l = 0; l < CLI_ROOFLINE_LEVELS; ++l) {
        (void)printf("  copy in %-24s", bench->roofline.levels[l].name);
        mca__put_right(stdout, mca__si(bench->roofline.levels[l].bytes_per_s, "B/s").s, 12);
        (void)printf("   an image at %s of it", mca__percent(roofline_share(bench, l), 1).s);
        if (l == lies_in) {
            (void)printf(", where the %sB lie that images share",
                         mca__si((double)bench->data_bytes, "").s);
        }
        (void)putchar('\n');
    }
    (void)printf("  %-32s", "fused multiply-adds, fp32");
    mca__put_right(stdout, mca__si(bench->roofline.fma_per_s, "/s").s, 12);
    (void)printf("\n  peak memory %sB\n", mca__si((double)bench->peak_rss_bytes, "").s);
}

static enum mca_status print_json(const struct bench *bench, struct mca_error *error) {
    struct mca__json json;
    mca__json_init(&json);
    mca__json_text(&json, json.root, "dataset", bench->chips[0].data.name);
    mca__json_count(&json, json.root, "images", bench->images);
    mca__json_count(&json, json.root, "repetitions", bench->options.repeat);
    json_t *rates = mca__json_object(&json, json.root, "images_per_s");
    for (int c = 0; c < CONTESTS; ++c) {
        json_t *o = mca__json_object(&json, rates, TABLE[c].key);
        mca__json_number(&json, o, "median", bench->median[c]);
        mca__json_number(&json, o, "least", bench->rates[c][0]);
        mca__json_number(&json, o, "most", bench->rates[c][bench->options.repeat - 1]);
    }
    mca__json_number(&json, json.root, "train_ratio", ratio_of(bench, CHIP_TRAIN));
    mca__json_number(&json, json.root, "test_ratio", ratio_of(bench, CHIP_TEST));
    mca__json_number(&json, json.root, "lenet_train_ratio", ratio_of(bench, LENET_TRAIN));
    mca__json_number(&json, json.root, "blas_share", bench->blas_share);
    json_t *stages = mca__json_object(&json, json.root, "stages");
    static const char *const keys[STAGES] = {"forward", "error", "update", "rest"};
    for (int s = 0; s < STAGES; ++s) {
        mca__json_number(&json, stages, keys[s], bench->stage_s[s] / stages_total(bench));
    }
    mca__json_number(&json, json.root, "bytes_per_image", bench->bytes_per_image);
    mca__json_number(&json, json.root, "multiply_adds_per_image", bench->macs_per_image);
    json_t *machine = mca__json_object(&json, json.root, "machine");
    for (int l = 0; l < CLI_ROOFLINE_LEVELS; ++l) {
        char key[32];
        (void)snprintf(key, sizeof key, "copy_%s_bytes_per_s", bench->roofline.levels[l].name);
        mca__json_number(&json, machine, key, bench->roofline.levels[l].bytes_per_s);
    }
    const int lies_in = cli_roofline_level(&bench->roofline, bench->data_bytes);
    mca__json_count(&json, json.root, "data_bytes", bench->data_bytes);
    mca__json_text(&json, json.root, "data_level", bench->roofline.levels[lies_in].name);
    mca__json_number(&json, json.root, "roofline_share", roofline_share(bench, lies_in));
    mca__json_number(&json, machine, "fma_per_s", bench->roofline.fma_per_s);
    mca__json_count(&json, json.root, "peak_rss_bytes", bench->peak_rss_bytes);
    return mca__json_print(&json, stdout, error);
}

static enum mca_status measure(struct bench *bench, struct mca_error *error) {
    MCA_TRY(set_up(bench, error));
    MCA_TRY(race(bench, error));
    MCA_TRY(split_time(bench, error));
    bench->peak_rss_bytes = mca_peak_rss_bytes();
    cli_measure_roofline(&bench->roofline);
    mca_progress_end(&bench->progress);
    if (bench->options.json) {
        return print_json(bench, error);
    }
    print_text(bench);
    return MCA_OK;
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    struct bench *bench = calloc(1, sizeof *bench);
    if (!bench) {
        return mca_fail_memory(error, "bench");
    }
    bench->options = *(const struct options *)given->options;
    mca_progress_init(&bench->progress, bench->options.quiet);
    bench->observer = mca_progress_observer(&bench->progress);
    mca_stop_watch();
    const enum mca_status status = measure(bench, error);
    mca_progress_end(&bench->progress);
    for (int i = 0; i < CHIPS; ++i) {
        mca_simulation_deinit(&bench->chips[i]);
    }
    cli_blas_destroy(bench->blas);
    cli_conv_destroy(bench->lenet);
    free(bench->pixels);
    free(bench->predicted);
    free(bench);
    return status;
}

const struct mca_command cli_bench = {
    .name = "bench",
    .arguments = "",
    .summary = "speed on this machine, beside plain OpenBLAS",
    .about = "Measures, on one thread and in one run, images per second in training and testing of "
             "the reference chip and of the chip with ideal devices, beside the same network in "
             "single precision on plain OpenBLAS: batch 1 (a matrix-vector product a layer, one "
             "backward, a rank-1 update) and batch 100 (matrix products); and training of LeNet on "
             "the chip beside the same network on OpenBLAS at batch 1 (a matrix of each image's "
             "windows, a matrix product a convolution forward, backward and for its weights). "
             "Repetitions are "
             "interleaved and medians are given; on a noisy machine only the ratios mean "
             "something. Where the time of a training image goes, what it moves, and what this "
             "machine could do at most stand beside. Without MNIST files synthetic digits are "
             "used.",
    .exit_status = "0 done; 1 out of memory; 2 wrong usage; 3 a file could not be read; 130 or 143 "
                   "interrupted.",
    CLI_OPTIONS(OPTIONS, struct options),
    .too_many = "no arguments are taken",
    .run = run};
