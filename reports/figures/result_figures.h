/*
 * The table of results: the only list of what summary.json says of a run. The summary, `explain`,
 * `compare`, sweeps, the terminal and the pages take keys, order, titles, units and formats from
 * it. A new figure is a line of one of its lists, result_accuracy.c and the
 * files beside it.
 */
#ifndef MCA_REPORTS_FIGURES_RESULT_FIGURES_H
#define MCA_REPORTS_FIGURES_RESULT_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/json_writer.h"
#include "reports/figures/facts.h"
#include "reports/formats/terminal_text.h"
#include "run/priced_run.h"

/* How a person reads a figure. */
enum mca_result_kind {
    MCA_RESULT_COUNT,    /* a whole number, with commas */
    MCA_RESULT_NUMBER,   /* three digits */
    MCA_RESULT_FRACTION, /* per cent; differences in points */
    MCA_RESULT_SI,       /* with a prefix before the unit */
    MCA_RESULT_AREA,     /* square millimetres */
    MCA_RESULT_RATIO,    /* "0.43 x" */
    MCA_RESULT_LIFETIME, /* of seconds: "1.9 days" */
    MCA_RESULT_TEXT
};

/* Of what there is such a figure; a line may have several. A line of chip and design is explained
 * for the equal ones and a design's layers too, as a part of their figures. */
enum mca_result_scope {
    MCA_OF_CHIP = 1,
    MCA_OF_DESIGN = 2,       /* each digital design beside it: baselines.DESIGN */
    MCA_OF_EQUAL = 4,        /* each of the chip's throughput or area: baselines.DESIGN.iso_area */
    MCA_OF_LAYER = 8,        /* each layer, and what belongs to none: layers.1, layers.shared */
    MCA_OF_DESIGN_LAYER = 16 /* the same of each digital design: baselines.DESIGN.layers.1 */
};

/* What the '*' in a key stands for. */
enum mca_result_family {
    MCA_RESULT_ONE, /* there is none */
    MCA_RESULT_TRAINING_PHASES,
    MCA_RESULT_TEST_PHASE,
    MCA_RESULT_INIT_PHASE,
    MCA_RESULT_COMPONENTS,
    MCA_RESULT_BLOCKS,
    MCA_RESULT_RESOURCES,
    MCA_RESULT_MILESTONES,
    MCA_RESULT_AGES /* 0 .. of the run's ages */
};

/* What an explanation takes the figure apart into (reports/explain): of its family's member, or of
 * all. */
enum mca_result_source {
    MCA_FROM_NUMBERS, /* `number`, and what it is divided by */
    MCA_FROM_SET_PULSES,
    MCA_FROM_RESET_PULSES,
    MCA_FROM_WEAR,
    MCA_FROM_ENERGY,
    MCA_FROM_COMPONENTS,
    MCA_FROM_BLOCKS,
    MCA_FROM_OWN_ERRORS,
    MCA_FROM_COMMON_ERRORS,
    MCA_FROM_TIME,
    MCA_FROM_TEST_LATENCY,
    MCA_FROM_BUSY,
    MCA_FROM_CELLS,
    MCA_FROM_BUSIEST,
    MCA_FROM_BOTTLENECK,
    MCA_FROM_STATIC_POWER,
    MCA_FROM_UNIT_POWER,
    MCA_FROM_PEAK_POWER,
    MCA_FROM_FULL_READS,
    MCA_FROM_ARRAY_AREA,
    MCA_FROM_FREE_ENERGY,
    MCA_FROM_ENERGY_WITHOUT,
    MCA_FROM_AREA_WITHOUT,
    MCA_FROM_AREA,
    MCA_FROM_TOTAL_RATIO,
    MCA_FROM_DYNAMIC_RATIO,
    MCA_FROM_EPOCH_ENERGY,
    MCA_FROM_AGED_TESTS,
    MCA_RESULT_SOURCE_COUNT
};

/* Which end of a range a figure is. */
enum mca_result_bound { MCA_RESULT_MIDDLE, MCA_RESULT_LOW, MCA_RESULT_HIGH };

/* The chip, a layer of it, or a digital design beside it. */
struct mca_result_subject {
    const struct mca_priced_run *run;
    enum mca_result_scope scope;
    char prefix[64]; /* of its keys: "" or "baselines.digital_fp32.iso_area." */
    const struct mca_baseline_report *design; /* NULL for the chip */
    const struct mca_baseline *baseline;      /* likewise */
    uint32_t layer; /* place in the run's layers, of a layer or of what belongs to none */
    const struct mca_ledger *ledger;
    const struct mca_inventory *inventory;
    const struct mca_price_list *prices;
    const struct mca_pricing *pricing;
    const struct mca_macs *macs;
};

/* Where a number stands: uint64_t in those of counts, double in the others but one. */
enum mca_result_store {
    MCA_IN_RESULT,    /* struct mca_train_result: counts */
    MCA_IN_INVENTORY, /* struct mca_inventory: counts */
    MCA_IN_PRICING,
    MCA_IN_ACCURACY,         /* struct mca__accuracy */
    MCA_IN_DESIGN,           /* struct mca_baseline_report: of the subject's design */
    MCA_IN_STRONGEST_DESIGN, /* of the one that needs least energy */
    MCA_IN_RUNTIME,          /* struct mca_runtime */
    MCA_IN_LAYER,            /* struct mca_network_layer: uint32_t */
    MCA_IN_MACS,             /* struct mca_macs: counts */
    MCA_IN_FIGURE            /* nowhere: `value` gives it, and its name is a figure's key */
};

struct mca_result_number {
    const char *name; /* of its term in an explanation; of a price the key of that part */
    enum mca_result_store store;
    size_t offset;
    size_t stride; /* between members of a family */
};

struct mca_result_place;

enum { MCA_RESULT_PLACES = 40 };

/* That a view shows the figure. */
struct mca_result_view {
    int place; /* 1 .. MCA_RESULT_PLACES in the view's order, of equals in the table's; 0: not */
    const char *as; /* what it is called there, where not by its title */
};

struct mca_result_figure {
    const char *key; /* as in summary.json */
    enum mca_result_kind kind;
    const char *unit; /* "" where it has none; of counts what is counted */
    int better;       /* 1: more is better, -1: less is, 0: neither */
    const char *title;
    const char *meaning; /* what it is; stands above the terms of an explanation */
    int digits;          /* of a fraction in per cent, behind the point */
    unsigned scope;      /* of enum mca_result_scope; 0: MCA_OF_CHIP */
    unsigned unlisted;   /* scopes in which `mcasim explain` explains it without listing it, as it
                            does all of MCA_OF_DESIGN_LAYER */
    enum mca_result_family family;
    /* its value: a number, over another one; or what a function gives, NAN or NULL for none */
    struct mca_result_number number;
    struct mca_result_number over;
    double (*value)(const struct mca_result_place *place);
    double (*over_value)(const struct mca_result_place *place); /* of what `over` names */
    const char *(*text)(const struct mca_result_place *place, char *room /* MCA__VERDICT_SIZE */);
    int is_total;      /* grows with the images: runs on as many alone are judged by it */
    int needs_pulses;  /* none where devices are continuous */
    unsigned mode;     /* 1 + enum mca_transfer_mode: none with another; 0: with any */
    int needs_runtime; /* none where nothing ran: a run that was priced again */
    enum mca_result_source source;
    enum mca_result_bound bound;
    /* where it is shown beside summary.json and explanations */
    struct mca_result_view compare;
    struct mca_result_view compare_per_image; /* over the images, as KEY_per_image */
    struct mca_result_view compare_layers;    /* of each layer, where runs have the same ones */
    struct mca_result_view sweep;             /* called as a column of sweep.csv */
    const char *objective;   /* a sweep's best setting by it is told; its name in `pareto` */
    const char *heading;     /* of a sweep's table on the terminal, which has it then */
    const char *short_title; /* on a sweep's page */
    const char *axis_prefix; /* there, of the unit on axes */
    struct mca_result_view terminal; /* in its section's lines; '*' is the value, 11 begins the
                                        first line, 21 the next one */
    struct mca_result_view layers;   /* a column of the layers' table on the page, and under this
                                        heading, which is as wide as the column, on the terminal */
    int is_on_page;                  /* a row of the report's table of pulses and health */
};

/* The first line of the table where `figure` is NULL, else the line behind it; NULL behind the
 * last. */
const struct mca_result_figure *mca_result_next(const struct mca_result_figure *figure);

/* A line, for one subject and one member of its family. */
struct mca_result_place {
    const struct mca_result_figure *figure;
    struct mca_result_subject subject;
    uint32_t item; /* value of the family's enum */
    int is_there;  /* 0: a milestone that was not reached, a design that cannot be */
};

enum { MCA_RESULT_KEY_SIZE = 160 };

/* The figure's key. */
void mca_result_key(const struct mca_result_place *place, char key[MCA_RESULT_KEY_SIZE]);

/* The same with '/' between its names, which may hold dots. */
void mca_result_path(const struct mca_result_place *place, char path[MCA_RESULT_KEY_SIZE]);

/* What a view calls it: for a '*' stands the milestone ("90 %") or the design. Ends of a range are
 * "  low" and "  high", below what they belong to. */
void mca_result_label(const struct mca_result_place *place, const struct mca_result_view *view,
                      char label[MCA_RESULT_KEY_SIZE]);

/* The figure's value, and a number that it is made of, of what is there; NAN for none. */
double mca_result_value(const struct mca_result_place *place);
/* The same before it is divided by what it is over. */
double mca_result_undivided(const struct mca_result_place *place);
/* What it is divided by; 1 where it is over nothing. */
double mca_result_divisor(const struct mca_result_place *place);
double mca_result_number(const struct mca_result_place *place,
                         const struct mca_result_number *number);

/* Calls `visit` for every figure of the run in the order of summary.json; where `run` is NULL, for
 * all that a run may have, of which only key, path and label may be asked for. */
typedef void mca_result_visit(void *user, const struct mca_result_place *place);
void mca_result_walk(const struct mca_priced_run *run, mca_result_visit *visit, void *user);

/* The same for the layers alone and what belongs to none of them, of which there are `count`. */
void mca_result_walk_layers(const struct mca_priced_run *run, uint32_t count,
                            mca_result_visit *visit, void *user);

/* The same for all lines of one scope, of no run, with all members that there may be. Their keys
 * have no prefix, those of layers "layers.shared.". */
void mca_result_walk_scope(enum mca_result_scope scope, mca_result_visit *visit, void *user);

/* The place of a key, also where summary.json leaves the figure out (parts of designs);
 * "NAME.total" of a family may go without its end. 0 where there is none of that key. */
int mca_result_find(struct mca_result_place *place, const struct mca_priced_run *run,
                    const char *key);

/* The wear of the layer, or of the chip's layer, whose device sticks first; NULL where none is
 * written. And how many pulses a second of training that device had. */
const struct mca_wear *mca__first_worn(const struct mca_result_subject *subject);
double mca__wear_rate(const struct mca_priced_run *run, const struct mca_wear *wear);

/* A value as a person reads it on a terminal; a dash for none. */
struct mca__text mca_result_text(const struct mca_result_figure *figure, double value);

/* The unit of the figure's value as it stands in files: "J", "s", "mm2" or "". */
const char *mca_result_unit(const struct mca_result_figure *figure);

/* What a page needs to know of a figure to show its values, as an object at the end of a list. */
json_t *mca_result_put(struct mca__json *json, json_t *list, const struct mca_result_figure *figure,
                       const char *label);

#endif
