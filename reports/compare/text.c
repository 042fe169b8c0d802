/* A comparison on the terminal: a column per run, in blocks of as many as there is width for, the
 * base first in each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/compare/compare.h"
#include "reports/formats/terminal_text.h"
#include "scenario/value_text.h"

enum {
    ROWS_MAX = MCA_COMPARE_FIGURES_MAX + MCA_KEY_MAX,
    INDENT = 2,
    GAP = 3,
    INNER_GAP = 2,
    VALUE_MAX = 30,
    HEAD_MAX = 22
};

/* What a run has in a row: its value, and against the base its difference and that in per cent. */
struct cell {
    struct mca__text parts[3];
    int is_best;
};

struct table {
    FILE *out;
    const char *title;
    const char *bold;
    const char *tint;
    const char *plain;
    const struct mca_comparison *comparison;
    int width; /* of the terminal */
    size_t row_count;
    const char *labels[ROWS_MAX];
    struct cell *cells; /* [row_count][runs] */
    int has_best;       /* whether a cell was marked as the best of its row */
    /* by measure() */
    int label_width;
    int part_widths[MCA_COMPARE_RUNS_MAX][3];
    int run_widths[MCA_COMPARE_RUNS_MAX];
};

/* At most `most` characters; a mark in the place of what does not fit. */
static struct mca__text shorten(const char *text, int most) {
    const int room = mca__columns(text) > most ? most - 1 : most;
    size_t bytes = 0;
    for (int taken = 0; text[bytes]; ++bytes) {
        const int begins = ((unsigned char)text[bytes] & 0xc0) != 0x80;
        if (begins && (taken++ == room || bytes + 8 > sizeof(struct mca__text))) {
            break;
        }
    }
    return mca__format("%.*s%s", (int)bytes, text, text[bytes] ? "\u2026" : "");
}

/* The end of a text, where names of files differ. */
static struct mca__text shorten_front(const char *text, int most) {
    int surplus = mca__columns(text) - most;
    if (surplus <= 0) {
        return shorten(text, most);
    }
    for (++surplus; surplus > 0; --surplus) { /* one more for the mark */
        do {
            ++text;
        } while (((unsigned char)*text & 0xc0) == 0x80);
    }
    return mca__format("\u2026%.76s", text);
}

/* "2 deep-chi" */
static struct mca__text head_of(const struct mca_comparison *c, size_t run) {
    char name[4096];
    (void)snprintf(name, sizeof name, "%s", c->runs[run].dir);
    size_t length = strlen(name);
    while (length > 1 && name[length - 1] == '/') {
        name[--length] = '\0';
    }
    mca_text_tame(name, '?');
    const char *slash = strrchr(name, '/');
    return mca__format("%zu %s", run + 1,
                       shorten(slash && slash[1] ? slash + 1 : name, HEAD_MAX - 3).s);
}

static struct mca__text difference_text(const struct mca_result_figure *figure, double absolute) {
    const char *sign = absolute > 0.0 ? "+" : absolute < 0.0 ? "-" : "";
    return figure->kind == MCA_RESULT_FRACTION && isfinite(absolute)
               ? mca__format("%s%.*f pt", sign, figure->digits, 100.0 * fabs(absolute))
               : mca__format("%s%s", sign, mca_result_text(figure, fabs(absolute)).s);
}

static struct mca__text fraction_text(double fraction) {
    if (!isfinite(fraction)) {
        return mca__format(MCA__DASH);
    }
    /* what rounds to nothing has no sign */
    const char *sign = fraction >= 0.0005 ? "+" : fraction <= -0.0005 ? "-" : "";
    return mca__format("%s%.*f %%", sign, fabs(fraction) < 9.995 ? 1 : 0, 100.0 * fabs(fraction));
}

static void measure(struct table *t) {
    const size_t runs = t->comparison->count;
    for (size_t row = 0; row < t->row_count; ++row) {
        const int width = mca__columns(t->labels[row]);
        t->label_width = width > t->label_width ? width : t->label_width;
    }
    for (size_t r = 0; r < runs; ++r) {
        int *widths = t->part_widths[r];
        for (size_t row = 0; row < t->row_count; ++row) {
            for (int part = 0; part < 3; ++part) {
                const int width = mca__columns(t->cells[row * runs + r].parts[part].s);
                widths[part] = width > widths[part] ? width : widths[part];
            }
        }
        /* behind the value stands its mark */
        const int inner = widths[0] + 1 + (widths[1] ? INNER_GAP + widths[1] : 0) +
                          (widths[2] ? INNER_GAP + widths[2] : 0);
        const int head = mca__columns(head_of(t->comparison, r).s) + 1;
        widths[0] += head > inner ? head - inner : 0;
        t->run_widths[r] = head > inner ? head : inner;
    }
}

/* Nothing follows the last cell of a line, blanks neither. */
static void put_cell(const struct table *t, size_t row, size_t run, int is_last) {
    const struct cell *cell = &t->cells[row * t->comparison->count + run];
    const int *widths = t->part_widths[run];
    const int tinted = cell->is_best && t->bold[0];
    mca__put_left(t->out, "", GAP);
    (void)fprintf(t->out, "%s%s", tinted ? t->bold : "", tinted ? t->tint : "");
    mca__put_right(t->out, cell->parts[0].s, widths[0]);
    const int ends = is_last && !cell->parts[1].s[0];
    (void)fprintf(t->out, "%s%s", tinted ? t->plain : "",
                  cell->is_best && !tinted ? "*"
                  : ends                   ? ""
                                           : " ");
    for (int part = 1; part < 3; ++part) {
        if (widths[part] && !ends) {
            mca__put_left(t->out, "", INNER_GAP);
            mca__put_right(t->out, cell->parts[part].s, widths[part]);
        }
    }
}

/* The base and the runs first .. end - 1. */
static void put_block(const struct table *t, size_t first, size_t end) {
    (void)fprintf(t->out, "\n%s", t->bold);
    mca__put_left(t->out, t->title, INDENT + t->label_width);
    for (size_t r = 0; r < end; r = r == 0 ? first : r + 1) {
        mca__put_left(t->out, "", GAP);
        mca__put_right(t->out, head_of(t->comparison, r).s, t->part_widths[r][0]);
        if (r + 1 < end) {
            const int used = mca__columns(head_of(t->comparison, r).s);
            mca__put_left(t->out, "",
                          t->run_widths[r] -
                              (used > t->part_widths[r][0] ? used : t->part_widths[r][0]));
        }
    }
    (void)fprintf(t->out, "%s\n", t->plain);
    for (size_t row = 0; row < t->row_count; ++row) {
        mca__put_left(t->out, "", INDENT);
        mca__put_left(t->out, t->labels[row], t->label_width);
        for (size_t r = 0; r < end; r = r == 0 ? first : r + 1) {
            put_cell(t, row, r, r + 1 == end);
        }
        (void)fputc('\n', t->out);
    }
}

static void put_table(struct table *t) {
    const size_t runs = t->comparison->count;
    measure(t);
    for (size_t first = 1; first < runs;) {
        int used = INDENT + t->label_width + GAP + t->run_widths[0];
        size_t end = first;
        while (end < runs && (end == first || used + GAP + t->run_widths[end] <= t->width)) {
            used += GAP + t->run_widths[end++];
        }
        put_block(t, first, end);
        first = end;
    }
}

enum { DIFFERENCE_MAX = 8 /* characters of what differs that must be seen */ };

static size_t word_start(const char *text, size_t place) {
    while (place > 0 && text[place - 1] != ' ') {
        --place;
    }
    return place;
}

/* A value that is too long from where the runs come to differ: from there, or from the name of what
 * differs ("kernel: 5"). */
static struct mca__text differing_part(const struct mca_comparison *c, const struct mca_key *key,
                                       const char *text) {
    static const char ends[] = ",}]";
    char other[MCA_VALUE_TEXT_SIZE];
    size_t same = strlen(text); /* bytes at the beginning that all runs have ... */
    int is_whole = 1;           /* ... and behind which an item ends in all of them */
    for (size_t r = 0; r < c->count; ++r) {
        size_t equal = 0;
        mca_key_format(key, &c->runs[r].scenario, other, sizeof other);
        while (equal < same && text[equal] == other[equal]) {
            ++equal;
        }
        is_whole = equal < same ? strchr(ends, text[equal]) != NULL : is_whole;
        is_whole = is_whole && strchr(ends, other[equal]);
        same = equal;
    }
    if (mca__columns(text) <= VALUE_MAX || same + DIFFERENCE_MAX <= VALUE_MAX) {
        return shorten(text, VALUE_MAX);
    }
    size_t start = is_whole ? same : word_start(text, same);
    if (!is_whole && start > 1 && text[start - 2] == ':') {
        start = word_start(text, start - 1);
    }
    return mca__format("\u2026%s", shorten(text + start, VALUE_MAX - 1).s);
}

static void fill_keys(struct table *t) {
    const struct mca_comparison *c = t->comparison;
    t->row_count = c->key_count;
    for (size_t k = 0; k < c->key_count; ++k) {
        t->labels[k] = c->keys[k]->name;
        for (size_t r = 0; r < c->count; ++r) {
            char text[MCA_VALUE_TEXT_SIZE];
            mca_key_format(c->keys[k], &c->runs[r].scenario, text, sizeof text);
            const int is_path =
                c->keys[k]->type == MCA_KEY_PATH || c->keys[k]->type == MCA_KEY_LIBRARY;
            t->cells[k * c->count + r].parts[0] =
                is_path ? shorten_front(text, VALUE_MAX) : differing_part(c, c->keys[k], text);
        }
    }
}

/* Cells that read as the best one does are as good; where all do, none is marked. Returns whether
 * any is. */
static int mark_equals(struct cell *cells, size_t count) {
    const struct cell *best = NULL;
    size_t equal = 0;
    for (size_t r = 0; r < count; ++r) {
        best = !best && cells[r].is_best ? &cells[r] : best;
    }
    const struct mca__text text = best ? best->parts[0] : (struct mca__text){""};
    for (size_t r = 0; r < count && best; ++r) {
        cells[r].is_best = strcmp(cells[r].parts[0].s, text.s) == 0;
        equal += cells[r].is_best != 0;
    }
    for (size_t r = 0; r < count && equal == count; ++r) {
        cells[r].is_best = 0;
    }
    return equal > 0 && equal < count;
}

static void fill_figure(struct table *t, size_t index, size_t row) {
    const struct mca_comparison *c = t->comparison;
    const struct mca_compared_figure *compared = &c->figures[index];
    double values[MCA_COMPARE_RUNS_MAX];
    unsigned char best[MCA_COMPARE_RUNS_MAX];
    t->labels[row] = compared->label;
    mca_compared_row(c, index, values, best);
    for (size_t r = 0; r < c->count; ++r) {
        struct cell *cell = &t->cells[row * c->count + r];
        const struct mca_difference d = mca_difference_of(values[0], values[r]);
        cell->is_best = best[r];
        cell->parts[0] = mca_result_text(compared->figure, values[r]);
        if (r > 0) {
            cell->parts[1] = difference_text(compared->figure, d.absolute);
            cell->parts[2] = fraction_text(d.fraction);
        }
    }
    t->has_best |= mark_equals(&t->cells[row * c->count], c->count);
}

static int any_has(const struct mca_comparison *c, size_t figure) {
    int any = 0;
    for (size_t r = 0; r < c->count; ++r) {
        any = any || !isnan(c->runs[r].values[figure]);
    }
    return any;
}

static void fill_bottlenecks(struct table *t, size_t row) {
    const struct mca_comparison *c = t->comparison;
    t->labels[row] = "busiest resource";
    for (size_t r = 0; r < c->count; ++r) {
        const char *name = c->runs[r].bottleneck;
        t->cells[row * c->count + r].parts[0] =
            name ? shorten(name, VALUE_MAX) : mca__format(MCA__DASH);
    }
}

static void fill_figures(struct table *t, size_t first, size_t end) {
    const struct mca_comparison *c = t->comparison;
    for (size_t f = first; f < end; ++f) {
        if (f == c->bottleneck_row) {
            fill_bottlenecks(t, t->row_count++);
        }
        if (any_has(c, f)) {
            fill_figure(t, f, t->row_count++);
        }
    }
}

static void put_runs(const struct table *t) {
    const struct mca_comparison *c = t->comparison;
    for (size_t r = 0; r < c->count; ++r) {
        const struct mca_compared_run *run = &c->runs[r];
        const char *library = strrchr(run->scenario.cost.library, '/');
        char dir[256];
        (void)snprintf(dir, sizeof dir, "%.255s", run->dir);
        mca_text_tame(dir, '?');
        (void)fprintf(t->out, "%zu  %s%s%s: %s on %s, seed %llu, library %s%s\n", r + 1, t->bold,
                      dir, t->plain, run->scenario.report.name, run->dataset,
                      (unsigned long long)run->scenario.chip.seed,
                      library ? library + 1 : run->scenario.cost.library, r == 0 ? " (base)" : "");
    }
}

/* Puts the table out, if it has rows, and empties it for the one of `title`. */
static void put_and_clear(struct table *t, const char *title) {
    if (t->row_count > 0) {
        put_table(t);
    }
    memset(t->cells, 0, ROWS_MAX * t->comparison->count * sizeof *t->cells);
    t->row_count = 0;
    t->title = title;
}

enum mca_status mca_comparison_print(FILE *out, const struct mca_comparison *comparison, int width,
                                     int colour, struct mca_error *error) {
    struct table table = {.out = out,
                          .title = "Scenario",
                          .bold = colour ? "\033[1m" : "",
                          .tint = colour ? "\033[32m" : "",
                          .plain = colour ? "\033[0m" : "",
                          .comparison = comparison,
                          .width = width,
                          .cells = calloc(ROWS_MAX * comparison->count, sizeof *table.cells)};
    if (!table.cells) {
        return mca_fail_memory(error, "table");
    }
    put_runs(&table);
    fill_keys(&table);
    if (table.row_count == 0) {
        (void)fprintf(out, "\n%sScenario%s: no key differs\n", table.bold, table.plain);
    }
    put_and_clear(&table, "Results");
    fill_figures(&table, 0, comparison->layer_row);
    size_t left_out = comparison->figure_count + 1 - table.row_count; /* 1: the busiest resource */
    put_and_clear(&table, "Layers");
    fill_figures(&table, comparison->layer_row, comparison->figure_count);
    left_out -= table.row_count;
    put_and_clear(&table, NULL);
    (void)fprintf(out, "\n%sdifferences are from run 1\n",
                  !table.has_best ? ""
                  : colour        ? "green: the best of its row; "
                                  : "* the best of its row; ");
    if (left_out > 0) {
        (void)fprintf(out, "%zu more rows, in which no run has a value, are left out\n", left_out);
    }
    free(table.cells);
    return MCA_OK;
}
