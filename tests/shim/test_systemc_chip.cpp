// The chip's registers, results and errors in SystemC, against a twin that the C core trains alone.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include "chip/chip.h"
#include "chip/engine.h"
#include "chip/view.h"
#include "mca_chip.hpp"
#include "scenario/check.h"
#include "scenario/load.h"

namespace {

int failures = 0;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                   \
            ++failures;                                                                            \
        }                                                                                          \
    } while (false)

double pause_ns = 0; // of the host, before it starts an image

std::vector<std::string> sets = {"network.layers=[60,40,10]", "tile.rows=32", "tile.cols=32",
                                 "train.batch=1", "transfer.epsilon_us=0.1"};

// The C core's chip of the same scenario.
mca_chip *make_twin(const char *path) {
    static mca_scenario scenario;
    static mca_scenario_origins origins;
    mca_error error;
    mca_chip *twin = nullptr;
    CHECK(mca_scenario_load(&scenario, &origins, path, &error) == MCA_OK);
    for (const std::string &set : sets) {
        CHECK(mca_scenario_set(&scenario, &origins, set.c_str(), "--set", &error) == MCA_OK);
    }
    CHECK(mca_scenario_check(&scenario, &origins, &error) == MCA_OK);
    CHECK(mca_chip_create(&twin, &scenario.chip, &error) == MCA_OK);
    mca_chip_set_rate(twin, scenario.train.learning_rate, scenario.train.batch);
    return twin;
}

uint32_t draw(uint32_t image, std::vector<uint8_t> &pixels) {
    const uint32_t label = image % 10;
    uint32_t state = image * 2654435761u + 1;
    for (size_t i = 0; i < pixels.size(); ++i) {
        state = state * 1664525u + 1013904223u;
        pixels[i] = i % 10 == label    ? static_cast<uint8_t>(200 + state % 50)
                    : state >> 28 == 0 ? static_cast<uint8_t>(state >> 20)
                                       : uint8_t{0};
    }
    return label;
}

class tester : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<tester> bus;
    sc_core::sc_in<bool> irq;
    bool finished = false;

    tester(const sc_core::sc_module_name &name, mca_chip *twin)
        : sc_module(name), bus("bus"), irq("irq"), twin_(twin), pixels_(60) {
        SC_HAS_PROCESS(tester);
        SC_THREAD(run);
        SC_THREAD(intrude);
    }

    ~tester() override {
        mca_arena_deinit(&arena_);
    }

  private:
    tlm::tlm_response_status access(tlm::tlm_command command, uint64_t address, void *data,
                                    unsigned length) {
        tlm::tlm_generic_payload payload;
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(static_cast<unsigned char *>(data));
        payload.set_data_length(length);
        payload.set_streaming_width(length);
        // the chip acts at the time that it is told
        sc_core::sc_time delay(accesses_++ % 3, sc_core::SC_PS);
        const sc_core::sc_time at = sc_core::sc_time_stamp() + delay;
        bus->b_transport(payload, delay);
        CHECK(sc_core::sc_time_stamp() + delay >= at);
        return payload.get_response_status();
    }
    tlm::tlm_response_status write(uint64_t address, uint32_t value) {
        return access(tlm::TLM_WRITE_COMMAND, address, &value, sizeof value);
    }
    uint32_t read(uint64_t address) {
        uint32_t value = 0;
        CHECK(access(tlm::TLM_READ_COMMAND, address, &value, sizeof value) == tlm::TLM_OK_RESPONSE);
        return value;
    }

    void start(uint32_t label, uint32_t how) {
        wait(sc_core::sc_time(pause_ns, sc_core::SC_NS));
        CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::pixels, pixels_.data(), 60) ==
              tlm::TLM_OK_RESPONSE);
        CHECK(write(mca::reg::label, label) == tlm::TLM_OK_RESPONSE);
        CHECK(write(mca::reg::control, how) == tlm::TLM_OK_RESPONSE);
    }

    void wait_for_result() {
        while (!irq.read()) {
            wait(irq.posedge_event());
        }
    }

    void next_result() {
        CHECK(write(mca::reg::next, 1) == tlm::TLM_OK_RESPONSE);
        wait(sc_core::sc_time(1, sc_core::SC_PS));
    }

    void set_rate(double rate, uint32_t batch) {
        CHECK(write(mca::reg::batch, batch) == tlm::TLM_OK_RESPONSE);
        CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::rate, &rate, sizeof rate) ==
              tlm::TLM_OK_RESPONSE);
        double back = 0.0;
        CHECK(access(tlm::TLM_READ_COMMAND, mca::reg::rate, &back, sizeof back) ==
              tlm::TLM_OK_RESPONSE);
        CHECK(back == rate);
        mca_chip_set_rate(twin_, rate, batch);
    }

    void check_refusals() {
        uint8_t bytes[64] = {};
        CHECK(read(mca::reg::id) == 0x4d434153);
        CHECK(read(mca::reg::inputs) == 60);
        CHECK(read(mca::reg::outputs) == 10);
        CHECK(read(mca::reg::status) == mca::state::ready);
        CHECK(!irq.read());
        CHECK(access(tlm::TLM_READ_COMMAND, 0x1000, bytes, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_READ_COMMAND, 2, bytes, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_READ_COMMAND, 0, bytes, 16) == tlm::TLM_BURST_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::control, bytes, 8) ==
              tlm::TLM_BURST_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_READ_COMMAND, mca::reg::number, bytes, 8) ==
              tlm::TLM_GENERIC_ERROR_RESPONSE); // no result
        CHECK(write(mca::reg::irq, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(write(mca::reg::inputs, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::pixels, bytes, 61) ==
              tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::pixels + 60, bytes, 1) ==
              tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::pixels + 59, bytes, 1) ==
              tlm::TLM_OK_RESPONSE);
        CHECK(access(tlm::TLM_READ_COMMAND, mca::reg::activations, bytes, 4) ==
              tlm::TLM_GENERIC_ERROR_RESPONSE); // no result
        CHECK(write(mca::reg::next, 1) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(mca::reg::batch, 0) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(mca::reg::control, 3) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(mca::reg::control, mca::start::infer | mca::start::fetch) ==
              tlm::TLM_GENERIC_ERROR_RESPONSE); // no memory is bound
        CHECK(write(mca::reg::label, 10) == tlm::TLM_OK_RESPONSE);
        CHECK(write(mca::reg::control, mca::start::train) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        double rate = std::nan("");
        CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::rate, &rate, sizeof rate) ==
              tlm::TLM_GENERIC_ERROR_RESPONSE);
    }

    // A layer of the twin, tile by tile, with the noise of the nth image on the chip.
    void twin_layer(uint32_t l, uint32_t nth) {
        const mca_layer_view layer = mca_chip_layer(twin_, l);
        const mca_matrix &matrix = *layer.matrix;
        const uint32_t bits = mca_chip_config_of(twin_)->dac.bits;
        const mca_read_event event = {MCA_RNG_INFER, uint64_t{1} << 63 | nth, 0};
        mca_read_scratch &scratch = signals_.scratch;
        mca_engine_clear_sums(twin_, l, &signals_);
        for (uint32_t t = 0; t < mca_placement_tiles(&matrix.place); ++t) {
            const mca_tile &tile = matrix.tiles[t];
            uint32_t k = 0;
            const mca_lines &lines = signals_.layers[l].input;
            (void)mca_engine_drive_until(&lines, bits, tile.row0, &k); // of tiles above
            const mca_drive drive = mca_engine_drive_until(&lines, bits, tile.row0 + tile.rows, &k);
            mca_matrix_read_forward(&matrix, &tile, &drive, event, &scratch, scratch.column);
            (void)mca_engine_convert(&matrix.adcs[t].forward, &scratch, tile.cols);
            const mca_tile_read of = {t, 0, 0};
            mca_engine_add_forward(twin_, l, &of, &scratch, &signals_);
        }
        mca_engine_activate(twin_, l, &signals_);
    }

    uint32_t twin_class(uint32_t nth) {
        mca_error error;
        if (!signals_.layers) {
            CHECK(mca_engine_signals(twin_, &arena_, &signals_, &error) == MCA_OK);
        }
        mca_engine_load_image(twin_, &signals_, pixels_.data());
        for (uint32_t l = 0; l < mca_chip_layer_count(twin_); ++l) {
            twin_layer(l, nth);
        }
        return mca_engine_predict(twin_, &signals_);
    }

    void check_inference(uint32_t nth) {
        mca_chip_end_batch(twin_); // with its last update, where that is held
        draw(nth, pixels_);
        start(0, mca::start::infer);
        CHECK((read(mca::reg::status) & mca::state::busy) != 0);
        wait_for_result();
        CHECK(read(mca::reg::number) == nth);
        CHECK(read(mca::reg::predicted) == twin_class(nth));
        std::vector<uint32_t> activations(10);
        CHECK(access(tlm::TLM_READ_COMMAND, mca::reg::activations, activations.data(), 40) ==
              tlm::TLM_OK_RESPONSE);
        CHECK(std::memcmp(activations.data(), signals_.layers[1].activation, 40) == 0);
        next_result();
        CHECK(!irq.read());
    }

    void check_training(uint32_t nth) {
        const uint32_t label = draw(nth, pixels_);
        mca_image_outcome outcome;
        mca_error error;
        CHECK(mca_chip_train_image(twin_, pixels_.data(), label, &outcome, &error) == MCA_OK);
        start(label, mca::start::train);
        wait_for_result();
        double loss = 0.0;
        CHECK(access(tlm::TLM_READ_COMMAND, mca::reg::loss, &loss, sizeof loss) ==
              tlm::TLM_OK_RESPONSE);
        CHECK(loss == outcome.loss);
        CHECK(read(mca::reg::predicted) == outcome.predicted);
        next_result();
    }

    // A second initiator changes window and label while a start waits: it starts what stood there.
    void check_start_takes_its_image(uint32_t &nth) {
        uint32_t labels[4];
        for (uint32_t i = 0; i < 3; ++i) {
            labels[i] = draw(nth + i, pixels_);
            mca_image_outcome outcome;
            mca_error error;
            CHECK(mca_chip_train_image(twin_, pixels_.data(), labels[i], &outcome, &error) ==
                  MCA_OK);
            if (i == 2) {
                intrusion_.notify(sc_core::SC_ZERO_TIME);
            }
            start(labels[i], mca::start::train);
        }
        CHECK(intruded_);
        for (uint32_t i = 0; i < 3; ++i) {
            wait_for_result();
            next_result();
        }
        nth += 3;
    }

    void intrude() {
        for (;;) {
            wait(intrusion_);
            wait(sc_core::sc_time(10, sc_core::SC_PS)); // the start's accesses have come
            uint8_t other[60] = {77};
            CHECK(access(tlm::TLM_WRITE_COMMAND, mca::reg::pixels, other, 60) ==
                  tlm::TLM_OK_RESPONSE);
            CHECK(write(mca::reg::label, 4000000) == tlm::TLM_OK_RESPONSE);
            intruded_ = true;
        }
    }

    void run() {
        uint32_t nth = 0;
        wait(sc_core::sc_time(1, sc_core::SC_NS));
        check_refusals();
        for (; nth < 5; ++nth) {
            check_inference(nth);
        }
        for (; nth < 60; ++nth) {
            check_training(nth);
        }
        // learnt, and classified with what was learnt; mixed
        for (; nth < 80; ++nth) {
            nth % 2 ? check_training(nth) : check_inference(nth);
        }
        check_start_takes_its_image(nth);
        // a mini-batch that is cut short by another rate, and one by the register
        set_rate(0.2, 8);
        for (; nth < 96; ++nth) {
            check_training(nth);
        }
        // with no time between a start and the next rate
        for (uint32_t i = 0; i < 2; ++i, ++nth) {
            const uint32_t label = draw(nth, pixels_);
            mca_image_outcome outcome;
            mca_error error;
            CHECK(mca_chip_train_image(twin_, pixels_.data(), label, &outcome, &error) == MCA_OK);
            start(label, mca::start::train);
        }
        mca_chip_end_batch(twin_);
        set_rate(0.1, 8);
        for (uint32_t i = 0; i < 2; ++i) {
            wait_for_result();
            next_result();
        }
        for (; nth < 101; ++nth) {
            check_training(nth);
        }
        mca_chip_end_batch(twin_);
        CHECK(write(mca::reg::control, mca::start::end_batch) == tlm::TLM_OK_RESPONSE);
        for (; nth < 104; ++nth) {
            check_inference(nth);
        }
        // results wait for the host
        for (uint32_t i = 0; i < 3; ++i) {
            start(0, mca::start::infer);
        }
        while ((read(mca::reg::status) & mca::state::busy) != 0) {
            wait(sc_core::sc_time(1, sc_core::SC_US));
        }
        CHECK(read(mca::reg::status) >> 16 == 3);
        for (uint32_t i = 0; i < 3; ++i) {
            CHECK(irq.read());
            CHECK(read(mca::reg::number) == nth + i);
            next_result();
        }
        CHECK(!irq.read());
        finished = true;
    }

    mca_chip *twin_;
    std::vector<uint8_t> pixels_;
    mca_arena arena_{};
    mca_signals signals_{}; // of the twin
    sc_core::sc_event intrusion_;
    unsigned accesses_ = 0;
    bool intruded_ = false;
};

void check_weights(const mca_chip *a, const mca_chip *b) {
    for (uint32_t l = 0; l < mca_chip_layer_count(a); ++l) {
        const mca_matrix &x = *mca_chip_layer(a, l).matrix;
        const mca_matrix &y = *mca_chip_layer(b, l).matrix;
        const mca_chi &chi = *mca_chip_layer(a, l).chi;
        const size_t cells = x.rows * x.stride;
        CHECK(std::memcmp(x.g[0], y.g[0], cells * sizeof *x.g[0]) == 0);
        CHECK(std::memcmp(x.g[1], y.g[1], cells * sizeof *x.g[1]) == 0);
        CHECK(std::memcmp(chi.narrow, mca_chip_layer(b, l).chi->narrow,
                          chi.rows * chi.stride * sizeof(int16_t)) == 0);
    }
    CHECK(mca_chip_stats_of(a)->images == mca_chip_stats_of(b)->images);
    CHECK(mca_chip_stats_of(a)->adc_clips == mca_chip_stats_of(b)->adc_clips);
    CHECK(mca_chip_stats_of(a)->commands == mca_chip_stats_of(b)->commands);
    CHECK(mca_chip_stats_of(a)->chi_saturations == mca_chip_stats_of(b)->chi_saturations);
    CHECK(mca_chip_stats_of(a)->update_products == mca_chip_stats_of(b)->update_products);
    CHECK(mca_chip_stats_of(a)->commands > 100);
}

// What the C core says of a scenario is what the report says.
void check_errors(const char *path) {
    const std::vector<std::string> bad = {"adc.bits=99"};
    std::string told;
    try {
        mca::chip refused("refused", path, bad);
    } catch (const sc_core::sc_report &report) {
        told = report.get_msg();
        CHECK(std::string(report.get_msg_type()) == "/mca/chip");
    }
    static mca_scenario scenario;
    static mca_scenario_origins origins;
    mca_error error = {""};
    CHECK(mca_scenario_load(&scenario, &origins, path, &error) == MCA_OK);
    CHECK(mca_scenario_set(&scenario, &origins, bad[0].c_str(), "--set", &error) == MCA_INVALID);
    CHECK(told == error.message);
    told.clear();
    try {
        mca::chip refused("refused_rtl", path, {"dpu.lanes=128"}, mca::unit_kind::rtl);
    } catch (const sc_core::sc_report &report) {
        told = report.get_msg();
    }
    CHECK(told.find("dpu.lanes: the RTL has at most 64 lanes; got 128") == 0);
}

} // namespace

int sc_main(int argc, char **argv) {
    if (argc < 5) {
        std::fprintf(stderr, "usage: test_systemc_chip SCENARIO model|rtl QUANTUM_NS PAUSE_NS "
                             "[SETTING]...\n");
        return 2;
    }
    tlm::tlm_global_quantum::instance().set(sc_core::sc_time(std::atof(argv[3]), sc_core::SC_NS));
    const bool rtl = std::strcmp(argv[2], "rtl") == 0;
    check_errors(argv[1]);
    pause_ns = std::atof(argv[4]);
    sets.insert(sets.end(), argv + 5, argv + argc);
    mca_chip *twin = make_twin(argv[1]);
    {
        sc_core::sc_signal<bool> irq("irq");
        mca::chip chip("chip", argv[1], sets, rtl ? mca::unit_kind::rtl : mca::unit_kind::model);
        tester host("host", twin);
        host.bus.bind(chip.host);
        host.irq(irq);
        chip.irq(irq);
        sc_core::sc_start();
        CHECK(host.finished);
        check_weights(chip.model(), twin);
    }
    mca_chip_destroy(twin);
    return failures == 0 ? 0 : 1;
}
