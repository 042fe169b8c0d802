#include "cli/point_options.h"

#include "run/common_options.h"

enum mca_status cli_take_shard(void *to, const char *command, const char *text,
                               struct mca_error *error) {
    return mca_sweep_shard_parse(to, command, text, error);
}

enum mca_status cli_point_options_settle(const struct mca_arguments *given,
                                         struct mca_error *error) {
    struct cli_point_options *options = given->options;
    if (!options->output && !options->dry_run) {
        return mca_usage_error(error, given->command, "-o DIR is needed");
    }
    if (!options->shard.origin) {
        MCA_TRY(mca_sweep_shard_from_environment(&options->shard, error));
    }
    options->path = given->texts[0];
    options->processes = options->processes ? options->processes : mca_default_threads();
    return MCA_OK;
}

void cli_tell_point_notices(const struct mca_sweep_notices *notices, uint32_t all, const char *noun,
                            const struct mca_observer *observer) {
    for (uint32_t i = 0; i < notices->count; ++i) {
        const uint32_t points = notices->list[i].points;
        const char *text = notices->list[i].text;
        if (points == all) {
            mca_observer_notice(observer, text);
        } else {
            mca_observer_tell(observer, "%u of %u %s: %s", points, all, noun, text);
        }
    }
    if (notices->left_out > 0) {
        mca_observer_tell(observer, "and %u more notices of %s", notices->left_out, noun);
    }
}
