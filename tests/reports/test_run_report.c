/* Files of a run read back, and the terminal text against a golden file. */
#include "report_fixture.h"
#include "reports/run/report.h"
#include "reports/tables/tables.h"

#include <sys/stat.h>

static double sum_of(json_t *object, const char *inner) {
    double sum = 0.0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        sum += json_number_value(inner ? at(value, inner) : value);
    }
    return sum;
}

/* Every key of the contract, in order. */
static void test_run_report_summary_has_every_key(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *path;
        const char *keys;
    } objects[] = {
        {"", "schema_version tool scenario seed dataset advice accuracy images epochs energy_j "
             "energy_other_j latency_s latency_other_s inference area_mm2 power_w operations "
             "throughput peak roofline what_if array writes import health "
             "layers verdict baselines "
             "milestones runtime "
             "files "
             "checksum"},
        {"tool", "name version commit"},
        {"scenario", "name hash"},
        {"dataset", "name train test hash"},
        {"accuracy",
         "test_final test_best test_best_epoch test_oldest train_final validation_final"},
        {"energy_j",
         "total per_image dynamic_per_image dynamic static low high independent common by_phase "
         "by_component"},
        {"energy_j/by_phase", "forward error backward update transfer refresh"},
        {"energy_j/by_component/adc_conversion", "total low high"},
        {"energy_j/by_component/static_adc", "total low high"},
        {"energy_other_j", "test init"},
        {"latency_s", "total per_image critical_path bottleneck utilisation busiest busy"},
        {"latency_s/critical_path", "forward error backward update transfer refresh"},
        {"latency_s/utilisation", "image_port dac tile adc dpu chi program"},
        {"latency_s/busiest", "image_port dac tile adc dpu chi program"},
        {"inference", "latency_s s_per_image images_per_s j_per_image tops tops_per_w "
                      "tops_per_mm2 j_per_mac"},
        {"area_mm2", "total by_component"},
        {"power_w", "average static at_once at_work"},
        {"power_w/at_work", "image_port dac tile adc dpu chi program"},
        {"operations", "macs_per_image macs_forward macs_backward macs_update macs total "
                       "j_per_mac j_per_mac_forward"},
        {"throughput", "images_per_s tops tops_per_w tops_per_mm2 energy_delay_js share_of_peak"},
        {"peak", "tops tops_per_w tops_per_mm2 read_j area_mm2"},
        {"roofline", "image_port dac tile adc dpu chi program"},
        {"roofline/adc", "images_per_s"},
        {"what_if", "image_port dac tile adc dpu chi program"},
        {"what_if/chi", "latency_s speedup inference_s_per_image energy_j energy_without_j "
                        "area_without_mm2"},
        {"writes", "set_total reset_total set_per_image refresh_pairs max_per_device lifetime_s"},
        {"health", "adc_clip_fraction chi_saturations pulses_lost devices_at_gmax stuck_devices "
                   "update_loss_fraction"},
        {"array",
         "tiles weights cells_used buffer_bits devices dacs adcs sample_holds "
         "comparators program_drivers dpu_lanes register_bits link_bits chi_bits accumulator_bits "
         "scan_map_bits weight_bits"},
        {"layers/1",
         "layer kind shape rows cols positions energy_j latency_s area_mm2 power_w operations "
         "throughput array writes health"},
        {"layers/2",
         "layer kind shape rows cols positions energy_j latency_s area_mm2 power_w operations "
         "throughput array writes health"},
        {"layers/0/energy_j",
         "total per_image dynamic_per_image dynamic static low high by_phase by_component"},
        {"layers/0/latency_s", "bottleneck utilisation busy"},
        {"layers/0/latency_s/busy", "image_port dac tile adc dpu chi program"},
        {"layers/0/energy_j/by_component/adc_conversion", "total"},
        {"layers/0/area_mm2", "total by_component"},
        {"layers/1/power_w", "average static"},
        {"layers/0/operations", "macs_per_image macs_forward macs_backward macs_update macs total "
                                "j_per_mac j_per_mac_forward"},
        {"layers/0/throughput", "tops_per_w"},
        {"layers/1/array", "tiles weights cells_used devices dacs adcs sample_holds "
                           "comparators program_drivers link_bits chi_bits scan_map_bits "
                           "weight_bits"},
        {"import",
         "weights clipped unreached error_mean_us error_rms_us pulses_mean pulses_most reads"},
        {"layers/1/writes", "set_total reset_total max_per_device lifetime_s"},
        {"layers/1/health", "devices_at_gmax stuck_devices"},
        {"verdict", "design total_energy_ratio energy_ratio text"},
        {"baselines", "digital_fp32 digital_fp32_sparse digital_mixed"},
        {"baselines/digital_fp32",
         "lanes energy_j_per_image dynamic_j_per_image latency_s_per_image total_energy_ratio "
         "total_energy_ratio_low total_energy_ratio_high energy_ratio energy_ratio_low "
         "energy_ratio_high iso_throughput iso_area energy_j latency_s area_mm2 power_w operations "
         "throughput layers"},
        {"baselines/digital_mixed/throughput",
         "images_per_s tops tops_per_w tops_per_mm2 energy_delay_js"},
        {"baselines/digital_mixed/power_w", "average static"},
        {"baselines/digital_mixed/operations", "j_per_mac j_per_mac_forward"},
        {"baselines/digital_fp32/layers/2", "energy_j latency_s"},
        {"baselines/digital_mixed/layers/0/energy_j", "total per_image dynamic low high"},
        {"baselines/digital_mixed/layers/1/latency_s", "total per_image"},
        {"baselines/digital_mixed/iso_area",
         "lanes energy_j_per_image dynamic_j_per_image latency_s_per_image area_mm2"},
        {"milestones", "0.90 0.95 0.97 0.98"},
        {"milestones/0.90", "images energy_j time_s"},
        {"runtime", "wall_s train_images_per_s test_images_per_s peak_rss_bytes threads"},
    };
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *root = load(f, "summary.json");
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; ++i) {
        char found[1024] = "";
        const char *key;
        json_t *value;
        json_object_foreach(at(root, objects[i].path), key, value) {
            (void)snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
                           *found ? " " : "", key);
        }
        assert_string_equal(found, objects[i].keys);
    }
    json_decref(root);
}

static void test_run_report_summary_values(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *root = load(f, "summary.json");
    const double total = real_at(root, "energy_j/total");
    assert_near(sum_of(at(root, "energy_j/by_phase"), NULL), total, 1e-12 * total);
    assert_near(sum_of(at(root, "energy_j/by_component"), "total"), total, 1e-12 * total);
    /* errors of different figures do not all lie on one side */
    assert_true(sum_of(at(root, "energy_j/by_component"), "low") < real_at(root, "energy_j/low") &&
                real_at(root, "energy_j/low") < real_at(root, "energy_j/independent/low"));
    assert_near(real_at(root, "energy_j/dynamic") + real_at(root, "energy_j/static"), total,
                1e-12 * total);
    assert_near(real_at(root, "energy_j/per_image") * 3000, total, 1e-12 * total);
    const double ratio = real_at(root, "baselines/digital_fp32/total_energy_ratio");
    assert_near(ratio, real_at(root, "baselines/digital_fp32/energy_j/total") / total,
                1e-12 * ratio);
    const double dynamic = real_at(root, "baselines/digital_fp32/energy_ratio");
    assert_near(dynamic,
                real_at(root, "baselines/digital_fp32/energy_j/dynamic") /
                    real_at(root, "energy_j/dynamic"),
                1e-12 * dynamic);
    const double time = real_at(root, "latency_s/total");
    assert_near(time, (double)f->result.time_ps / 1e12, 1e-12 * time);
    assert_near(sum_of(at(root, "latency_s/critical_path"), NULL), time, 1e-12 * time);
    assert_near(sum_of(at(root, "area_mm2/by_component"), NULL), real_at(root, "area_mm2/total"),
                1e-12);
    /* written with 17 digits: read back to the bit */
    assert_true(total == f->report.pricing.total_j);

    assert_true(real_at(root, "accuracy/test_final") == 0.9701);
    assert_int_equal(json_integer_value(at(root, "accuracy/test_best_epoch")), 3);
    assert_true(json_is_null(at(root, "accuracy/validation_final")));
    assert_true(json_is_null(at(root, "milestones/0.98")));
    assert_int_equal(json_integer_value(at(root, "milestones/0.90/images")), 1000);
    assert_int_equal(json_integer_value(at(root, "milestones/0.95/images")), 3000);
    assert_true(real_at(root, "milestones/0.97/energy_j") == total);
    assert_true(json_is_null(at(root, "health/update_loss_fraction")));
    assert_true(real_at(root, "health/adc_clip_fraction") == 125e-6);
    assert_true(json_is_null(at(root, "runtime/test_images_per_s")));
    assert_near(real_at(root, "runtime/train_images_per_s"), 2000.0, 0.0);
    assert_string_equal(json_string_value(at(root, "scenario/hash")), "123456789abcdef0");
    assert_string_equal(json_string_value(at(root, "latency_s/bottleneck")), "chi");
    json_decref(root);
}

/* ledger.json alone gives the run's energy again. */
static void test_run_report_ledger_prices_again(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_ledger(&f->report, f->dir, NULL), MCA_OK);
    json_t *root = load(f, "ledger.json");
    double joules = 0.0;
    for (int p = MCA_PHASE_FORWARD; p <= MCA_PHASE_REFRESH; ++p) {
        json_t *counts = json_object_get(at(root, "counts"), mca_phase_name((enum mca_phase)p));
        for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            const char *name = mca_component_name((enum mca_component)c);
            joules +=
                json_number_value(json_object_get(counts, name)) * f->report.prices.energy[c].value;
        }
    }
    assert_near(joules, f->report.pricing.dynamic_j, 1e-12 * joules);
    assert_int_equal(json_integer_value(at(root, "inventory/devices")), 655360);
    assert_int_equal(json_integer_value(at(root, "busy_ps/forward/program")), 2100000000);
    assert_int_equal(json_array_size(at(root, "epochs")), 3);
    json_t *second = json_array_get(at(root, "epochs"), 1);
    assert_true(json_is_null(at(second, "test_accuracy")));
    assert_int_equal(json_integer_value(at(second, "critical_ps/update")), 2000ll * 900000);
    json_decref(root);
}

/* Reads a CSV line into fields, quotes undone; returns their number. */
static int split(char *line, char **fields, int most) {
    int n = 0;
    char *c = line;
    while (n < most) {
        char *to = c;
        fields[n++] = to;
        int quoted = *c == '"';
        c += quoted;
        while (*c && *c != '\n' && (quoted || *c != ',')) {
            if (quoted && *c == '"') {
                if (c[1] != '"') {
                    quoted = 0;
                    ++c;
                    continue;
                }
                ++c;
            }
            *to++ = *c++;
        }
        const int last = *c != ',';
        ++c;
        *to = '\0';
        if (last) {
            break;
        }
    }
    return n;
}

static FILE *open_csv(const struct fixture *f, const char *name, const char *header) {
    char path[64];
    char line[512];
    (void)snprintf(path, sizeof path, "%s/%s", f->dir, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, header);
    return file;
}

static void test_run_report_energy_csv_adds_up(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_energy(&f->report, f->dir, NULL), MCA_OK);
    FILE *file =
        open_csv(f, "energy.csv", "phase,component,count,joules_each,joules,share,source\n");
    char line[512];
    char *fields[8];
    double training = 0.0;
    double shares = 0.0;
    double test = 0.0;
    while (fgets(line, sizeof line, file)) {
        assert_int_equal(split(line, fields, 8), 7);
        assert_string_equal(fields[6], "made up, \"for a test\"");
        const double joules = strtod(fields[4], NULL);
        assert_near(strtod(fields[2], NULL) * strtod(fields[3], NULL), joules, 1e-12 * joules);
        assert_false(strcmp(fields[0], "update") == 0 && strcmp(fields[1], "dpu_random") == 0);
        training += *fields[5] ? joules : 0.0;
        shares += strtod(fields[5], NULL);
        test += strcmp(fields[0], "test") == 0 ? joules : 0.0;
    }
    assert_int_equal(fclose(file), 0);
    const double total = f->report.pricing.total_j;
    assert_near(training, total, 1e-12 * total);
    assert_near(shares, 1.0, 1e-12);
    assert_near(test, f->report.pricing.by_phase_j[MCA_PHASE_TEST], 1e-12 * test);
}

static void test_run_report_epochs_csv(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_epochs(&f->report, f->dir, NULL), MCA_OK);
    FILE *file = open_csv(f, "epochs.csv",
                          "epoch,images,learning_rate,train_accuracy,train_loss,"
                          "validation_accuracy,test_accuracy,energy_j,time_s,set_pulses,"
                          "reset_pulses,refreshed_pairs\n");
    char line[512];
    char *fields[13];
    int lines = 0;
    for (; fgets(line, sizeof line, file); ++lines) {
        assert_int_equal(split(line, fields, 13), 12);
        assert_int_equal(atoi(fields[0]), lines + 1);
        assert_string_equal(fields[5], "");
        assert_int_equal(*fields[6] == '\0', lines == 1);
        /* the made-up ledgers grow by the same amount every epoch */
        assert_near(strtod(fields[7], NULL), f->report.pricing.total_j * (lines + 1) / 3,
                    1e-12 * f->report.pricing.total_j);
        assert_int_equal(atoi(fields[9]), 12345 * (lines + 1));
    }
    assert_int_equal(lines, 3);
    assert_int_equal(fclose(file), 0);
}

/* energy_layers.csv has every count of the ledger in the layer that it belongs to, and its joules
 * are those of energy.csv. */
static void test_run_report_energy_by_layer(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mca_report_write_energy_layers(&f->report, f->dir, NULL), MCA_OK);
    char path[64];
    (void)snprintf(path, sizeof path, "%s/energy_layers.csv", f->dir);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[256];
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "layer,phase,component,count,joules\n");
    double total[MCA_PHASE_COUNT][MCA_COMPONENT_COUNT] = {{0.0}};
    double loaded = 0.0;
    while (fgets(line, sizeof line, file)) {
        const char *text = line;
        const char *field[5];
        for (int i = 0; i < 5; ++i) {
            field[i] = text;
            text = strpbrk(text, ",\n") + 1;
        }
        int p = 0;
        int c = 0;
        while (strncmp(field[1], mca_phase_name((enum mca_phase)p),
                       (size_t)(field[2] - field[1] - 1)) != 0) {
            ++p;
        }
        while (strncmp(field[2], mca_component_name((enum mca_component)c),
                       (size_t)(field[3] - field[2] - 1)) != 0) {
            ++c;
        }
        const uint32_t part = field[0][0] == ',' ? 2 : (uint32_t)(field[0][0] - '0');
        assert_int_equal(strtoull(field[3], NULL, 10), f->layers[part].part.counts[p][c]);
        total[p][c] += strtod(field[4], NULL);
        loaded += part == 2 ? strtod(field[4], NULL) : 0.0;
    }
    (void)fclose(file);
    assert_true(loaded > 0.0);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            const double wanted = f->report.pricing.dynamic_of_j[p][c];
            assert_near(total[p][c], wanted, 1e-12 * wanted);
        }
    }
}

static void test_run_report_write_errors(void **state) {
    struct fixture *f = *state;
    struct mca_error error = {""};
    assert_int_equal(mca_report_write_files(&f->report, "/no/such/dir", &error), MCA_SYSTEM);
    assert_non_null(strstr(error.message, "/no/such/dir/epochs.csv"));
    /* a full disk: the files of the run are links to /dev/full */
    enum mca_status (*const writers[])(const struct mca_priced_run *, const char *,
                                       struct mca_error *) = {
        mca_report_write_summary, mca_report_write_epochs, mca_report_write_energy,
        mca_report_write_energy_layers, mca_report_write_ledger};
    static const char *const names[] = {"summary.json", "epochs.csv", "energy.csv",
                                        "energy_layers.csv", "ledger.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s/%s", f->dir, names[i]);
        assert_int_equal(symlink("/dev/full", path), 0);
        assert_int_equal(writers[i](&f->report, f->dir, &error), MCA_SYSTEM);
        assert_non_null(strstr(error.message, names[i]));
        assert_int_equal(unlink(path), 0);
    }
}

static char *read_whole(FILE *file) {
    char *text = calloc(1, 1 << 16);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    return text;
}

static char *print_summary(const struct fixture *f, int colour) {
    FILE *file = tmpfile();
    assert_non_null(file);
    mca_report_print_summary(file, &f->report, colour);
    rewind(file);
    char *text = read_whole(file);
    assert_int_equal(fclose(file), 0);
    return text;
}

#define GOLDEN MCA_TEST_SOURCE_DIR "/tests/reports/summary.golden.txt"
#define GOLDEN_COMMAND "# made by: MCA_RENEW_GOLDEN=1 ctest -R test_run_report\n"

static void test_run_report_terminal_text_is_golden(void **state) {
    struct fixture *f = *state;
    char *text = print_summary(f, 0);
    if (getenv("MCA_RENEW_GOLDEN")) {
        FILE *file = fopen(GOLDEN, "w");
        assert_non_null(file);
        assert_true(fprintf(file, "%s%s", GOLDEN_COMMAND, text) > 0);
        assert_int_equal(fclose(file), 0);
    }
    FILE *file = fopen(GOLDEN, "r");
    assert_non_null(file);
    char *golden = read_whole(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(strncmp(golden, GOLDEN_COMMAND, strlen(GOLDEN_COMMAND)), 0);
    assert_string_equal(text, golden + strlen(GOLDEN_COMMAND));
    free(golden);
    free(text);
}

/* Of many epochs every third, the first and the last are shown. */
static void test_run_report_shows_some_of_many_epochs(void **state) {
    enum { EPOCHS = 29 };
    struct fixture *f = *state;
    struct mca_epoch_record *epochs = calloc(EPOCHS, sizeof *epochs);
    assert_non_null(epochs);
    for (uint32_t e = 0; e < EPOCHS; ++e) {
        epochs[e] = f->epochs[2];
        epochs[e].epoch = e + 1;
        epochs[e].test_accuracy = e == 2 ? 0.5 : (double)NAN;
    }
    struct mca_train_result result = *f->report.result;
    result.epochs = epochs;
    result.epoch_count = EPOCHS;
    f->report.result = &result;
    char *text = print_summary(f, 0);
    static const unsigned long shown[] = {1, 3, 6, 9, 12, 15, 18, 21, 24, 27, 29};
    const char *line = strstr(text, "\n  epoch  ");
    assert_non_null(line);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; ++i) {
        line = strchr(line + 1, '\n');
        assert_int_equal(strtoul(line, NULL, 10), shown[i]);
    }
    assert_int_equal(strtoul(strchr(line + 1, '\n'), NULL, 10), 0); /* no further row */
    free(text);
    free(epochs);
}

/* Where one figure alone is uncertain it is the only one named. */
static void test_run_report_names_what_is_uncertain_alone(void **state) {
    struct fixture *f = *state;
    for (uint32_t i = 0; i < MCA_FIGURE_COUNT; ++i) {
        f->library.figures[i].uncertainty = 1.0;
        f->library.figures[i].uncertainty_down = 1.0;
        f->library.figures[i].causes = 0;
    }
    f->library.figures[mca_figure_static(MCA_PART_SRAM_BIT)].uncertainty = 2.0;
    char *text = print_summary(f, 0);
    const char *line = strstr(text, "  most uncertain: sram_bit.static (+");
    assert_non_null(line);
    assert_ptr_equal(strstr(line, "%)\n"), strchr(line, '%'));
    free(text);
}

static void assert_has(const char *text, const char *part) {
    if (!strstr(text, part)) {
        fail_msg("'%s' is not in:\n%s", part, text);
    }
}

/* A test alone at two ages: recall and precision of classes by hand, of what there is none left
 * out. */
static void test_run_report_of_a_test_alone(void **state) {
    struct fixture *f = *state;
    static double aged[] = {0.75, 0.5, 0.25, 0.5};
    f->epochs[0].epoch = 0;
    f->result.epoch_count = 1;
    f->result.age_count = 2;
    f->result.age_seeds = 2;
    f->result.ages_s[0] = 3600.0;
    f->result.ages_s[1] = 86400.0 * 365.0;
    f->result.aged_accuracy = aged;
    memset(f->confusion, 0, sizeof f->confusion);
    f->confusion[0][0] = 90; /* all right; of what was taken for it 3 in 4 are */
    f->confusion[1][0] = 20; /* mostly for 0, as often for 3, which comes behind it */
    f->confusion[1][1] = 1050;
    f->confusion[1][3] = 20;
    f->confusion[1][9] = 10;
    f->confusion[9][0] = 10; /* never known */
    f->confusion[9][8] = 4;
    char *text = print_summary(f, 0);
    assert_has(text, " on 5 tiles, tested on 3,000 images\n");
    assert_has(text, "\nAccuracy 93.12 %\n"
                     "  class   images     recall  precision  mostly taken for\n"
                     "      0       90   100.00 %    75.00 %\n"
                     "      1    1,100    95.45 %   100.00 %  0 (20)\n"
                     "      9       14     0.00 %     0.00 %  0 (10)\n"
                     "\n"
                     /* 12.7062 standard errors of two values: sqrt(1/32) and half of it */
                     "Accuracy at ages, 2 tests each\n"
                     "       age       mean    95 % interval of the mean\n"
                     "       1 h    62.50 %    -96.33 % .. 221.33 %\n"
                     "       1 y    37.50 %    -121.33 % .. 196.33 %\n"
                     "\n");
    /* phases of training are none of a test's */
    const char *phases = strstr(text, "  phase                   per image    share\n");
    assert_int_equal(strncmp(strchr(phases, '\n'), "\n  forward   ", 13), 0);
    assert_int_equal(strncmp(strchr(strchr(phases, '\n') + 1, '\n'), "\n  component ", 13), 0);
    assert_has(text, "\n  beside it: initial weights 12.8 mJ\n");
    assert_null(strstr(text, "\nWrites "));
    /* a 3,000th of what all images take */
    assert_has(text,
               "\n93.12 % on synthetic-digits in 32.2 \u00b5J (20.1 \u00b5J to 81.4 \u00b5J) and "
               "5.10 \u00b5s an image,\n");
    free(text);
}

/* Of epochs that test equally well the first is the best; the last of all counts as the last. */
static void test_run_report_best_epoch_is_the_first(void **state) {
    struct fixture *f = *state;
    f->epochs[0].test_accuracy = 0.9375;
    f->epochs[1].test_accuracy = 0.9375;
    f->epochs[2].test_accuracy = 0.875;
    assert_int_equal(mca_report_write_summary(&f->report, f->dir, NULL), MCA_OK);
    json_t *root = load(f, "summary.json");
    assert_int_equal(json_integer_value(at(root, "accuracy/test_best_epoch")), 1);
    assert_near(real_at(root, "accuracy/test_best"), 0.9375, 0.0);
    assert_near(real_at(root, "accuracy/test_final"), 0.875, 0.0);
    json_decref(root);
}

/* What has no value is said, or left out. */
static void test_run_report_of_what_is_none(void **state) {
    struct fixture *f = *state;
    struct mca_baseline_report *digital = &f->report.baselines[0];
    f->scenario.chip.device.model = MCA_DEVICE_IDEAL;
    f->scenario.chip.network.is_widths = 0;
    f->result.epoch_count = 1;
    f->result.age_count = 0;
    digital->iso_area.lanes = 0;
    digital->total_ratio.value = (double)NAN;
    f->report.pricing.total_j = 0.0;
    f->report.pricing.time_s = 0.0;
    char *text = print_summary(f, 0);
    assert_has(text, "\nnetwork of 2 layers, 784 x 1 x 1 to 10, ");
    assert_has(text, ", batch 1, 1 epoch of 3,000 images\n");
    assert_null(strstr(text, "Accuracy at ages"));
    assert_null(strstr(text, "most uncertain"));
    assert_has(text, "\n    energy / chip's: total none, dynamic alone 21.7 x (9.46 to 40.9)\n");
    assert_has(text, "\n    same area             cannot be reached\n");
    assert_null(strstr(text, "bind"));
    assert_has(text, " and 0 s,\n0 J and 0 s a training image,\ndevices that do not wear.\n");
    free(text);
}

/* At most 100 columns, no blanks at line ends; colour changes nothing but escapes. */
static void test_run_report_terminal_text_is_tidy(void **state) {
    struct fixture *f = *state;
    char *text = print_summary(f, 0);
    char *coloured = print_summary(f, 1);
    int width = 0;
    for (const char *c = text; *c; ++c) {
        assert_true(*c != '\033');
        width = *c == '\n' ? 0 : width + (((unsigned char)*c & 0xc0) != 0x80);
        assert_true(width <= 100);
        assert_false(*c == ' ' && c[1] == '\n');
    }
    size_t used = 0;
    for (const char *c = coloured; *c; ++c) {
        if (*c == '\033') {
            c = strchr(c, 'm');
            continue;
        }
        assert_true(text[used++] == *c);
    }
    assert_true(text[used] == '\0');
    assert_true(strlen(coloured) > strlen(text));
    free(coloured);
    free(text);
}

/* The library's table names every entry with its value. */
static void test_run_report_components_table(void **state) {
    struct fixture *f = *state;
    FILE *file = tmpfile();
    assert_non_null(file);
    mca_report_print_components(file, &f->library, "", 0);
    rewind(file);
    char *text = read_whole(file);
    for (int e = 0; e < MCA_ENTRY_COUNT; ++e) {
        assert_non_null(strstr(text, mca_entry_name((enum mca_entry)e)));
    }
    for (int p = 0; p < MCA_PART_COUNT; ++p) {
        assert_non_null(strstr(text, mca_part_name((enum mca_part)p)));
    }
    assert_non_null(strstr(text, "6.37 pJ per conversion")); /* adc_cco, 7 x 2^-40 J */
    assert_non_null(strstr(text, "shared"));                 /* the cause */
    assert_non_null(strstr(text, "954 nW"));                 /* 2^-20 W */
    assert_non_null(strstr(text, "assumption"));
    assert_int_equal(fclose(file), 0);
    free(text);
}

/* Where a value is not as published, the table says what it is made from; else it does not. */
static void test_run_report_components_are_derived(void **state) {
    struct fixture *f = *state;
    struct mca_figure *figures = f->library.figures;
    FILE *file = tmpfile();
    assert_non_null(file);
    for (uint32_t i = 0; i < 3; ++i) {
        assert_int_equal(figures[i].law, MCA_LAW_FIXED);
        assert_false(figures[i].scaled);
    }
    figures[0].times = 3.0; /* not scaled */
    figures[1].scaled = 1;  /* nothing else */
    figures[1].scale = 0.5;
    uint32_t derived = 0;
    for (uint32_t i = 0; i < (uint32_t)MCA_FIGURE_COUNT; ++i) {
        derived += figures[i].law != MCA_LAW_FIXED || figures[i].times != 1.0 || figures[i].scaled;
    }
    mca_report_print_components(file, &f->library, "", 0);
    rewind(file);
    char *text = read_whole(file);
    for (const char *at = text; (at = strstr(at, "from: ")) != NULL; ++at) {
        --derived;
    }
    assert_int_equal(derived, 0);
    assert_non_null(strstr(text, " x 3\n"));
    assert_non_null(strstr(text, " x 0.5 from "));
    assert_int_equal(fclose(file), 0);
    free(text);
}

#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        REPORT_TEST(test_run_report_summary_has_every_key),
        REPORT_TEST(test_run_report_summary_values),
        REPORT_TEST(test_run_report_ledger_prices_again),
        REPORT_TEST(test_run_report_energy_by_layer),
        REPORT_TEST(test_run_report_energy_csv_adds_up),
        REPORT_TEST(test_run_report_epochs_csv),
        REPORT_TEST(test_run_report_write_errors),
        REPORT_TEST(test_run_report_terminal_text_is_golden),
        REPORT_TEST(test_run_report_shows_some_of_many_epochs),
        REPORT_TEST(test_run_report_names_what_is_uncertain_alone),
        REPORT_TEST(test_run_report_of_a_test_alone),
        REPORT_TEST(test_run_report_of_what_is_none),
        REPORT_TEST(test_run_report_best_epoch_is_the_first),
        REPORT_TEST(test_run_report_terminal_text_is_tidy),
        REPORT_TEST(test_run_report_components_table),
        REPORT_TEST(test_run_report_components_are_derived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
