/* The chip against the digital designs beside it, in figures and in words. */
#ifndef MCA_REPORTS_FIGURES_VERDICT_H
#define MCA_REPORTS_FIGURES_VERDICT_H

#include "run/priced_run.h"

enum { MCA__VERDICT_SIZE = 320 };

/* The design of the least total energy, which the chip has to beat; NULL where none has a ratio. */
const struct mca_baseline_report *mca__strongest_design(const struct mca_priced_run *report);

/* Who needs less energy in total, by how much, and what dynamic energy alone would have said: "the
 * 8-bit digital design needs 0.43 of the chip's energy (0.2 to 0.9); dynamic energy alone: 2.31".
 * Where the design is the
 * chip's loser only for want of units, that one as large as the chip needs less is said too. ""
 * where nothing can be compared. */
void mca__verdict_text(const struct mca_priced_run *report, char text[MCA__VERDICT_SIZE]);

#endif
