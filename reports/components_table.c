/* The component library as `mcasim components` prints it. */
#include <math.h>
#include <string.h>

#include "reports/run_report.h"
#include "reports/terminal_text.h"

enum { TEXT_WIDTH = 94, INDENT = 6 };

struct table {
    FILE *out;
    const char *bold;
    const char *plain;
};

/* A paragraph, broken at blanks. */
static void put_wrapped(FILE *out, const char *label, const char *text) {
    int used = fprintf(out, "%*s%s", INDENT, "", label);
    const char *blank = "";
    while (*text) {
        const size_t word = strcspn(text, " ");
        if (used + 1 + (int)word > TEXT_WIDTH) {
            used = fprintf(out, "\n%*s", INDENT + 2, "") - 1;
            blank = "";
        }
        used += fprintf(out, "%s%.*s", blank, (int)word, text);
        blank = " ";
        text += word + strspn(text + word, " ");
    }
    (void)fputc('\n', out);
}

/* Square micrometres go to square millimetres above a thousandth of one. */
static struct mca__text amount(double value, const char *unit) {
    struct mca__text text;
    if (strcmp(unit, "um2") != 0) {
        return mca__si(value, unit);
    }
    if (value >= 1000.0) {
        (void)snprintf(text.s, sizeof text.s, "%.3g mm\u00b2", value / 1e6);
    } else {
        (void)snprintf(text.s, sizeof text.s, "%.3g \u00b5m\u00b2", value);
    }
    return text;
}

static void put_figure(const struct table *t, const char *name, const char *per,
                       const struct mca_figure *figure, const char *unit) {
    (void)fprintf(t->out, "  %s", t->bold);
    mca__put_left(t->out, name, 24);
    (void)fputs(t->plain, t->out);
    mca__put_right(t->out, amount(figure->value, unit).s, 10);
    (void)fputs(" per ", t->out);
    mca__put_left(t->out, per, 15);
    (void)fprintf(t->out, " x/\u00f7 %-5.3g %-10s %4.4g nm", figure->uncertainty,
                  mca_figure_kind_name(figure->kind), figure->node_nm);
    if (!isnan(figure->voltage_v)) {
        (void)fprintf(t->out, " %.3g V", figure->voltage_v);
    }
    (void)fputc('\n', t->out);
    put_wrapped(t->out, "source: ", figure->source);
    if (*figure->note) {
        put_wrapped(t->out, "note: ", figure->note);
    }
}

void mca_report_print_components(FILE *out, const struct mca_component_library *library,
                                 int colour) {
    const struct table t = {out, colour ? "\033[1m" : "", colour ? "\033[0m" : ""};
    (void)fprintf(out, "%s%s%s (%s)\n", t.bold, library->name, t.plain, library->path);
    put_wrapped(out, "", library->about);
    (void)fputs("\nEnergy per action\n", out);
    for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
        const enum mca_component component = (enum mca_component)c;
        put_figure(&t, mca_component_name(component), mca_component_action(component),
                   &library->energy_j[c], "J");
    }
    (void)fputs("\nEnergy per action of the digital baselines\n", out);
    for (int a = 0; a < MCA_BASELINE_ACTION_COUNT; ++a) {
        put_figure(&t, mca_baseline_action_name((enum mca_baseline_action)a), "operation",
                   &library->baseline_j[a], "J");
    }
    (void)fputs("\nStatic power and area\n", out);
    for (int b = 0; b < MCA_BLOCK_COUNT; ++b) {
        const char *name = mca_block_name((enum mca_block)b);
        put_figure(&t, name, "instance", &library->blocks[b].static_w, "W");
        put_figure(&t, "", "instance", &library->blocks[b].area_um2, "um2");
    }
}
