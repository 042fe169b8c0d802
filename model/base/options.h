/* What programs with options share: one line for each kind of wrong use, and numbers. */
#ifndef MCA_BASE_OPTIONS_H
#define MCA_BASE_OPTIONS_H

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MCA_INVALID with "COMMAND: reason; see 'COMMAND --help'"; a command as argv[0] has it. */
enum mca_status mca_usage_error(struct mca_error *error, const char *command, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));

/* The message for getopt_long's '?' and ':'. `short_options` as given to getopt_long. */
enum mca_status mca_option_error(struct mca_error *error, char *const *argv, int found);

/* Whole number of an option in min .. max. */
enum mca_status mca_parse_number(struct mca_error *error, const char *command, const char *option,
                                 const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* 1 when the stream is a terminal that takes colour and NO_COLOR does not object. */
int mca_wants_colour(FILE *stream);

#ifdef __cplusplus
}
#endif

#endif
