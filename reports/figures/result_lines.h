/*
 * What the lists of results are written with (result_accuracy.c and the files beside it); only they
 * and result_table.c include it.
 */
#ifndef MCA_REPORTS_FIGURES_RESULT_LINES_H
#define MCA_REPORTS_FIGURES_RESULT_LINES_H

#include "reports/figures/result_figures.h"

/* The lists; the key of the last line of each is NULL. */
extern const struct mca_result_figure mca__accuracy_figures[];
extern const struct mca_result_figure mca__energy_figures[];
extern const struct mca_result_figure mca__latency_figures[];
extern const struct mca_result_figure mca__inference_figures[];
extern const struct mca_result_figure mca__area_figures[];
extern const struct mca_result_figure mca__power_figures[];
extern const struct mca_result_figure mca__rate_figures[];
extern const struct mca_result_figure mca__bound_figures[];
extern const struct mca_result_figure mca__array_figures[];
extern const struct mca_result_figure mca__write_figures[];
extern const struct mca_result_figure mca__layer_figures[];
extern const struct mca_result_figure mca__design_figures[];
extern const struct mca_result_figure mca__milestone_figures[];
extern const struct mca_result_figure mca__runtime_figures[];

/* A count of the run, under the name of its term. */
#define COUNT(name, field)                                                                         \
    { name, MCA_IN_RESULT, offsetof(struct mca_train_result, field), 0 }
#define IMAGES COUNT("images", images)
#define TESTS COUNT("tested", tested_images)
/* A price, under the key that explains it. */
#define PRICE(key, field)                                                                          \
    { key, MCA_IN_PRICING, offsetof(struct mca_pricing, field), 0 }
/* Prices of a family: `first` is where that of its first member stands. */
#define EACH(field, first)                                                                         \
    {                                                                                              \
        "", MCA_IN_PRICING, offsetof(struct mca_pricing, first),                                   \
            sizeof(((struct mca_pricing *)NULL)->field[0])                                         \
    }
#define BUILT(name, field)                                                                         \
    { name, MCA_IN_INVENTORY, offsetof(struct mca_inventory, field), 0 }
#define MATRIX(name, field)                                                                        \
    { name, MCA_IN_LAYER, offsetof(struct mca_network_layer, field), 0 }
#define ACCURACY(field)                                                                            \
    { "right", MCA_IN_ACCURACY, offsetof(struct mca__accuracy, field), 0 }
#define DESIGN(field)                                                                              \
    { "ratio", MCA_IN_DESIGN, offsetof(struct mca_baseline_report, field), 0 }
#define STRONGEST(field)                                                                           \
    { "ratio", MCA_IN_STRONGEST_DESIGN, offsetof(struct mca_baseline_report, field), 0 }
#define RUNTIME(field)                                                                             \
    { "measured", MCA_IN_RUNTIME, offsetof(struct mca_runtime, field), 0 }
#define MACS(name, field)                                                                          \
    { name, MCA_IN_MACS, offsetof(struct mca_macs, field), 0 }
/* What `value` gives, by the key of a figure. */
#define KEY(name)                                                                                  \
    { name, MCA_IN_FIGURE, 0, 0 }
/* What `value`, or `over_value`, gives. */
#define TERM(name)                                                                                 \
    { name, MCA_IN_RESULT, 0, 0 }

#define COSTS (MCA_OF_CHIP | MCA_OF_DESIGN)
#define PARTS (MCA_OF_CHIP | MCA_OF_LAYER)
#define ALL_COSTS (COSTS | MCA_OF_LAYER)
#define DESIGNS (MCA_OF_DESIGN | MCA_OF_EQUAL)
#define EVERY_COST (ALL_COSTS | MCA_OF_DESIGN_LAYER)

enum { LESS = -1, NEITHER = 0, MORE = 1 };

#define FIGURE(key, kind, unit, better, title, meaning, ...)                                       \
    { key, MCA_RESULT_##kind, unit, better, title, meaning, __VA_ARGS__ }

/* Meanings that several lists share. */
#define HIGH_END                                                                                   \
    "the value x (1 + square root of the sum of squares); each term is by how much its source of " \
    "error alone, at its high end, raises the value"
#define LOW_END                                                                                    \
    "the value / (1 + square root of the sum of squares); each term is how many times more the "   \
    "value is, less 1, than with its source alone at the low end"
#define PER_IMAGE "of the training phases, over the images trained on"
#define PATH                                                                                       \
    "picoseconds of a phase on the critical path, which led to the end of the simulated time"
#define AREA "area of all blocks"

/* The low and the high end of a range; `number` gives one of them. */
#define ENDS(key, kind, unit, title, number_of, range, ...)                                        \
    FIGURE(key "low", kind, unit, NEITHER, title ", low", LOW_END, .bound = MCA_RESULT_LOW,        \
           .number = number_of(range, low), __VA_ARGS__),                                          \
        FIGURE(key "high", kind, unit, NEITHER, title ", high", HIGH_END,                          \
               .bound = MCA_RESULT_HIGH, .number = number_of(range, high), __VA_ARGS__)
/* NOLINTBEGIN(bugprone-macro-parentheses): members */
#define PRICED_END(range, end) PRICE("", range.end)
#define EACH_END(range, end) EACH(range, range[0].end)
#define RATIO_END(ratio, end) DESIGN(ratio.range.end)
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
