// One parameter set of the Verilated digital unit as a struct mca_dpu_rtl. Compiled once per
// set with MCA_RTL_MODEL (class), MCA_RTL_HEADER (its header), MCA_RTL_BUILT (symbol) and the
// parameters; with MCA_RTL_FST the class was made for FST waveforms, otherwise for VCD.
#include <cerrno>
#include <cstdint>
#include <exception>
#include <memory>
#include <type_traits>

#ifdef MCA_RTL_COVERAGE
#include <atomic>
#include <cstdlib>
#include <string>
#include <unistd.h>

#include "verilated_cov.h"
#endif

#include "shim/rtl/dpu_rtl_model.hpp"
#include "verilated.h"
#ifdef MCA_RTL_FST
#include "verilated_fst_c.h"
#else
#include "verilated_vcd_c.h"
#endif
#include MCA_RTL_HEADER

namespace {

#ifdef MCA_RTL_FST
class Waveform : public VerilatedFstC {
  public:
    int error() {
        return 0;
    }
};
#else
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
#endif

constexpr uint32_t LANES = MCA_RTL_LANES;
constexpr uint32_t ROW_BITS = MCA_RTL_WORD_BITS + MCA_RTL_LANE_BITS;
constexpr uint32_t COMMAND_BITS = 2 * ROW_BITS + 9;

// Ports are integers up to 64 bits and arrays of 32-bit words beyond.
template <typename Port> uint64_t bits_of(const Port &port, uint32_t first, uint32_t width) {
    const uint64_t mask = (uint64_t{1} << width) - 1;
    if constexpr (std::is_integral_v<Port>) {
        return (static_cast<uint64_t>(port) >> first) & mask;
    } else {
        const uint32_t word = first / 32;
        uint64_t value = port[word];
        if (first % 32 + width > 32) {
            value |= static_cast<uint64_t>(port[word + 1]) << 32;
        }
        return (value >> (first % 32)) & mask;
    }
}

// ORs into a port that was cleared.
template <typename Port> void put_bits(Port &port, uint32_t first, uint32_t width, uint32_t value) {
    const uint64_t kept = value & ((uint64_t{1} << width) - 1);
    if constexpr (std::is_integral_v<Port>) {
        port = static_cast<Port>(port | (kept << first));
    } else {
        const uint32_t word = first / 32;
        const uint64_t placed = kept << (first % 32);
        port[word] |= static_cast<uint32_t>(placed);
        if (first % 32 + width > 32) {
            port[word + 1] |= static_cast<uint32_t>(placed >> 32);
        }
    }
}

template <typename Port> void clear(Port &port, uint32_t bits) {
    if constexpr (std::is_integral_v<Port>) {
        port = 0;
    } else {
        for (uint32_t w = 0; w < (bits + 31) / 32; ++w) {
            port[w] = 0;
        }
    }
}

int32_t sign_extend(uint64_t value, uint32_t width) {
    const uint64_t sign = uint64_t{1} << (width - 1);
    return static_cast<int32_t>(static_cast<int64_t>((value ^ sign) - sign));
}

template <typename Port>
void read_lanes(const Port &port, uint32_t width, bool is_signed, int32_t *out) {
    for (uint32_t l = 0; l < LANES; ++l) {
        const uint64_t value = bits_of(port, l * width, width);
        out[l] = is_signed ? sign_extend(value, width) : static_cast<int32_t>(value);
    }
}

template <typename Port, typename Value>
void write_lanes(Port &port, uint32_t width, const Value *values) {
    clear(port, LANES * width);
    for (uint32_t l = 0; l < LANES; ++l) {
        put_bits(port, l * width, width, static_cast<uint32_t>(values[l]));
    }
}

// The model runs in its caller's thread. Verilator would start others all the same, and cannot end
// them where memory is short.
VerilatedContext *single_threaded(VerilatedContext &context) {
    context.threads(1);
    return &context;
}

#ifdef MCA_RTL_COVERAGE
// A file a unit, for verilator_coverage to merge.
void write_coverage(VerilatedContext &context) {
    static std::atomic<unsigned> number;
    if (const char *directory = std::getenv("MCA_RTL_COVERAGE_DIR")) {
        const std::string path = std::string(directory) + "/" MCA_RTL_NAME "-" +
                                 std::to_string(getpid()) + "-" + std::to_string(number++) + ".dat";
        context.coveragep()->write(path.c_str());
    }
}
#endif

struct Model : mca_dpu_rtl {
    VerilatedContext context;
    MCA_RTL_MODEL top{single_threaded(context), "dpu"};
    std::unique_ptr<Waveform> waveform;
    mca_dpu_rtl_command commands[MCA_RTL_TILES];
    int32_t image_codes[LANES], drive[LANES], chi[LANES], act[LANES], err[LANES], rated[LANES];

    uint64_t half_cycle_ps = 0;
    uint64_t time_ps = 0;
    bool failed = false; // memory was short: the unit's state is not known

    // Verilator throws where memory is short; the callers are C.
    template <typename Work> void attempt(Work work) {
        try {
            work();
        } catch (const std::exception &) {
            failed = true;
            (void)waveform.release(); // half-made: not to be closed
        }
    }

    void dump() {
        waveform->dump(time_ps);
        time_ps += half_cycle_ps;
    }

    Model() {
        context.traceEverOn(true);
    }

    ~Model() override {
        attempt([this] {
            if (waveform) {
                waveform->close();
            }
            top.final();
        });
#ifdef MCA_RTL_COVERAGE
        write_coverage(context);
#endif
    }

    int trace(const char *path, uint64_t clock_hz) override {
        half_cycle_ps = 500000000000u / clock_hz;
        time_ps = 0;
        attempt([this, path] {
            waveform = std::make_unique<Waveform>();
            waveform->set_time_unit("1ps");
            waveform->set_time_resolution("1ps");
            top.trace(waveform.get(), 99);
            waveform->open(path);
        });
        if (failed) {
            errno = ENOMEM;
            return -1;
        }
        return waveform->isOpen() ? 0 : -1;
    }

    int trace_error() override {
        int number = 0;
        attempt([this, &number] { number = waveform ? waveform->error() : 0; });
        return failed ? ENOMEM : number;
    }

    void step(const mca_dpu_rtl_in &in, mca_dpu_rtl_out &out) override {
        if (!failed) {
            attempt([&] { cycle(in, out); });
        }
        out.failed = failed;
    }

    mca_dpu_rtl_command command_of(uint32_t tile) const override {
        return commands[tile];
    }

    void cycle(const mca_dpu_rtl_in &in, mca_dpu_rtl_out &out) {
        const bool dumps = waveform && in.dump;
        top.clk_i = 0;
        apply(in);
        top.eval();
        if (dumps) {
            dump();
        }
        show(out);
        top.clk_i = 1;
        top.eval();
        if (dumps) {
            dump();
        }
    }

    void apply(const mca_dpu_rtl_in &in) {
        top.rst_ni = !in.reset;
        top.psel_i = in.apb_select != 0;
        top.penable_i = in.apb_enable != 0;
        top.pwrite_i = in.apb_write != 0;
        top.paddr_i = static_cast<SData>(in.apb_address);
        top.pwdata_i = in.apb_data;
        top.s_axis_image_tvalid_i = in.image_valid != 0;
        top.s_axis_image_tuser_i = static_cast<CData>(in.label);
        top.m_axis_image_tready_i = in.image_codes_ready != 0;
        top.s_axis_adc_tvalid_i = in.adc_valid != 0;
        top.m_axis_drive_tready_i = in.drive_ready != 0;
        top.m_axis_pulse_tready_i =
            static_cast<std::decay_t<decltype(top.m_axis_pulse_tready_i)>>(in.pulse_ready);
        top.chi_rvalid_i = in.chi_valid != 0;
        if (in.image_valid) {
            write_lanes(top.s_axis_image_tdata_i, 8, in.image);
        }
        if (in.adc_valid) {
            write_lanes(top.s_axis_adc_tdata_i, 16, in.adc);
        }
        if (in.chi_valid) {
            write_lanes(top.chi_rdata_i, MCA_RTL_CHI_BITS, in.chi);
        }
    }

    void show(mca_dpu_rtl_out &out) {
        out.apb_data = top.prdata_o;
        out.apb_error = top.pslverr_o;
        out.irq = top.irq_o;
        out.image_ready = top.s_axis_image_tready_o;
        out.image_codes_valid = top.m_axis_image_tvalid_o;
        out.image_codes_last = top.m_axis_image_tlast_o;
        out.adc_ready = top.s_axis_adc_tready_o;
        out.drive_valid = top.m_axis_drive_tvalid_o;
        out.drive_last = top.m_axis_drive_tlast_o;
        out.drive_kind = top.m_axis_drive_tuser_o & 3u;
        out.drive_layer = static_cast<uint32_t>(top.m_axis_drive_tuser_o) >> 2;
        out.pulse_valid = static_cast<uint64_t>(top.m_axis_pulse_tvalid_o);
        out.chi_read = top.chi_re_o;
        out.chi_read_address = top.chi_raddr_o;
        out.chi_write = top.chi_we_o;
        out.chi_write_address = top.chi_waddr_o;
        out.chi_saturated = bits_of(top.trace_saturated_o, 0, LANES);
        out.busy = top.trace_busy_o;
        out.frozen = top.trace_frozen_o;
        out.done = top.trace_done_o;
        out.done_kind = top.trace_kind_o;
        out.done_layer = top.trace_layer_o;
        out.done_cycles = top.trace_cycles_o;
        out.done_exponent = static_cast<int16_t>(top.trace_exponent_o);
        out.act_valid = top.trace_act_valid_o;
        out.act_word = top.trace_act_word_o;
        out.err_valid = top.trace_err_valid_o;
        out.err_word = top.trace_err_word_o;
        out.command_taken = top.trace_command_o;
        out.command_tile = top.trace_command_tile_o;
        show_commands(out.pulse_valid);
        show_lanes(out);
    }

    void show_commands(uint64_t offered) {
        for (uint32_t tile = 0; tile < MCA_RTL_TILES; ++tile) {
            if (offered >> tile & 1) {
                const auto &port = top.m_axis_pulse_tdata_o;
                const uint32_t first = tile * COMMAND_BITS;
                commands[tile] = {static_cast<uint32_t>(bits_of(port, first + ROW_BITS, ROW_BITS)),
                                  static_cast<uint32_t>(bits_of(port, first, ROW_BITS)),
                                  sign_extend(bits_of(port, first + 2 * ROW_BITS, 9), 9)};
            }
        }
    }

    void show_lanes(mca_dpu_rtl_out &out) {
        out.image_codes = image_codes;
        out.drive = drive;
        out.chi = chi;
        out.act = act;
        out.err = err;
        out.rated = rated;
        if (out.image_codes_valid) {
            read_lanes(top.m_axis_image_tdata_o, MCA_RTL_DAC_BITS, false, image_codes);
        }
        if (out.drive_valid) {
            read_lanes(top.m_axis_drive_tdata_o, 17, false, drive);
            for (uint32_t l = 0; l < LANES; ++l) { // sign and magnitude
                const int32_t magnitude = drive[l] & 0xffff;
                drive[l] = drive[l] >> 16 ? -magnitude : magnitude;
            }
        }
        if (out.chi_write) {
            read_lanes(top.chi_wdata_o, MCA_RTL_CHI_BITS, true, chi);
        }
        if (out.act_valid) {
            read_lanes(top.trace_act_o, MCA_RTL_ACT_BITS, false, act);
        }
        if (out.err_valid) {
            read_lanes(top.trace_err_o, MCA_RTL_ERR_BITS, true, err);
            read_lanes(top.trace_rated_o, MCA_RTL_ERR_BITS, true, rated);
        }
    }
};

mca_dpu_rtl *create() {
    try {
        return new Model;
    } catch (const std::exception &) {
        return nullptr;
    }
}

} // namespace

extern const mca_dpu_rtl_built MCA_RTL_BUILT;
const mca_dpu_rtl_built MCA_RTL_BUILT = {{LANES, MCA_RTL_ACT_BITS, MCA_RTL_ERR_BITS,
                                          MCA_RTL_DAC_BITS, MCA_RTL_CHI_BITS, MCA_RTL_FRAC_BITS,
                                          MCA_RTL_LAYERS, 1u << MCA_RTL_WORD_BITS, MCA_RTL_TILES,
                                          1u << MCA_RTL_ADDR_BITS, 1u << MCA_RTL_DEPTH_BITS},
                                         create};
