/* epochs.csv, confusion.csv, ages.csv, energy.csv, energy_layers.csv: RFC 4180 quoting, lines end
 * in LF, doubles have 17 digits. */
#include <inttypes.h>
#include <math.h>

#include "base/out_file.h"
#include "reports/figures/facts.h"
#include "reports/formats/csv_text.h"
#include "reports/run/report.h"

/* ",value", the value left out where there is none. */
static void put_number(FILE *out, double value) {
    if (isfinite(value)) {
        (void)fprintf(out, ",%.17g", value);
    } else {
        (void)fputc(',', out);
    }
}

static void put_count(FILE *out, uint64_t value) {
    (void)fprintf(out, ",%" PRIu64, value);
}

enum mca_status mca_report_write_epochs(const struct mca_priced_run *report, const char *dir,
                                        struct mca_error *error) {
    struct mca_out_file out;
    MCA_TRY(mca_out_open(&out, dir, "epochs.csv", error));
    (void)fputs("epoch", out.file);
    for (const struct mca__epoch_column *c = mca__epoch_columns; c->name; ++c) {
        (void)fprintf(out.file, ",%s", c->name);
    }
    for (uint32_t e = 0; e < report->result->epoch_count; ++e) {
        const struct mca_epoch_record *record = &report->result->epochs[e];
        (void)fprintf(out.file, "\n%" PRIu32, record->epoch);
        for (const struct mca__epoch_column *c = mca__epoch_columns; c->name; ++c) {
            const double value = mca__epoch_value(c, report, record);
            if (mca__is_counted(c)) {
                put_count(out.file, (uint64_t)value);
            } else {
                put_number(out.file, value);
            }
        }
    }
    (void)fputc('\n', out.file);
    return mca_out_close(&out, error);
}

enum mca_status mca_report_write_confusion(const struct mca_priced_run *report, const char *dir,
                                           struct mca_error *error) {
    const uint32_t outputs = mca_network_config_outputs(&report->scenario->chip.network);
    struct mca_out_file out;
    MCA_TRY(mca_out_open(&out, dir, "confusion.csv", error));
    (void)fputs("class,images,recall,precision", out.file);
    for (uint32_t k = 0; k < outputs; ++k) {
        (void)fprintf(out.file, ",taken_for_%u", k);
    }
    for (uint32_t k = 0; k < outputs; ++k) {
        const struct mca__class_figures of = mca__class_figures(report, k);
        (void)fprintf(out.file, "\n%u", k);
        put_count(out.file, of.images);
        put_number(out.file, of.recall);
        put_number(out.file, of.precision);
        for (uint32_t other = 0; other < outputs; ++other) {
            put_count(out.file, of.taken_for[other]);
        }
    }
    (void)fputc('\n', out.file);
    return mca_out_close(&out, error);
}

enum mca_status mca_report_write_ages(const struct mca_priced_run *report, const char *dir,
                                      struct mca_error *error) {
    const struct mca_train_result *result = report->result;
    struct mca_out_file out;
    if (result->age_count == 0) {
        return MCA_OK;
    }
    MCA_TRY(mca_out_open(&out, dir, "ages.csv", error));
    (void)fputs("age_s,accuracy,low,high", out.file);
    for (uint32_t k = 0; k < result->age_seeds; ++k) {
        (void)fprintf(out.file, ",seed_%u", k);
    }
    for (uint32_t i = 0; i < result->age_count; ++i) {
        const struct mca_sample_statistics of = mca__aged(result, i);
        (void)fprintf(out.file, "\n%.17g", result->ages_s[i]);
        put_number(out.file, of.mean);
        put_number(out.file, of.low);
        put_number(out.file, of.high);
        for (uint32_t k = 0; k < result->age_seeds; ++k) {
            put_number(out.file, result->aged_accuracy[i * result->age_seeds + k]);
        }
    }
    (void)fputc('\n', out.file);
    return mca_out_close(&out, error);
}

/* Share of the training total; left out for test and init, which stand beside it. */
static double share(const struct mca_priced_run *report, enum mca_phase phase, double joules) {
    return mca_phase_is_training(phase) ? mca__ratio(joules, report->pricing.total_j) : (double)NAN;
}

static void put_row(FILE *out, const struct mca_priced_run *report, enum mca_phase phase,
                    const struct mca_price *price, double joules) {
    put_number(out, price->value);
    put_number(out, joules);
    put_number(out, share(report, phase, joules));
    (void)fputc(',', out);
    mca__csv_put_text(out, price->figure->source);
    (void)fputc('\n', out);
}

static void put_phase(FILE *out, const struct mca_priced_run *report, enum mca_phase phase) {
    const struct mca_pricing *p = &report->pricing;
    for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
        const uint64_t count = report->result->ledger.counts[phase][c];
        if (count > 0) {
            (void)fprintf(out, "%s,%s", mca_phase_name(phase),
                          mca_component_name((enum mca_component)c));
            put_count(out, count);
            put_row(out, report, phase, &report->prices.energy[c], p->dynamic_of_j[phase][c]);
        }
    }
    for (int b = 0; b < MCA_BLOCK_CHIP_COUNT; ++b) {
        if (p->static_of_j[phase][b] > 0.0) {
            (void)fprintf(out, "%s,static_%s", mca_phase_name(phase),
                          mca_block_name((enum mca_block)b));
            put_number(out, p->powered_s[phase][b]);
            put_row(out, report, phase, &report->prices.static_w[b], p->static_of_j[phase][b]);
        }
    }
}

enum mca_status mca_report_write_energy(const struct mca_priced_run *report, const char *dir,
                                        struct mca_error *error) {
    struct mca_out_file out;
    MCA_TRY(mca_out_open(&out, dir, "energy.csv", error));
    (void)fputs("phase,component,count,joules_each,joules,share,source\n", out.file);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        put_phase(out.file, report, (enum mca_phase)p);
    }
    return mca_out_close(&out, error);
}

static void put_layer(FILE *out, const struct mca_priced_run *report, uint32_t layer,
                      const struct mca_ledger_part *part) {
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_CHIP_COUNT; ++c) {
            const uint64_t count = part->counts[p][c];
            if (count > 0) {
                if (layer < report->result->layer_count) {
                    (void)fprintf(out, "%u", layer);
                }
                (void)fprintf(out, ",%s,%s", mca_phase_name((enum mca_phase)p),
                              mca_component_name((enum mca_component)c));
                put_count(out, count);
                put_number(out, (double)count * report->prices.energy[c].value);
                (void)fputc('\n', out);
            }
        }
    }
}

enum mca_status mca_report_write_energy_layers(const struct mca_priced_run *report, const char *dir,
                                               struct mca_error *error) {
    struct mca_out_file out;
    MCA_TRY(mca_out_open(&out, dir, "energy_layers.csv", error));
    (void)fputs("layer,phase,component,count,joules\n", out.file);
    for (uint32_t i = 0; i <= report->result->layer_count; ++i) {
        put_layer(out.file, report, i, &report->result->layers[i].part);
    }
    return mca_out_close(&out, error);
}
