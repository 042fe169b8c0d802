/* Private to cli/completion: a command line that is being written, and those who complete a word of
 * it. */
#ifndef MCA_CLI_COMPLETION_LINE_H
#define MCA_CLI_COMPLETION_LINE_H

#include <stdio.h>

#include "base/options.h"

struct cli__line {
    FILE *out;
    const struct mca_command *command;
    const char *first; /* its first argument, or NULL: a scenario, a run */
    const char *start; /* of the last word, what is to be left as it is: "--set=", "chi.bits=" */
    size_t start_length;
    const char *part; /* the rest of that word: what candidates begin with */
};

/* A candidate, where it begins with the line's part. `end` is put behind it. */
void cli__put(const struct cli__line *line, const char *candidate, const char *end,
              const char *meaning);

/* The same line, its part taken up to `length` into the start. */
struct cli__line cli__line_from(const struct cli__line *line, size_t length);

/* Completes a word of some kind. */
typedef void cli__complete_fn(const struct cli__line *line);

/* Files and folders (files.c). */
cli__complete_fn cli__put_files;
cli__complete_fn cli__put_folders;
cli__complete_fn cli__put_sweeps;
cli__complete_fn cli__put_searches;
cli__complete_fn cli__put_weights;
cli__complete_fn cli__put_runs; /* and, for `report`, sweeps */
cli__complete_fn cli__put_runs_and_scenarios;
cli__complete_fn cli__put_scenarios;
cli__complete_fn cli__put_libraries;
cli__complete_fn cli__put_shipped; /* names of all that come with the program */

/* Keys (keys.c): of a scenario by the beginning of their name, KEY=VALUE, of a run's results. */
cli__complete_fn cli__put_keys;
cli__complete_fn cli__put_assignments;
cli__complete_fn cli__put_results;

#endif
