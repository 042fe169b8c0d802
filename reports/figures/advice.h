/*
 * Advice where a run went wrong: the one table of what measured figures say of it. A line has a
 * figure, the threshold that it has to pass, the likely cause, and the scenario's key to look at.
 * A new piece of advice is a line of advice.c and one of docs/guide/reports.md.
 */
#ifndef MCA_REPORTS_FIGURES_ADVICE_H
#define MCA_REPORTS_FIGURES_ADVICE_H

#include "reports/figures/advice_look.h"
#include "run/advice_list.h"

/* The mean of a device's first SET pulses after RESET; 0 of continuous devices. */
double mca__pulse_step_us(const struct mca_chip *chip);

/* Fills `list`, the likeliest cause first. */
void mca__advise(const struct mca__health *health, struct mca_advice_list *list);

#endif
