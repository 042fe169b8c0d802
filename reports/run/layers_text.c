/* The layers' table of a run's summary on the terminal. */
#include "reports/run/layers_text.h"

#include <math.h>
#include <string.h>

#include "network/layer_kind.h"
#include "reports/figures/result_figures.h"
#include "reports/formats/terminal_text.h"

enum { LAYER_WIDTH = 22, MATRIX_WIDTH = 11 };

/* A row: the chip's or a layer's figures, those of one place. */
struct row {
    FILE *out;
    const struct mca_priced_run *report;
    enum mca_result_scope scope;
    uint32_t layer;
    int place;
};

static void put_cell(void *user, const struct mca_result_place *place) {
    const struct row *row = user;
    const struct mca_result_figure *figure = place->figure;
    const struct mca_result_subject *s = &place->subject;
    char room[MCA__VERDICT_SIZE];
    if (figure->layers.place != row->place || !figure->layers.as || s->scope != row->scope ||
        s->layer != row->layer) {
        return;
    }
    const char *text = figure->text ? figure->text(place, room) : NULL;
    const double value = figure->text ? (double)NAN : mca_result_value(place);
    mca__put_right(row->out, text ? text : mca_result_text(figure, value).s,
                   (int)strlen(figure->layers.as));
}

static void put_row(struct row *row, const char *name, const char *matrix) {
    FILE *out = row->out;
    (void)fputs("  ", out);
    mca__put_left(out, name, LAYER_WIDTH + MATRIX_WIDTH - (int)strlen(matrix));
    (void)fputs(matrix, out);
    for (row->place = 1; row->place <= MCA_RESULT_PLACES; ++row->place) {
        mca_result_walk(row->report, put_cell, row);
    }
    (void)fputc('\n', out);
}

static void print_heading(FILE *out, const char *bold, const char *plain) {
    size_t count;
    const struct mca_result_figure *figures = mca_result_figures(&count);
    (void)fprintf(out, "\n%sLayers%s", bold, plain);
    mca__put_right(out, "matrix", LAYER_WIDTH + MATRIX_WIDTH - 4);
    for (int place = 1; place <= MCA_RESULT_PLACES; ++place) {
        for (size_t f = 0; f < count; ++f) {
            if (figures[f].layers.place == place && figures[f].layers.as) {
                (void)fputs(figures[f].layers.as, out);
            }
        }
    }
    (void)fputc('\n', out);
}

void mca__print_layers(FILE *out, const struct mca_priced_run *report, const char *bold,
                       const char *plain) {
    const uint32_t count = report->result->layer_count;
    if (count < 2) {
        return;
    }
    print_heading(out, bold, plain);
    for (uint32_t i = 0; i < count; ++i) {
        const struct mca_network_layer *layer = &report->network.layers[i];
        char shape[MCA_SHAPE_TEXT_SIZE];
        char name[64];
        char matrix[32] = "";
        mca_shape_short_text(&layer->out, shape);
        (void)snprintf(name, sizeof name, "%u %.12s %s", i, layer->kind->name, shape);
        if (layer->rows > 0) {
            (void)snprintf(matrix, sizeof matrix, "%u x %u", layer->rows, layer->cols);
        }
        put_row(&(struct row){out, report, MCA_OF_LAYER, i, 0}, name, matrix);
    }
    put_row(&(struct row){out, report, MCA_OF_LAYER, count, 0}, "shared", "");
    put_row(&(struct row){out, report, MCA_OF_CHIP, 0, 0}, "all", "");
}
