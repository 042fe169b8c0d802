/* The chip against the digital designs beside it, in figures and in words. */
#ifndef MCA_REPORTS_FIGURES_VERDICT_H
#define MCA_REPORTS_FIGURES_VERDICT_H

#include "reports/run/report.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MCA__VERDICT_SIZE = 320 };

/* Energy of a design over that of the chip, of the training phases: dynamic and static, or dynamic
 * alone. */
enum mca__energy_ratio { MCA__RATIO_TOTAL, MCA__RATIO_DYNAMIC, MCA__RATIO_COUNT };

/* What the ratio's errors come from; returns how many there are. The ratio must be finite. */
uint32_t mca__ratio_errors_of(const struct mca_run_report *report,
                              const struct mca_baseline *design, enum mca__energy_ratio ratio,
                              struct mca_error_source sources[MCA_ERROR_SOURCES_MAX]);

/* Fills a design's ratios; NAN where one of the two has no such energy. */
void mca__compare_energy(struct mca_baseline_report *design, const struct mca_run_report *report);

/* The design of the least total energy, which the chip has to beat; NULL where none has a ratio. */
const struct mca_baseline_report *mca__strongest_design(const struct mca_run_report *report);

/* Who needs less energy in total, by how much, and what dynamic energy alone would have said: "the
 * 8-bit digital design needs 0.43 of the chip's energy (0.2 to 0.9); dynamic energy alone: 2.31".
 * "" where nothing can be compared. */
void mca__verdict_text(const struct mca_run_report *report, char text[MCA__VERDICT_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
