#include "cost/uncertainty.h"

#include <math.h>

#include "base/mathx.h"

/* The entry whose errors a figure has too: a converter's static power is proportional to the energy
 * of its conversions. Its area hardly follows that and errs by itself. MCA_ENTRY_COUNT: none. */
static uint32_t errs_with(const struct mca_component_library *library, uint32_t figure) {
    return mca_figure_quantity(figure) == MCA_QUANTITY_POWER
               ? (uint32_t)mca_figure_follows(library, figure)
               : (uint32_t)MCA_ENTRY_COUNT;
}

/* Whether a source of error moves a figure. */
static int moves(const struct mca_component_library *library, uint32_t source, uint32_t figure) {
    const uint32_t entry = errs_with(library, figure);
    if (source < (uint32_t)MCA_FIGURE_COUNT) {
        return figure == source || (entry < (uint32_t)MCA_ENTRY_COUNT && entry == source);
    }
    const uint32_t causes =
        library->figures[figure].causes |
        (entry < (uint32_t)MCA_ENTRY_COUNT ? library->figures[entry].causes : 0);
    return (causes >> (source - (uint32_t)MCA_FIGURE_COUNT) & 1) != 0;
}

/* What a source moves of a sum. */
static double moved_by(const struct mca_component_library *library, const struct mca_shares *shares,
                       uint32_t source) {
    double sum = 0.0;
    for (uint32_t f = 0; f < (uint32_t)MCA_FIGURE_COUNT; ++f) {
        sum += shares->of[f] > 0.0 && moves(library, source, f) ? shares->of[f] : 0.0;
    }
    return sum;
}

/* The sources of a library are its figures, then its causes. */
static struct mca_error_source source_at(const struct mca_component_library *library,
                                         uint32_t source) {
    if (source < (uint32_t)MCA_FIGURE_COUNT) {
        const struct mca_figure *figure = &library->figures[source];
        return (struct mca_error_source){
            .index = source, .factor = figure->uncertainty, .factor_down = mca_figure_down(figure)};
    }
    const uint32_t index = source - (uint32_t)MCA_FIGURE_COUNT;
    const struct mca_cause *cause = &library->causes[index];
    return (struct mca_error_source){.is_cause = 1,
                                     .index = index,
                                     .factor = cause->factor,
                                     .factor_down = mca_cause_down(cause)};
}

uint32_t mca_sum_errors(const struct mca_component_library *library,
                        const struct mca_shares *shares, double value,
                        struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]) {
    const uint32_t most = value > 0.0 ? (uint32_t)MCA_FIGURE_COUNT + library->cause_count : 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < most; ++i) {
        struct mca_error_source source = source_at(library, i);
        const double moved = moved_by(library, shares, i);
        source.share = moved < value ? moved : value; /* but for rounding */
        if (source.share > 0.0 && (source.factor > 1.0 || source.factor_down > 1.0)) {
            const double down = source.share * (1.0 - 1.0 / source.factor_down);
            source.up = source.share * (source.factor - 1.0) / value;
            source.down = down / (value - down);
            sources[count++] = source;
        }
    }
    return count;
}

uint32_t mca_ratio_errors(const struct mca_component_library *library,
                          const struct mca_shares *top_shares, double top,
                          const struct mca_shares *bottom_shares, double bottom,
                          struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]) {
    uint32_t count = 0;
    const double ratio = top / bottom;
    for (uint32_t i = 0; i < (uint32_t)MCA_FIGURE_COUNT + library->cause_count; ++i) {
        struct mca_error_source source = source_at(library, i);
        const double more = source.factor - 1.0;
        const double less = 1.0 - 1.0 / source.factor_down;
        const double t = moved_by(library, top_shares, i);
        const double b = moved_by(library, bottom_shares, i);
        const double with_high = (top + t * more) / (bottom + b * more);
        const double with_low = (top - t * less) / (bottom - b * less);
        const double most = with_high > with_low ? with_high : with_low;
        const double least = with_high > with_low ? with_low : with_high;
        source.share = (double)NAN;
        source.up = most > ratio ? most / ratio - 1.0 : 0.0;
        source.down = least < ratio ? ratio / least - 1.0 : 0.0;
        if (source.up > 0.0 || source.down > 0.0) {
            sources[count++] = source;
        }
    }
    return count;
}

struct mca_range mca_range_of(double value, const struct mca_error_source *sources, uint32_t count,
                              enum mca_error_kind kind) {
    double up = 0.0;
    double down = 0.0;
    for (uint32_t i = 0; i < count; ++i) {
        if (kind == MCA_ERRORS_ALL || (kind == MCA_ERRORS_COMMON) == sources[i].is_cause) {
            up += sources[i].up * sources[i].up;
            down += sources[i].down * sources[i].down;
        }
    }
    return (struct mca_range){value / (1.0 + mca_sqrt(down)), value * (1.0 + mca_sqrt(up))};
}

struct mca_range mca_sum_range(const struct mca_component_library *library,
                               const struct mca_shares *shares, double value) {
    struct mca_error_source sources[MCA_ERROR_SOURCES_MAX];
    const uint32_t count = mca_sum_errors(library, shares, value, sources);
    return mca_range_of(value, sources, count, MCA_ERRORS_ALL);
}
