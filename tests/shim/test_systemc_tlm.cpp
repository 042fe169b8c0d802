// The chip against IEEE 1666, as a TLM-2.0 target and initiator: responses, byte enables, widths,
// debug and direct access, the non-blocking interface, interrupt, images fetched from a memory over
// the bus that the processor holds while it is answered, resets in the middle of an image. Two
// chips on one platform: one of 32 bits at its sockets, one of 64.
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

constexpr uint64_t IMAGES = 100; // where they lie in the memory
constexpr int TILES = 15;

const std::vector<std::string> SETS = {"network.layers=[60,40,10]", "tile.rows=16", "tile.cols=16",
                                       "train.batch=1", "transfer.epsilon_us=0.1"};

// Of an image, wherever it comes from.
unsigned char pixel(uint32_t image, unsigned i) {
    return i % 10 == image % 10 ? 230 : 0;
}

// Nobody's payloads are freed here: they are the caller's.
class manager : public tlm::tlm_mm_interface {
    void free(tlm::tlm_generic_payload *payload) override {
        payload->reset();
    }
};

int count_threads(const sc_core::sc_object &below) {
    int threads = std::strcmp(below.kind(), "sc_thread_process") == 0;
    for (const sc_core::sc_object *child : below.get_child_objects()) {
        threads += count_threads(*child);
    }
    return threads;
}

// Images behind a socket, which answers after a latency, and with an error beyond its end. `bus` is
// held meanwhile.
template <unsigned BITS> class memory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<memory, BITS> port{"port"};

    memory(const sc_core::sc_module_name &name, sc_core::sc_mutex &bus)
        : sc_module(name), bus_(bus), bytes_(IMAGES + 10 * INPUTS) {
        port.register_b_transport(this, &memory::access);
        for (unsigned i = 0; i < 10 * INPUTS; ++i) {
            bytes_[IMAGES + i] = pixel(i / INPUTS, i % INPUTS);
        }
    }

  private:
    void access(tlm::tlm_generic_payload &payload, sc_time &delay) {
        CHECK(payload.is_read());
        CHECK(payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE);
        CHECK(!payload.is_dmi_allowed());
        CHECK(!payload.get_byte_enable_ptr());
        CHECK(payload.get_streaming_width() == payload.get_data_length());
        const uint64_t address = payload.get_address();
        bus_.lock();
        sc_core::wait(sc_time(100, sc_core::SC_NS));
        bus_.unlock();
        delay += sc_time(50, sc_core::SC_NS);
        if (address + payload.get_data_length() > bytes_.size()) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(address), payload.get_data_length(),
                    payload.get_data_ptr());
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }

    sc_core::sc_mutex &bus_;
    std::vector<unsigned char> bytes_;
};

// What all checks of a chip use, at a socket of either width.
template <unsigned BITS> class tester : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<tester, BITS> bus{"bus"};
    sc_core::sc_in<bool> irq{"irq"};
    sc_core::sc_out<bool> reset{"reset"};
    bool finished = false;
    std::vector<uint32_t> got; // results of images that both testers give their chips

    // `is_first`: of the two, it fetches the images that the other writes to the window, and resets
    // an idle chip in between.
    tester(const sc_core::sc_module_name &name, sc_core::sc_mutex &held, bool is_first)
        : sc_module(name), held_(held), is_first_(is_first) {
        bus.register_nb_transport_bw(this, &tester::answer);
        SC_HAS_PROCESS(tester);
        SC_THREAD(run);
        SC_THREAD(start_beside);
    }

  private:
    tlm::tlm_response_status send(tlm::tlm_generic_payload &payload) {
        sc_time delay = sc_core::SC_ZERO_TIME;
        const tlm::tlm_command command = payload.get_command();
        const uint64_t address = payload.get_address();
        const unsigned length = payload.get_data_length();
        payload.set_dmi_allowed(true);
        held_.lock();
        bus->b_transport(payload, delay);
        held_.unlock();
        CHECK(!payload.is_dmi_allowed());
        CHECK(payload.get_command() == command && payload.get_address() == address &&
              payload.get_data_length() == length);
        return payload.get_response_status();
    }

    tlm::tlm_sync_enum answer(tlm::tlm_generic_payload &, tlm::tlm_phase &phase, sc_time &delay) {
        if (phase == tlm::BEGIN_RESP) {
            phase = tlm::END_RESP;
            answered_.notify(delay);
            return tlm::TLM_COMPLETED;
        }
        return tlm::TLM_ACCEPTED;
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

    void check_non_blocking() {
        manager own;
        tlm::tlm_generic_payload payload(&own);
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        sc_time delay = sc_core::SC_ZERO_TIME;
        uint32_t value = 0;
        fill(payload, TLM_READ_COMMAND, reg::id, &value, sizeof value);
        payload.acquire();
        CHECK(bus->nb_transport_fw(payload, phase, delay) != tlm::TLM_COMPLETED);
        wait(answered_);
        CHECK(payload.is_response_ok() && value == 0x4d434153);
        payload.release();
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

    void set_source(uint32_t image) {
        uint64_t source = IMAGES + image * INPUTS;
        CHECK(access(TLM_WRITE_COMMAND, reg::source, &source, 8) == tlm::TLM_OK_RESPONSE);
    }

    void take_result() {
        uint32_t activations[OUTPUTS];
        wait_for_result();
        CHECK((read(reg::status) & mca::state::failed) == 0);
        got.push_back(read(reg::number));
        got.push_back(read(reg::predicted));
        CHECK(access(TLM_READ_COMMAND, reg::activations, activations, sizeof activations) ==
              tlm::TLM_OK_RESPONSE);
        got.insert(got.end(), activations, activations + OUTPUTS);
        CHECK(write(reg::next, 1) == tlm::TLM_OK_RESPONSE);
    }

    // Images queue up to be fetched, without a wait; what would wait for them is refused. One that
    // is not there has a result in its turn.
    void check_fetch() {
        CHECK(write(reg::control, mca::start::fetch) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        const sc_time now = sc_core::sc_time_stamp();
        for (uint32_t image : {3, 10, 4}) { // there are 10
            set_source(image);
            CHECK(write(reg::control, mca::start::infer | mca::start::fetch) ==
                  tlm::TLM_OK_RESPONSE);
        }
        CHECK((read(reg::status) & mca::state::ready) == 0);
        CHECK(write(reg::control, mca::start::infer) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(reg::control, mca::start::end_batch) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(sc_core::sc_time_stamp() == now);
        take_result();
        wait_for_result();
        CHECK(read(reg::number) == got[0] + 1);
        CHECK((read(reg::status) & mca::state::failed) != 0);
        CHECK(try_read(reg::predicted) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(try_read(reg::activations) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        CHECK(write(reg::next, 1) == tlm::TLM_OK_RESPONSE);
        take_result();
        CHECK(!irq.read());
        CHECK(read(reg::status) == mca::state::ready);
    }

    // Images of the one's memory are those of the other's window; a reset of an idle chip leaves
    // what is stored.
    void check_same() {
        for (uint32_t image = 0; image < 10; ++image) {
            const uint32_t how = image < 6 ? mca::start::train : mca::start::infer;
            if ((image % 2 == 0) == is_first_) {
                set_source(image);
                CHECK(write(reg::label, image) == tlm::TLM_OK_RESPONSE);
                CHECK(write(reg::control, how | mca::start::fetch) == tlm::TLM_OK_RESPONSE);
            } else {
                start(image, how);
            }
            take_result();
            if (image >= 5) {
                CHECK(write(reg::control, mca::start::end_batch) == tlm::TLM_OK_RESPONSE);
            }
            if (image >= 5 && is_first_) {
                CHECK(write(reg::control, mca::start::reset) == tlm::TLM_OK_RESPONSE);
            }
        }
    }

    // A start that waits while another initiator resets the chip.
    void check_waiting_start() {
        start(3, mca::start::train);
        start(4, mca::start::train);
        beside_.notify(sc_core::SC_ZERO_TIME);
        wait(sc_time(1, sc_core::SC_NS));
        CHECK(beside_status_ == tlm::TLM_INCOMPLETE_RESPONSE);
        CHECK(write(reg::control, mca::start::reset) == tlm::TLM_OK_RESPONSE);
        wait(sc_time(1, sc_core::SC_NS));
        CHECK(beside_status_ == tlm::TLM_GENERIC_ERROR_RESPONSE);
        check_is_reset();
    }

    // Another initiator, which does not hold the bus.
    void start_beside() {
        wait(beside_);
        uint32_t how = mca::start::train;
        tlm::tlm_generic_payload payload;
        sc_time delay = sc_core::SC_ZERO_TIME;
        fill(payload, TLM_WRITE_COMMAND, reg::control, &how, sizeof how);
        bus->b_transport(payload, delay);
        beside_status_ = payload.get_response_status();
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
            pixels[i] = pixel(image, i);
        }
        CHECK(access(TLM_WRITE_COMMAND, reg::pixels, pixels, INPUTS) == tlm::TLM_OK_RESPONSE);
        CHECK(write(reg::label, image % 10) == tlm::TLM_OK_RESPONSE);
        CHECK(write(reg::control, how) == tlm::TLM_OK_RESPONSE);
    }

    // In the middle of an image, wherever that is, and of its fetch; then images run as before.
    void check_reset(uint64_t after_ns, bool by_signal) {
        start(3, mca::start::train);
        start(4, mca::start::train);
        set_source(5);
        CHECK(write(reg::control, mca::start::train | mca::start::fetch) == tlm::TLM_OK_RESPONSE);
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
        set_source(5);
        CHECK(write(reg::control, mca::start::train | mca::start::fetch) == tlm::TLM_OK_RESPONSE);
        wait_for_result();
        for (uint32_t i = 0; i < 2; ++i) {
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
        check_non_blocking();
        check_room();
        check_fetch();
        check_same();
        check_waiting_start();
        for (uint64_t after = 0; after < 3000; after += 77) {
            check_reset(after, after % 2 == 0);
        }
        finished = true;
    }

    sc_core::sc_mutex &held_; // the bus
    const bool is_first_;
    sc_core::sc_event answered_, beside_;
    tlm::tlm_response_status beside_status_ = tlm::TLM_INCOMPLETE_RESPONSE;
};

template <unsigned BITS> struct side {
    sc_core::sc_signal<bool> irq, reset;
    sc_core::sc_mutex bus;
    mca::chip chip;
    memory<BITS> store;
    tester<BITS> cpu;

    side(const std::string &name, bool is_first, const char *scenario,
         const std::vector<std::string> &sets, mca::unit_kind unit)
        : chip((name + "_chip").c_str(), scenario, sets, unit),
          store((name + "_memory").c_str(), bus), cpu((name + "_cpu").c_str(), bus, is_first) {
        chip.irq(irq);
        chip.reset(reset);
        cpu.irq(irq);
        cpu.reset(reset);
    }
};

// A platform without a host is refused before anything runs. SystemC cannot take it apart then.
[[noreturn]] void check_unbound(const char *scenario) {
    sc_core::sc_signal<bool> irq;
    mca::chip chip("chip", scenario, SETS);
    std::string told;
    chip.irq(irq);
    try {
        sc_core::sc_start();
    } catch (const sc_core::sc_report &report) {
        told = report.get_msg();
    }
    CHECK(told == "neither host nor host64 is bound");
    std::exit(failures == 0 ? 0 : 1);
}

} // namespace

int sc_main(int argc, char **argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: test_systemc_tlm SCENARIO model|rtl|unbound [KEY=VALUE...]\n");
        return 2;
    }
    if (std::strcmp(argv[2], "unbound") == 0) {
        check_unbound(argv[1]);
    }
    const mca::unit_kind unit =
        std::strcmp(argv[2], "rtl") == 0 ? mca::unit_kind::rtl : mca::unit_kind::model;
    std::vector<std::string> sets = SETS;
    sets.insert(sets.end(), argv + 3, argv + argc);
    side<32> a("a", true, argv[1], sets, unit);
    side<64> b("b", false, argv[1], sets, unit);
    a.cpu.bus.bind(a.chip.host);
    a.chip.memory.bind(a.store.port);
    b.cpu.bus.bind(b.chip.host64);
    b.chip.memory64.bind(b.store.port);
    sc_core::sc_start();
    // the kernel has nothing left to do: a call that has not returned never will
    CHECK(a.cpu.finished);
    CHECK(b.cpu.finished);
    CHECK(a.cpu.got == b.cpu.got);
    CHECK(a.cpu.got.size() == 12 * (2 + OUTPUTS));
    CHECK(count_threads(a.chip) < TILES); // their stacks would limit how many tiles there can be
    return failures == 0 ? 0 : 1;
}
