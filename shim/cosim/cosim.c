#include "shim/cosim/cosim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/cosim/cosim_state.h"
#include "shim/cosim/cosim_view.h"

/* Cycles beyond its due end after which an operation counts as hung; and where cycles are not
 * compared, those in which nothing shows. */
enum { PATIENCE = 4096, LONG_PATIENCE = 65536 };

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

/* A beat of the image's pixels; none where the bias has a beat of its own. */
static void offer_beat(struct mca_cosim *cosim, uint32_t word, uint8_t *beat) {
    const struct mca_image_view image = mca_chip_image(cosim->chip);
    const uint32_t pixels = mca_chip_layer(cosim->chip, 0).inputs - 1;
    for (uint32_t l = 0; l < cosim->lanes; ++l) {
        const uint32_t c = word * cosim->lanes + l;
        beat[l] = c < pixels ? image.pixels[c] : 0;
    }
    cosim->port.in.image = beat;
    cosim->port.in.image_valid = word * cosim->lanes < pixels;
    cosim->port.in.label = image.label;
}

static void compare_image_codes(struct mca_cosim *cosim, uint32_t word, uint32_t words) {
    const struct mca_dpu_rtl_out *out = &cosim->port.out;
    mca__cosim_compare_lanes(cosim, "image code", word, words * cosim->lanes, cosim->dense,
                             out->image_codes);
    if (out->image_codes_last != (word + 1 == words)) {
        mca__cosim_differ(cosim, "last word of image codes", -1, word, word + 1 == words,
                          out->image_codes_last);
    }
}

/* The image and, on the way out, its codes. Not timed: the image port has its own clock. */
static void load_image(struct mca_cosim *cosim) {
    const struct mca_lines *input = &mca_chip_image(cosim->chip).layers[0].input;
    const uint32_t words = (mca_chip_layer(cosim->chip, 0).inputs - 1) / cosim->lanes + 1;
    uint8_t beat[LANES_MAX];
    uint32_t taken = 0;
    uint32_t given = 0;
    uint32_t quiet = 0;
    expect_lines(cosim, input, words * cosim->lanes);
    cosim->is_loading = 1;
    while (given < words && !cosim->failed) {
        offer_beat(cosim, taken, beat);
        mca__cosim_step(cosim);
        --cosim->now;
        const int is_taken = cosim->port.in.image_valid && cosim->port.out.image_ready;
        quiet = is_taken || cosim->port.out.image_codes_valid ? 0 : quiet + 1;
        taken += (uint32_t)is_taken;
        if (cosim->port.out.image_codes_valid && !cosim->failed) {
            compare_image_codes(cosim, given++, words);
        } else if (quiet > PATIENCE) {
            mca__cosim_differ(cosim, "image taken", -1, given, 1, 0);
        }
    }
    cosim->port.in.image_valid = 0;
    cosim->is_loading = 0;
}

/* Steps through the cycles before `end` in which commands leave; the RTL waits for codes meanwhile.
 */
static void let_commands_leave(struct mca_cosim *cosim, uint64_t end) {
    for (;;) {
        uint64_t next = UINT64_MAX;
        for (uint32_t t = 0; t < cosim->tiles; ++t) {
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
    if (cosim->options.ignores_cycles) {
        cosim->now = start;
        return;
    }
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

/* After an operation: the queues took what they were due, and offer nothing else. */
static void check_queues(struct mca_cosim *cosim) {
    for (uint32_t t = 0; t < cosim->tiles; ++t) {
        const struct mca_cosim_queue *queue = &cosim->queues[t];
        if (cosim->has_trace && queue->untaken > 0) {
            mca__cosim_differ(cosim, "commands of a tile not sent", -1, -1, 0,
                              (int64_t)queue->untaken);
        }
        if (queue->count == 0 && mca__cosim_is_set(cosim->port.out.pulse_valid, t) &&
            !mca__cosim_is_set(cosim->port.in.pulse_ready, t)) {
            mca__cosim_differ(cosim, "command for a tile that has none", -1, -1, -1, t);
        }
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
    const int compares_cycles = !cosim->options.ignores_cycles;
    const struct {
        int is_shown;
        const char *what;
        int64_t expected;
        int64_t got;
    } pairs[] = {
        {cosim->has_trace, "operation", kind * 10 + index, out->done_kind * 10 + out->done_layer},
        {compares_cycles, "cycles of the operation", (int64_t)operation->cycles,
         (int64_t)cosim->op_clock},
        {compares_cycles && cosim->has_trace, "cycles that the unit counts",
         (int64_t)operation->cycles, out->done_cycles},
        {1, "words to drive", cosim->drive_words_due, cosim->drive_words},
        {cosim->has_trace, "words of results", (int64_t)act, (int64_t)cosim->act_words},
        {cosim->has_trace, "words of results", (int64_t)err, (int64_t)cosim->err_words},
        {1, "words of chi", (int64_t)chi, (int64_t)cosim->chi_words},
        {cosim->has_trace && kind == MCA_DPU_ERROR, "exponent of errors", exponent,
         out->done_exponent},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0] && !cosim->failed; ++i) {
        if (pairs[i].is_shown && pairs[i].expected != pairs[i].got) {
            mca__cosim_differ(cosim, pairs[i].what, -1, -1, pairs[i].expected, pairs[i].got);
        }
    }
    check_queues(cosim);
}

static void check_registers(struct mca_cosim *cosim) {
    if (cosim->port.silent) {
        mca__cosim_differ(cosim, "register without an answer", -1, -1, 0, cosim->port.silent);
    } else if (cosim->port.refused) {
        mca__cosim_differ(cosim, "register refused", -1, -1, 0, cosim->port.refused);
    }
}

static void begin_image(struct mca_cosim *cosim) {
    const struct mca_cosim_waveform *waveform = &cosim->options.waveform;
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

/* Whether an operation of which no trace tells has shown all that it is due. */
static int has_shown_all(const struct mca_cosim *cosim, uint32_t beats_left) {
    const uint64_t chi = cosim->kind == MCA_DPU_UPDATE ? cosim->update_words : 0;
    return beats_left == 0 && cosim->drive_words >= cosim->drive_words_due &&
           cosim->chi_words >= chi;
}

static int is_done(const struct mca_cosim *cosim, const struct mca_dpu_operation *operation,
                   uint32_t beats_left) {
    return cosim->has_trace                ? cosim->op_clock > 0 && cosim->port.out.done
           : cosim->options.ignores_cycles ? has_shown_all(cosim, beats_left)
                                           : cosim->op_clock == operation->cycles;
}

static int is_hung(const struct mca_cosim *cosim, const struct mca_dpu_operation *operation,
                   uint64_t quiet) {
    return cosim->options.ignores_cycles ? quiet > LONG_PATIENCE
                                         : cosim->op_clock > operation->cycles + PATIENCE;
}

/* Steps the unit through an operation, its codes offered without a gap. */
static void drive_operation(struct mca_cosim *cosim, const struct mca_dpu_operation *operation) {
    const struct mca_cosim_layer *layer = &cosim->layers[operation->step->layer];
    const uint32_t beats = beats_of(cosim, operation);
    const struct mca_dpu_rtl_out *out = &cosim->port.out;
    uint32_t beat = 0;
    uint64_t quiet = 0;
    while (!cosim->failed && !is_done(cosim, operation, beats - beat)) {
        cosim->port.in.adc_valid = beat < beats;
        cosim->port.in.adc = layer->codes + (size_t)beat * cosim->lanes;
        mca__cosim_step(cosim);
        const int is_taken = cosim->port.in.adc_valid && out->adc_ready;
        quiet = is_taken || out->drive_valid || out->chi_read || out->chi_write ? 0 : quiet + 1;
        beat += (uint32_t)is_taken;
        ++cosim->op_clock;
        if (is_hung(cosim, operation, quiet)) {
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
                const int32_t wanted = mca_chi_word(layer.chi, mca_chi_cell(layer.chi, row, c));
                if (got != wanted) {
                    cosim->layer = i;
                    mca__cosim_differ(cosim, "chi at the end", row, c, wanted, got);
                    return;
                }
            }
        }
    }
}

static int has_waiting_commands(const struct mca_cosim *cosim) {
    for (uint32_t t = 0; t < cosim->tiles; ++t) {
        if (cosim->queues[t].count > 0) {
            return 1;
        }
    }
    return 0;
}

/* Of a unit whose end of an image neither a trace nor a count of cycles tells. */
static void wait_for_image(struct mca_cosim *cosim) {
    uint64_t waited = 0;
    while (!cosim->failed && cosim->port.out.apb_ready &&
           mca_dpu_read_images(&cosim->port) != (uint32_t)(cosim->image + 1)) {
        if (++waited > LONG_PATIENCE) {
            mca__cosim_differ(cosim, "images that the unit counts", -1, -1,
                              (int64_t)cosim->image + 1, cosim->port.out.apb_data);
        }
    }
}

/* After the last image: every command has left, and chi is the same. */
static void finish(struct mca_cosim *cosim) {
    if (cosim->options.ignores_cycles) {
        for (int cycle = 0; cycle < PATIENCE && has_waiting_commands(cosim); ++cycle) {
            mca__cosim_step(cosim);
        }
        if (has_waiting_commands(cosim)) {
            mca__cosim_differ(cosim, "command that should leave its queue", -1, -1, 1, 0);
        }
    } else {
        let_commands_leave(cosim, UINT64_MAX);
    }
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
        if (!cosim->has_trace && cosim->options.ignores_cycles) {
            wait_for_image(cosim);
        }
        if (cosim->image + 1 == cosim->options.images) {
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
    *chi_at(cosim, layer, row, col) = mca_chi_word(model.chi, mca_chi_cell(model.chi, row, col));
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
    const uint32_t last = mca_chip_layer_count(chip) - 1;
    const struct mca_layer_view model = mca_chip_layer(chip, last);
    const struct mca_dpu_layout at = mca_dpu_layout_of(chip, last);
    cosim->tiles = at.tile_base + mca_placement_tiles(&model.matrix->place);
    cosim->queues = calloc(cosim->tiles, sizeof *cosim->queues);
    cosim->dense = calloc((size_t)widest + (size_t)2 * cosim->lanes, sizeof *cosim->dense);
    cosim->chi.word_count = at.chi_base + (uint64_t)model.inputs * at.words;
    cosim->chi.words = calloc(cosim->chi.word_count * cosim->lanes, sizeof(int32_t));
    return cosim->layers && cosim->queues && cosim->dense && cosim->chi.words
               ? MCA_OK
               : mca_fail_memory(error, "cosimulation");
}

static enum mca_dpu_rtl_waveform format_of(const char *path) {
    const size_t length = path ? strlen(path) : 0;
    return !path                                                   ? MCA_DPU_RTL_NO_WAVEFORM
           : length >= 4 && strcmp(path + length - 4, ".fst") == 0 ? MCA_DPU_RTL_FST
                                                                   : MCA_DPU_RTL_VCD;
}

static enum mca_status init(struct mca_cosim *cosim, struct mca_error *error) {
    const char *path = cosim->options.waveform.path;
    struct mca_dpu_rtl_wanted wanted = {.source = cosim->options.source,
                                        .waveform = format_of(path)};
    MCA_TRY(mca_dpu_set_of(&wanted.set, mca_chip_config_of(cosim->chip), error));
    MCA_TRY(mca_dpu_check_chip(cosim->chip, error));
    cosim->lanes = wanted.set.lanes;
    MCA_TRY(create_layers(cosim, error));
    MCA_TRY(mca_dpu_rtl_create(&cosim->port.rtl, &wanted, cosim->options.observer, error));
    cosim->has_trace = !mca_dpu_rtl_trace_lacks(cosim->port.rtl);
    errno = 0;
    return !path || mca_dpu_rtl_trace(cosim->port.rtl, path,
                                      mca_chip_config_of(cosim->chip)->dpu.clock_hz) == 0
               ? MCA_OK
               : mca_fail_errno(error, "%s", path);
}

enum mca_status mca_cosim_create(struct mca_cosim **out, struct mca_chip *chip,
                                 const struct mca_cosim_options *options, struct mca_error *error) {
    struct mca_cosim *cosim = calloc(1, sizeof *cosim);
    if (!cosim) {
        return mca_fail_memory(error, "cosimulation");
    }
    cosim->chip = chip;
    cosim->options = *options;
    cosim->mismatch_ps = UINT64_MAX;
    const enum mca_status status = init(cosim, error);
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
    (void)mca__cosim_note_show(cosim);
    for (uint32_t i = 0; cosim->layers && i < mca_chip_layer_count(cosim->chip); ++i) {
        free(cosim->layers[i].codes);
    }
    for (uint32_t t = 0; cosim->queues && t < cosim->tiles; ++t) {
        free(cosim->queues[t].command);
    }
    free(cosim->queues);
    free(cosim->layers);
    free(cosim->dense);
    free(cosim->chi.words);
    mca_dpu_rtl_destroy(cosim->port.rtl);
    free(cosim);
}

const char *mca_cosim_trace_lacks(const struct mca_cosim *cosim) {
    return mca_dpu_rtl_trace_lacks(cosim->port.rtl);
}

const struct mca_cosim_counts *mca_cosim_counts_of(const struct mca_cosim *cosim) {
    return &cosim->counts;
}

int mca_cosim_is_over(const struct mca_cosim *cosim) {
    return cosim->failed || cosim->out_of_memory || cosim->image >= cosim->options.images;
}

const char *mca_cosim_mismatch(const struct mca_cosim *cosim, uint64_t *image, uint64_t *time_ps) {
    *image = cosim->image;
    *time_ps = cosim->mismatch_ps;
    return cosim->failed && !cosim->out_of_memory && !cosim->has_ended ? cosim->mismatch : NULL;
}

enum mca_status mca_cosim_write_view(const struct mca_cosim *cosim, struct mca_error *error) {
    const struct mca__cosim_view view = {
        .waveform = cosim->options.waveform.path,
        .set = mca_dpu_rtl_set_of(cosim->port.rtl),
        .has_trace = cosim->has_trace,
        .clock_hz = mca_chip_config_of(cosim->chip)->dpu.clock_hz,
        .mark_ps = cosim->mismatch_ps,
    };
    return view.waveform ? mca__cosim_write_view(&view, error) : MCA_OK;
}

enum mca_status mca_cosim_status(const struct mca_cosim *cosim, struct mca_error *error) {
    const int number = cosim->options.waveform.path ? mca_dpu_rtl_trace_error(cosim->port.rtl) : 0;
    if (cosim->out_of_memory) {
        return mca_fail_memory(error, "cosimulation");
    }
    if (cosim->has_ended) {
        return mca_fail(error, MCA_FAILED, "the unit ended in image %" PRIu64 ": %.900s",
                        cosim->image, cosim->port.out.ended);
    }
    if (number != 0) {
        errno = number;
        return mca_fail_errno(error, "%s", cosim->options.waveform.path);
    }
    return MCA_OK;
}
