// A Verilated digital unit behind dpu_unit.h. Compiled by `verilate`, which writes
// verilated_parameters.h: the parameters as MCA_RTL_name, whether the trace ports are there
// (MCA_RTL_HAS_TRACE) or what they lack (MCA_RTL_TRACE_LACKS), and the format of waveforms
// (MCA_RTL_VCD, MCA_RTL_FST or neither). Verilator's class is verilated_dpu.
#include <cerrno>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "dpu_unit.h"
#include "verilated.h"
#include "verilated_dpu.h"
#include "verilated_parameters.h"
#include "waveform.hpp"
#ifdef MCA_RTL_COVERAGE
#include <cstdlib>
#include <unistd.h>

#include "verilated_cov.h"
#endif

namespace {

// What Verilog or Verilator would end the program with.
struct Ended : std::runtime_error {
    Ended(const char *file, int line, const char *what)
        : std::runtime_error((file && *file ? std::string(file) + ":" + std::to_string(line) + ": "
                                            : std::string()) +
                             what) {
    }
};

} // namespace

void vl_finish(const char *file, int line, const char *) VL_MT_UNSAFE {
    throw Ended(file, line, "$finish");
}

void vl_stop(const char *file, int line, const char *) VL_MT_UNSAFE {
    throw Ended(file, line, "$stop");
}

void vl_fatal(const char *file, int line, const char *, const char *what) VL_MT_UNSAFE {
    throw Ended(file, line, what);
}

namespace {

constexpr uint32_t LANES = MCA_RTL_LANES;
constexpr uint32_t TILES = uint32_t{1} << MCA_RTL_TILE_BITS;
constexpr uint32_t ROW_BITS = MCA_RTL_WORD_BITS + MCA_RTL_LANE_BITS;
constexpr uint32_t COMMAND_BITS = 2 * ROW_BITS + 9;

// Ports are integers up to 64 bits and arrays of 32-bit words beyond.
template <typename Port> uint64_t bits_of(const Port &port, uint32_t first, uint32_t width) {
    const uint64_t mask = ~uint64_t{0} >> (64 - width);
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
    if (const char *directory = std::getenv("MCA_RTL_COVERAGE_DIR")) {
        std::string path = std::string(directory) + "/XXXXXX.dat";
        const int file = mkstemps(path.data(), 4);
        if (file >= 0) {
            close(file);
            context.coveragep()->write(path.c_str());
        }
    }
}
#endif

} // namespace

struct mca_dpu_unit_instance {
    VerilatedContext context;
    verilated_dpu top{single_threaded(context), "dpu"};
    mca_dpu_rtl_command commands[TILES];
    int32_t image_codes[LANES], drive[LANES], chi[LANES], act[LANES], err[LANES], rated[LANES];
    bool failed = false; // the unit's state is not known
    std::string ended;   // why; empty where memory was short
    CycleWaves waves;

    // Verilator throws where memory is short, and we where a unit ends; the callers are C.
    template <typename Work> void attempt(Work work) {
        try {
            work();
        } catch (const Ended &end) {
            failed = true;
            ended = end.what();
        } catch (const std::exception &) {
            failed = true;
            waves.abandon();
        }
    }

    mca_dpu_unit_instance() {
        context.traceEverOn(HAS_WAVEFORM);
    }

    ~mca_dpu_unit_instance() {
        attempt([this] {
            waves.close();
            top.final();
        });
#ifdef MCA_RTL_COVERAGE
        write_coverage(context);
#endif
    }

    uint64_t note(const mca_dpu_rtl_note &note) {
        uint64_t edge_ps = UINT64_MAX;
        attempt([&] { edge_ps = waves.note(note); });
        return edge_ps;
    }

    int trace(const char *path, uint64_t clock_hz) {
        int status = -1;
        attempt([&] { status = waves.open(top, path, clock_hz); });
        if (failed) {
            errno = ENOMEM;
        }
        return status;
    }

    int trace_error() {
        int number = 0;
        attempt([&] { number = waves.error(); });
        return failed ? ENOMEM : number;
    }

    void step(const mca_dpu_rtl_in &in, mca_dpu_rtl_out &out) {
        if (!failed) {
            attempt([&] { cycle(in, out); });
        }
        out.failed = failed;
        out.ended = ended.empty() ? nullptr : ended.c_str();
    }

    void cycle(const mca_dpu_rtl_in &in, mca_dpu_rtl_out &out) {
        waves.show_edge();
        top.clk_i = 0;
        apply(in);
        top.eval();
        waves.begin_cycle(in);
        show(out);
        top.clk_i = 1;
        top.eval();
        waves.end_cycle(in);
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
        put_tiles(top.m_axis_pulse_tready_i, in.pulse_ready);
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
        out.apb_ready = top.pready_o;
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
        show_commands(out.pulse_valid);
        out.chi_read = top.chi_re_o;
        out.chi_read_address = top.chi_raddr_o;
        out.chi_write = top.chi_we_o;
        out.chi_write_address = top.chi_waddr_o;
        show_lanes(out);
#ifdef MCA_RTL_HAS_TRACE
        show_trace(out);
#endif
    }

    template <typename Port> static void put_tiles(Port &port, const uint64_t *ready) {
        if constexpr (TILES <= 64) {
            port = static_cast<Port>(ready[0]);
        } else {
            for (uint32_t w = 0; w < TILES / 32; ++w) {
                port[w] = static_cast<uint32_t>(ready[w / 2] >> (w % 2 * 32));
            }
        }
    }

    void show_commands(uint64_t *valid) {
        for (uint32_t w = 0; w < (TILES + 63) / 64; ++w) {
            valid[w] = tiles_of(top.m_axis_pulse_tvalid_o, w);
            for (uint64_t offered = valid[w]; offered != 0; offered &= offered - 1) {
                show_command(w * 64 + static_cast<uint32_t>(__builtin_ctzll(offered)));
            }
        }
    }

    // Of 64 tiles.
    template <typename Port> static uint64_t tiles_of(const Port &port, uint32_t word) {
        if constexpr (TILES <= 64) {
            return port;
        } else {
            return port[2 * word] | static_cast<uint64_t>(port[2 * word + 1]) << 32;
        }
    }

    void show_command(uint32_t tile) {
        const auto &port = top.m_axis_pulse_tdata_o;
        const uint32_t first = tile * COMMAND_BITS;
        commands[tile] = {static_cast<uint32_t>(bits_of(port, first + ROW_BITS, ROW_BITS)),
                          static_cast<uint32_t>(bits_of(port, first, ROW_BITS)),
                          sign_extend(bits_of(port, first + 2 * ROW_BITS, 9), 9)};
    }

    void show_lanes(mca_dpu_rtl_out &out) {
        out.image_codes = image_codes;
        out.drive = drive;
        out.chi = chi;
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
    }

#ifdef MCA_RTL_HAS_TRACE
    void show_trace(mca_dpu_rtl_out &out) {
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
        out.act = act;
        out.err = err;
        out.rated = rated;
        if (out.act_valid) {
            read_lanes(top.trace_act_o, MCA_RTL_ACT_BITS, false, act);
        }
        if (out.err_valid) {
            read_lanes(top.trace_err_o, MCA_RTL_ERR_BITS, true, err);
            read_lanes(top.trace_rated_o, MCA_RTL_ERR_BITS, true, rated);
        }
    }
#endif
};

namespace {

mca_dpu_unit_instance *create() {
    try {
        return new mca_dpu_unit_instance;
    } catch (const std::exception &) {
        return nullptr;
    }
}

void destroy(mca_dpu_unit_instance *instance) {
    delete instance;
}

void step(mca_dpu_unit_instance *instance, const mca_dpu_rtl_in *in, mca_dpu_rtl_out *out) {
    instance->step(*in, *out);
}

mca_dpu_rtl_command command_of(const mca_dpu_unit_instance *instance, uint32_t tile) {
    return instance->commands[tile];
}

int trace(mca_dpu_unit_instance *instance, const char *path, uint64_t clock_hz) {
    return instance->trace(path, clock_hz);
}

int trace_error(mca_dpu_unit_instance *instance) {
    return instance->trace_error();
}

uint64_t note(mca_dpu_unit_instance *instance, const mca_dpu_rtl_note *note) {
    return instance->note(*note);
}

const mca_dpu_rtl_set SET = {LANES,
                             MCA_RTL_ACT_BITS,
                             MCA_RTL_ERR_BITS,
                             MCA_RTL_DAC_BITS,
                             MCA_RTL_CHI_BITS,
                             MCA_RTL_FRAC_BITS,
                             MCA_RTL_LAYER_BITS,
                             MCA_RTL_WORD_BITS,
                             MCA_RTL_TILE_BITS,
                             MCA_RTL_ADDR_BITS,
                             MCA_RTL_DEPTH_BITS};

const mca_dpu_unit UNIT = {MCA_DPU_UNIT_ABI,
                           sizeof(mca_dpu_unit),
                           sizeof(mca_dpu_rtl_set),
                           sizeof(mca_dpu_rtl_in),
                           sizeof(mca_dpu_rtl_out),
                           sizeof(mca_dpu_rtl_command),
                           sizeof(mca_dpu_rtl_note),
                           SET,
                           MCA_RTL_TRACE_LACKS,
                           create,
                           destroy,
                           step,
                           command_of,
                           trace,
                           trace_error,
                           note};

} // namespace

extern "C" __attribute__((visibility("default"))) const mca_dpu_unit *mca_dpu_unit_get(void) {
    return &UNIT;
}
