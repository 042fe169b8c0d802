#include "mca_chip.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "chi_sram.hpp"
#include "digital_unit.hpp"
#include "program_driver.hpp"
#include "run/scenario_args.h"
#include "sequencer.hpp"
#include "shim/rtl/dpu_setup.h"
#include "tile.hpp"
#include "train/calibration.h"

namespace mca {

struct chip::parts {
    ::mca_chip *owned = nullptr;
    rtl_handle rtl;                                         // until it is the context's
    double rate = std::numeric_limits<double>::quiet_NaN(); // learning rate, where it is known
    std::unique_ptr<context> shared;
    std::unique_ptr<sequencer> control;
    std::unique_ptr<digital_unit> unit;
    std::unique_ptr<chi_sram> chi;
    std::vector<std::unique_ptr<tile>> tiles;
    std::vector<std::unique_ptr<program_driver>> drivers;

    ~parts() {
        shared.reset();
        mca_chip_destroy(owned);
    }
};

namespace {

// The C core's chip of a scenario, and its first learning rate; throws its error.
::mca_chip *create(const std::string &path, const std::vector<std::string> &sets, double &rate) {
    std::vector<const char *> texts;
    for (const std::string &set : sets) {
        texts.push_back(set.c_str());
    }
    const mca_scenario_args args = {
        path.c_str(), {texts.data(), texts.size()}, nullptr, nullptr, nullptr};
    const auto from = std::make_unique<mca_loaded_scenario>();
    ::mca_chip *model = nullptr;
    mca_error error;
    mca_status status = mca_load_scenario(from.get(), &args, &error);
    if (status == MCA_OK && mca_calibration_is_due(&from->scenario.chip)) {
        status = mca_fail(&error, MCA_INVALID,
                          "%s: network.layers: full scales are found from training images, which "
                          "are not here; give activation_scale, adc_forward_range and "
                          "adc_backward_range (a run's summary.json has them)",
                          path.c_str());
    }
    if (status == MCA_OK) {
        status = mca_chip_create(&model, &from->scenario.chip, &error);
    }
    if (status != MCA_OK) {
        fail(error.message);
    }
    rate = from->scenario.train.learning_rate;
    mca_chip_set_rate(model, rate, from->scenario.train.batch);
    return model;
}

} // namespace

// Weights that are written through change when an update begins. A single unit that has nothing but
// layers of one position has read all that the image needs by then.
static mca_status check_write_through(const ::mca_chip *model, mca_error *error) {
    const mca_chip_config &config = *mca_chip_config_of(model);
    bool is_read_later = mca_has_own_units(&config) != 0;
    for (uint32_t l = 0; l < mca_chip_layer_count(model); ++l) {
        is_read_later = is_read_later || mca_chip_network(model)->layers[l].positions > 1;
    }
    return config.transfer.epsilon_us == 0 && is_read_later
               ? mca_fail(error, MCA_INVALID,
                          "transfer.epsilon_us: weights written through would change while the "
                          "image is still read, with a convolution or dpu.units; got 0")
               : MCA_OK;
}

mca_status check_chip(const ::mca_chip *model, unit_kind unit, mca_error *error) {
    const mca_chip_config &config = *mca_chip_config_of(model);
    if (unit == unit_kind::rtl) {
        mca_dpu_rtl_set ignored;
        MCA_TRY(mca_dpu_set_of(&ignored, &config, error));
        MCA_TRY(mca_dpu_check_chip(model, error));
        if (mca_pulses_ask_for_refresh(&config)) {
            return mca_fail(error, MCA_INVALID,
                            "refresh.every_pulses: pulses of the RTL's commands show when they "
                            "leave their queues, which is too late to ask for a refresh; got %llu",
                            static_cast<unsigned long long>(config.refresh.every_pulses));
        }
    }
    if (mca_device_drifts_in_training(&config.device)) {
        return mca_fail(error, MCA_INVALID,
                        "device.drift_in_training: values would depend on times, and the modules' "
                        "are their own; got true");
    }
    if (config.timing.free_dpu || config.timing.what_if || config.chi.access_cycles == 0) {
        return mca_fail(error, MCA_INVALID,
                        "%s: the modules' times are their own, of units that take some; got %s",
                        config.timing.free_dpu  ? "timing.free_dpu"
                        : config.timing.what_if ? "timing.what_if"
                                                : "chi.access_cycles",
                        config.timing.free_dpu || config.timing.what_if ? "true" : "0");
    }
    return check_write_through(model, error);
}

mca_status open_unit(rtl_handle &rtl, const ::mca_chip *model, unit_kind unit,
                     const rtl_source &source, const mca_observer *observer, mca_error *error) {
    if (unit != unit_kind::rtl) {
        return MCA_OK;
    }
    mca_dpu_rtl_wanted wanted{};
    ::mca_dpu_rtl *made = nullptr;
    wanted.source.path = source.path.empty() ? nullptr : source.path.c_str();
    wanted.source.top = source.top.empty() ? nullptr : source.top.c_str();
    MCA_TRY(mca_dpu_set_of(&wanted.set, mca_chip_config_of(model), error));
    MCA_TRY(mca_dpu_rtl_create(&made, &wanted, observer, error));
    rtl.reset(made);
    const char *lacks = mca_dpu_rtl_trace_lacks(made);
    return lacks
               ? mca_fail(error, MCA_INVALID, "%s: the SystemC model needs the trace ports", lacks)
               : MCA_OK;
}

context::context(::mca_chip *chip)
    : model(chip), log(chip), arrays(mca_chip_layer_count(chip)),
      reads_ahead(config().timing.read_ahead != 0 &&
                  mca_program_can_read_ahead(mca_chip_program(chip), mca_chip_network(chip)) != 0) {
    mca_error error;
    uint32_t widest = 0;
    for (uint32_t l = 0; l < layers(); ++l) {
        widest = std::max({widest, layer(l).inputs, layer(l).outputs});
    }
    if (mca_read_scratch_init(&scratch, &arena, widest, &error) != MCA_OK) {
        fail(error.message);
    }
}

chip::chip(const sc_core::sc_module_name &name, const std::string &scenario,
           const std::vector<std::string> &sets, unit_kind unit, const rtl_source &rtl)
    : sc_module(name), parts_(std::make_unique<parts>()) {
    parts_->owned = create(scenario, sets, parts_->rate);
    build(parts_->owned, unit, rtl);
}

chip::chip(const sc_core::sc_module_name &name, ::mca_chip *model, unit_kind unit,
           ::mca_dpu_rtl *made)
    : sc_module(name), parts_(std::make_unique<parts>()) {
    parts_->rtl.reset(made);
    build(model, unit, {});
}

chip::~chip() = default;

void chip::build(::mca_chip *model, unit_kind unit, const rtl_source &rtl) {
    if (sc_core::sc_get_time_resolution() != sc_core::sc_time(1, sc_core::SC_PS)) {
        fail("the time resolution has to be 1 ps");
    }
    parts &p = *parts_;
    mca_error error;
    if (check_chip(model, unit, &error) != MCA_OK ||
        (!p.rtl && open_unit(p.rtl, model, unit, rtl, nullptr, &error) != MCA_OK)) {
        fail(error.message); // before there is a process that could not be taken back
    }
    p.shared = std::make_unique<context>(model);
    context &shared = *p.shared;
    shared.rtl = std::move(p.rtl);
    p.control = std::make_unique<sequencer>("sequencer", shared, p.rate);
    const auto make_unit = unit == unit_kind::rtl ? make_rtl_unit : make_model_unit;
    p.unit = make_unit("digital_unit", shared);
    p.chi = std::make_unique<chi_sram>("chi", shared);
    host.bind(p.control->host);
    host64.bind(p.control->host64);
    p.control->fetch.memory.bind(memory);
    p.control->fetch.memory64.bind(memory64);
    p.control->irq(irq);
    p.control->on_reset = [this] { restart(); };
    p.control->images.bind(p.unit->images);
    p.control->codes.bind(p.unit->codes);
    p.unit->notices.bind(p.control->notices);
    p.unit->chi.bind(p.chi->port);
    for (uint32_t l = 0; l < shared.layers(); ++l) {
        for (uint32_t t = 0; t < shared.tiles(l); ++t) {
            const uint32_t number = static_cast<uint32_t>(p.tiles.size());
            const std::string suffix = std::to_string(number);
            p.tiles.push_back(std::make_unique<tile>(("tile_" + suffix).c_str(), shared, l, t));
            p.drivers.push_back(
                std::make_unique<program_driver>(("driver_" + suffix).c_str(), shared));
            p.control->bind_tile(number, *p.tiles.back());
            p.control->bind_driver(number, *p.drivers.back());
            p.unit->bind_driver(number, *p.drivers.back());
            p.drivers.back()->pulses.bind(p.tiles.back()->pulses);
        }
    }
}

void chip::end_of_elaboration() {
    if (host.size() + host64.size() == 0) {
        fail("neither host nor host64 is bound");
    }
    if (memory.size() + memory64.size() > 1) {
        fail("both memory and memory64 are bound");
    }
    if (reset.size() > 0) {
        sc_core::sc_spawn([this] { heed_reset(); }, "heed_reset");
    }
}

void chip::heed_reset() {
    parts_->control->hold(reset->read()); // nothing has begun yet
    for (;;) {
        sc_core::wait(reset->value_changed_event());
        parts_->control->hold(reset->read());
        if (reset->read()) {
            restart();
        }
    }
}

// Everything is emptied before anything goes on: no module yields meanwhile but to processes that
// have nothing to do then.
void chip::restart() {
    parts &p = *parts_;
    p.shared->log.restart();
    for (array_claim &array : p.shared->arrays) {
        array.reads = 0;
    }
    for (const auto &tile : p.tiles) {
        tile->restart();
    }
    p.chi->restart();
    p.unit->restart();
    p.control->restart();
}

::mca_chip *chip::model() const {
    return parts_->shared->model;
}

void chip::trace(sc_core::sc_trace_file *file) const {
    const parts &p = *parts_;
    p.control->trace(file);
    p.unit->trace(file);
    p.chi->trace(file);
    for (size_t t = 0; t < p.tiles.size(); ++t) {
        p.tiles[t]->trace(file);
        p.drivers[t]->trace(file);
    }
}

void chip::record() {
    parts_->shared->log.record();
}

const std::vector<image_time> &chip::times() const {
    return parts_->shared->log.times();
}

} // namespace mca
