#include "reports/formats/terminal_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

struct mca__text mca__format(const char *format, ...) {
    struct mca__text text;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text.s, sizeof text.s, format, args);
    va_end(args);
    return text;
}

struct mca__text mca__si(double value, const char *unit) {
    static const char *const prefixes[] = {"a", "f", "p", "n", "\u00b5", "m",
                                           "",  "k", "M", "G", "T"};
    enum { ONE = 6, LAST = 10 };
    if (!isfinite(value)) {
        return mca__format(MCA__DASH);
    }
    double mantissa = value;
    int prefix = ONE;
    /* 999.5 would be printed as 1000 */
    while (fabs(mantissa) >= 999.5 && prefix < LAST) {
        mantissa /= 1000.0;
        ++prefix;
    }
    while (mantissa != 0.0 && fabs(mantissa) < 0.9995 && prefix > 0) {
        mantissa *= 1000.0;
        --prefix;
    }
    const double size = fabs(mantissa);
    const int digits = mantissa == 0.0 ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    return mca__format("%.*f %s%s", digits, mantissa, prefixes[prefix], unit);
}

struct mca__text mca__area(double area_mm2) {
    return area_mm2 == 0.0 || fabs(area_mm2) >= 0.0005
               ? mca__format("%.3f mm\u00b2", area_mm2)
               : mca__format("%.3g \u00b5m\u00b2", 1e6 * area_mm2);
}

struct mca__text mca__grouped(uint64_t count) {
    char digits[24];
    struct mca__text text;
    const int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t used = 0;
    for (int i = 0; i < length; ++i) {
        if (i > 0 && (length - i) % 3 == 0) {
            text.s[used++] = ',';
        }
        text.s[used++] = digits[i];
    }
    text.s[used] = '\0';
    return text;
}

struct mca__text mca__percent(double fraction, int digits) {
    return isfinite(fraction) ? mca__format("%.*f %%", digits, 100.0 * fraction)
                              : mca__format(MCA__DASH);
}

struct mca__text mca__bar(double fraction, int width) {
    static const char *const eighths[] = {"",       "\u258f", "\u258e", "\u258d",
                                          "\u258c", "\u258b", "\u258a", "\u2589"};
    const char *full = "\u2588";
    struct mca__text text = {""};
    const double clamped = !(fraction > 0.0) ? 0.0 : fraction > 1.0 ? 1.0 : fraction;
    const int length = (int)(clamped * 8.0 * (double)width + 0.5);
    size_t used = 0;
    for (int i = 0; i < length / 8 && used + 8 < sizeof text.s; ++i) {
        memcpy(text.s + used, full, 4);
        used += 3;
    }
    memcpy(text.s + used, eighths[length % 8], strlen(eighths[length % 8]) + 1);
    return text;
}

int mca__columns(const char *text) {
    int count = 0;
    for (; *text; ++text) { /* bytes that do not continue one */
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

static void put_blanks(FILE *out, int count) {
    (void)fprintf(out, "%*s", count > 0 ? count : 0, "");
}

void mca__put_left(FILE *out, const char *text, int width) {
    (void)fputs(text, out);
    put_blanks(out, width - mca__columns(text));
}

void mca__put_right(FILE *out, const char *text, int width) {
    put_blanks(out, width - mca__columns(text));
    (void)fputs(text, out);
}
