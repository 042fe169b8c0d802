// What travels between the modules of the chip: generic payloads, each with an extension that says
// what the bytes mean, and the image that they belong to.
#ifndef MCA_SHIM_SYSTEMC_PAYLOAD_HPP
#define MCA_SHIM_SYSTEMC_PAYLOAD_HPP

#include <memory>
#include <stdexcept>
#include <vector>

#include <systemc>
#include <tlm>

#include "chip/engine.h"
#include "chip/probe.h"
#include "chip/timeline.h"
#include "chip/view.h"

namespace mca {

// Reports an error of the chip; throws where the report handler does not.
[[noreturn]] inline void fail(const char *message) {
    SC_REPORT_ERROR("/mca/chip", message);
    throw std::runtime_error(message);
}

// What cannot happen unless a module breaks the protocol.
inline void require(bool condition, const char *message) {
    if (!condition) {
        fail(message);
    }
}

// Begins a request; returns the delay that its target leaves.
template <typename Socket>
sc_core::sc_time begin_request(Socket &socket, tlm::tlm_generic_payload &payload,
                               sc_core::sc_time delay = sc_core::SC_ZERO_TIME) {
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    socket->nb_transport_fw(payload, phase, delay);
    return delay;
}

// Lines to drive in one read: the part of a signed input that has this sign, 0 for both.
struct drive_list {
    uint32_t drive = 0; // its number, among those of all positions
    uint32_t position = 0;
    int sign = 0;
    std::vector<uint32_t> line;
    std::vector<int32_t> code;
    std::vector<double> value; // where the DAC is ideal
};

// An image on the chip. There are as many of these as image buffers.
struct image {
    uint64_t sequence = 0; // of all that is started, from 0: images and ends of mini-batches
    uint64_t count = 0;    // of all images, from 0
    uint64_t number = 0;   // of those trained on, from 0
    bool train = true;
    const mca_program *program = nullptr; // its steps
    uint32_t label = 0;
    std::vector<uint8_t> pixels;
    sc_core::sc_time load_start;
    mca_signals signals{};
    std::vector<std::vector<sc_core::sc_time>> stands; // [layer] items, where layers stream
    std::vector<uint64_t> forward_reads;               // [layer] known when they begin
    std::vector<std::vector<drive_list>> drives;       // [layer] backward reads
    // sequence of the last image before it that changes weights, or -1; and of those whose weights
    // do not learn
    int64_t fence = -1;
    int64_t frozen_fence = -1;
    int64_t first_fence = -1;            // ... of the first layer, where that is read ahead
    int64_t follows = -1;                // the image before it, whose update waits for its read
    std::vector<int64_t> backward_fence; // [layer] the last image before it that reads it backward
    mca_image_plan after{};              // whole when the digital unit is done with it
    mca_image_outcome outcome{};
    bool in_use = false;
};

// What TLM asks of every extension: to be copied.
template <typename Extension> struct extension_base : tlm::tlm_extension<Extension> {
    tlm::tlm_extension_base *clone() const override {
        return new Extension(static_cast<const Extension &>(*this));
    }
    void copy_from(const tlm::tlm_extension_base &other) override {
        static_cast<Extension &>(*this) = static_cast<const Extension &>(other);
    }
};

// A read of a tile (sequencer to tile). The data are its conversions: int32_t codes, or doubles
// where the converter is ideal; none for a refresh.
struct read_extension : extension_base<read_extension> {
    mca_phase phase = MCA_PHASE_FORWARD;
    mca_drive drive{};
    mca_read_event event{};
    uint32_t lines = 0;             // converted
    uint32_t bits = 0;              // of DAC magnitude
    uint32_t number = 0;            // among the reads of its layer that belong together
    bool values = true;             // false: time alone
    uint32_t *to_convert = nullptr; // counts down as tiles have converted
    sc_core::sc_time ready;         // when the codes to drive stand
    // set by the tile
    sc_core::sc_time driving, driven, read, sampled, converted; // driving: begins

    mca_read_time time_on(const mca_chip *model, uint32_t layer) const {
        return mca_read_time_of(mca_chip_config_of(model),
                                &mca_chip_layer(model, layer).matrix->place, bits,
                                phase == MCA_PHASE_REFRESH    ? MCA_READ_SCAN
                                : phase == MCA_PHASE_BACKWARD ? MCA_READ_BACKWARD
                                                              : MCA_READ_FORWARD);
    }
};

// One tile's conversions of one read.
struct code_block {
    uint32_t tile = 0; // of the layer
    uint32_t position = 0;
    uint32_t read = 0; // of those in the payload
    int sign = 1;
    std::vector<int32_t> level;
    std::vector<double> column;
};

// A layer's conversions, of all its tiles and reads (sequencer to digital unit); where it is read
// at many positions, those of a single read.
struct codes_extension : extension_base<codes_extension> {
    const mca_step *step = nullptr; // the read, of the image's program
    image *of = nullptr;
    uint32_t reads = 0;
    std::vector<code_block> blocks;
};

// An image on its way into the digital unit, from its load_start on (sequencer to digital unit). Or
// none: a refresh, which took the unit, is over.
struct image_extension : extension_base<image_extension> {
    image *is = nullptr;
    uint64_t free_cycle = 0; // the unit is free again ...
    uint32_t layer = 0;      // ... of this layer, where each has one
};

// What the digital unit tells the sequencer.
enum class notice {
    stands,  // what `step` gives
    item,    // the next item of it, where layers stream
    outcome, // class and activations stand, of an image whose last update waits for the next
    updated, // `step`, an update, is over and all its commands have left
    done     // the unit is done with the image
};

struct notice_extension : extension_base<notice_extension> {
    notice kind = notice::done;
    const mca_step *step = nullptr; // none of `outcome` and `done`
    image *of = nullptr;            // none of `updated`, whose image may be done
    uint64_t sequence = 0;
};

// A pulse command. Its pulses begin at `start`, an edge of the clock.
struct command {
    mca_pulse_command pulses{};
    uint64_t duration_ps = 0;
    bool moves_values = true; // false: a refresh has moved them
    mca_phase phase = MCA_PHASE_TRANSFER;
    uint64_t sequence = 0;    // of the image that it is booked on
    uint64_t taken_cycle = 0; // of an update's or a mini-batch's
};

// A command of the transfer as the update of an image issues it.
inline command command_of(const ::mca_chip *model, const mca_pulse_command &pulses,
                          uint64_t sequence) {
    command next;
    next.pulses = pulses;
    next.duration_ps = mca_engine_pulses_ps(model, pulses.pulses);
    next.sequence = sequence;
    return next;
}

struct command_extension : extension_base<command_extension> {
    command is;
    sc_core::sc_time start;
};

// A payload that means what it says.
struct no_extension : extension_base<no_extension> {};

// Payloads with an extension, used again when released.
template <typename Extension> class payload_pool : public tlm::tlm_mm_interface {
  public:
    payload_pool() = default;
    payload_pool(const payload_pool &) = delete;
    payload_pool &operator=(const payload_pool &) = delete;

    // One reference, the caller's.
    tlm::tlm_generic_payload &take() {
        if (free_.empty()) {
            owned_.push_back(std::make_unique<tlm::tlm_generic_payload>(this));
            owned_.back()->set_extension(new Extension);
            free_.push_back(owned_.back().get());
        }
        tlm::tlm_generic_payload *payload = free_.back();
        free_.pop_back();
        payload->acquire();
        payload->set_command(tlm::TLM_IGNORE_COMMAND); // what it means is in the extension
        payload->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        return *payload;
    }

    static Extension &extension(tlm::tlm_generic_payload &payload) {
        return *payload.get_extension<Extension>();
    }

    // All of them, once nobody uses those that are out any more.
    void recall() {
        for (const auto &payload : owned_) {
            while (payload->get_ref_count() > 0) {
                payload->release();
            }
        }
    }

    void free(tlm::tlm_generic_payload *payload) override {
        free_.push_back(payload);
    }

  private:
    std::vector<std::unique_ptr<tlm::tlm_generic_payload>> owned_;
    std::vector<tlm::tlm_generic_payload *> free_;
};

} // namespace mca

#endif
