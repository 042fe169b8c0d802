#include "reports/tables/validation.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/json_writer.h"
#include "reports/formats/terminal_text.h"

void mca_validation_add(struct mca_validation *validation, const struct mca_anchor *anchor) {
    assert(validation->count < (uint32_t)MCA_ANCHORS_MAX);
    validation->anchors[validation->count++] = *anchor;
}

/* In the tolerance's terms: relative, or in the unit. */
static double deviation_of(const struct mca_anchor *anchor) {
    return anchor->rule == MCA_ANCHOR_ABSOLUTE ? anchor->got - anchor->expected
                                               : anchor->got / anchor->expected - 1.0;
}

enum mca_verdict mca_anchor_verdict(const struct mca_anchor *anchor) {
    if (!isfinite(anchor->got)) {
        return MCA_VERDICT_NOT_RUN;
    }
    const int holds = anchor->rule == MCA_ANCHOR_AT_LEAST
                          ? anchor->got >= anchor->expected
                          : fabs(deviation_of(anchor)) <= anchor->tolerance;
    if (holds) {
        return MCA_VERDICT_PASS;
    }
    /* a page explains what it says, not whatever comes */
    const int explained = anchor->page && fabs(anchor->got / anchor->explained - 1.0) < 0.1;
    return explained ? MCA_VERDICT_EXPLAINED : MCA_VERDICT_FAIL;
}

uint32_t mca_validation_count(const struct mca_validation *validation, enum mca_verdict verdict) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < validation->count; ++i) {
        count += mca_anchor_verdict(&validation->anchors[i]) == verdict;
    }
    return count;
}

/* By the enums of the header. */
static const char *const BASES[] = {"predicted", "calibrated"};
static const char *const RULES[] = {"relative", "absolute", "at least"};

static struct mca__text value_text(double value, const char *unit) {
    if (!isfinite(value)) {
        return mca__format(MCA__DASH);
    }
    if (strcmp(unit, "J") == 0 || strcmp(unit, "s") == 0) {
        return mca__si(value, unit);
    }
    return strcmp(unit, "%") == 0 ? mca__format("%.2f %%", value)
                                  : mca__format("%.4g%s%s", value, *unit ? " " : "",
                                                strcmp(unit, "uS") == 0 ? "\u00b5S" : unit);
}

/* "-3.1 %" against "10 %", "+0.004" against "0.043", "at least" */
static struct mca__text deviation_text(const struct mca_anchor *anchor) {
    const double deviation = deviation_of(anchor);
    return !isfinite(anchor->got) || anchor->rule == MCA_ANCHOR_AT_LEAST ? mca__format(MCA__DASH)
           : anchor->rule == MCA_ANCHOR_ABSOLUTE ? mca__format("%+.3g", deviation)
                                                 : mca__format("%+.1f %%", 100.0 * deviation);
}

static struct mca__text tolerance_text(const struct mca_anchor *anchor) {
    return anchor->rule == MCA_ANCHOR_AT_LEAST ? mca__format("at least")
           : anchor->rule == MCA_ANCHOR_ABSOLUTE
               ? mca__format("%.3g", anchor->tolerance)
               : mca__format("%.0f %%", 100.0 * anchor->tolerance);
}

static void print_anchor(FILE *out, const struct mca_anchor *anchor, int colour) {
    static const char *const verdicts[] = {"pass", "explained", "FAIL", "not run"};
    static const char *const tints[] = {"\033[32m", "\033[33m", "\033[31m", ""};
    const enum mca_verdict verdict = mca_anchor_verdict(anchor);
    (void)fputs("  ", out);
    mca__put_left(out, anchor->name, 36);
    mca__put_left(out, BASES[anchor->basis], 11);
    mca__put_right(out, value_text(anchor->expected, anchor->unit).s, 14);
    mca__put_right(out, value_text(anchor->got, anchor->unit).s, 15);
    (void)fputc(' ', out);
    mca__put_right(out, deviation_text(anchor).s, 10);
    mca__put_right(out, tolerance_text(anchor).s, 10);
    (void)fprintf(out, "  %s%s%s\n", colour ? tints[verdict] : "", verdicts[verdict],
                  colour && *tints[verdict] ? "\033[0m" : "");
    if (verdict == MCA_VERDICT_EXPLAINED) {
        (void)fprintf(out, "      see %s\n", anchor->page);
    }
}

void mca_validation_print(FILE *out, const struct mca_validation *validation, int colour) {
    const char *group = "";
    const char *source = "";
    (void)fprintf(out, "  %-36s%-11s%14s%15s%11s%10s  %s\n", "anchor", "", "expected", "got",
                  "deviation", "tolerance", "verdict");
    for (uint32_t i = 0; i < validation->count; ++i) {
        const struct mca_anchor *anchor = &validation->anchors[i];
        if (strcmp(group, anchor->group) != 0 || strcmp(source, anchor->source) != 0) {
            group = anchor->group;
            source = anchor->source;
            (void)fprintf(out, "%s%s%s: %s\n", colour ? "\033[1m" : "", group,
                          colour ? "\033[0m" : "", source);
        }
        print_anchor(out, anchor, colour);
    }
    (void)fprintf(out, "%u pass, %u explained, %u fail, %u not run\n",
                  mca_validation_count(validation, MCA_VERDICT_PASS),
                  mca_validation_count(validation, MCA_VERDICT_EXPLAINED),
                  mca_validation_count(validation, MCA_VERDICT_FAIL),
                  mca_validation_count(validation, MCA_VERDICT_NOT_RUN));
}

void mca__validation_put(struct mca__json *json, const struct mca_validation *validation) {
    static const char *const verdicts[] = {"pass", "explained", "fail", "not_run"};
    static const char *const counts[] = {"passed", "explained", "failed", "not_run"};
    json_t *anchors = mca__json_array(json, json->root, "anchors");
    for (uint32_t i = 0; i < validation->count; ++i) {
        const struct mca_anchor *anchor = &validation->anchors[i];
        json_t *o = mca__json_object(json, anchors, NULL);
        mca__json_text(json, o, "group", anchor->group);
        mca__json_text(json, o, "name", anchor->name);
        mca__json_text(json, o, "source", anchor->source);
        mca__json_text(json, o, "basis", BASES[anchor->basis]);
        mca__json_text(json, o, "unit", anchor->unit);
        mca__json_text(json, o, "rule", RULES[anchor->rule]);
        mca__json_number(json, o, "expected", anchor->expected);
        mca__json_number(json, o, "got", anchor->got);
        mca__json_number(json, o, "deviation", deviation_of(anchor));
        mca__json_number(json, o, "tolerance",
                         anchor->rule == MCA_ANCHOR_AT_LEAST ? (double)NAN : anchor->tolerance);
        mca__json_text(json, o, "verdict", verdicts[mca_anchor_verdict(anchor)]);
        mca__json_text(json, o, "page", anchor->page);
    }
    for (int v = 0; v < 4; ++v) {
        mca__json_count(json, json->root, counts[v],
                        mca_validation_count(validation, (enum mca_verdict)v));
    }
}
