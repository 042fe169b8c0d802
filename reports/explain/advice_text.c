/* What a run's advice goes by: the figure, its threshold, and the key as the run had it. */
#include "reports/explain/explain.h"

#include "base/wrapped_text.h"
#include "scenario/keys.h"
#include "scenario/value_text.h"

enum { INDENT = 3, WIDTH = 100 };

static void print_key(FILE *out, const struct mca_scenario *scenario, const char *name) {
    const struct mca_key *key = mca_key_find(name);
    char value[MCA_VALUE_TEXT_SIZE];
    if (key) { /* keys of single layers are in scenario.yaml */
        mca_key_format(key, scenario, value, sizeof value);
        const int column = fprintf(out, "   %s is %s: ", name, value);
        mca_put_wrapped(out, key->meaning, column, INDENT, WIDTH);
    }
}

void mca_advice_print(FILE *out, const struct mca_priced_run *report) {
    const struct mca_advice_list *advice = report->advice;
    if (!advice || advice->count == 0) {
        (void)fputs("advice: none, no figure of the run asks for any\n", out);
        return;
    }
    for (uint32_t i = 0; i < advice->count; ++i) {
        const struct mca_advice *line = &advice->lines[i];
        const int column = fprintf(out, "%u. ", i + 1);
        mca_put_wrapped(out, line->text, column, INDENT, WIDTH);
        (void)fprintf(out, "   %s: %.17g measured, threshold %.17g\n", line->rule, line->value,
                      line->threshold);
        print_key(out, report->scenario, line->key);
    }
}
