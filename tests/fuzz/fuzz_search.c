/* A search file. What is accepted has a figure to minimise, a budget, and rungs of more and more
 * images. */
#include "fuzz/fuzz_plan.h"
#include "search/plan.h"

static void check_accepted(const struct mca_search_config *config) {
    FUZZ_CHECK(config->objective_count >= 1 && config->objective_count <= config->figure_count);
    FUZZ_CHECK(config->rung_count >= 1 && config->budget > 0 && config->seeds >= 1);
    fuzz_answer("%u settings of %u axes, %u seeds, %u judge, factor %u, budget %llu",
                config->setting_count, config->axis_count, config->seeds, config->judged_on,
                config->factor, (unsigned long long)config->budget);
    for (uint32_t f = 0; f < config->figure_count; ++f) {
        const struct mca_search_figure *figure = &config->figures[f];
        fuzz_answer("figure: accuracy %d, objective %d, constrained %d, bound %.17g",
                    figure->is_accuracy, figure->is_objective, figure->is_constrained,
                    figure->is_constrained ? figure->bound : 0.0);
    }
    for (uint32_t r = 0; r < config->rung_count; ++r) {
        FUZZ_CHECK(r == 0 || config->rungs[r].images > config->rungs[r - 1].images);
        fuzz_answer("rung of %u images, %llu a point", config->rungs[r].images,
                    (unsigned long long)config->rungs[r].cost);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct mca_search_plan plan;
    struct mca_error error = {""};
    struct fuzz_file file = fuzz_plan_open(data, size);
    if (mca_search_plan_load(&plan, file.path, fuzz_metrics(), &error) == MCA_OK) {
        check_accepted(&plan.config);
        fuzz_points(&plan.sweep, file.path);
        mca_search_plan_deinit(&plan);
    } else {
        fuzz_refused(&error, file.path);
    }
    fuzz_file_close(&file);
    return 0;
}
