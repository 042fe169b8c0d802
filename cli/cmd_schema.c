/* mcasim schema: JSON Schema of what mcasim reads and writes. */
#include <errno.h>
#include <string.h>

#include "base/json_memory.h"
#include "cli/cli.h"
#include "cli/schema/schema.h"

/* On one line, so that a tree that holds it stays short. Bounds as people write them: 0.1, where
 * files of results have 17 digits. */
static enum mca_status print(struct mca__json *j, struct mca_error *error) {
    static const size_t FLAGS = JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15);
    errno = 0;
    const int is_whole = !j->failed && json_dumpf(j->root, stdout, FLAGS) == 0 &&
                         mca_json_shortages() == j->shortages && fputc('\n', stdout) != EOF;
    json_decref(j->root);
    return is_whole         ? MCA_OK
           : ferror(stdout) ? mca_fail_errno(error, "cannot write to standard output")
                            : mca_fail_memory(error, "schema");
}

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    static const struct {
        const char *name;
        cli_schema_put_fn *put;
    } schemas[] = {{"scenario", cli_schema_put_scenario},
                   {"sweep", cli_schema_put_sweep},
                   {"optimise", cli_schema_put_optimise},
                   {"library", cli_schema_put_library},
                   {"summary", cli_schema_put_summary}};
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; ++i) {
        if (strcmp(given->texts[0], schemas[i].name) == 0) {
            struct mca__json json;
            mca__json_init(&json);
            schemas[i].put(&json);
            return print(&json, error);
        }
    }
    return mca_usage_error(error, given->command,
                           "'%.60s' is none of scenario, sweep, optimise, library, summary",
                           given->texts[0]);
}

const struct mca_command cli_schema = {
    .name = "schema",
    .arguments = "scenario|sweep|optimise|library|summary",
    .summary = "print the JSON Schema of a kind of file",
    .about = "Prints the JSON Schema (draft 7) of scenarios, sweep files, search files, component "
             "libraries, or the summary.json of a run: every key with its type, range, choices, "
             "unit, default "
             "and meaning, as `mcasim keys` and the other tables have them. Editors complete and "
             "check files by it; an installation has it in share/mcasim/schema.",
    .exit_status = "0 done; 1 out of memory; 2 wrong usage.",
    CLI_ONE("kind of file"),
    .run = run};
