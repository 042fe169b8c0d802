#include "base/options.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum mca_status mca_usage_error(struct mca_error *error, const char *command, const char *format,
                                ...) {
    char reason[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return mca_fail(error, MCA_INVALID, "%s: %s; see '%s --help'", command, reason, command);
}

enum mca_status mca_option_error(struct mca_error *error, char *const *argv, int found) {
    const char *option = optind > 0 ? argv[optind - 1] : "";
    char letter[3] = {'-', (char)optopt, '\0'};
    const int is_short = optopt > 0 && optopt < 256 && strncmp(option, "--", 2) != 0;
    if (is_short) {
        option = letter;
    }
    if (found == ':') {
        return mca_usage_error(error, argv[0], "option %.60s needs a value", option);
    }
    if (optopt != 0 && !is_short) {
        return mca_usage_error(error, argv[0], "option %.60s takes no value", option);
    }
    return mca_usage_error(error, argv[0], "unknown option %.60s", option);
}

enum mca_status mca_parse_number(struct mca_error *error, const char *command, const char *option,
                                 const char *text, uint64_t min, uint64_t max, uint64_t *value) {
    uint64_t number = 0;
    int valid = text[0] != '\0';
    for (const char *c = text; *c && valid; ++c) {
        valid = isdigit((unsigned char)*c) && number <= max;
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (!valid || number < min || number > max) {
        return mca_usage_error(error, command,
                               "%s: '%.60s' is not a whole number %" PRIu64 "..%" PRIu64, option,
                               text, min, max);
    }
    *value = number;
    return MCA_OK;
}

int mca_wants_colour(FILE *stream) {
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && !(no_color && no_color[0]) && term &&
           strcmp(term, "dumb") != 0;
}
