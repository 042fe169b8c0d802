/* The component library as `mcasim components` prints it. */
#include <math.h>
#include <string.h>

#include "base/wrapped_text.h"
#include "reports/formats/terminal_text.h"
#include "reports/tables/tables.h"

enum { TEXT_WIDTH = 94, INDENT = 6 };

struct table {
    FILE *out;
    const char *bold;
    const char *plain;
    const char *word; /* figures without it in their names are left out */
    int is_on_top;    /* of another library, from which some figures come */
};

/* A paragraph, broken at blanks. */
static void put_wrapped(FILE *out, const char *label, const char *text) {
    const int column = fprintf(out, "%*s%s", INDENT, "", label);
    mca_put_wrapped(out, text, column, INDENT + 2, TEXT_WIDTH);
}

/* Square micrometres go to square millimetres above a thousandth of one. */
static struct mca__text amount(double value, const char *unit) {
    if (strcmp(unit, "um2") != 0) {
        return mca__si(value, unit);
    }
    return value >= 1000.0 ? mca__format("%.3g mm\u00b2", value / 1e6)
                           : mca__format("%.3g \u00b5m\u00b2", value);
}

/* How the figure follows the design. */
static struct mca__text law_text(const struct mca_figure *figure, int is_power) {
    switch (figure->law) {
    case MCA_LAW_BITS_LINEAR:
        return mca__format("; x bits / %g", figure->at);
    case MCA_LAW_BITS_SQUARE:
        return mca__format("; x both widths / %g^2", figure->at);
    case MCA_LAW_BITS_LEVELS:
        return mca__format("; x 2^(bits - %g)", figure->at);
    case MCA_LAW_BITS_SAR:
        return mca__format("; x (100 bits + 4^bits / 1000) / (the same of %g bits)", figure->at);
    case MCA_LAW_CONVERSION:
        return is_power
                   ? mca__format("; x energy of a conversion / %s x %g ps / its time",
                                 mca__si(figure->at_energy_scaled_j, "J").s, figure->at)
                   : mca__format("; x (energy of a conversion / %s)^%g x (%g ps / its time)^%g",
                                 mca__si(figure->at_energy_scaled_j, "J").s,
                                 MCA_CONVERTER_AREA_ENERGY_EXPONENT, figure->at,
                                 MCA_CONVERTER_AREA_RATE_EXPONENT);
    case MCA_LAW_BYTES:
        return mca__format("; x (macro bytes / %g)^%g", figure->at, figure->exponent);
    case MCA_LAW_DURATION:
        return mca__format("; x longest pulse / %g ps", figure->at);
    case MCA_LAW_CLOCK:
        return mca__format("; x clock / %g Hz", figure->at);
    case MCA_LAW_FIXED:
        break;
    }
    return (struct mca__text){""};
}

/* "24.9 pJ x 0.0156 at 65 nm, x 0.113 to 14 nm; (capacity / 16384)^0.602" */
static void put_derivation(const struct table *t, const struct mca_component_library *library,
                           const struct mca_figure *figure, const char *unit) {
    char text[256];
    if (figure->law == MCA_LAW_FIXED && figure->times == 1.0 && !figure->scaled) {
        return;
    }
    (void)snprintf(text, sizeof text, "%s", amount(figure->published, unit).s);
    if (figure->times != 1.0) {
        mca_text_add(text, sizeof text, " x %.4g", figure->times);
    }
    if (figure->scaled && figure->scale != 1.0) {
        mca_text_add(text, sizeof text, " x %.4g from %g to %g nm (Stillmaker and Baas)",
                     figure->scale, figure->node_nm, library->node_nm);
    }
    mca_text_add(text, sizeof text, "%s", law_text(figure, *unit == 'W').s);
    put_wrapped(t->out, "from: ", text);
}

/* An error that reaches as far up as down, or "x5 /2". */
static struct mca__text factors(double up, double down) {
    return up == down ? mca__format("x/\u00f7 %.3g", up)
                      : mca__format("x%.3g \u00f7%.3g", up, down);
}

static void put_causes(const struct table *t, const struct mca_component_library *library,
                       uint32_t causes) {
    char text[512] = "";
    for (uint32_t i = 0; i < library->cause_count; ++i) {
        const struct mca_cause *cause = &library->causes[i];
        if (causes >> i & 1) {
            mca_text_add(text, sizeof text, "%s%s (%s)", *text ? ", " : "", cause->name,
                         factors(cause->factor, mca_cause_down(cause)).s);
        }
    }
    if (*text) {
        put_wrapped(t->out, "errs with: ", text);
    }
}

/* "blocks.adc_sar.area" has "adc"; a figure's own name, not its section's. */
static int has_word(uint32_t index, const char *word) {
    char name[64];
    mca_figure_name(index, name, sizeof name);
    return strstr(strchr(name, '.') + 1, word) != NULL;
}

int mca_report_has_component(const char *word) {
    for (uint32_t i = 0; i < MCA_FIGURE_COUNT; ++i) {
        if (has_word(i, word)) {
            return 1;
        }
    }
    return 0;
}

static void put_figure(const struct table *t, const struct mca_component_library *library,
                       uint32_t index, const char *name, const char *per, const char *unit) {
    const struct mca_figure *figure = &library->figures[index];
    if (!has_word(index, t->word)) {
        return;
    }
    (void)fprintf(t->out, "  %s", t->bold);
    mca__put_left(t->out, name, 24);
    (void)fputs(t->plain, t->out);
    mca__put_right(t->out, amount(figure->value, unit).s, 10);
    (void)fputs(" per ", t->out);
    mca__put_left(t->out, per, 15);
    (void)fputc(' ', t->out);
    mca__put_left(t->out, factors(figure->uncertainty, mca_figure_down(figure)).s, 9);
    (void)fprintf(t->out, " %-10s %4.4g nm", mca_figure_kind_name(figure->kind), figure->node_nm);
    if (!isnan(figure->voltage_v)) {
        (void)fprintf(t->out, " %.3g V", figure->voltage_v);
    }
    (void)fputc('\n', t->out);
    put_derivation(t, library, figure, unit);
    put_causes(t, library, figure->causes);
    if (t->is_on_top && strcmp(figure->path, library->path) == 0) {
        char place[MCA_PATH_SIZE + 16];
        (void)snprintf(place, sizeof place, "%s:%u", figure->path, figure->line);
        put_wrapped(t->out, "stated: ", place);
    }
    put_wrapped(t->out, "source: ", figure->source);
    if (*figure->note) {
        put_wrapped(t->out, "note: ", figure->note);
    }
}

/* A title over figures; over those of one word none is needed. */
static void put_title(const struct table *t, const char *title) {
    if (*t->word == '\0') {
        (void)fprintf(t->out, "\n%s\n", title);
    }
}

static void put_all_causes(const struct table *t, const struct mca_component_library *library) {
    put_title(t, "Causes of error that figures share");
    for (uint32_t i = 0; i < library->cause_count; ++i) {
        const struct mca_cause *cause = &library->causes[i];
        (void)fprintf(t->out, "  %s%-24s%s %s\n", t->bold, cause->name, t->plain,
                      factors(cause->factor, mca_cause_down(cause)).s);
        put_wrapped(t->out, "", cause->note);
    }
}

/* Whether any figure comes from another library. */
static int is_on_top(const struct mca_component_library *library) {
    for (uint32_t i = 0; i < MCA_FIGURE_COUNT; ++i) {
        if (strcmp(library->figures[i].path, library->path) != 0) {
            return 1;
        }
    }
    return 0;
}

void mca_report_print_components(FILE *out, const struct mca_component_library *library,
                                 const char *word, int colour) {
    const struct table t = {.out = out,
                            .bold = colour ? "\033[1m" : "",
                            .plain = colour ? "\033[0m" : "",
                            .word = word,
                            .is_on_top = is_on_top(library)};
    (void)fprintf(out, "%s%s%s (%s), %g nm, %g V\n", t.bold, library->name, t.plain, library->path,
                  library->node_nm, library->voltage_v);
    put_wrapped(out, "", library->about);
    put_title(&t, "Energy per action, at the library's node");
    for (int e = 0; e < MCA_ENTRY_COUNT; ++e) {
        put_figure(&t, library, (uint32_t)e, mca_entry_name((enum mca_entry)e),
                   mca_entry_action((enum mca_entry)e), "J");
    }
    put_title(&t, "Static power and area");
    for (int p = 0; p < MCA_PART_COUNT; ++p) {
        const enum mca_part part = (enum mca_part)p;
        put_figure(&t, library, mca_figure_static(part), mca_part_name(part), "instance", "W");
        put_figure(&t, library, mca_figure_area(part), "", "instance", "um2");
    }
    put_title(&t, "Time, checked against the clock (it never changes a run's time)");
    put_figure(&t, library, MCA_FIGURE_SRAM_ACCESS, "sram_access", "macro access", "s");
    if (*word == '\0') {
        put_all_causes(&t, library);
    }
}
