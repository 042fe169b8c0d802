/* The layers' table of a run's summary on the terminal. */
#include <math.h>
#include <string.h>

#include "network/layer_kind.h"
#include "reports/figures/facts.h"
#include "reports/figures/result_figures.h"
#include "reports/formats/terminal_text.h"
#include "reports/run/report.h"

enum {
    LAYER_WIDTH = 22,
    MATRIX_WIDTH = 11,
    COLUMNS_MAX = 12,
    DESIGN_LAYER_WIDTH = 26,
    ENERGY_WIDTH = 9,
    TIME_WIDTH = 9
};

/* Cells of the layers, of what they share, and of the whole chip. */
struct table {
    uint32_t layer_count;
    size_t column_count;
    const struct mca_result_figure *columns[COLUMNS_MAX];
    struct mca__text cells[MCA_LAYERS_MAX + 2][COLUMNS_MAX];
};

static void find_columns(struct table *t) {
    for (int place = 1; place <= MCA_RESULT_PLACES; ++place) {
        for (const struct mca_result_figure *f = mca_result_next(NULL); f; f = mca_result_next(f)) {
            if (f->layers.place == place && f->layers.as && t->column_count < COLUMNS_MAX) {
                t->columns[t->column_count++] = f;
            }
        }
    }
}

static void fill_cell(void *user, const struct mca_result_place *place) {
    struct table *t = user;
    const struct mca_result_figure *figure = place->figure;
    const int is_layer = place->subject.scope == MCA_OF_LAYER;
    const uint32_t row = is_layer ? place->subject.layer : t->layer_count + 1;
    char room[MCA__VERDICT_SIZE];
    size_t column = 0;
    while (column < t->column_count && t->columns[column] != figure) {
        ++column;
    }
    if (column == t->column_count || (!is_layer && place->subject.scope != MCA_OF_CHIP)) {
        return;
    }
    const char *text = figure->text ? figure->text(place, room) : NULL;
    const double value = figure->text ? (double)NAN : mca_result_value(place);
    t->cells[row][column] = text ? mca__format("%s", text) : mca_result_text(figure, value);
}

/* "2 conv2d 32 x 8 x 8"; behind the layers "shared" and "all". */
static struct mca__text layer_name(const struct mca_priced_run *report, uint32_t index) {
    const uint32_t count = report->result->layer_count;
    char shape[MCA_SHAPE_TEXT_SIZE];
    if (index >= count) {
        return mca__format(index == count ? "shared" : "all");
    }
    const struct mca_network_layer *layer = &report->network.layers[index];
    mca_shape_short_text(&layer->out, shape);
    return mca__format("%u %.12s %s", index, layer->kind->name, shape);
}

/* A layer's name in a column; one that is wider stands in a line of its own. */
static void put_name(FILE *out, struct mca__text name, int width) {
    (void)fputs("  ", out);
    if (mca__columns(name.s) > width) {
        (void)fprintf(out, "%s\n  ", name.s);
        name.s[0] = '\0';
    }
    mca__put_left(out, name.s, width);
}

static void put_row(FILE *out, const struct table *t, uint32_t row,
                    const struct mca_priced_run *report) {
    struct mca__text matrix = {""};
    if (row < t->layer_count && report->network.layers[row].rows > 0) {
        const struct mca_network_layer *layer = &report->network.layers[row];
        matrix = mca__format(" %u x %u", layer->rows, layer->cols);
    }
    put_name(out, layer_name(report, row), LAYER_WIDTH + MATRIX_WIDTH - (int)strlen(matrix.s));
    (void)fputs(matrix.s, out);
    for (size_t c = 0; c < t->column_count; ++c) {
        mca__put_right(out, t->cells[row][c].s, (int)strlen(t->columns[c]->layers.as));
    }
    (void)fputc('\n', out);
}

void mca__print_layers(FILE *out, const struct mca_priced_run *report, const char *bold,
                       const char *plain) {
    const uint32_t count = report->result->layer_count;
    struct table table = {.layer_count = count};
    if (count < 2) {
        return;
    }
    find_columns(&table);
    mca_result_walk(report, fill_cell, &table);
    (void)fprintf(out, "\n%sLayers%s", bold, plain);
    mca__put_right(out, "matrix", LAYER_WIDTH + MATRIX_WIDTH - 4);
    for (size_t c = 0; c < table.column_count; ++c) {
        (void)fputs(table.columns[c]->layers.as, out);
    }
    (void)fputc('\n', out);
    for (uint32_t row = 0; row <= count + 1; ++row) {
        put_row(out, &table, row, report);
    }
}

/* "  1.2 uJ   3.4 us" of a part of the run. */
static void put_cost(FILE *out, double energy_j, double time_s, double images) {
    mca__put_right(out, mca__si(mca__ratio(energy_j, images), "J").s, ENERGY_WIDTH);
    mca__put_right(out, mca__si(mca__ratio(time_s, images), "s").s, TIME_WIDTH);
}

/* The last row is the whole run's. */
static void put_design_row(FILE *out, const struct mca_priced_run *report, uint32_t row) {
    const uint32_t layers = report->result->layer_count;
    const double images = (double)report->result->images;
    const int is_all = row > layers;
    const struct mca_pricing *chip = is_all ? &report->pricing : &report->layers[row].pricing;
    /* of the chip's path no layer has a part: its busiest unit says how long a layer takes at least
     */
    const double busy_s = chip->utilisation[chip->bottleneck] * chip->time_s;
    put_cost(out, chip->total_j, is_all ? chip->time_s : busy_s, images);
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        const struct mca_baseline_report *design = &report->baselines[d];
        const struct mca_pricing *p =
            is_all ? &design->same_lanes.pricing : &design->layers[row].pricing;
        put_cost(out, p->total_j, p->time_s, images);
    }
    (void)fputc('\n', out);
}

void mca__print_design_layers(FILE *out, const struct mca_priced_run *report) {
    const uint32_t count = report->result->layer_count;
    if (count < 2) {
        return;
    }
    (void)fputs("  ", out);
    mca__put_left(out, "by layer, per image", DESIGN_LAYER_WIDTH);
    mca__put_right(out, "chip, busiest unit", ENERGY_WIDTH + TIME_WIDTH);
    for (int d = 0; d < MCA_BASELINE_DESIGN_COUNT; ++d) {
        mca__put_right(out,
                       mca_baseline_design_name((enum mca_baseline_design)d) + strlen("digital_"),
                       ENERGY_WIDTH + TIME_WIDTH);
    }
    (void)fputc('\n', out);
    for (uint32_t i = 0; i <= count + 1; ++i) {
        put_name(out, layer_name(report, i), DESIGN_LAYER_WIDTH);
        put_design_row(out, report, i);
    }
}
