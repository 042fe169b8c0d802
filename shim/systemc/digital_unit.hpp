// The digital processing unit. Two modules fill the same place: model_unit, the C core's datapath,
// and rtl_unit, the Verilated RTL.
//
// `images` and `codes` take what the sequencer sends (BEGIN_REQ; a payload of codes is held until
// it is used), `notices` tells it what is done. Commands go to the drivers of each tile, or, within
// mini-batches, into the C core's memory of commands. The order of operations is that of
// docs/reference/rtl.md.
#ifndef MCA_SHIM_SYSTEMC_DIGITAL_UNIT_HPP
#define MCA_SHIM_SYSTEMC_DIGITAL_UNIT_HPP

#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include "context.hpp"
#include "payload.hpp"
#include "program_driver.hpp"
#include "update_words.hpp"

namespace mca {

class digital_unit : public sc_core::sc_module {
  public:
    tlm_utils::passthrough_target_socket<digital_unit> images;
    tlm_utils::passthrough_target_socket<digital_unit> codes;
    tlm_utils::simple_initiator_socket<digital_unit> notices;
    tlm_utils::simple_initiator_socket<digital_unit> chi;

    virtual void bind_driver(uint32_t tile, program_driver &driver) = 0; // tile of the chip
    virtual void trace(sc_core::sc_trace_file *file) const;
    // A reset: images, codes and commands that have not left are lost.
    virtual void restart();

  protected:
    digital_unit(const sc_core::sc_module_name &name, context &shared);

    // An update between its end and the departure of its last command.
    struct update_record {
        const mca_step *step = nullptr;
        bool over = false;
        uint64_t sequence = 0;
        uint64_t start_cycle = 0;
        std::optional<update_words> words;
        std::vector<uint64_t> spent; // [engines] cycles, where there are several
        mca_update_result result{};
        uint64_t stall_cycles = 0; // of its cycles, for full queues
        uint64_t pending = 0;      // commands taken that have not left
    };

    // Codes that wait, with the time of their arrival.
    struct arrival {
        tlm::tlm_generic_payload *payload;
        sc_core::sc_time at;
    };

    // The refresh of a layer is over, or, with one unit, that of all.
    virtual void free_again(uint32_t, uint64_t) {
    }
    // Known when all its commands have left.
    virtual uint64_t busy_cycles(const update_record &update) const = 0;

    // The codes of an operation, or codes_.end(): those of the next image may come early.
    std::deque<arrival>::iterator find_codes(const image &of, const mca_step &read);
    // At an edge, or, where that is past, now.
    void tell(notice kind, const mca_step *step, image *of, uint64_t sequence, uint64_t cycle);
    // What a step gives stands, or, without one, the image is done with, and what follows it known.
    void tell_of(image &of, const mca_step *stands, uint64_t cycle);
    // Whether codes of a step of reads come at all; forward they do, be they none.
    static bool codes_come(const image &of, const mca_step &read) {
        return !read.is_backward || !of.drives[read.layer].empty();
    }
    // Reads whose sums a vector operation takes, once their codes have come.
    uint64_t reads_of(const image &of, const mca_step &step) const;
    // The work of a vector operation; of a product, what mca_engine_multiply adds.
    mca_work work_of(const image &of, const mca_step &step) const;
    // Lines that what a step gives will drive backward on a layer; none if it is not driven so.
    static std::vector<drive_list> *drives_of(image &of, const mca_step &step);
    // To the sums, as the C core's read.
    void add_codes(image &of, codes_extension &codes) const;
    // The class and the loss, once the last activations stand.
    void note_outcome(image &of, const mca_step &step) const;
    // A vector operation: its counts and times.
    void book(const image &of, const mca_step &step, const mca_work &work,
              const monitor::operation_times &times, uint64_t busy_cycles);
    void begin_update(const mca_step &step, image &of, uint64_t start_cycle);
    void end_update(const mca_step &step, const mca_update_result &result);
    update_record &update_of(uint32_t layer, uint64_t sequence);
    // A command to the drivers: counted when a queue takes it, booked when it leaves.
    void command_left(const command &sent, uint64_t cycle);

    context &shared_;
    sc_core::sc_event arrived_; // an image or codes came
    std::deque<image *> images_;
    std::deque<arrival> codes_;
    // [layers] Oldest first: commands of one can wait for a read while the next begins.
    std::vector<std::list<update_record>> updates_;
    // For waveforms: operation at work, its layer.
    struct activity {
        uint32_t kind = 0;
        uint32_t layer = 0;
        bool busy = false;
    };
    std::vector<activity> shown_; // of each unit

  private:
    tlm::tlm_sync_enum take_image(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                  sc_core::sc_time &delay);
    tlm::tlm_sync_enum take_codes(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                  sc_core::sc_time &delay);
    void close_update(update_record &update);

    payload_pool<notice_extension> payloads_;
};

std::unique_ptr<digital_unit> make_model_unit(const char *name, context &shared);
// The chip has to have passed check_chip.
std::unique_ptr<digital_unit> make_rtl_unit(const char *name, context &shared);

} // namespace mca

#endif
