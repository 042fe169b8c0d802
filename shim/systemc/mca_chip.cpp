#include "mca_chip.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "chi_sram.hpp"
#include "digital_unit.hpp"
#include "program_driver.hpp"
#include "scenario/check.h"
#include "scenario/load.h"
#include "sequencer.hpp"
#include "shim/rtl/dpu_setup.h"
#include "tile.hpp"
#include "train/calibration.h"

namespace mca {

struct chip::parts {
    ::mca_chip *owned = nullptr;
    double rate = std::numeric_limits<double>::quiet_NaN(); // learning rate, where it is known
    std::unique_ptr<monitor> log;
    context shared{};
    std::unique_ptr<sequencer> control;
    std::unique_ptr<digital_unit> unit;
    std::unique_ptr<chi_sram> chi;
    std::vector<std::unique_ptr<tile>> tiles;
    std::vector<std::unique_ptr<program_driver>> drivers;

    mca_arena arena{};
    mca_read_scratch scratch{};
    std::unique_ptr<array_claim[]> arrays;

    ~parts() {
        mca_arena_deinit(&arena);
        mca_chip_destroy(owned);
    }
};

namespace {

// The C core's chip of a scenario, and its first learning rate; throws its error.
::mca_chip *create(const std::string &path, const std::vector<std::string> &sets, double &rate) {
    struct loaded {
        mca_scenario scenario;
        mca_scenario_origins origins;
    };
    const auto from = std::make_unique<loaded>();
    ::mca_chip *model = nullptr;
    mca_error error;
    mca_status status = mca_scenario_load(&from->scenario, &from->origins, path.c_str(), &error);
    for (const std::string &set : sets) {
        if (status == MCA_OK) {
            status =
                mca_scenario_set(&from->scenario, &from->origins, set.c_str(), "--set", &error);
        }
    }
    if (status == MCA_OK) {
        status = mca_scenario_check(&from->scenario, &from->origins, &error);
    }
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

mca_status check_chip(const ::mca_chip *model, unit_kind unit, mca_error *error) {
    const mca_chip_config &config = *mca_chip_config_of(model);
    const mca_network &network = *mca_chip_network(model);
    if (unit == unit_kind::rtl) {
        MCA_TRY(mca_dpu_check(&config, error));
        MCA_TRY(mca_dpu_check_chip(model, error));
    }
    if (config.timing.streaming != 0 && mca_network_can_stream(&network) != 0) {
        return mca_fail(error, MCA_INVALID,
                        "timing.streaming: the SystemC model reads a layer when the whole of the "
                        "layer before it stands");
    }
    for (uint32_t l = 0; l < network.layer_count; ++l) {
        if (network.layers[l].config.digital != 0) {
            return mca_fail(error, MCA_INVALID,
                            "network.layers: layer %u: the SystemC model has no digital layers", l);
        }
    }
    return MCA_OK;
}

chip::chip(const sc_core::sc_module_name &name, const std::string &scenario,
           const std::vector<std::string> &sets, unit_kind unit)
    : sc_module(name), host("host"), irq("irq"), parts_(std::make_unique<parts>()) {
    parts_->owned = create(scenario, sets, parts_->rate);
    parts_->shared.model = parts_->owned;
    build(unit);
}

chip::chip(const sc_core::sc_module_name &name, ::mca_chip *model, unit_kind unit)
    : sc_module(name), host("host"), irq("irq"), parts_(std::make_unique<parts>()) {
    parts_->shared.model = model;
    build(unit);
}

chip::~chip() = default;

void chip::build(unit_kind unit) {
    if (sc_core::sc_get_time_resolution() != sc_core::sc_time(1, sc_core::SC_PS)) {
        fail("the time resolution has to be 1 ps");
    }
    parts &p = *parts_;
    mca_error error;
    if (check_chip(p.shared.model, unit, &error) != MCA_OK) {
        fail(error.message); // before there is a process that could not be taken back
    }
    uint32_t widest = 0;
    for (uint32_t l = 0; l < p.shared.layers(); ++l) {
        const mca_layer_view layer = p.shared.layer(l);
        widest = std::max({widest, layer.inputs, layer.outputs});
    }
    if (mca_read_scratch_init(&p.scratch, &p.arena, widest, &error) != MCA_OK) {
        fail(error.message);
    }
    p.shared.scratch = &p.scratch;
    p.arrays = std::make_unique<array_claim[]>(p.shared.layers());
    p.shared.arrays = p.arrays.get();
    p.log = std::make_unique<monitor>(p.shared.model);
    p.shared.log = p.log.get();
    p.control = std::make_unique<sequencer>("sequencer", p.shared, p.rate);
    const auto make_unit = unit == unit_kind::rtl ? make_rtl_unit : make_model_unit;
    p.unit = make_unit("digital_unit", p.shared);
    p.chi = std::make_unique<chi_sram>("chi", p.shared);
    host.bind(p.control->host);
    p.control->irq(irq);
    p.control->images.bind(p.unit->images);
    p.control->codes.bind(p.unit->codes);
    p.unit->notices.bind(p.control->notices);
    p.unit->chi.bind(p.chi->port);
    for (uint32_t l = 0; l < p.shared.layers(); ++l) {
        for (uint32_t t = 0; t < p.shared.tiles(l); ++t) {
            const uint32_t number = static_cast<uint32_t>(p.tiles.size());
            const std::string suffix = std::to_string(number);
            p.tiles.push_back(std::make_unique<tile>(("tile_" + suffix).c_str(), p.shared, l, t));
            p.drivers.push_back(
                std::make_unique<program_driver>(("driver_" + suffix).c_str(), p.shared));
            p.control->bind_tile(number, *p.tiles.back());
            p.control->bind_driver(number, *p.drivers.back());
            p.unit->bind_driver(number, *p.drivers.back());
            p.drivers.back()->pulses.bind(p.tiles.back()->pulses);
        }
    }
}

::mca_chip *chip::model() const {
    return parts_->shared.model;
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
    parts_->log->record();
}

const std::vector<image_time> &chip::times() const {
    return parts_->log->times();
}

} // namespace mca
