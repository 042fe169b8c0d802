#include "train/ages.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double AGE_MAX_S = 1e10; /* as ageing.ages_s */

const struct mca_age_unit mca_age_units[] = {{"s", 1.0},     {"min", 60.0},          {"h", 3600.0},
                                             {"d", 86400.0}, {"y", 365.0 * 86400.0}, {NULL, 0.0}};

/* Seconds of a unit of `length` characters; 0 where there is none of that name. */
static double unit_s(const char *name, size_t length) {
    double seconds = length == 0 ? 1.0 : 0.0;
    for (const struct mca_age_unit *u = mca_age_units; u->name; ++u) {
        if (strlen(u->name) == length && strncmp(u->name, name, length) == 0) {
            seconds = u->seconds;
        }
    }
    return seconds;
}

/* One age of `length` characters. */
static enum mca_status parse_age(double *age_s, const char *text, size_t length,
                                 struct mca_error *error) {
    const int shown = length < 60 ? (int)length : 60;
    char *end;
    const double number = strtod(text, &end);
    /* what strtod takes beside digits is no number here: blanks, signs, "inf", "0x1" */
    const size_t digits = strspn(text, "0123456789.eE+-");
    const int is_number = (isdigit((unsigned char)*text) || *text == '.' || *text == '-') &&
                          end > text && (size_t)(end - text) <= digits;
    const double seconds = is_number ? unit_s(end, (size_t)(text + length - end)) : 0.0;
    if (!is_number || seconds == 0.0) {
        return mca_fail(error, MCA_INVALID,
                        "'%.*s' is not an age: a number with s, min, h, d or y behind it, or "
                        "nothing for seconds",
                        shown, text);
    }
    *age_s = number * seconds;
    return *age_s >= 0.0 && *age_s <= AGE_MAX_S
               ? MCA_OK
               : mca_fail(error, MCA_INVALID, "'%.*s' is outside 0 .. 1e10 s", shown, text);
}

enum mca_status mca_ages_parse(struct mca_f64_list *ages_s, const char *text,
                               struct mca_error *error) {
    ages_s->count = 0;
    for (const char *rest = text;; ++rest) {
        const size_t length = strcspn(rest, ",");
        double age_s = 0.0;
        MCA_TRY(parse_age(&age_s, rest, length, error));
        for (uint32_t i = 0; i < ages_s->count; ++i) {
            if (ages_s->values[i] == age_s) {
                return mca_fail(error, MCA_INVALID, "'%.*s' is given twice",
                                length < 60 ? (int)length : 60, rest);
            }
        }
        if (ages_s->count == MCA_LIST_MAX) {
            return mca_fail(error, MCA_INVALID, "more than %d ages", MCA_LIST_MAX);
        }
        ages_s->values[ages_s->count++] = age_s;
        rest += length;
        if (*rest == '\0') {
            return MCA_OK;
        }
    }
}
