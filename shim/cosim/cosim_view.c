#include "shim/cosim/cosim_view.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/out_file.h"

/* How GTKWave shows a signal, as its files write it. */
#define HEX "@22"
#define BIT "@28"
#define DECIMAL "@24"
#define SIGNED "@420"
#define TEXT "@820"
#define NAMED "@2022" /* by the file of names that follows */
#define GROUP_BEGINS "@800200"
#define GROUP_ENDS "@1000200"

/* Sizes that the unit's ports are made of. */
enum size { ONE, LANES, TILES, LAYER_BITS, WORD_BITS, TILE_BITS, ADDR_BITS };

/* A signal of times x size + more bits. */
struct signal {
    const char *shown;
    const char *names; /* its kind of names, or NULL */
    const char *name;
    uint32_t times;
    enum size size;
    uint32_t more;
};

struct group {
    const char *name;
    const char *scope;
    int is_trace; /* where the unit has trace ports */
    struct signal signals[16];
};

static const struct group GROUPS[] = {
    {"cosim",
     "cosim",
     0,
     {{DECIMAL, NULL, "cycle", 64, ONE, 0},
      {DECIMAL, NULL, "image", 64, ONE, 0},
      {NAMED, "operation", "operation", 2, ONE, 0},
      {DECIMAL, NULL, "layer", 8, ONE, 0},
      {DECIMAL, NULL, "operation_cycle", 64, ONE, 0},
      {TEXT, NULL, "compared", 320, ONE, 0},
      {SIGNED, NULL, "row", 32, ONE, 0},
      {SIGNED, NULL, "column", 32, ONE, 0},
      {SIGNED, NULL, "expected", 64, ONE, 0},
      {SIGNED, NULL, "got", 64, ONE, 0},
      {BIT, NULL, "differs", 1, ONE, 0}}},
    {"clock, interrupt",
     "dpu",
     0,
     {{BIT, NULL, "clk_i", 1, ONE, 0},
      {BIT, NULL, "rst_ni", 1, ONE, 0},
      {BIT, NULL, "irq_o", 1, ONE, 0}}},
    {"registers",
     "dpu",
     0,
     {{BIT, NULL, "psel_i", 1, ONE, 0},
      {BIT, NULL, "penable_i", 1, ONE, 0},
      {BIT, NULL, "pwrite_i", 1, ONE, 0},
      {HEX, NULL, "paddr_i", 16, ONE, 0},
      {HEX, NULL, "pwdata_i", 32, ONE, 0},
      {HEX, NULL, "prdata_o", 32, ONE, 0},
      {BIT, NULL, "pready_o", 1, ONE, 0},
      {BIT, NULL, "pslverr_o", 1, ONE, 0}}},
    {"image port",
     "dpu",
     0,
     {{BIT, NULL, "s_axis_image_tvalid_i", 1, ONE, 0},
      {BIT, NULL, "s_axis_image_tready_o", 1, ONE, 0},
      {HEX, NULL, "s_axis_image_tdata_i", 8, LANES, 0},
      {DECIMAL, NULL, "s_axis_image_tuser_i", 8, ONE, 0},
      {BIT, NULL, "m_axis_image_tvalid_o", 1, ONE, 0},
      {BIT, NULL, "m_axis_image_tready_i", 1, ONE, 0},
      {BIT, NULL, "m_axis_image_tlast_o", 1, ONE, 0}}},
    {"ADC stream",
     "dpu",
     0,
     {{BIT, NULL, "s_axis_adc_tvalid_i", 1, ONE, 0},
      {BIT, NULL, "s_axis_adc_tready_o", 1, ONE, 0},
      {HEX, NULL, "s_axis_adc_tdata_i", 16, LANES, 0}}},
    {"drive stream",
     "dpu",
     0,
     {{BIT, NULL, "m_axis_drive_tvalid_o", 1, ONE, 0},
      {BIT, NULL, "m_axis_drive_tready_i", 1, ONE, 0},
      {NAMED, "drive", "m_axis_drive_tuser_o", 1, LAYER_BITS, 2},
      {HEX, NULL, "m_axis_drive_tdata_o", 17, LANES, 0},
      {BIT, NULL, "m_axis_drive_tlast_o", 1, ONE, 0}}},
    {"chi",
     "dpu",
     0,
     {{BIT, NULL, "chi_re_o", 1, ONE, 0},
      {HEX, NULL, "chi_raddr_o", 1, ADDR_BITS, 0},
      {BIT, NULL, "chi_rvalid_i", 1, ONE, 0},
      {BIT, NULL, "chi_we_o", 1, ONE, 0},
      {HEX, NULL, "chi_waddr_o", 1, ADDR_BITS, 0}}},
    {"commands",
     "dpu",
     0,
     {{HEX, NULL, "m_axis_pulse_tvalid_o", 1, TILES, 0},
      {HEX, NULL, "m_axis_pulse_tready_i", 1, TILES, 0}}},
    {"trace",
     "dpu",
     1,
     {{BIT, NULL, "trace_busy_o", 1, ONE, 0},
      {BIT, NULL, "trace_frozen_o", 1, ONE, 0},
      {BIT, NULL, "trace_done_o", 1, ONE, 0},
      {NAMED, "operation", "trace_kind_o", 2, ONE, 0},
      {DECIMAL, NULL, "trace_cycles_o", 32, ONE, 0},
      {BIT, NULL, "trace_act_valid_o", 1, ONE, 0},
      {BIT, NULL, "trace_err_valid_o", 1, ONE, 0},
      {BIT, NULL, "trace_command_o", 1, ONE, 0},
      {DECIMAL, NULL, "trace_command_tile_o", 1, TILE_BITS, 0}}},
};

static const char *const KIND[] = {"forward", "error", "update", "load"};
static const char *const DRIVE[] = {"forward", "errors", "activations"};

static uint32_t bits_of(const struct signal *signal, const struct mca_dpu_rtl_set *set) {
    const uint32_t sizes[] = {[ONE] = 1,
                              [LANES] = set->lanes,
                              [TILES] = 1u << set->tile_bits,
                              [LAYER_BITS] = set->layer_bits,
                              [WORD_BITS] = set->word_bits,
                              [TILE_BITS] = set->tile_bits,
                              [ADDR_BITS] = set->addr_bits};
    return signal->times * sizes[signal->size] + signal->more;
}

/* GTKWave names a signal with its range where it has several bits. */
static void put_signal(FILE *out, const char *waveform, const char *scope, const char *shown,
                       const char *names, const char *name, uint32_t bits) {
    (void)fprintf(out, "%s\n", shown);
    if (names) {
        (void)fprintf(out, "^1 %s.%s.txt\n", waveform, names);
    }
    if (bits > 1) {
        (void)fprintf(out, "%s.%s[%u:0]\n", scope, name, bits - 1);
    } else {
        (void)fprintf(out, "%s.%s\n", scope, name);
    }
}

static void put_lanes(FILE *out, const char *waveform, uint32_t lanes) {
    (void)fprintf(out, GROUP_BEGINS "\n-lanes compared\n");
    for (uint32_t l = 0; l < lanes; ++l) {
        char name[32];
        (void)snprintf(name, sizeof name, "expected_lane_%u", l);
        put_signal(out, waveform, "cosim", SIGNED, NULL, name, 32);
        (void)snprintf(name, sizeof name, "got_lane_%u", l);
        put_signal(out, waveform, "cosim", SIGNED, NULL, name, 32);
    }
    (void)fprintf(out, GROUP_ENDS "\n-lanes compared\n");
}

/* Some 80 cycles, with the marker near their end. */
static void put_window(FILE *out, const struct mca__cosim_view *view) {
    const uint64_t cycle_ps = 1000000000000u / view->clock_hz;
    const uint64_t before_ps = 64 * cycle_ps;
    int zoom = 4; /* a power of two, of some 200 pixels */
    while ((uint64_t)1 << (zoom - 4) < cycle_ps) {
        ++zoom;
    }
    if (view->mark_ps == UINT64_MAX) {
        (void)fprintf(out, "[timestart] 0\n*-%d.0 -1\n", zoom);
    } else {
        (void)fprintf(out, "[timestart] %" PRIu64 "\n*-%d.0 %" PRIu64 "\n",
                      view->mark_ps > before_ps ? view->mark_ps - before_ps : 0, zoom,
                      view->mark_ps);
    }
}

static void put_view(FILE *out, const struct mca__cosim_view *view) {
    const char *waveform = view->waveform;
    const struct mca_dpu_rtl_set *set = view->set;
    (void)fprintf(out, "[dumpfile] \"%s\"\n[size] 1600 900\n[signals_width] 300\n", waveform);
    put_window(out, view);
    for (size_t g = 0; g < sizeof GROUPS / sizeof GROUPS[0]; ++g) {
        const struct group *group = &GROUPS[g];
        if (group->is_trace && !view->has_trace) {
            continue;
        }
        (void)fprintf(out, GROUP_BEGINS "\n-%s\n", group->name);
        for (const struct signal *s = group->signals; s->name; ++s) {
            put_signal(out, waveform, group->scope, s->shown, s->names, s->name, bits_of(s, set));
        }
        (void)fprintf(out, GROUP_ENDS "\n-%s\n", group->name);
    }
    put_lanes(out, waveform, set->lanes);
}

static void put_kinds(FILE *out) {
    for (size_t kind = 0; kind < sizeof KIND / sizeof KIND[0]; ++kind) {
        (void)fprintf(out, "%zx %s\n", kind, KIND[kind]);
    }
}

/* Layer and kind of codes, as the stream's tuser has them: in the digits that are shown. */
static void put_drives(FILE *out, const struct mca_dpu_rtl_set *set) {
    const int digits = (int)(set->layer_bits + 2 + 3) / 4;
    for (uint32_t layer = 0; layer < 1u << set->layer_bits; ++layer) {
        for (uint32_t kind = 0; kind < sizeof DRIVE / sizeof DRIVE[0]; ++kind) {
            (void)fprintf(out, "%0*x %s of layer %u\n", digits, layer << 2 | kind, DRIVE[kind],
                          layer);
        }
    }
}

static enum mca_status open_beside(FILE **out, char *path, size_t size, const char *waveform,
                                   const char *ending, struct mca_error *error) {
    const int length = snprintf(path, size, "%s%s", waveform, ending);
    if (length < 0 || (size_t)length >= size) {
        return mca_fail(error, MCA_SYSTEM, "%s: the path is too long", waveform);
    }
    *out = fopen(path, "w");
    if (!*out) {
        return mca_fail_errno(error, "%s", path);
    }
    errno = 0;
    return MCA_OK;
}

enum mca_status mca__cosim_write_view(const struct mca__cosim_view *view, struct mca_error *error) {
    static const char *const ENDINGS[] = {".gtkw", ".operation.txt", ".drive.txt"};
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; ++i) {
        char path[MCA_PATH_SIZE + 64];
        FILE *out;
        MCA_TRY(open_beside(&out, path, sizeof path, view->waveform, ENDINGS[i], error));
        if (i == 0) {
            put_view(out, view);
        } else if (i == 1) {
            put_kinds(out);
        } else {
            put_drives(out, view->set);
        }
        if (mca_close_written(out, NULL) != 0) {
            return mca_fail_errno(error, "%s", path);
        }
    }
    return MCA_OK;
}
