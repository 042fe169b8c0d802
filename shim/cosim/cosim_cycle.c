/* A clock cycle of the cosimulation: the unit's surroundings, and comparisons of what it shows. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "array/converters.h"
#include "chip/timeline.h"
#include "shim/cosim/cosim_state.h"

static const char *const KIND[] = {"forward", "error", "update"};

void mca__cosim_differ(struct mca_cosim *cosim, const char *what, int64_t row, int64_t col,
                       int64_t expected, int64_t got) {
    if (cosim->failed) {
        return;
    }
    char row_text[32] = "-";
    char col_text[32] = "-";
    if (row >= 0) {
        (void)snprintf(row_text, sizeof row_text, "%" PRId64, row);
    }
    if (col >= 0) {
        (void)snprintf(col_text, sizeof col_text, "%" PRId64, col);
    }
    cosim->failed = 1;
    mca__cosim_note_value(cosim, what, row, col, expected, got);
    cosim->note.differs = 1;
    cosim->mismatch_ps = mca__cosim_note_show(cosim);
    (void)snprintf(cosim->mismatch, sizeof cosim->mismatch,
                   "%s: image %" PRIu64 ", %s of layer %u, row %s, column %s, cycle %" PRIu64
                   " of the operation (%" PRIu64 " of the chip): expected %" PRId64
                   ", got %" PRId64,
                   what, cosim->image, KIND[cosim->kind], cosim->layer, row_text, col_text,
                   cosim->op_clock, cosim->now, expected, got);
}

/* A word whose first lane is column `first`. */
static int is_word_equal(struct mca_cosim *cosim, const char *what, int64_t row, uint32_t first,
                         const int32_t *wanted, const int32_t *got) {
    mca__cosim_note_word(cosim, what, row, first, wanted, got);
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        if (got[l] != wanted[l]) {
            mca__cosim_differ(cosim, what, row, (int64_t)first + l, wanted[l], got[l]);
            return 0;
        }
    }
    return 1;
}

void mca__cosim_compare_lanes(struct mca_cosim *cosim, const char *what, uint32_t word,
                              uint32_t count, const int32_t *expected, const int32_t *got) {
    int32_t wanted[LANES_MAX];
    const uint32_t first = word * cosim->lanes;
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        wanted[l] = first + l < count ? expected[first + l] : 0;
    }
    (void)is_word_equal(cosim, what, -1, first, wanted, got);
}

static void compare_results(struct mca_cosim *cosim) {
    const struct mca_dpu_rtl_out *out = &cosim->port.out;
    const struct mca_layer_signals *s = &mca_chip_image(cosim->chip).layers[cosim->layer];
    const uint32_t outputs = mca_chip_layer(cosim->chip, cosim->layer).outputs;
    if (out->act_valid) {
        mca__cosim_compare_lanes(cosim, "activation", out->act_word, outputs, s->activation,
                                 out->act);
        ++cosim->act_words;
    }
    if (out->err_valid) {
        mca__cosim_compare_lanes(cosim, "error before the rate", out->err_word, outputs, s->error,
                                 out->err);
        mca__cosim_compare_lanes(cosim, "rated error", out->err_word, outputs, s->rated,
                                 out->rated);
        ++cosim->err_words;
    }
}

static void compare_drive(struct mca_cosim *cosim) {
    const struct mca_dpu_rtl_out *out = &cosim->port.out;
    const struct mca_chip *chip = cosim->chip;
    const uint32_t layer = cosim->layer;
    const struct mca_layer_signals *s = &mca_chip_image(chip).layers[layer];
    const uint32_t outputs = mca_chip_layer(chip, layer).outputs;
    const int last = layer + 1 == mca_chip_layer_count(chip);
    const uint32_t kind = cosim->kind == MCA_DPU_ERROR ? 1 : last ? 2 : 0;
    if (out->drive_kind != kind || out->drive_layer != layer) {
        mca__cosim_differ(cosim, "kind of codes to drive", -1, -1, kind, out->drive_kind);
        return;
    }
    const uint32_t word = cosim->drive_words++;
    if (word >= cosim->drive_words_due) {
        mca__cosim_differ(cosim, "words to drive", -1, -1, cosim->drive_words_due, word + 1);
        return;
    }
    int32_t wanted[LANES_MAX];
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        const uint32_t c = word * cosim->lanes + l;
        wanted[l] = c < outputs ? s->activation[c] : 0;
        if (kind == 0) {
            wanted[l] = cosim->dense[c];
        } else if (kind == 1) {
            const int32_t e = c < outputs ? s->error[c] : 0;
            const int32_t code = mca_dac_code((uint32_t)(e < 0 ? -e : e),
                                              mca_chip_config_of(chip)->dpu.error_bits - 1,
                                              mca_chip_dpu(chip).drive_bits);
            wanted[l] = e < 0 ? -code : code;
        }
    }
    if (!is_word_equal(cosim, "code to drive", -1, word * cosim->lanes, wanted, out->drive)) {
        return;
    }
    const uint32_t last_count = kind == 0 ? outputs + 1 : outputs;
    const int is_last = (word + 1) * cosim->lanes >= last_count;
    if (out->drive_last != is_last) {
        mca__cosim_differ(cosim, "last word to drive", -1, word, is_last, out->drive_last);
    }
}

static void compare_chi(struct mca_cosim *cosim) {
    const struct mca_dpu_rtl_out *out = &cosim->port.out;
    const uint32_t index = cosim->layer;
    const struct mca_layer_view layer = mca_chip_layer(cosim->chip, index);
    const uint32_t offset = out->chi_write_address - cosim->layers[index].at.chi_base;
    const uint32_t row = offset % layer.inputs;
    const uint32_t word = offset / layer.inputs;
    if (word >= cosim->layers[index].at.words) {
        mca__cosim_differ(cosim, "chi address", -1, -1, cosim->layers[index].at.chi_base,
                          out->chi_write_address);
        return;
    }
    int32_t *stored = cosim->chi.words + (size_t)out->chi_write_address * cosim->lanes;
    memcpy(stored, out->chi, cosim->lanes * sizeof *stored);
    const size_t cell = (size_t)row * layer.chi->stride + (size_t)word * cosim->lanes;
    int32_t wanted[LANES_MAX];
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        wanted[l] = mca_chi_word(layer.chi, cell + l);
    }
    cosim->chi_words +=
        (uint64_t)is_word_equal(cosim, "chi", row, word * cosim->lanes, wanted, stored);
}

static void compare_taken(struct mca_cosim *cosim) {
    const uint32_t tile = cosim->port.out.command_tile;
    struct mca_cosim_queue *queue = tile < cosim->tiles ? &cosim->queues[tile] : NULL;
    if (!queue || queue->untaken == 0) {
        mca__cosim_differ(cosim, "command for a tile that has none", -1, -1, -1, tile);
        return;
    }
    const size_t at = (queue->first + queue->count - queue->untaken) % queue->capacity;
    const struct mca_dpu_command *command = &queue->command[at].is;
    if (command->taken_cycle != cosim->now && !cosim->options.ignores_cycles) {
        mca__cosim_differ(cosim, "cycle in which a queue takes a command", command->row,
                          command->col, (int64_t)command->taken_cycle, (int64_t)cosim->now);
    }
    --queue->untaken;
}

/* A command that leaves, told as of the update that it came from. */
static void differ_command(struct mca_cosim *cosim, const struct mca__cosim_command *command,
                           const char *what, int64_t expected, int64_t got) {
    const enum mca_dpu_operation_kind kind = cosim->kind;
    const uint32_t layer = cosim->layer;
    const uint64_t image = cosim->image;
    cosim->kind = MCA_DPU_UPDATE;
    cosim->layer = command->is.layer;
    cosim->image = command->image;
    mca__cosim_differ(cosim, what, command->is.row, command->is.col, expected, got);
    cosim->kind = kind;
    cosim->layer = layer;
    cosim->image = image;
}

static void compare_left(struct mca_cosim *cosim, uint32_t tile) {
    struct mca_cosim_queue *queue = &cosim->queues[tile];
    const struct mca__cosim_command *command = &queue->command[queue->first];
    const struct mca_dpu_command *wanted = &command->is;
    if (!mca__cosim_is_set(cosim->port.out.pulse_valid, tile)) {
        if (!cosim->options.ignores_cycles) {
            differ_command(cosim, command, "command that should leave its queue", wanted->pulses,
                           0);
        }
        return;
    }
    const struct mca_dpu_rtl_command got = mca_dpu_rtl_command_of(cosim->port.rtl, tile);
    mca__cosim_note_value(cosim, "pulses of a command", wanted->row, wanted->col, wanted->pulses,
                          got.pulses);
    if (got.row != wanted->row) {
        differ_command(cosim, command, "row of a command", wanted->row, got.row);
    } else if (got.col != wanted->col) {
        differ_command(cosim, command, "column of a command", wanted->col, got.col);
    } else if (got.pulses != wanted->pulses) {
        differ_command(cosim, command, "pulses of a command", wanted->pulses, got.pulses);
    }
    ++cosim->counts.commands;
    cosim->counts.pulses += (uint64_t)(wanted->pulses < 0 ? -wanted->pulses : wanted->pulses);
    queue->first = (queue->first + 1) % queue->capacity;
    --queue->count;
}

static void answer_chi(struct mca_cosim *cosim) {
    struct mca_cosim_chi *chi = &cosim->chi;
    cosim->port.in.chi_valid = chi->count > 0 && chi->due[chi->first] == cosim->port.clocks;
    if (cosim->port.in.chi_valid) {
        cosim->port.in.chi = chi->words + (size_t)chi->address[chi->first] * cosim->lanes;
        chi->first = (chi->first + 1) % (MCA_DPU_LATENCY_MAX + 1);
        --chi->count;
    }
}

static void take_chi_request(struct mca_cosim *cosim) {
    struct mca_cosim_chi *chi = &cosim->chi;
    if (cosim->port.out.chi_read && cosim->port.out.chi_read_address >= chi->word_count) {
        mca__cosim_differ(cosim, "chi address read", -1, -1, (int64_t)chi->word_count - 1,
                          cosim->port.out.chi_read_address);
    } else if (cosim->port.out.chi_read) {
        const uint32_t at = (chi->first + chi->count++) % (MCA_DPU_LATENCY_MAX + 1);
        chi->due[at] = cosim->port.clocks + mca_chip_config_of(cosim->chip)->chi.access_cycles;
        chi->address[at] = cosim->port.out.chi_read_address;
    }
}

static void offer_drivers(struct mca_cosim *cosim) {
    memset(cosim->port.in.pulse_ready, 0, sizeof cosim->port.in.pulse_ready);
    for (uint32_t t = 0; t < cosim->tiles; ++t) {
        const struct mca_cosim_queue *queue = &cosim->queues[t];
        if (queue->count > 0 && (queue->command[queue->first].is.left_cycle <= cosim->now ||
                                 cosim->options.ignores_cycles)) {
            cosim->port.in.pulse_ready[t / 64] |= (uint64_t)1 << t % 64;
        }
    }
}

void mca__cosim_step(struct mca_cosim *cosim) {
    mca__cosim_note_begin(cosim);
    cosim->port.in.dump_ps =
        mca_cycles_to_ps(cosim->now, mca_chip_config_of(cosim->chip)->dpu.clock_hz);
    offer_drivers(cosim);
    answer_chi(cosim);
    mca_dpu_rtl_step(cosim->port.rtl, &cosim->port.in, &cosim->port.out);
    if (cosim->port.out.failed) {
        cosim->out_of_memory = !cosim->port.out.ended;
        cosim->has_ended = cosim->port.out.ended != NULL;
        cosim->failed = 1;
        return;
    }
    take_chi_request(cosim);
    if (cosim->port.out.command_taken) {
        compare_taken(cosim);
    }
    for (uint32_t t = 0; t < cosim->tiles; ++t) {
        if (mca__cosim_is_set(cosim->port.in.pulse_ready, t)) {
            compare_left(cosim, t);
        }
    }
    compare_results(cosim);
    if (cosim->port.out.drive_valid) {
        compare_drive(cosim);
    }
    if (cosim->port.out.chi_write) {
        compare_chi(cosim);
    }
    ++cosim->port.clocks;
    cosim->counts.clocks = cosim->port.clocks;
    ++cosim->now;
}
