// The C timeline against the SystemC model, image by image.
#include "platform.hpp"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "chip/engine.h"
#include "chip/view.h"
#include "guard.hpp"
#include "monitor.hpp"
#include "run/progress.h"
#include "run/simulation.h"
#include "run/stop_request.h"
#include "train/augment.h"
#include "train/calibration.h"

namespace mca {

namespace {

// One of the two runs.
struct side {
    ::mca_chip *chip = nullptr;
    std::vector<mca_image_outcome> outcomes;
    std::vector<image_time> times;
    double seconds = 0.0;

    ~side() {
        mca_chip_destroy(chip);
    }
};

struct comparison {
    const char *path; // of the scenario
    const mca_simulation *simulation;
    uint32_t images; // more than there are: further epochs, in the same order
    std::vector<uint8_t> augmented{};

    uint32_t of_epoch() const {
        return simulation->data.train.count;
    }
    const uint8_t *pixels(uint32_t image) { // until the next one is asked for
        const mca_image_set &set = simulation->data.train;
        const mca_scenario &scenario = simulation->scenario.scenario;
        if (!mca_augments(&scenario.train)) {
            return set.pixels + size_t{image % of_epoch()} * simulation->data.inputs;
        }
        augmented.resize(simulation->data.inputs);
        mca_augment_image(&scenario.train, scenario.chip.seed, &set, image % of_epoch(),
                          image / of_epoch() + 1, augmented.data());
        return augmented.data();
    }
    uint32_t label(uint32_t image) const {
        return simulation->data.train.labels[image % of_epoch()];
    }
    double rate(uint32_t image) const { // of its epoch
        const mca_train_config &train = simulation->scenario.scenario.train;
        return train.learning_rate * std::pow(train.learning_rate_decay, image / of_epoch());
    }
    bool starts_epoch(uint32_t image) const {
        return image % of_epoch() == 0;
    }
};

// The timeline's end and its path, to tell by how much what follows moves them.
struct time_mark {
    uint64_t total_ps;
    uint64_t phase_ps[MCA_PHASE_COUNT];

    explicit time_mark(const ::mca_chip *chip) : total_ps(mca_chip_time_ps(chip)) {
        std::copy_n(mca_chip_ledger(chip).critical_ps, MCA_PHASE_COUNT, phase_ps);
    }
    image_time until(const time_mark &end) const {
        image_time spent;
        spent.total_ps = end.total_ps - total_ps;
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            spent.phase_ps[p] = static_cast<int64_t>(end.phase_ps[p] - phase_ps[p]);
        }
        return spent;
    }
};

// A mini-batch that its epoch cuts short ends as an entry of its own, as the monitor has it.
void start_timeline_epoch(const comparison &c, uint32_t image, side &to) {
    if (mca_engine_batch_is_open(to.chip)) {
        const time_mark before(to.chip);
        mca_chip_end_batch(to.chip);
        to.times.push_back(before.until(time_mark(to.chip)));
    }
    mca_chip_set_rate(to.chip, c.rate(image), c.simulation->scenario.scenario.train.batch);
}

// After the last image of an epoch none is read ahead.
mca_status train_image(comparison &c, uint32_t image, bool is_last, side &to, mca_error *error) {
    const uint8_t *pixels = c.pixels(image);
    if (!is_last) {
        return mca_chip_train_image(to.chip, pixels, c.label(image), &to.outcomes[image], error);
    }
    const auto label = static_cast<uint8_t>(c.label(image));
    const mca_chip_images one = {pixels, &label, nullptr, 1};
    uint32_t done;
    return mca_chip_train_images(to.chip, &one, &to.outcomes[image], &done, error);
}

mca_status run_timeline(comparison &c, side &to, mca_error *error) {
    MCA_TRY(mca_chip_create(&to.chip, &c.simulation->scenario.scenario.chip, error));
    const double start_s = mca_now_s();
    to.outcomes.resize(c.images);
    for (uint32_t i = 0; i < c.images; ++i) {
        if (c.starts_epoch(i)) {
            start_timeline_epoch(c, i, to);
        }
        const time_mark before(to.chip);
        const bool is_last = i + 1 == c.images || c.starts_epoch(i + 1);
        MCA_TRY(train_image(c, i, is_last, to, error));
        MCA_TRY(mca_stop_check(error));
        to.times.push_back(before.until(time_mark(to.chip)));
    }
    mca_chip_end_batch(to.chip);
    to.seconds = mca_now_s() - start_s;
    return MCA_OK;
}

mca_status run_systemc(comparison &c, platform &made, side &to, mca_error *error) {
    const mca_train_config &train = c.simulation->scenario.scenario.train;
    made.chip().record();
    const mca_train_engine &engine = *made.engine();
    const double start_s = mca_now_s();
    to.outcomes.resize(c.images);
    for (uint32_t i = 0; i < c.images; ++i) {
        if (c.starts_epoch(i)) {
            MCA_TRY(i > 0 ? engine.end_epoch(engine.user, error) : MCA_OK);
            MCA_TRY(engine.start_epoch(engine.user, c.rate(i), train.batch, error));
        }
        MCA_TRY(engine.train_image(engine.user, c.pixels(i), c.label(i), &to.outcomes[i], error));
        MCA_TRY(mca_stop_check(error));
    }
    MCA_TRY(engine.end_epoch(engine.user, error));
    to.seconds = mca_now_s() - start_s;
    to.times = made.chip().times();
    return made.close(error);
}

bool same_matrix(const mca_matrix &a, const mca_matrix &b) {
    const size_t cells = a.rows * a.stride;
    for (int s = 0; s < 2 && a.g[s]; ++s) {
        if (std::memcmp(a.g[s], b.g[s], cells * sizeof *a.g[s]) != 0 ||
            std::memcmp(a.writes[s], b.writes[s], cells * sizeof *a.writes[s]) != 0) {
            return false;
        }
    }
    return !a.continuous_us ||
           std::memcmp(a.continuous_us, b.continuous_us, cells * sizeof *a.continuous_us) == 0;
}

bool same_chi(const mca_chi &a, const mca_chi &b) {
    const size_t words = a.rows * a.stride;
    if (words == 0) { // of a layer without weights
        return b.rows * b.stride == 0;
    }
    if (!mca_chi_is_kept(&a)) {
        return !mca_chi_is_kept(&b);
    }
    if (a.real) {
        return std::memcmp(a.real, b.real, words * sizeof *a.real) == 0;
    }
    return a.narrow ? std::memcmp(a.narrow, b.narrow, words * sizeof *a.narrow) == 0
                    : std::memcmp(a.wide, b.wide, words * sizeof *a.wide) == 0;
}

mca_status check_same(const std::string &what, uint64_t a, uint64_t b, const char *unit,
                      mca_error *error) {
    return a == b ? MCA_OK
                  : mca_fail(error, MCA_FAILED, "mcasim-sc: %s: %" PRIu64 " and %" PRIu64 "%s",
                             what.c_str(), a, b, unit);
}

// Counts and busy times of a layer, or of what belongs to none.
mca_status check_part(const side &a, const side &b, uint32_t layer, mca_error *error) {
    const mca_ledger_part &x = *mca_chip_ledger_part(a.chip, layer);
    const mca_ledger_part &y = *mca_chip_ledger_part(b.chip, layer);
    const std::string of = layer == MCA_NO_LAYER ? "no layer" : "layer " + std::to_string(layer);
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        const std::string where =
            std::string(" in phase ") + mca_phase_name(static_cast<mca_phase>(p)) + " of " + of;
        for (int n = 0; n < MCA_COMPONENT_COUNT; ++n) {
            const std::string name = mca_component_name(static_cast<mca_component>(n));
            MCA_TRY(check_same("counts of " + name + where + " differ", x.counts[p][n],
                               y.counts[p][n], "", error));
        }
        for (int r = 0; r < MCA_RESOURCE_COUNT; ++r) {
            const std::string name = mca_resource_name(static_cast<mca_resource>(r));
            MCA_TRY(check_same("busy time of " + name + where + " differs", x.busy_ps[p][r],
                               y.busy_ps[p][r], " ps", error));
            MCA_TRY(check_same("busy time of " + name + " beside the longest" + where + " differs",
                               x.beside_ps[p][r], y.beside_ps[p][r], " ps", error));
        }
    }
    return MCA_OK;
}

mca_status check_values(const side &a, const side &b, mca_error *error) {
    for (uint32_t l = 0; l < mca_chip_layer_count(a.chip); ++l) {
        const mca_layer_view of_a = mca_chip_layer(a.chip, l);
        const mca_layer_view of_b = mca_chip_layer(b.chip, l);
        if (!same_matrix(*of_a.matrix, *of_b.matrix)) {
            return mca_fail(error, MCA_FAILED, "mcasim-sc: weights of layer %u differ", l);
        }
        if (!same_chi(*of_a.chi, *of_b.chi)) {
            return mca_fail(error, MCA_FAILED, "mcasim-sc: chi of layer %u differs", l);
        }
    }
    for (size_t i = 0; i < a.outcomes.size(); ++i) {
        if (a.outcomes[i].predicted != b.outcomes[i].predicted ||
            a.outcomes[i].loss != b.outcomes[i].loss) {
            return mca_fail(error, MCA_FAILED, "mcasim-sc: outcome of image %zu differs", i);
        }
    }
    for (uint32_t l = 0; l < mca_chip_layer_count(a.chip); ++l) {
        MCA_TRY(check_part(a, b, l, error));
    }
    return check_part(a, b, MCA_NO_LAYER, error);
}

struct row {
    double timeline_ns = 0.0; // per image
    double systemc_ns = 0.0;
    double worst = 0.0;  // of an image, share of its latency
    double phase = 0.0;  // of a phase of an image, share of the image's latency
    uint64_t differ = 0; // images
};

row differences(const side &a, const side &b) {
    row r;
    const size_t images = a.outcomes.size();
    for (size_t i = 0; i < a.times.size(); ++i) {
        const double x = static_cast<double>(a.times[i].total_ps);
        const double y = static_cast<double>(b.times[i].total_ps);
        r.timeline_ns += x * 1e-3 / static_cast<double>(images);
        r.systemc_ns += y * 1e-3 / static_cast<double>(images);
        r.worst = std::max(r.worst, y > 0.0 ? std::fabs(x - y) / y : 0.0);
        r.differ += a.times[i].total_ps != b.times[i].total_ps;
        for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
            const double s = static_cast<double>(a.times[i].phase_ps[p]);
            const double t = static_cast<double>(b.times[i].phase_ps[p]);
            r.phase = std::max(r.phase, y > 0.0 ? std::fabs(s - t) / y : 0.0);
        }
    }
    return r;
}

void print_row(const mca_run_job &job, const side &a, const side &b) {
    const row r = differences(a, b);
    const double images = static_cast<double>(a.outcomes.size());
    std::string settings;
    for (size_t i = 0; i < job.scenario.sets.count; ++i) {
        settings += (i ? ", " : "") + std::string(job.scenario.sets.texts[i]);
    }
    (void)std::printf(
        "| %s | %zu | %.1f | %.1f | %" PRIu64 " | %.3f | %.3f | %.3f | %.0f | %.0f | %.0f |\n",
        settings.c_str(), a.outcomes.size(), r.timeline_ns, r.systemc_ns, r.differ,
        100.0 * std::fabs(r.timeline_ns / r.systemc_ns - 1.0), 100.0 * r.worst, 100.0 * r.phase,
        images / a.seconds, images / b.seconds, b.seconds / a.seconds);
}

mca_status compare_loaded(const mca_run_job &job, const platform_options &options, uint64_t images,
                          mca_simulation &simulation, const mca_observer &observer,
                          std::unique_ptr<platform> &made, mca_error *error) {
    const uint32_t available = simulation.data.train.count;
    const uint64_t all = uint64_t{available} * simulation.scenario.scenario.train.epochs;
    comparison c{job.scenario.path, &simulation, available};
    if (images > all) {
        return mca_fail(error, MCA_INVALID,
                        "mcasim-sc: --images: %" PRIu64 " is more than the %" PRIu64
                        " of all epochs",
                        images, all);
    }
    c.images = images ? static_cast<uint32_t>(images) : std::min(available, 1000u);
    mca_scenario &scenario = simulation.scenario.scenario;
    MCA_TRY(mca_calibrate(&scenario.chip, &scenario.calibration, &simulation.data.train, nullptr,
                          error));
    side timeline;
    side systemc;
    // first: what it refuses, it refuses before any work
    MCA_TRY(mca_chip_create(&systemc.chip, &scenario.chip, error));
    mca_stop_watch();
    MCA_TRY(platform::create(made, systemc.chip, options, c.path, &observer, error));
    MCA_TRY(run_timeline(c, timeline, error));
    MCA_TRY(run_systemc(c, *made, systemc, error));
    MCA_TRY(check_values(timeline, systemc, error));
    if (systemc.times.size() < timeline.times.size()) {
        return mca_fail(error, MCA_FAILED, "mcasim-sc: %zu images of %zu were timed",
                        systemc.times.size(), timeline.times.size());
    }
    print_row(job, timeline, systemc);
    return MCA_OK;
}

} // namespace

mca_status compare(const mca_run_job &job, const platform_options &options, uint64_t images,
                   mca_error *error) {
    const auto simulation = std::make_unique<mca_simulation>();
    mca_progress_bar progress;
    mca_progress_init(&progress, job.quiet);
    const mca_observer observer = mca_progress_observer(&progress);
    mca_status status = mca_simulation_load(simulation.get(), &job.scenario, error);
    if (status == MCA_OK) {
        status = mca_simulation_load_data(simulation.get(), job.data, &observer, error);
    }
    if (status == MCA_OK) {
        std::unique_ptr<platform> made;
        status = guarded(error, [&] {
            return compare_loaded(job, options, images, *simulation, observer, made, error);
        });
        if (is_left_midway(status)) {
            (void)made.release();
        }
    }
    mca_progress_end(&progress);
    mca_simulation_deinit(simulation.get());
    return status;
}

} // namespace mca
