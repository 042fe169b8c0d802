#include "shim/cosim/cosim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/cosim/cosim_state.h"

/* Cycles beyond its due end after which an operation counts as hung. */
enum { PATIENCE = 4096 };

static void take_codes(void *user, const struct mca_dpu_codes *codes) {
    struct mca_cosim *cosim = user;
    if (mca_cosim_is_over(cosim)) {
        return;
    }
    /* backward codes are the sums of the layer below */
    struct mca_cosim_layer *layer =
        &cosim->layers[codes->backward ? codes->layer - 1 : codes->layer];
    int32_t *pass = layer->codes + (size_t)codes->pass * layer->at.stride;
    if (codes->pass >= layer->passes) {
        memset(pass, 0, layer->at.stride * sizeof *pass);
        layer->passes = codes->pass + 1;
    }
    memcpy(pass + codes->first, codes->code, codes->count * sizeof *pass);
}

static void take_update(void *user, uint32_t layer, const struct mca_update *update) {
    struct mca_cosim *cosim = user;
    const uint32_t outputs = mca_chip_layer(cosim->chip, layer).outputs;
    uint64_t words = 0;
    for (uint32_t first = 0; first < outputs; first += cosim->lanes) {
        int any = 0;
        for (uint32_t c = first; c < outputs && c < first + cosim->lanes; ++c) {
            any |= update->error[c] != 0;
        }
        words += (uint64_t)any;
    }
    cosim->update_words = update->shift > MCA_SHIFT_MAX ? 0 : words * update->count;
}

static void take_command(void *user, const struct mca_dpu_command *command) {
    struct mca_cosim *cosim = user;
    if (mca_cosim_is_over(cosim)) {
        return;
    }
    const struct mca_layer_view layer = mca_chip_layer(cosim->chip, command->layer);
    struct mca_cosim_queue *queue =
        &cosim->queues[cosim->layers[command->layer].at.tile_base +
                       mca_placement_tile_of(&layer.matrix->place, command->row, command->col)];
    if (queue->count == queue->capacity) {
        const size_t capacity = queue->capacity ? 2 * queue->capacity : 256;
        struct mca__cosim_command *grown = malloc(capacity * sizeof *grown);
        if (!grown) {
            cosim->out_of_memory = 1;
            return;
        }
        for (size_t i = 0; i < queue->count; ++i) {
            grown[i] = queue->command[(queue->first + i) % queue->capacity];
        }
        free(queue->command);
        queue->command = grown;
        queue->capacity = capacity;
        queue->first = 0;
    }
    queue->command[(queue->first + queue->count++) % queue->capacity] =
        (struct mca__cosim_command){*command, cosim->image};
    ++queue->untaken;
}

/* The codes of lines, zeros between them. */
static void expect_lines(struct mca_cosim *cosim, const struct mca_lines *lines, uint32_t count) {
    memset(cosim->dense, 0, count * sizeof *cosim->dense);
    for (uint32_t k = 0; k < lines->count; ++k) {
        cosim->dense[lines->line[k]] = lines->code[k];
    }
}

/* The image and, on the way out, its codes. Not timed: the image port has its own clock. */
static void load_image(struct mca_cosim *cosim) {
    const struct mca_lines *input = &mca_chip_image(cosim->chip).layers[0].input;
    const uint32_t pixels = mca_chip_layer(cosim->chip, 0).inputs - 1;
    const uint32_t words = pixels / cosim->lanes + 1;
    uint8_t beat[LANES_MAX];
    expect_lines(cosim, input, words * cosim->lanes);
    for (uint32_t w = 0; w < words && !cosim->failed;) {
        for (uint32_t l = 0; l < cosim->lanes; ++l) {
            const uint32_t c = w * cosim->lanes + l;
            beat[l] = c < pixels ? mca_chip_image(cosim->chip).pixels[c] : 0;
        }
        cosim->port.in.image = beat;
        cosim->port.in.image_valid = w * cosim->lanes < pixels;
        cosim->port.in.label = mca_chip_image(cosim->chip).label;
        mca__cosim_step(cosim);
        --cosim->now;
        if (!cosim->port.out.image_codes_valid) {
            mca__cosim_differ(cosim, "image taken", -1, w, 1, 0);
            return;
        }
        mca__cosim_compare_lanes(cosim, "image code", w, words * cosim->lanes, cosim->dense,
                                 cosim->port.out.image_codes);
        ++w;
        if (cosim->port.out.image_codes_last != (w == words)) {
            mca__cosim_differ(cosim, "last word of image codes", -1, w - 1, w == words,
                              cosim->port.out.image_codes_last);
        }
    }
    cosim->port.in.image_valid = 0;
}

/* Steps through the cycles before `end` in which commands leave; the RTL waits for codes meanwhile.
 */
static void let_commands_leave(struct mca_cosim *cosim, uint64_t end) {
    for (;;) {
        uint64_t next = UINT64_MAX;
        for (uint32_t t = 0; t < cosim->set->tiles; ++t) {
            const struct mca_cosim_queue *queue = &cosim->queues[t];
            if (queue->count > 0 && queue->command[queue->first].is.left_cycle < next) {
                next = queue->command[queue->first].is.left_cycle;
            }
        }
        if (next >= end || cosim->failed) {
            break;
        }
        cosim->now = next > cosim->now ? next : cosim->now;
        mca__cosim_step(cosim);
    }
}

/* An operation that waits for no codes starts in the cycle after the one before. */
static void wait_until(struct mca_cosim *cosim, uint64_t start, int needs_codes) {
    if (!needs_codes && start != cosim->now) {
        mca__cosim_differ(cosim, "first cycle of the operation", -1, -1, (int64_t)start,
                          (int64_t)cosim->now);
        return;
    }
    let_commands_leave(cosim, start);
    cosim->now = start;
}

static uint32_t beats_of(const struct mca_cosim *cosim, const struct mca_dpu_operation *operation) {
    const struct mca_cosim_layer *layer = &cosim->layers[operation->step->layer];
    return mca_step_read(mca_chip_program(cosim->chip), operation->step)
               ? layer->passes * layer->at.words
               : 0;
}

static void expect_codes(struct mca_cosim *cosim, uint32_t index) {
    if (index + 1 < mca_chip_layer_count(cosim->chip)) {
        expect_lines(cosim, &mca_chip_image(cosim->chip).layers[index + 1].input,
                     cosim->layers[index].at.stride + cosim->lanes);
    }
}

static void check_operation(struct mca_cosim *cosim, const struct mca_dpu_operation *operation) {
    const struct mca_dpu_rtl_out *out = &cosim->port.out;
    const uint32_t index = operation->step->layer;
    const enum mca_dpu_operation_kind kind = mca_dpu_kind_of(operation->step);
    const struct mca_cosim_layer *layer = &cosim->layers[index];
    const uint64_t act = kind == MCA_DPU_FORWARD ? layer->at.words : 0;
    const uint64_t err = kind == MCA_DPU_ERROR ? layer->at.words : 0;
    const uint64_t chi = kind == MCA_DPU_UPDATE ? cosim->update_words : 0;
    const int32_t exponent = mca_chip_image(cosim->chip).layers[index].error_exponent;
    const struct {
        const char *what;
        int64_t expected;
        int64_t got;
    } pairs[] = {
        {"operation", kind * 10 + index, out->done_kind * 10 + out->done_layer},
        {"cycles of the operation", (int64_t)operation->cycles, (int64_t)cosim->op_clock},
        {"cycles that the unit counts", (int64_t)operation->cycles, out->done_cycles},
        {"words to drive", cosim->drive_words_due, cosim->drive_words},
        {"words of results", (int64_t)act, (int64_t)cosim->act_words},
        {"words of results", (int64_t)err, (int64_t)cosim->err_words},
        {"words of chi", (int64_t)chi, (int64_t)cosim->chi_words},
        {"exponent of errors", kind == MCA_DPU_ERROR ? exponent : 0,
         kind == MCA_DPU_ERROR ? out->done_exponent : 0},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
        if (pairs[i].expected != pairs[i].got) {
            mca__cosim_differ(cosim, pairs[i].what, -1, -1, pairs[i].expected, pairs[i].got);
        }
    }
    for (uint32_t t = 0; t < cosim->set->tiles; ++t) {
        if (cosim->queues[t].untaken > 0) {
            mca__cosim_differ(cosim, "commands of a tile not sent", -1, -1, 0,
                              (int64_t)cosim->queues[t].untaken);
        }
    }
}

static void check_registers(struct mca_cosim *cosim) {
    if (cosim->port.refused) {
        mca__cosim_differ(cosim, "register refused", -1, -1, 0, cosim->port.refused);
    }
}

static void begin_image(struct mca_cosim *cosim) {
    const struct mca_cosim_waveform *waveform = &cosim->waveform;
    cosim->port.in.dump =
        waveform->path && cosim->image >= waveform->first && cosim->image <= waveform->last;
    if (cosim->rate.mantissa != mca_chip_dpu(cosim->chip).rate.mantissa ||
        cosim->rate.exponent != mca_chip_dpu(cosim->chip).rate.exponent) {
        cosim->rate = mca_chip_dpu(cosim->chip).rate;
        mca_dpu_write_rate(&cosim->port, cosim->chip);
        check_registers(cosim);
    }
    load_image(cosim);
}

/* Steps the unit through an operation, its codes offered without a gap. */
static void drive_operation(struct mca_cosim *cosim, const struct mca_dpu_operation *operation) {
    const struct mca_cosim_layer *layer = &cosim->layers[operation->step->layer];
    const uint32_t beats = beats_of(cosim, operation);
    uint32_t beat = 0;
    int done = 0;
    while (!done && !cosim->failed) {
        cosim->port.in.adc_valid = beat < beats;
        cosim->port.in.adc = layer->codes + (size_t)beat * cosim->lanes;
        mca__cosim_step(cosim);
        beat += cosim->port.in.adc_valid && cosim->port.out.adc_ready;
        done = cosim->port.out.done;
        ++cosim->op_clock;
        if (!done && cosim->op_clock > operation->cycles + PATIENCE) {
            mca__cosim_differ(cosim, "end of the operation", -1, -1, (int64_t)operation->cycles,
                              (int64_t)cosim->op_clock);
        }
    }
    cosim->port.in.adc_valid = 0;
    if (!cosim->failed) {
        check_operation(cosim, operation);
    }
}

static uint32_t words_to_drive(const struct mca_cosim *cosim,
                               const struct mca_dpu_operation *operation) {
    const struct mca_program *program = mca_chip_program(cosim->chip);
    const struct mca_step *step = operation->step;
    if (step->kind == MCA_STEP_UPDATE ||
        (step->vector != MCA_VECTOR_ACTIVATION && !mca_program_is_driven(program, step->gives))) {
        return 0;
    }
    /* activations all leave the unit; the next layer's bias comes with them */
    return (uint32_t)mca_dpu_words(program->buffers[step->gives].values, cosim->lanes);
}

static int32_t *chi_at(const struct mca_cosim *cosim, uint32_t layer, uint32_t row, uint32_t col) {
    const size_t word = cosim->layers[layer].at.chi_base +
                        (size_t)(col / cosim->lanes) * mca_chip_layer(cosim->chip, layer).inputs +
                        row;
    return cosim->chi.words + word * cosim->lanes + col % cosim->lanes;
}

static void compare_whole_chi(struct mca_cosim *cosim) {
    for (uint32_t i = 0; i < mca_chip_layer_count(cosim->chip); ++i) {
        const struct mca_layer_view layer = mca_chip_layer(cosim->chip, i);
        for (uint32_t row = 0; row < layer.inputs; ++row) {
            for (uint32_t c = 0; c < layer.outputs; ++c) {
                const int32_t got = *chi_at(cosim, i, row, c);
                const int32_t wanted = mca_chi_word(layer.chi, (size_t)row * layer.chi->stride + c);
                if (got != wanted) {
                    cosim->layer = i;
                    mca__cosim_differ(cosim, "chi at the end", row, c, wanted, got);
                    return;
                }
            }
        }
    }
}

/* After the last image: every command has left, and chi is the same. */
static void finish(struct mca_cosim *cosim) {
    let_commands_leave(cosim, UINT64_MAX);
    if (!cosim->failed) {
        compare_whole_chi(cosim);
    }
}

static void run_operation(void *user, const struct mca_dpu_operation *operation) {
    struct mca_cosim *cosim = user;
    if (mca_cosim_is_over(cosim)) {
        return;
    }
    const struct mca_program *program = mca_chip_program(cosim->chip);
    const enum mca_dpu_operation_kind kind = mca_dpu_kind_of(operation->step);
    cosim->kind = kind;
    cosim->layer = operation->step->layer;
    cosim->act_words = cosim->err_words = cosim->chi_words = 0;
    cosim->drive_words = 0;
    cosim->drive_words_due = words_to_drive(cosim, operation);
    cosim->op_clock = 0;
    if (operation->step == mca_program_next_digital(program, NULL)) {
        begin_image(cosim);
    }
    wait_until(cosim, operation->start_cycle, beats_of(cosim, operation) > 0);
    if (kind == MCA_DPU_FORWARD) {
        expect_codes(cosim, cosim->layer);
    }
    drive_operation(cosim, operation);
    ++cosim->counts.operations;
    cosim->counts.cycles += operation->cycles;
    cosim->counts.words += cosim->act_words + cosim->err_words + cosim->chi_words;
    cosim->layers[cosim->layer].passes = 0;
    if (!mca_program_next_digital(program, operation->step) && !cosim->failed) {
        if (cosim->image + 1 == cosim->compare) {
            finish(cosim);
        }
        ++cosim->image;
        ++cosim->counts.images;
    }
}

/* A refresh may leave what it missed in chi: the memory is written beside the digital unit. */
static void take_chi_write(void *user, uint32_t layer, uint32_t row, uint32_t col) {
    struct mca_cosim *cosim = user;
    const struct mca_layer_view model = mca_chip_layer(cosim->chip, layer);
    *chi_at(cosim, layer, row, col) =
        mca_chi_word(model.chi, (size_t)row * model.chi->stride + col);
}

static enum mca_status create_layers(struct mca_cosim *cosim, struct mca_error *error) {
    const struct mca_chip *chip = cosim->chip;
    uint32_t widest = mca_chip_layer(chip, 0).inputs;
    cosim->layers = calloc(mca_chip_layer_count(chip), sizeof *cosim->layers);
    for (uint32_t i = 0; cosim->layers && i < mca_chip_layer_count(chip); ++i) {
        struct mca_cosim_layer *layer = &cosim->layers[i];
        const struct mca_layer_view model = mca_chip_layer(chip, i);
        layer->at = mca_dpu_layout_of(chip, i);
        uint32_t passes = model.matrix->place.row_tiles; /* at most, forward and backward */
        if (i + 1 < mca_chip_layer_count(chip)) {
            const uint32_t most = 2 * mca_chip_layer(chip, i + 1).matrix->place.col_tiles;
            passes = passes < most ? most : passes;
        }
        layer->codes = calloc((size_t)passes * layer->at.stride, sizeof *layer->codes);
        if (!layer->codes) {
            return mca_fail_memory(error, "cosimulation");
        }
        widest = layer->at.stride > widest ? layer->at.stride : widest;
    }
    cosim->dense = calloc((size_t)widest + (size_t)2 * cosim->lanes, sizeof *cosim->dense);
    cosim->chi.words = calloc((size_t)cosim->set->chi_words * cosim->lanes, sizeof(int32_t));
    return cosim->layers && cosim->dense && cosim->chi.words
               ? MCA_OK
               : mca_fail_memory(error, "cosimulation");
}

static enum mca_dpu_rtl_waveform format_of(const char *path) {
    const size_t length = path ? strlen(path) : 0;
    return length >= 4 && strcmp(path + length - 4, ".fst") == 0 ? MCA_DPU_RTL_FST
                                                                 : MCA_DPU_RTL_VCD;
}

static enum mca_status init(struct mca_cosim *cosim, uint32_t set, struct mca_error *error) {
    const char *path = cosim->waveform.path;
    cosim->set = mca_dpu_rtl_set_at(set);
    cosim->lanes = cosim->set->lanes;
    cosim->port.rtl = mca_dpu_rtl_create(set, format_of(path));
    if (!cosim->port.rtl) {
        return mca_fail_memory(error, "cosimulation");
    }
    MCA_TRY(create_layers(cosim, error));
    errno = 0;
    return !path || mca_dpu_rtl_trace(cosim->port.rtl, path,
                                      mca_chip_config_of(cosim->chip)->dpu.clock_hz) == 0
               ? MCA_OK
               : mca_fail_errno(error, "%s", path);
}

enum mca_status mca_cosim_create(struct mca_cosim **out, struct mca_chip *chip, uint64_t compare,
                                 const struct mca_cosim_waveform *waveform,
                                 struct mca_error *error) {
    MCA_TRY(mca_dpu_check(mca_chip_config_of(chip), error));
    MCA_TRY(mca_dpu_check_chip(chip, error));
    struct mca_cosim *cosim = calloc(1, sizeof *cosim);
    if (!cosim) {
        return mca_fail_memory(error, "cosimulation");
    }
    cosim->chip = chip;
    cosim->compare = compare;
    if (waveform) {
        cosim->waveform = *waveform;
    }
    const enum mca_status status =
        init(cosim, (uint32_t)mca_dpu_find_set(mca_chip_config_of(chip)), error);
    if (status != MCA_OK) {
        mca_cosim_destroy(cosim);
        return status;
    }
    mca_dpu_set_up(&cosim->port, chip);
    cosim->rate = mca_chip_dpu(chip).rate;
    check_registers(cosim);
    cosim->probe = (struct mca_chip_probe){.user = cosim,
                                           .codes = take_codes,
                                           .update = take_update,
                                           .command = take_command,
                                           .operation = run_operation,
                                           .chi_written = take_chi_write};
    mca_chip_attach(chip, &cosim->probe);
    *out = cosim;
    return MCA_OK;
}

void mca_cosim_destroy(struct mca_cosim *cosim) {
    if (!cosim) {
        return;
    }
    mca_chip_detach(cosim->chip, &cosim->probe);
    for (uint32_t i = 0; cosim->layers && i < mca_chip_layer_count(cosim->chip); ++i) {
        free(cosim->layers[i].codes);
    }
    for (uint32_t t = 0; t < TILES_MAX; ++t) {
        free(cosim->queues[t].command);
    }
    free(cosim->layers);
    free(cosim->dense);
    free(cosim->chi.words);
    mca_dpu_rtl_destroy(cosim->port.rtl);
    free(cosim);
}

const struct mca_cosim_counts *mca_cosim_counts_of(const struct mca_cosim *cosim) {
    return &cosim->counts;
}

int mca_cosim_is_over(const struct mca_cosim *cosim) {
    return cosim->failed || cosim->out_of_memory || cosim->image >= cosim->compare;
}

const char *mca_cosim_mismatch(const struct mca_cosim *cosim, uint64_t *image) {
    *image = cosim->image;
    return cosim->failed && !cosim->out_of_memory ? cosim->mismatch : NULL;
}

enum mca_status mca_cosim_status(const struct mca_cosim *cosim, struct mca_error *error) {
    const int number = mca_dpu_rtl_trace_error(cosim->port.rtl);
    if (cosim->out_of_memory) {
        return mca_fail_memory(error, "cosimulation");
    }
    if (number != 0) {
        errno = number;
        return mca_fail_errno(error, "%s", cosim->waveform.path);
    }
    return MCA_OK;
}
