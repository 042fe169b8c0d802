/* Texts of a command's tables, for --help and pages of the manual. Only for model/base. */
#ifndef MCA_BASE_OPTION_TEXT_H
#define MCA_BASE_OPTION_TEXT_H

#include "base/options.h"

enum { MCA__OPTION_USAGE_SIZE = 1024 };

struct mca__option_row {
    char left[64];   /* "-o, --output DIR" */
    char text[1024]; /* help, range and default */
};

/* "mcasim run SCENARIO.yaml [-o DIR]"; `size` is at least 1. */
void mca__option_usage(const struct mca_command *command, const char *title, char *text,
                       size_t size);

void mca__option_row(const struct mca_option *option, struct mca__option_row *row);

#endif
