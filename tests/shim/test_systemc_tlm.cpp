// The chip against IEEE 1666, as a TLM-2.0 target and initiator: responses, byte enables, widths,
// debug and direct access, interrupt, images fetched from a memory, resets in the middle of an
// image. Two chips on one platform: one of 32 bits at its sockets, one of 64.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "mca_chip.hpp"

namespace {

int failures = 0;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                   \
            ++failures;                                                                            \
        }                                                                                          \
    } while (false)

using sc_core::sc_time;
using tlm::TLM_READ_COMMAND;
using tlm::TLM_WRITE_COMMAND;
namespace reg = mca::reg;

constexpr unsigned INPUTS = 60;
constexpr unsigned OUTPUTS = 10;
constexpr uint32_t RESULTS = 16; // that there is room for

const std::vector<std::string> SETS = {"network.layers=[60,40,10]", "tile.rows=32", "tile.cols=32",
                                       "train.batch=1", "transfer.epsilon_us=0.1"};

// Bytes behind a socket, which answers after a latency, and with an error beyond its end.
template <unsigned BITS> class memory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<memory, BITS> port{"port"};
    std::vector<unsigned char> bytes = std::vector<unsigned char>(1024);

    explicit memory(const sc_core::sc_module_name &name) : sc_module(name) {
        port.register_b_transport(this, &memory::access);
    }

  private:
    void access(tlm::tlm_generic_payload &payload, sc_time &delay) {
        CHECK(payload.is_read());
        CHECK(payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE);
        CHECK(!payload.is_dmi_allowed());
        CHECK(!payload.get_byte_enable_ptr());
        CHECK(payload.get_streaming_width() == payload.get_data_length());
        const uint64_t address = payload.get_address();
        sc_core::wait(sc_time(100, sc_core::SC_NS));
        delay += sc_time(50, sc_core::SC_NS);
        if (address + payload.get_data_length() > bytes.size()) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(address), payload.get_data_length(),
                    payload.get_data_ptr());
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
};

// What all checks of a chip use, at a socket of either width.
template <unsigned BITS> class tester : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<tester, BITS> bus{"bus"};
    sc_core::sc_in<bool> irq{"irq"};
    sc_core::sc_out<bool> reset{"reset"};
    bool finished = false;

    explicit tester(const sc_core::sc_module_name &name) : sc_module(name) {
        SC_HAS_PROCESS(tester);
        SC_THREAD(run);
    }

  private:
    tlm::tlm_response_status send(tlm::tlm_generic_payload &payload) {
        sc_time delay = sc_core::SC_ZERO_TIME;
        payload.set_dmi_allowed(true);
        bus->b_transport(payload, delay);
        CHECK(!payload.is_dmi_allowed());
        return payload.get_response_status();
    }

    static void fill(tlm::tlm_generic_payload &payload, tlm::tlm_command command, uint64_t address,
                     void *data, unsigned length) {
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(static_cast<unsigned char *>(data));
        payload.set_data_length(length);
        payload.set_streaming_width(length);
    }

    tlm::tlm_response_status access(tlm::tlm_command command, uint64_t address, void *data,
                                    unsigned length) {
        tlm::tlm_generic_payload payload;
        fill(payload, command, address, data, length);
        return send(payload);
    }
    tlm::tlm_response_status write(uint64_t address, uint32_t value) {
        return access(TLM_WRITE_COMMAND, address, &value, sizeof value);
    }
    tlm::tlm_response_status try_read(uint64_t address, unsigned length = 4) {
        unsigned char data[128];
        return access(TLM_READ_COMMAND, address, data, length);
    }
    uint32_t read(uint64_t address) {
        uint32_t value = 0;
        CHECK(access(TLM_READ_COMMAND, address, &value, sizeof value) == tlm::TLM_OK_RESPONSE);
        return value;
    }
    unsigned debug(tlm::tlm_command command, uint64_t address, void *data, unsigned length) {
        tlm::tlm_generic_payload payload;
        fill(payload, command, address, data, length);
        return bus->transport_dbg(payload);
    }

    void wait_for_result() {
        while (!irq.read()) {
            wait(irq.posedge_event());
        }
    }

    void check_responses() {
        CHECK(read(reg::id) == 0x4d434153);
        CHECK(try_read(0x1000) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(try_read(0x1000, 16) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(try_read(2) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(try_read(UINT64_MAX - 3) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(try_read(reg::pixels + INPUTS, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(try_read(reg::pixels + 1, INPUTS) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        CHECK(try_read(reg::id, 16) == tlm::TLM_BURST_ERROR_RESPONSE);
        CHECK(try_read(reg::id, 8) == tlm::TLM_BURST_ERROR_RESPONSE);
        CHECK(try_read(reg::id, 2) == tlm::TLM_BURST_ERROR_RESPONSE);
        CHECK(try_read(reg::id, 0) == tlm::TLM_BURST_ERROR_RESPONSE);
        CHECK(try_read(reg::control) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(try_read(reg::next) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(write(reg::id, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(write(reg::irq, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(write(reg::activations, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(try_read(reg::number, 8) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(try_read(reg::activations) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(reg::next, 1) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(reg::control, 3) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(reg::batch, 0) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(access(tlm::TLM_IGNORE_COMMAND, reg::control, nullptr, 4) == tlm::TLM_OK_RESPONSE);
    }

    void check_byte_enables() {
        uint32_t value = 0;
        unsigned char enables[] = {0xff, 0xff, 0xff, 0x00};
        tlm::tlm_generic_payload payload;
        fill(payload, TLM_READ_COMMAND, reg::id, &value, sizeof value);
        payload.set_byte_enable_ptr(enables);
        payload.set_byte_enable_length(3); // repeats
        CHECK(send(payload) == tlm::TLM_OK_RESPONSE);
        CHECK(value == 0x4d434153);
        payload.set_byte_enable_length(4);
        CHECK(send(payload) == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        payload.set_byte_enable_length(0);
        CHECK(send(payload) == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        payload.set_byte_enable_ptr(nullptr);
        payload.set_streaming_width(2);
        CHECK(send(payload) == tlm::TLM_BURST_ERROR_RESPONSE);
    }

    void check_debug() {
        unsigned char bytes[INPUTS + 4];
        std::memset(bytes, 7, sizeof bytes);
        const sc_time now = sc_core::sc_time_stamp();
        uint32_t value = 0;
        CHECK(debug(TLM_READ_COMMAND, reg::id, &value, 4) == 4);
        CHECK(value == 0x4d434153);
        CHECK(debug(TLM_READ_COMMAND, reg::id + 1, bytes, 8) == 3); // control cannot be read
        CHECK(bytes[0] == 0x41);
        CHECK(debug(TLM_READ_COMMAND, 0x1000, bytes, 4) == 0);
        CHECK(debug(TLM_READ_COMMAND, UINT64_MAX, bytes, 4) == 0);
        CHECK(debug(TLM_READ_COMMAND, reg::number, bytes, 8) == 0); // no result
        CHECK(debug(TLM_WRITE_COMMAND, reg::pixels, bytes, sizeof bytes) == INPUTS);
        CHECK(debug(TLM_READ_COMMAND, reg::pixels + 2, bytes, 2) == 2);
        value = 5;
        CHECK(debug(TLM_WRITE_COMMAND, reg::label, &value, 4) == 4);
        CHECK(read(reg::label) == 5);
        CHECK(debug(TLM_WRITE_COMMAND, reg::control, &value, 4) == 0);
        CHECK(debug(TLM_WRITE_COMMAND, reg::next, &value, 4) == 0);
        CHECK(debug(tlm::TLM_IGNORE_COMMAND, reg::id, &value, 4) == 0);
        CHECK(sc_core::sc_time_stamp() == now);
    }

    void check_direct() {
        tlm::tlm_generic_payload payload;
        tlm::tlm_dmi dmi;
        unsigned char byte = 0;
        fill(payload, TLM_READ_COMMAND, reg::pixels, &byte, 1);
        CHECK(!bus->get_direct_mem_ptr(payload, dmi));
        CHECK(dmi.get_start_address() == 0 && dmi.get_end_address() == UINT64_MAX);
    }

    // One initiator that takes nothing: starts are refused, and none waits for ever.
    void check_room() {
        uint32_t refused = 0;
        for (uint32_t i = 0; i < 40; ++i) {
            refused += write(reg::control, mca::start::infer) == tlm::TLM_GENERIC_ERROR_RESPONSE;
        }
        CHECK(refused == 40 - RESULTS);
        CHECK((read(reg::status) & mca::state::ready) == 0);
        CHECK(write(reg::control, mca::start::end_batch) == tlm::TLM_OK_RESPONSE);
        CHECK(read(reg::status) >> 16 == RESULTS);
        for (uint32_t i = 0; i < RESULTS; ++i) {
            CHECK(irq.read());
            CHECK(write(reg::next, 1) == tlm::TLM_OK_RESPONSE);
        }
        CHECK(!irq.read()); // at once
        CHECK(read(reg::status) == mca::state::ready);
    }

    // An image from the memory and the same by the window give the same; one that is not there has
    // a result in its turn.
    void check_fetch() {
        CHECK(write(reg::control, mca::start::fetch) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        uint64_t source = 900;
        CHECK(access(TLM_WRITE_COMMAND, reg::source, &source, 8) == tlm::TLM_OK_RESPONSE);
        const sc_time now = sc_core::sc_time_stamp();
        CHECK(write(reg::control, mca::start::infer | mca::start::fetch) == tlm::TLM_OK_RESPONSE);
        CHECK(sc_core::sc_time_stamp() == now); // in the background
        source = 1000;
        CHECK(access(TLM_WRITE_COMMAND, reg::source, &source, 8) == tlm::TLM_OK_RESPONSE);
        CHECK(write(reg::control, mca::start::infer | mca::start::fetch) == tlm::TLM_OK_RESPONSE);
        wait_for_result();
        const uint32_t first = read(reg::number);
        CHECK((read(reg::status) & mca::state::failed) == 0);
        CHECK(read(reg::predicted) < OUTPUTS);
        CHECK(write(reg::next, 1) == tlm::TLM_OK_RESPONSE);
        wait_for_result();
        CHECK(read(reg::number) == first + 1);
        CHECK((read(reg::status) & mca::state::failed) != 0);
        CHECK(try_read(reg::predicted) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(try_read(reg::activations) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(reg::next, 1) == tlm::TLM_OK_RESPONSE);
        CHECK(!irq.read());
    }

    void check_is_reset() {
        CHECK(!irq.read());
        CHECK(read(reg::status) == mca::state::ready);
        CHECK(read(reg::label) == 0);
        unsigned char pixels[INPUTS];
        CHECK(access(TLM_READ_COMMAND, reg::pixels, pixels, INPUTS) == tlm::TLM_OK_RESPONSE);
        CHECK(std::all_of(pixels, pixels + INPUTS, [](unsigned char p) { return p == 0; }));
    }

    void start(uint32_t image, uint32_t how) {
        unsigned char pixels[INPUTS];
        for (unsigned i = 0; i < INPUTS; ++i) {
            pixels[i] = i % 10 == image % 10 ? 230 : 0;
        }
        CHECK(access(TLM_WRITE_COMMAND, reg::pixels, pixels, INPUTS) == tlm::TLM_OK_RESPONSE);
        CHECK(write(reg::label, image % 10) == tlm::TLM_OK_RESPONSE);
        CHECK(write(reg::control, how) == tlm::TLM_OK_RESPONSE);
    }

    // In the middle of an image, wherever that is, and of its fetch; then images run as before.
    void check_reset(uint64_t after_ns, bool by_signal) {
        start(3, mca::start::train);
        start(4, mca::start::train);
        wait(sc_time(static_cast<double>(after_ns), sc_core::SC_NS));
        if (by_signal) {
            reset.write(true);
            wait(sc_time(10, sc_core::SC_NS));
            CHECK(write(reg::control, mca::start::infer) == tlm::TLM_GENERIC_ERROR_RESPONSE);
            reset.write(false);
            wait(sc_time(10, sc_core::SC_NS));
        } else {
            CHECK(write(reg::control, mca::start::reset) == tlm::TLM_OK_RESPONSE);
        }
        check_is_reset();
        for (uint32_t i = 0; i < 3; ++i) {
            start(i, mca::start::train);
        }
        for (uint32_t i = 0; i < 3; ++i) {
            wait_for_result();
            CHECK(read(reg::predicted) < OUTPUTS);
            CHECK(write(reg::next, 1) == tlm::TLM_OK_RESPONSE);
        }
        CHECK(write(reg::control, mca::start::end_batch) == tlm::TLM_OK_RESPONSE);
        CHECK(read(reg::status) == mca::state::ready);
    }

    void run() {
        reset.write(false);
        wait(sc_time(1, sc_core::SC_NS));
        check_responses();
        check_byte_enables();
        check_debug();
        check_direct();
        check_room();
        check_fetch();
        for (uint64_t after = 0; after < 3000; after += 77) {
            check_reset(after, after % 2 == 0);
        }
        finished = true;
    }
};

template <unsigned BITS> struct side {
    sc_core::sc_signal<bool> irq, reset;
    mca::chip chip;
    memory<BITS> store;
    tester<BITS> cpu;

    side(const std::string &name, const char *scenario, mca::unit_kind unit)
        : chip((name + "_chip").c_str(), scenario, SETS, unit), store((name + "_memory").c_str()),
          cpu((name + "_cpu").c_str()) {
        chip.irq(irq);
        chip.reset(reset);
        cpu.irq(irq);
        cpu.reset(reset);
    }
};

} // namespace

int sc_main(int argc, char **argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: test_systemc_tlm SCENARIO model|rtl\n");
        return 2;
    }
    const mca::unit_kind unit =
        std::strcmp(argv[2], "rtl") == 0 ? mca::unit_kind::rtl : mca::unit_kind::model;
    side<32> a("a", argv[1], unit);
    side<64> b("b", argv[1], unit);
    a.cpu.bus.bind(a.chip.host);
    a.chip.memory.bind(a.store.port);
    b.cpu.bus.bind(b.chip.host64);
    b.chip.memory64.bind(b.store.port);
    sc_core::sc_start();
    // the kernel has nothing left to do: a call that has not returned never will
    CHECK(a.cpu.finished);
    CHECK(b.cpu.finished);
    return failures == 0 ? 0 : 1;
}
