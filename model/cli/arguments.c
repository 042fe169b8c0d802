#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/data_places.h"
#include "cli/cli.h"
#include "scenario/check.h"
#include "scenario/load.h"

enum mca_status cli_usage_error(struct mca_error *error, const char *command, const char *format,
                                ...) {
    char reason[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return mca_fail(error, MCA_INVALID, "%s: %s; see '%s --help'", command, reason, command);
}

enum mca_status cli_option_error(struct mca_error *error, char *const *argv, int found) {
    const char *option = optind > 0 ? argv[optind - 1] : "";
    char letter[3] = {'-', (char)optopt, '\0'};
    const int is_short = optopt > 0 && optopt < 256 && strncmp(option, "--", 2) != 0;
    if (is_short) {
        option = letter;
    }
    if (found == ':') {
        return cli_usage_error(error, argv[0], "option %.60s needs a value", option);
    }
    if (optopt != 0 && !is_short) {
        return cli_usage_error(error, argv[0], "option %.60s takes no value", option);
    }
    return cli_usage_error(error, argv[0], "unknown option %.60s", option);
}

enum mca_status cli_parse_number(struct mca_error *error, const char *command, const char *option,
                                 const char *text, uint64_t min, uint64_t max, uint64_t *value) {
    uint64_t number = 0;
    int valid = text[0] != '\0';
    for (const char *c = text; *c && valid; ++c) {
        valid = isdigit((unsigned char)*c) && number <= max;
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (!valid || number < min || number > max) {
        return cli_usage_error(error, command,
                               "%s: '%.60s' is not a whole number %" PRIu64 "..%" PRIu64, option,
                               text, min, max);
    }
    *value = number;
    return MCA_OK;
}

enum mca_status cli_load_scenario(struct cli_scenario *scenario,
                                  const struct cli_scenario_args *args, struct mca_error *error) {
    if (args->resolved) {
        scenario->scenario = *args->resolved;
    } else {
        MCA_TRY(mca_scenario_load(&scenario->scenario, &scenario->origins, args->path, error));
    }
    for (size_t i = 0; i < args->set_count; ++i) {
        MCA_TRY(mca_scenario_set(&scenario->scenario, &scenario->origins, args->sets[i], "--set",
                                 error));
    }
    if (args->seed) {
        char assignment[64];
        (void)snprintf(assignment, sizeof assignment, "seed=%.50s", args->seed);
        MCA_TRY(
            mca_scenario_set(&scenario->scenario, &scenario->origins, assignment, "--seed", error));
    }
    return mca_scenario_check(&scenario->scenario, &scenario->origins, error);
}

int cli_wants_colour(FILE *stream) {
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && !(no_color && no_color[0]) && term &&
           strcmp(term, "dumb") != 0;
}

enum mca_status cli_shipped_scenario(const char *name, char *path, size_t size,
                                     struct mca_error *error) {
    struct mca_data_places places;
    char searched[MCA_ERROR_SIZE];
    mca_data_places(&places);
    for (int i = 0; i < places.count; ++i) {
        const int length = snprintf(path, size, "%s/scenarios/%s.yaml", places.dirs[i], name);
        if (length > 0 && (size_t)length < size && access(path, R_OK) == 0) {
            return MCA_OK;
        }
    }
    return mca_fail(error, MCA_SYSTEM, "scenario %s: no %s.yaml in %s", name, name,
                    mca_data_places_text(&places, "scenarios", searched, sizeof searched));
}
