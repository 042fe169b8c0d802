#ifndef MCA_WAVEFORM_HPP
#define MCA_WAVEFORM_HPP
// What a Verilated unit writes as a waveform: the signals, and the scope `cosim` with what its user
// noted of a cycle. Each cycle stands on the time its user gave. Without a format of waveforms
// (MCA_RTL_VCD, MCA_RTL_FST) there is none, and opening one is refused.
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "dpu_unit.h"
#include "verilated.h"
#include "verilated_dpu.h"
#include "verilated_parameters.h"
#ifdef MCA_RTL_FST
#include "verilated_fst_c.h"
#endif
#ifdef MCA_RTL_VCD
#include "verilated_vcd_c.h"
#endif

#if defined MCA_RTL_FST || defined MCA_RTL_VCD

#ifdef MCA_RTL_FST
class Waveform : public VerilatedFstC {
  public:
    int error() {
        return 0;
    }
};

using Trace = VerilatedFst;
void declare(Trace *trace, uint32_t code, const char *name, uint32_t bits) {
    const int high = static_cast<int>(bits) - 1;
    if (bits == 1) {
        trace->declBit(code, name, -1, FST_VD_IMPLICIT, FST_VT_VCD_WIRE, false, -1);
    } else if (bits <= 32) {
        trace->declBus(code, name, -1, FST_VD_IMPLICIT, FST_VT_VCD_WIRE, false, -1, high, 0);
    } else if (bits <= 64) {
        trace->declQuad(code, name, -1, FST_VD_IMPLICIT, FST_VT_VCD_WIRE, false, -1, high, 0);
    } else {
        trace->declArray(code, name, -1, FST_VD_IMPLICIT, FST_VT_VCD_WIRE, false, -1, high, 0);
    }
}
#endif

#ifdef MCA_RTL_VCD
// Verilator ends the program when a write fails: keep the error instead, and go on without writing.
class CheckedFile : public VerilatedVcdFile {
  public:
    int error = 0;
    ssize_t write(const char *bytes, ssize_t count) override {
        const ssize_t written = error ? count : VerilatedVcdFile::write(bytes, count);
        if (written < 0 && errno != EAGAIN && errno != EINTR) {
            error = errno;
            return count;
        }
        return written;
    }
};

class Waveform : private CheckedFile, public VerilatedVcdC {
  public:
    Waveform() : VerilatedVcdC(static_cast<CheckedFile *>(this)) {
    }
    using VerilatedVcdC::close;
    using VerilatedVcdC::open;
    int error() {
        flush();
        return CheckedFile::error;
    }
};

using Trace = VerilatedVcd;
void declare(Trace *trace, uint32_t code, const char *name, uint32_t bits) {
    const int high = static_cast<int>(bits) - 1;
    if (bits == 1) {
        trace->declBit(code, name, false, -1);
    } else if (bits <= 32) {
        trace->declBus(code, name, false, -1, high, 0);
    } else if (bits <= 64) {
        trace->declQuad(code, name, false, -1, high, 0);
    } else {
        trace->declArray(code, name, false, -1, high, 0);
    }
}
#endif

// The scope `cosim` of a waveform: what its user noted of a cycle, beside Verilator's own signals.
class Notes {
  public:
    void join(Trace *trace) {
        trace->addInitCb(&Notes::declare_all, this);
        trace->addFullCb(&Notes::write<true>, this);
        trace->addChgCb(&Notes::write<false>, this);
    }

    void take(const mca_dpu_rtl_note &note) {
        const uint64_t values[NUMBERS] = {note.cycle,
                                          note.image,
                                          note.operation,
                                          note.layer,
                                          note.operation_cycle,
                                          static_cast<uint64_t>(note.row),
                                          static_cast<uint64_t>(note.column),
                                          static_cast<uint64_t>(note.expected),
                                          static_cast<uint64_t>(note.got),
                                          note.differs != 0};
        std::memcpy(numbers_, values, sizeof numbers_);
        // as Verilog keeps a string: the last letter in the lowest bits
        const size_t length = strnlen(note.compared, LETTERS);
        std::memset(compared_, 0, sizeof compared_);
        for (size_t i = 0; i < length; ++i) {
            const auto letter = static_cast<unsigned char>(note.compared[length - 1 - i]);
            compared_[i / 4] |= static_cast<uint32_t>(letter) << i % 4 * 8;
        }
        std::memcpy(expected_, note.expected_lanes, sizeof expected_);
        std::memcpy(got_, note.got_lanes, sizeof got_);
    }

  private:
    static constexpr uint32_t NUMBERS = 10;
    static constexpr uint32_t LETTERS = 40;
    struct Number {
        const char *name;
        uint32_t bits;
    };
    static constexpr Number NUMBER[NUMBERS] = {
        {"cycle", 64}, {"image", 64},  {"operation", 2}, {"layer", 8}, {"operation_cycle", 64},
        {"row", 32},   {"column", 32}, {"expected", 64}, {"got", 64},  {"differs", 1}};
    // codes of the waveform: two a number, then the words of the text and the lanes
    static constexpr uint32_t TEXT = 2 * NUMBERS;
    static constexpr uint32_t EXPECTED = TEXT + LETTERS / 4;
    static constexpr uint32_t GOT = EXPECTED + MCA_RTL_LANES;

    static void declare_all(void *user, Trace *trace, uint32_t code) {
        static_cast<Notes *>(user)->code_ = code;
        trace->pushNamePrefix("cosim ");
        trace->scopeEscape(' ');
        for (uint32_t i = 0; i < NUMBERS; ++i) {
            declare(trace, code + 2 * i, NUMBER[i].name, NUMBER[i].bits);
        }
        declare(trace, code + TEXT, "compared", LETTERS * 8);
        for (uint32_t l = 0; l < MCA_RTL_LANES; ++l) {
            const std::string lane = std::to_string(l);
            declare(trace, code + EXPECTED + l, ("expected_lane_" + lane).c_str(), 32);
            declare(trace, code + GOT + l, ("got_lane_" + lane).c_str(), 32);
        }
        trace->scopeEscape('.');
        trace->popNamePrefix(1);
    }

    template <bool IS_FULL> static void write(void *user, Trace::Buffer *buffer) {
        const Notes &notes = *static_cast<Notes *>(user);
        uint32_t *const old = buffer->oldp(notes.code_);
        for (uint32_t i = 0; i < NUMBERS; ++i) {
            const int bits = static_cast<int>(NUMBER[i].bits);
            const uint64_t value = notes.numbers_[i];
            if (bits == 1) {
                IS_FULL ? buffer->fullBit(old + 2 * i, value != 0)
                        : buffer->chgBit(old + 2 * i, value != 0);
            } else if (bits <= 32) {
                put_word<IS_FULL>(buffer, old + 2 * i, static_cast<uint32_t>(value), bits);
            } else {
                IS_FULL ? buffer->fullQData(old + 2 * i, value, bits)
                        : buffer->chgQData(old + 2 * i, value, bits);
            }
        }
        IS_FULL ? buffer->fullWData(old + TEXT, notes.compared_, LETTERS * 8)
                : buffer->chgWData(old + TEXT, notes.compared_, LETTERS * 8);
        for (uint32_t l = 0; l < MCA_RTL_LANES; ++l) {
            put_word<IS_FULL>(buffer, old + EXPECTED + l, static_cast<uint32_t>(notes.expected_[l]),
                              32);
            put_word<IS_FULL>(buffer, old + GOT + l, static_cast<uint32_t>(notes.got_[l]), 32);
        }
    }

    template <bool IS_FULL>
    static void put_word(Trace::Buffer *buffer, uint32_t *old, uint32_t value, int bits) {
        const uint32_t kept = bits == 32 ? value : value & ((uint32_t{1} << bits) - 1);
        IS_FULL ? buffer->fullIData(old, kept, bits) : buffer->chgIData(old, kept, bits);
    }

    uint32_t code_ = 0;
    uint64_t numbers_[NUMBERS] = {};
    uint32_t compared_[LETTERS / 4] = {};
    int32_t expected_[MCA_RTL_LANES] = {};
    int32_t got_[MCA_RTL_LANES] = {};
};

// Dumps cycles; whoever calls catches what Verilator throws where memory is short.
class CycleWaves {
  public:
    // PATH: a new file. Returns 0, or -1 with errno.
    int open(verilated_dpu &top, const char *path, uint64_t clock_hz) {
        half_cycle_ps_ = 500000000000u / clock_hz;
        free_ps_ = 0;
        file_ = std::make_unique<Waveform>();
        file_->set_time_unit("1ps");
        file_->set_time_resolution("1ps");
        top.trace(file_.get(), 99);
        notes_.join(file_->spTrace());
        file_->open(path);
        is_open_ = file_->isOpen();
        return is_open_ ? 0 : -1;
    }

    // With the clock low: the cycle before ends.
    void begin_cycle(const mca_dpu_rtl_in &in) {
        if (is_open_ && in.dump) {
            const uint64_t start_ps = in.dump_ps > free_ps_ ? in.dump_ps : free_ps_;
            file_->dump(start_ps);
            free_ps_ = start_ps + 2 * half_cycle_ps_;
        }
    }

    void end_cycle(const mca_dpu_rtl_in &in) {
        has_edge_ = is_open_ && in.dump;
    }

    void show_edge() {
        if (has_edge_) {
            has_edge_ = false;
            file_->dump(free_ps_ - half_cycle_ps_);
        }
    }

    // Returns the time of the cycle's edge, or UINT64_MAX where the cycle is not dumped.
    uint64_t note(const mca_dpu_rtl_note &note) {
        if (!has_edge_) {
            return UINT64_MAX;
        }
        notes_.take(note);
        show_edge();
        return free_ps_ - half_cycle_ps_;
    }

    // Ends the waveform; the first errno of a write, or 0.
    int error() {
        close();
        return file_ ? file_->error() : 0;
    }

    void close() {
        if (is_open_) {
            if (free_ps_ > 0) { // to the end of the last cycle
                show_edge();
                file_->dump(free_ps_);
            }
            is_open_ = false;
            file_->close();
        }
    }

    // Of a file that is half made, and not to be closed.
    void abandon() {
        is_open_ = false;
        (void)file_.release();
    }

  private:
    Notes notes_;
    bool is_open_ = false;
    std::unique_ptr<Waveform> file_;
    uint64_t half_cycle_ps_ = 0;
    uint64_t free_ps_ = 0;  // end of the last cycle dumped
    bool has_edge_ = false; // its edge waits for its note
};

constexpr bool HAS_WAVEFORM = true;

#else

class CycleWaves {
  public:
    int open(verilated_dpu &, const char *, uint64_t) {
        errno = ENOTSUP;
        return -1;
    }
    void begin_cycle(const mca_dpu_rtl_in &) {
    }
    void end_cycle(const mca_dpu_rtl_in &) {
    }
    void show_edge() {
    }
    uint64_t note(const mca_dpu_rtl_note &) {
        return UINT64_MAX;
    }
    int error() {
        return 0;
    }
    void close() {
    }
    void abandon() {
    }
};

constexpr bool HAS_WAVEFORM = false;

#endif

#endif
