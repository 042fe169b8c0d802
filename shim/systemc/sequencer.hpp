// The chip's control: image port with two buffers, the reads of each layer, mini-batches,
// refreshes, and the registers of mca_chip.hpp.
//
// A layer's reads wait until its weights stand: after the update, mini-batch or refresh of the
// image before. All tiles of a layer read side by side; their conversions go to the digital unit
// together.
#ifndef MCA_SHIM_SYSTEMC_SEQUENCER_HPP
#define MCA_SHIM_SYSTEMC_SEQUENCER_HPP

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/passthrough_target_socket.h>
#include <tlm_utils/peq_with_get.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "command_queue.hpp"
#include "context.hpp"
#include "image_fetch.hpp"
#include "payload.hpp"
#include "program_driver.hpp"
#include "tile.hpp"

namespace mca {

class sequencer : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket_optional<sequencer, 32> host;
    tlm_utils::simple_target_socket_optional<sequencer, 64> host64;
    tlm_utils::simple_initiator_socket<sequencer> images;    // to the digital unit
    tlm_utils::simple_initiator_socket<sequencer> codes;     // to the digital unit
    tlm_utils::passthrough_target_socket<sequencer> notices; // from the digital unit
    sc_core::sc_out<bool> irq;
    image_fetch fetch;
    std::function<void()> on_reset; // of the whole chip, by its register

    // `rate` is what the chip has been set to (register reg::rate).
    sequencer(const sc_core::sc_module_name &name, context &shared, double rate);
    ~sequencer() override;
    void bind_tile(uint32_t number, tile &to); // of the chip
    void bind_driver(uint32_t number, program_driver &to);
    void trace(sc_core::sc_trace_file *file) const override;
    // A reset: see mca_chip.hpp. All other modules have been through it.
    void restart();
    // While the reset is high, no image is started.
    void hold(bool is_held) {
        is_held_ = is_held;
    }

  private:
    // What is left to do for an image that has been started.
    struct open_image {
        uint64_t sequence = 0;
        bool ends_batch = false; // its pulses wait for the end of the mini-batch, which it is
        bool refreshes = false;
        bool is_open = false; // whether it refreshes is known when it is done
        bool is_held = false; // its last update's pulses wait for the next image's read
        bool done = false;
        bool is_followed = false;  // mini-batch and refresh after it have been seen to
        std::vector<bool> updated; // [layers]
    };

    struct read_job {
        image *of;
        const mca_step *step;
        sc_core::sc_time ready;
    };

    // Reads of a layer that belong together, from their start until the digital unit has the codes.
    struct reading {
        image *of = nullptr;
        tlm::tlm_generic_payload *codes = nullptr; // none of a refresh
        std::vector<tlm::tlm_generic_payload *> reads;
        uint32_t to_convert = 0; // tiles
        bool sampled = false;    // all of it
    };

    // A layer's part of a refresh, from when its reads are asked for until they are converted.
    struct layer_scan {
        open_image *after = nullptr; // none: nothing is asked for
        uint64_t cycle = 0;          // from which on its registers may be loaded
        mca_work work{};
        sc_core::sc_time converted;
        sc_core::sc_event asked, over;
    };

    // The reads of one layer.
    struct layer_control {
        std::deque<read_job> jobs;
        sc_core::sc_event requested;
        sc_core::sc_event answered;
        uint32_t to_sample = 0; // tiles
        std::deque<std::unique_ptr<reading>> converting;
        int64_t altered = -1;       // last image whose changes of its weights are decided
        int64_t backward = -1;      // last image that reads it backward ...
        int64_t backward_over = -1; // ... and the last of those that has done so, or does not
        layer_scan scan;
    };

    // One read of all tiles of a layer.
    struct layer_read {
        mca_phase phase;
        mca_read_event event;
        const mca_lines *lines; // NULL: a read of a refresh, time alone
        uint32_t bits;
        sc_core::sc_time ready;
        uint32_t number; // among those that belong together
        uint32_t position;
        int sign;
    };

    // Of images that have been started and whose results the host has not taken: for each there is
    // room, so that no image waits for the host.
    static constexpr size_t RESULTS_MAX = 16;

    struct result {
        uint64_t count; // of the image, as the host counts
        mca_image_outcome outcome;
        std::vector<uint32_t> activations; // empty: the image could not be fetched
    };

    // A window of bytes that the host sees.
    struct window {
        uint64_t first;
        uint64_t size;
        uint8_t *bytes; // NULL: nothing stands in it
        bool is_written;
    };

    // host_port.cpp: transactions
    void access(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);
    unsigned access_debug(tlm::tlm_generic_payload &payload);
    bool grant_direct(tlm::tlm_generic_payload &payload, tlm::tlm_dmi &dmi);
    tlm::tlm_response_status respond(tlm::tlm_generic_payload &payload);
    tlm::tlm_response_status access_window(tlm::tlm_generic_payload &payload, const window &to);
    tlm::tlm_response_status access_registers(tlm::tlm_generic_payload &payload);
    std::optional<window> window_at(uint64_t address);
    std::optional<uint8_t> peek(uint64_t address);
    bool poke(uint64_t address, uint8_t byte);

    // host_registers.cpp: what they hold and do
    std::optional<uint64_t> value_of(uint64_t address) const;
    bool write_register(uint64_t address, uint32_t value);
    void poke_register(uint64_t address, uint8_t byte);
    bool command_chip(uint32_t what);
    bool set_rate(double rate);
    bool start_image(bool train, bool fetches);
    bool take_result();
    bool end_batch();
    bool wait_until_idle();
    bool wait_for_place();
    bool is_fetching() const;
    void reset_by_register();
    void show_irq();

    // sequencer.cpp: images
    void image_port();
    void fetch_front();
    void take_fetched(const std::vector<uint8_t> &pixels, bool came);
    void fail_image();
    image *free_buffer();
    void plan(image &next);
    void load(image &next);
    tlm::tlm_sync_enum take_notice(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                   sc_core::sc_time &delay);
    void heed();
    void heed_notice(const notice_extension &ext);
    // A job of the layer that may start: images go one after the other. End of the jobs: none.
    std::deque<read_job>::iterator next_job(uint32_t layer);
    void end_backward(uint32_t layer, const image &of);
    // Reads of what a step gives, which stands from now on.
    void start_reads(image &of, const mca_step &step);
    // Where a step was the last to multiply the image: the next one can be loaded.
    void note_image_read(const image &of, const mca_step &step);
    void note_updated(open_image &of, uint32_t layer);
    void give_result(const image &of);
    void finish_image(image &of);
    // The first layer has been read for an image: pulses of the one before can come.
    void note_read_ahead(const image &of);
    // No image follows the last one for now: its pulses need not wait for a read.
    void release_held();
    void decide_refresh(open_image &open);
    open_image &find_open(uint64_t sequence);

    // layer_reads.cpp
    void run_layer(uint32_t layer);
    bool weights_stand(uint32_t layer, const image &of) const;
    void run_conversions(uint32_t layer);
    reading &begin_reading(uint32_t layer, const read_job &job);
    void end_reading(uint32_t layer, reading &now);
    // How many drives of an input have lines at all: a signed one can have two a position.
    uint64_t count_forward(uint32_t layer, image &of) const;
    void read_forward(uint32_t layer, read_job job);
    void read_streaming(uint32_t layer, const read_job &job);
    void read_position(uint32_t layer, const read_job &job, uint32_t drive, reading *&into,
                       mca_work &work);
    void read_backward(uint32_t layer, const read_job &job);
    void read_tiles(uint32_t layer, const layer_read &read, reading &by);
    // The conversions go into a block, or, where that is NULL, nowhere.
    void read_tile(uint32_t layer, uint32_t number, const layer_read &read, const mca_drive &drive,
                   reading &by, code_block *into);
    // Waits for the conversions of `reads` reads and books them; returns when the last came.
    sc_core::sc_time convert(reading &of, uint64_t sequence, const mca_step &step, uint64_t reads);
    tlm::tlm_sync_enum tile_answers(int tile, tlm::tlm_generic_payload &payload,
                                    tlm::tlm_phase &phase, sc_core::sc_time &delay);

    // maintenance.cpp
    void maintain();
    void close_images();
    bool has_settled(uint32_t layer, const open_image &of) const;
    void send_waiting(const open_image &open);
    void refresh(open_image &open);
    void ask_for_scan(open_image &open, uint32_t layer, uint64_t cycle);
    void run_scans(uint32_t layer);
    void scan_layer(uint32_t layer);
    void refresh_layer(const open_image &open, uint32_t layer, uint64_t &free_cycle);
    void free_unit(uint32_t layer, uint64_t cycle);
    // Of commands of the images up to one.
    bool queues_empty(uint32_t layer, int64_t up_to) const;
    void command_left(const command &sent, uint64_t cycle);

    context &shared_;
    image buffers_[2];
    mca_arena arena_{};
    std::vector<uint8_t> window_;
    uint32_t label_ = 0;
    uint64_t source_ = 0;
    uint32_t batch_;
    double rate_;
    uint64_t rate_bits_ = 0;

    struct submission {
        std::vector<uint8_t> pixels;
        uint32_t label;
        bool train;
        uint64_t source;
        bool is_whole; // false: to be fetched
        bool failed;
    };
    std::deque<submission> submitted_; // at most one that is not to be fetched
    size_t promised_ = 0;              // results
    uint64_t resets_ = 0;
    bool is_held_ = false;
    sc_core::sc_event submitted_event_, taken_event_, released_event_, read_event_, idle_event_,
        weights_event_, work_event_, result_event_, item_event_;
    uint64_t next_sequence_ = 0;
    uint64_t next_number_ = 0;
    uint64_t next_count_ = 0; // images
    int64_t image_read_ = -1; // last image that has been read, where it is driven on lines
    int64_t image_loaded_ = -1;
    int64_t fence_ = -1;         // last started image that changes weights
    int64_t refresh_fence_ = -1; // ... that a refresh follows, or can
    int64_t first_fence_ = -1;   // ... whose pulses the first layer's next read waits for
    int64_t held_ = -1;          // the last image, if the first layer's pulses wait for that read
    int64_t taken_ = -1;         // last image whose codes of the first layer are taken ...
    sc_core::sc_time taken_at_;  // ... since then
    bool train_mode_ = true;
    std::vector<bool> refreshing_; // [layers] the digital unit is taken
    std::deque<open_image> open_;
    std::deque<result> results_;

    std::vector<std::unique_ptr<layer_control>> layers_;
    std::vector<std::unique_ptr<tlm_utils::simple_initiator_socket_tagged<sequencer>>> tiles_;
    std::vector<std::unique_ptr<command_queue>> queues_; // [tiles] mini-batches and refreshes
    std::vector<uint32_t> layer_of_tile_;
    payload_pool<read_extension> read_payloads_;
    payload_pool<codes_extension> codes_payloads_;
    payload_pool<image_extension> image_payloads_;
    tlm_utils::peq_with_get<tlm::tlm_generic_payload> told_;
    bool loading_ = false; // for waveforms
    uint32_t image_now_ = 0;
};

} // namespace mca

#endif
