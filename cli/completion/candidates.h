/* What may stand at the end of a command line of mcasim, for the completion of shells. */
#ifndef MCA_CLI_COMPLETION_CANDIDATES_H
#define MCA_CLI_COMPLETION_CANDIDATES_H

#include <stdio.h>

/*
 * Prints what the last word can become, a line each: the word, a tab and what it means. What ends
 * in '/' or '=' goes on. `words` are those after the program's name, as the user means them and
 * not as they are quoted; the last one, which may be empty, is being written. What is looked up
 * in files is left out where they cannot be read: nothing is an error.
 */
void cli_put_candidates(FILE *out, const char *const *words, size_t count);

#endif
