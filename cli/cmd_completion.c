/* mcasim completion: what shells read to complete words of mcasim's command lines, and the
 * candidates that this then asks for. */
#include <string.h>

#include "cli/cli.h"
#include "cli/completion/candidates.h"
#include "reports/page/html_page.h"

#define CLI_SHELL(shell) extern const struct mca__page_part cli__##shell;
CLI_SHELL(bash)
CLI_SHELL(zsh)
CLI_SHELL(fish)

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    static const struct {
        const char *name;
        const struct mca__page_part *script;
    } shells[] = {{"bash", &cli__bash}, {"zsh", &cli__zsh}, {"fish", &cli__fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; ++i) {
        if (strcmp(given->texts[0], shells[i].name) != 0) {
            continue;
        }
        if (given->count > 1) {
            cli_put_candidates(stdout, given->texts + 1, given->count - 1);
        } else {
            (void)fwrite(shells[i].script->text, 1, shells[i].script->size, stdout);
        }
        return MCA_OK;
    }
    return mca_usage_error(error, given->command, "'%.60s' is none of bash, zsh, fish",
                           given->texts[0]);
}

const struct mca_command cli_completion = {
    .name = "completion",
    .arguments = "bash|zsh|fish [-- WORD...]",
    .summary = "complete command lines of mcasim in a shell",
    .about = "Prints what a shell reads to complete commands, options, keys and values, scenarios, "
             "libraries and runs; an installation has it where the shells look. In this shell: "
             "`source <(mcasim completion bash)`, `source <(mcasim completion zsh)` after "
             "compinit, `mcasim completion fish | source`.\n"
             "With WORDs, those of a command line after its first, prints what the last one, which "
             "may be empty, can become: a word, a tab and its meaning on each line. What ends in / "
             "or = goes on.",
    .exit_status = "0 done; 2 wrong usage.",
    .least = 1,
    .most = SIZE_MAX,
    .too_few = "a shell is needed",
    .run = run};
