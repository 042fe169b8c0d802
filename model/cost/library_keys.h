/*
 * What a figure of a component library may say: the tables by which library files are read, and
 * their schema is made (mcasim schema library).
 */
#ifndef MCA_COST_LIBRARY_KEYS_H
#define MCA_COST_LIBRARY_KEYS_H

#include <stddef.h>

#include "cost/component_figures.h"

/* A key of the value: what it is counted in. */
struct mca_library_unit {
    const char *key;
    enum mca_quantity quantity;
    double per_si; /* of this unit in one of the quantity's own */
};

/* The key of the last one is NULL. */
extern const struct mca_library_unit mca_library_units[];

/* The largest value, in the quantity's own unit: beyond a joule, a kilowatt, a square metre or a
 * second something is wrong with the unit. Energies and times are above 0. */
double mca_library_most(enum mca_quantity quantity);

/* A key of a number: where it goes, and the law of those that say at what design a figure was
 * stated. */
struct mca_library_number {
    const char *key;
    size_t offset; /* in struct mca_figure */
    double low;
    double high;
    enum mca_law law;
    const char *meaning;
};

/* The key of the last one is NULL. */
extern const struct mca_library_number mca_library_numbers[];

/* Words of `scaling` and of `law`, NULL at their ends. */
extern const char *const mca_library_scalings[];
extern const char *const mca_library_bits_laws[];

/* 1 where technology scaling applies to figures of this number: they are CMOS. */
int mca_library_scales(uint32_t figure);

/* A key of the top level, and what it holds. */
struct mca_library_section {
    const char *name;
    const char *meaning;
    double low; /* of a number; 0 where it is none */
    double high;
};

/* The name of the last one is NULL. */
extern const struct mca_library_section mca_library_sections[];

#endif
