/*
 * Inside of the chip: what the files of chip/ share. Others see a chip by view.h and probe.h.
 */
#ifndef MCA_CHIP_CHIP_STATE_H
#define MCA_CHIP_CHIP_STATE_H

#include "array/matrix.h"
#include "base/mathx.h"
#include "chip/arithmetic.h"
#include "chip/chip.h"
#include "chip/engine.h"
#include "chip/layer_numbers.h"
#include "chip/probe.h"
#include "chip/scan_map.h"
#include "chip/signals.h"
#include "chip/tile_updaters.h"
#include "chip/timeline.h"
#include "chip/unit_parts.h"
#include "chip/work.h"
#include "dpu/activation.h"
#include "dpu/chi.h"
#include "dpu/code_sum.h"
#include "dpu/fixed_dpu.h"
#include "dpu/output_scale.h"
#include "dpu/pooling.h"
#include "dpu/softmax.h"
#include "network/window.h"

/* A command leaves its queue, at an edge of the chip's clock. */
struct mca_departure {
    uint64_t cycle;
    struct mca_moment at;
};

/* Programming drivers of one tile and the queue of commands before them. */
struct mca_program_queue {
    struct mca_moment *driver_free; /* [transfer.drivers] */
    struct mca_departure *left;     /* [transfer.fifo_depth] ring: when the command pushed depth ago
                                     * left */
    uint32_t next_slot;
    uint64_t next_cycle; /* one command leaves in a cycle */
};

struct mca_layer {
    uint32_t index;
    uint32_t unit;   /* of chip->units: the digital unit of its operations */
    uint32_t inputs; /* bias row included */
    uint32_t outputs;
    uint32_t positions;   /* at which the matrix is read ... */
    struct mca_run *runs; /* ... and the runs of all (network/window.h), */
    uint32_t *first_run;  /* [positions + 1] those of position p before those of p + 1 */
    enum mca_layer_type type;
    struct mca_pool pool; /* of pools */
    uint32_t values;      /* positions x outputs */
    int in_exponent;      /* full scale of what it takes, 2^in_exponent ... */
    int other_exponent;   /* ... of what a residual sum adds to it ... */
    int out_exponent;     /* ... and of what it gives */
    int in_signed;        /* what it takes can be negative: it is driven as errors are ... */
    uint32_t in_bits;     /* ... with so many bits of DAC magnitude, 0 where the DAC is ideal */
    int32_t bias_code;    /* fixed: what its bias row is driven at */
    int out_signed;
    int sums_positions; /* before chi: chi.accumulate image */
    double unit_weight_us;
    int is_below_digital; /* a layer after it is digital */
    int is_digital;       /* its weights are the words of chi, and there are no tiles: */
    int weight_exponent;  /* a word is 2^(weight_exponent - MCA_WEIGHT_FRAC_BITS), ... */
    uint32_t sum_shift;   /* fixed: sums of products lose so many bits to fit 32 forward ... */
    uint32_t error_shift; /* ... and backward */
    const struct mca_step *backward; /* its transposed read; NULL where there is none */
    struct mca_rate rate;            /* fixed: learning rate / batch in chi units per weight */
    double rate_real; /* float: in epsilons per weight, or weight units with write-through */
    struct mca_matrix matrix;
    uint32_t *writes_before[2];   /* [cells of the matrix] the devices' before the chip's training;
                                 * NULL: those that program its initial weights */
    struct mca_scan_map scan_map; /* no rows: refresh.scan all */
    struct mca_chi chi;
    const struct mca_activation *activation; /* of its outputs; the chip's */
    const struct mca_output_scale *scale;    /* on its sums; NULL but on an aged chip */
    int forward_frac; /* fixed: an ADC step is 2^-forward_frac weight x activation units */
    int backward_frac;
    /* timeline */
    struct mca_moment dac_free;
    struct mca_moment tile_free;
    struct mca_moment adc_free;
    struct mca_moment settled; /* the last pulse on any of its tiles has ended, and no other can
                                * come before the next image is read */
    struct mca_program_queue *queues; /* [tiles] */
    struct mca_unit_parts parts;      /* of its digital units */
    uint64_t held_values;             /* what it gives, with all units that hold it */
};

/* A digital unit, which starts and ends on edges of its clock. */
struct mca_unit {
    uint64_t free_cycle;
    struct mca_moment free; /* that cycle's edge */
};

/* An image whose last step waits until the next one is read (read_ahead.c). */
struct mca_held_image {
    int is_held;
    struct mca_image_plan plan;
    struct mca_moment taken; /* the digital unit has taken the first layer's codes */
};

/* What became of a step of the program, of the image at work. */
struct mca_step_end {
    struct mca_moment at; /* its values stand */
    uint64_t reads;       /* READ: that there were */
};

struct mca_chip {
    struct mca_chip_config config;
    const struct mca_arithmetic_ops *arithmetic; /* fixed or float */
    struct mca_arena arena;
    struct mca_device device;
    struct mca_activation activations[MCA_ACTIVATION_COUNT];
    struct mca_softmax softmax;
    int32_t pixel_code[256]; /* fixed: DAC codes of pixels */
    struct mca_network network;
    struct mca_program train; /* the steps of an image that is trained on ... */
    struct mca_program infer; /* ... and of one that is classified */
    uint32_t layer_count;
    struct mca_layer *layers;
    uint32_t drive_bits; /* DAC magnitude bits of a backward input; 0: it is exact */
    struct mca_signals signals;
    const uint8_t *pixels; /* of the image being trained on */
    uint32_t label;
    int gathers_image; /* a layer reads parts of the image */
    uint32_t batch;
    uint32_t batch_fill;
    uint32_t since_refresh;
    struct mca_pulse_command *commands;
    size_t command_count;
    size_t command_capacity;
    int out_of_memory;
    struct mca_layered_ledger ledger;
    struct mca_timeline timeline;
    struct mca_step_end *ends;      /* [train.step_count] */
    struct mca_moment *converted;   /* each read of the step at work; NULL where none has several */
    struct mca_position_sums *sums; /* NULL: no layer sums its positions before chi */
    struct mca_stream *stream;      /* NULL: a layer waits for the whole of the layer before */
    struct mca_moment image_free;   /* of the image port */
    uint64_t image_cycle;           /* first in which the digital unit has the image */
    struct mca_moment image_in;     /* that cycle's edge */
    struct mca_moment image_read;   /* the first layer has read the image */
    struct mca_moment image_released[2]; /* the image before last, and the last, are learnt from */
    uint32_t unit_count;
    struct mca_unit units[MCA_LAYERS_MAX]; /* [unit_count] digital units, by mca_layer.unit */
    uint64_t init_time_ps;
    uint64_t test_time_ps;    /* of all tests, each on a chip at rest */
    uint64_t test_latency_ps; /* of the last test's first image, alone */
    struct mca_chip_stats stats;
    struct mca_import_stats import;
    struct mca_what_if *what_if; /* NULL: not asked for */
    int is_copy;      /* one of its timelines (what_if.c), in which this takes no time: */
    int shares_reads; /* items of a stream are read as the chip's are, which it has seen */
    enum mca_resource freed;
    struct mca_ageing_state *ageing; /* ageing.c: NULL until the chip is aged */
    struct mca_chip_probe *probes;   /* in the order in which they were attached; of them, any: */
    int tells_reads;                 /* wants codes or sums */
    int tells_updates;
    struct mca_moment scan_begun; /* the refresh at work may read: mca__time_scan */
    uint64_t pulses_since_refresh;
    int reads_ahead;          /* timing.read_ahead, where the network has such a first layer */
    struct mca_signals ahead; /* of the image that is read while another is held */
    struct mca_held_image held;
    uint64_t held_pixels; /* of the image, with all digital units that hold it */
    struct mca_tile_updaters
        *updaters; /* NULL: one update engine goes through all chi of a layer */
};

/* The runs of a position of a layer with a matrix; returns how many. */
static inline uint32_t mca__runs_of(const struct mca_layer *layer, uint32_t position,
                                    const struct mca_run **runs) {
    *runs = layer->runs + layer->first_run[position];
    return layer->first_run[position + 1] - layer->first_run[position];
}

/* Weight changes go straight to continuous devices: chi is only a sum within a mini-batch. */
static inline int mca__is_write_through(const struct mca_chip *chip) {
    return chip->config.transfer.epsilon_us == 0.0;
}

/* A layer whose outputs are probabilities, of the loss that asks for them. */
static inline int mca__is_softmax(const struct mca_chip *chip, const struct mca_layer *layer) {
    return chip->config.loss == MCA_LOSS_SOFTMAX && layer->index + 1 == chip->layer_count;
}

/* The digital unit that does a layer's operations. */
static inline struct mca_unit *mca__unit_of(struct mca_chip *chip, uint32_t layer) {
    return &chip->units[chip->layers[layer].unit];
}

/* The digital unit that is free last. */
const struct mca_unit *mca__last_unit(const struct mca_chip *chip);

/* First cycle in which an operation of a layer's digital unit whose input is ready at `ready_ps`
 * can start. */
static inline uint64_t mca__dpu_start_cycle(struct mca_chip *chip, uint32_t layer,
                                            uint64_t ready_ps) {
    const uint64_t free_cycle = mca__unit_of(chip, layer)->free_cycle;
    const uint64_t ready = mca_ps_to_cycles(ready_ps, chip->config.dpu.clock_hz);
    return ready > free_cycle ? ready : free_cycle;
}

/* probe.c: to all that listen */
void mca__tell_read(const struct mca_chip *chip, const struct mca_adc_ops *adc,
                    const struct mca_dpu_codes *read);
void mca__tell_update(const struct mca_chip *chip, uint32_t layer, const struct mca_update *update);
void mca__tell_command(const struct mca_chip *chip, const struct mca_dpu_command *command);
void mca__tell_operation(const struct mca_chip *chip, const struct mca_dpu_operation *operation);
void mca__tell_chi_written(const struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col);

/* The image at work on a chip at rest or in training: its signals, the noise of its reads, where
 * clipped conversions are counted. */
struct mca_walk {
    const struct mca_program *program;
    struct mca_signals *signals;
    const uint8_t *pixels;
    struct mca_read_event event;
    uint64_t *clips;
};

/* execute.c */
/* Values and work of a step that the training shares with a test: a load, a forward read, an
 * activation. Moves nothing but the walk's signals. */
void mca__execute_forward(const struct mca_chip *chip, const struct mca_step *step,
                          const struct mca_walk *walk, struct mca_work *work);

/* Steps of the training's program, `end` excluded; `walk` may be NULL for updates. */
void mca__execute_steps(struct mca_chip *chip, const struct mca_walk *walk, uint32_t first,
                        uint32_t end);
/* The image at work has been learnt from: its buffer is free. */
void mca__release_image(struct mca_chip *chip);
/* What follows an image: the end of its mini-batch, a refresh. */
enum mca_status mca__follow_image(struct mca_chip *chip, struct mca_image_plan *plan,
                                  struct mca_error *error);

/* read_ahead.c */
enum mca_status mca__read_ahead_init(struct mca_chip *chip, struct mca_error *error);
/* Where an image is held, the next one is loaded and read, and what was held is done. *first is how
 * many steps of the next one are then done. */
enum mca_status mca__begin_image(struct mca_chip *chip, const uint8_t *pixels, uint32_t *first,
                                 struct mca_error *error);
/* The image at work waits with its last step. */
void mca__hold_image(struct mca_chip *chip, const struct mca_image_plan *plan);
void mca__time_hold(struct mca_chip *chip);
/* The held image's last step and what follows it; nothing where none is held. */
enum mca_status mca__finish_held(struct mca_chip *chip, struct mca_error *error);

/* forward.c */
/* The lines of a layer's only position, for all that take what `layer` gives or the image
 * (MCA_FROM_INPUT). */
void mca__gather_whole(const struct mca_chip *chip, uint32_t layer, struct mca_signals *signals);
void mca__read_forward(const struct mca_chip *chip, const struct mca_step *step,
                       const struct mca_walk *walk, struct mca_work *work);

/* The values of a layer, or of the image with MCA_FROM_INPUT. */
const struct mca_layer_signals *mca__values_of(const struct mca_signals *signals, uint32_t layer);

/* read_blocks.c */
/* Whether a layer's reads are made many at a time. */
int mca__reads_blocks(const struct mca_chip *chip, const struct mca_layer *layer, int is_backward);
void mca__read_forward_blocks(const struct mca_chip *chip, const struct mca_step *step,
                              const struct mca_walk *walk, struct mca_work *work);
/* Between the beginning and the end of a backward read that has errors to drive. */
void mca__read_backward_blocks(struct mca_chip *chip, const struct mca_step *step,
                               struct mca_work *work);

/* backward.c */
/* The part of a position's runs (network/window.h) that lies on a tile's rows; `first` counts from
 * the tile's first row. */
struct mca_tile_run {
    uint32_t first;
    uint32_t value;
    uint32_t count;
};
uint32_t mca__runs_of_tile(const struct mca_chip *chip, const struct mca_layer *layer,
                           const struct mca_tile_read *of,
                           struct mca_tile_run runs[MCA_LAYER_KERNEL_MAX]);
/* As many reads as the values of the errors ask for. */
void mca__read_backward(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work);

/* joined_update.c */
/* A layer's update at all positions, many of them as one (dpu/chi.h), where that can be; returns
 * whether it was made. */
int mca__update_joined(struct mca_chip *chip, struct mca_layer *layer, struct mca_signals *signals,
                       const struct mca_command_sink *sink, struct mca_update_result *sum);

/* update.c */
/* The number of a command's word among all of its update's, those that are not served too; where
 * the engine takes rows at once, of its row. */
uint64_t mca__word_of(const struct mca_chip *chip, const struct mca_layer *layer,
                      const struct mca_pulse_command *command);
/* Whether a command is of an update engine's tile, or of the only engine. */
static inline int mca__is_of_updater(const struct mca_layer *layer,
                                     const struct mca_pulse_command *c, uint32_t engine) {
    return layer->parts.units == 1 ||
           mca_placement_tile_of(&layer->matrix.place, c->row, c->col) == engine;
}
/* Commands of a position: its products begin in `cycle` of the update. */
struct mca_collector {
    struct mca_chip *chip;
    const struct mca_command_sink *sink;
    uint32_t layer;
    uint32_t position;
    uint64_t cycle;
};
void mca__collect(void *user, uint32_t row, uint32_t col, int32_t pulses, uint64_t cycle);
/* A layer's update with its commands, timed. */
void mca__add_update_result(struct mca_update_result *sum, const struct mca_update_result *result);
/* The result of a position, the next of which follows while it drains; and the end of all. */
void mca__collect_result(struct mca_collector *from, const struct mca_update_result *result,
                         struct mca_update_result *sum);
void mca__end_collecting(const struct mca_collector *from, struct mca_update_result *sum);
void mca__update(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work);

/* position_sums.c: products summed over an image's positions before chi */
enum mca_status mca__sums_init(struct mca_chip *chip, struct mca_error *error);
struct mca_update_result mca__update_sums(struct mca_chip *chip, struct mca_layer *layer,
                                          struct mca_signals *signals,
                                          const struct mca_command_sink *sink);

/* digital.c: layers whose weights lie in SRAM beside the chip */
/* Its weight memory, all weights 0, and what follows from its widths. */
enum mca_status mca__digital_init(struct mca_chip *chip, struct mca_layer *layer,
                                  const struct mca_layer_numbers *numbers, struct mca_error *error);
/* An initial weight, rounded where words are integers; and the cycles in which all are written. */
void mca__digital_set(struct mca_layer *layer, uint32_t row, uint32_t col, double weight);
uint64_t mca__digital_write_all(struct mca_chip *chip, const struct mca_layer *layer);
/* Gives a layer the weights of another of the same shape. */
void mca__digital_copy(struct mca_layer *to, const struct mca_layer *from);

/* programming.c */
/* Empty queues and free drivers for each of the layer's tiles; *whole is 0 where memory lacks. */
void mca__program_take_queues(struct mca_layer *layer, const struct mca_transfer_config *transfer,
                              struct mca_arena *arena, int *whole);
enum mca_status mca__program_init(struct mca_chip *chip, struct mca_error *error);
/* Those of the scenario, or of outside. MCA_FAILED for memory. */
enum mca_status mca__program_initial_weights(struct mca_chip *chip,
                                             const struct mca_given_weights *given,
                                             struct mca_error *error);
/* Pulses that this sends to a pair of pulsed devices. */
void mca__initial_writes(const struct mca_chip *chip, const struct mca_layer *layer, uint32_t row,
                         uint32_t col, uint32_t writes[2]);
void mca__program_waiting(struct mca_chip *chip);
/* Both devices of a pair are RESET, and one gets SET pulses: the positive one where `pulses` is,
 * counted in `phase`. Returns how long that takes. */
uint64_t mca__rewrite_pair(struct mca_chip *chip, struct mca_layer *layer, uint32_t row,
                           uint32_t col, enum mca_phase phase, int32_t pulses);
/* The same in phase `init`, timed. */
void mca__program_pair(struct mca_chip *chip, struct mca_layer *layer, uint32_t row, uint32_t col,
                       int32_t pulses);

/* ageing.c: where devices drift while the chip trains, they are set to what they conduct by now, at
 * the latest end of any operation. A chip that is aged was looked at before, and stays as it is. */
void mca__drift_to_now(struct mca_chip *chip);

/* import.c: a layer's weights from outside, [inputs][outputs]. MCA_FAILED for memory. */
enum mca_status mca__program_given(struct mca_chip *chip, struct mca_layer *layer,
                                   const struct mca_given_weights *given, struct mca_error *error);

/* refresh.c */
/* A refresh begins: layer by layer, in the order of the program. */
void mca__begin_refresh(struct mca_chip *chip);
/* Of a layer, timed. */
void mca__refresh(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work);

/* work.c, work_vector.c */
/* Words of lanes that so many values are. */
static inline uint64_t mca__lane_words(const struct mca_chip *chip, uint64_t values) {
    return mca_dpu_words(values, chip->config.dpu.lanes);
}

/* Values of a window that are sought in the buffer; those of a layer that takes all lie in order.
 */
static inline uint64_t mca__gathered(const struct mca_layer *layer) {
    return layer->positions > 1 ? layer->inputs - 1 : 0;
}

/* Of a digital unit that is free. */
static inline void mca__take_no_time(const struct mca_chip *chip, struct mca_work *work) {
    if (chip->config.timing.free_dpu) {
        work->cycles = 0;
        work->read_cycles = 0;
        work->cycles_beside = 0;
    }
}
/* Words in which the digital unit takes an image: its pixels and the bias. */
uint64_t mca__image_words(const struct mca_chip *chip);

/* engine.c */
/* Products of a step forward: one for each pair of devices that is read, or the digital unit's. */
uint64_t mca__products_read(const struct mca_step *step, const struct mca_work *work);

/* infer.c */
/* What the time of a step of an image goes by. */
struct mca__step_time {
    uint64_t cycles;
    uint64_t words;
    uint32_t read_cycles;
    uint32_t reads;
    uint64_t cycles_beside;
};

struct mca__test_images {
    const uint8_t *pixels;
    uint32_t count;
    uint64_t run;
    const struct mca__step_time *steps; /* [count][infer.image_steps] */
};

/* Values of an image of a test, once more. */
void mca__walk_test_image(const struct mca_chip *chip, const struct mca__test_images *images,
                          uint32_t image, struct mca_signals *signals);

/* test_time.c */
/* Adds the time of a test to the chip's, and what its resources are busy for to the ledger. */
enum mca_status mca__time_test(struct mca_chip *chip, const struct mca__test_images *images,
                               struct mca_error *error);

/* Likewise of reading every device alone, layer by layer. */
enum mca_status mca__time_reference_reads(struct mca_chip *chip, struct mca_error *error);

/* schedule.c */
/* The latest of what a step waits for. */
const struct mca_moment *mca__ready(const struct mca_chip *chip, const struct mca_step *step);
/* Nothing is loaded before all that was begun has ended. */
void mca__time_idle(struct mca_chip *chip);
/* The digital unit is done with an image. */
void mca__time_release(struct mca_chip *chip);
/* A mini-batch ends: its waiting pulses start, on all layers that learn; where pulses ask for a
 * refresh, it is known now whether one comes, to all layers. */
void mca__time_batch(struct mca_chip *chip);
/* An image through the port, until chip->image_free, when it is in its buffer. There are two: it
 * comes when the first layer has read the image before and the one before that is learnt from. */
void mca__time_load(struct mca_chip *chip, const struct mca_step *step);
/* Reads of a layer one after the other, when their input is ready; without any, it stands then. */
void mca__time_read(struct mca_chip *chip, const struct mca_step *step,
                    const struct mca_work *work);
void mca__time_vector(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work);
/* Of a digital layer; where it takes the image, the image has been read then. */
void mca__time_product(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work);
/* Of mca__time_read: reads that follow each other; returns when the last is converted, `ready`
 * where there is none. */
const struct mca_moment *mca__time_reads(struct mca_chip *chip, const struct mca_step *step,
                                         const struct mca_moment *ready, uint32_t bits,
                                         uint64_t reads);
/* Occupies the digital unit from a cycle on for work->cycles, of which the stalls are held but not
 * busy. `from`: the last moment that it waited for, which in an update can be within it. */
void mca__operate(struct mca_chip *chip, const struct mca_step *step, const struct mca_work *work,
                  uint64_t start_cycle, const struct mca_moment *from);
/* `from`: the start, or the last time that a queue held the update up; stall_cycles of the work are
 * held but not busy. */
void mca__time_update(struct mca_chip *chip, const struct mca_step *step, uint64_t start_cycle,
                      const struct mca_work *work, const struct mca_moment *from);
/* A refresh, or reads before a test that go like one, begins when the digital unit is free: from
 * then on its layers may be read. */
void mca__time_scan(struct mca_chip *chip);
/* Reads and comparisons of a refresh of a layer; returns the cycle after the last comparison. */
uint64_t mca__time_refresh(struct mca_chip *chip, const struct mca_step *step,
                           const struct mca_work *work);

/* stream.c: the way forward, where layers start on what is ready */
/* chip->stream, where the configuration asks for it and the network has such layers. */
enum mca_status mca__stream_init(struct mca_chip *chip, struct mca_error *error);
/* Reads and operations of a layer, timed with those of the last one. */
void mca__stream_read(struct mca_chip *chip, const struct mca_step *step,
                      const struct mca_work *work);
void mca__stream_vector(struct mca_chip *chip, const struct mca_step *step);

/* A copy's own times, and the reads of its items those of the chip that it was. */
enum mca_status mca__stream_copy(struct mca_chip *copy, struct mca_arena *arena,
                                 struct mca_error *error);

/* update.c */
/* The timeline's part of an update whose commands are the chip's from `first` on. */
void mca__schedule_update(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work,
                          size_t first);

/* programming.c */
/* A command that waited for the end of its mini-batch. */
void mca__schedule_waiting(struct mca_chip *chip, const struct mca_pulse_command *command);

/* what_if.c: where chip->what_if is there, the work of each step again for every copy. Called
 * before the chip's own timeline adds to the work what waits and stalls. */
enum mca_status mca__what_if_init(struct mca_chip *chip, struct mca_error *error);
void mca__what_if_deinit(struct mca_chip *chip);
struct mca_chip *mca__what_if_chip(const struct mca_chip *chip, int resource);
void mca__what_if_step(struct mca_chip *chip, const struct mca_step *step,
                       const struct mca_work *work);
void mca__what_if_update(struct mca_chip *chip, const struct mca_step *step,
                         const struct mca_work *work, size_t first);
void mca__what_if_batch(struct mca_chip *chip);
void mca__what_if_scan(struct mca_chip *chip);
void mca__what_if_refresh(struct mca_chip *chip, const struct mca_step *step,
                          const struct mca_work *work);
void mca__what_if_release(struct mca_chip *chip);
void mca__what_if_hold(struct mca_chip *chip);
void mca__what_if_idle(struct mca_chip *chip);
/* The work of a step of the digital unit on a copy; that of the chip itself stays. */
void mca__free_work(const struct mca_chip *copy, const struct mca_step *step,
                    struct mca_work *work);
/* A load, a read or an operation of the digital unit. */
void mca__time_step(struct mca_chip *chip, const struct mca_step *step, struct mca_work *work);

/* queue.c */
/* A command that is ready for the queue of its device's tile. */
struct mca_command_job {
    uint32_t layer;
    uint32_t row;
    uint32_t col;
    enum mca_phase phase;
    uint64_t ready_cycle;
    uint64_t duration_ps; /* of its pulses */
    /* its maker's path, and the phase of the time from there to ready_cycle */
    const struct mca_moment *from;
    enum mca_phase maker;
};
/* When a tile's queue took a command and when a driver started it. */
struct mca_command_time {
    uint64_t taken_cycle;
    uint64_t left_cycle;
    int is_held; /* the queue was full until taken_cycle, and the path leads through it */
};
/* Queues a command; *held is, where the queue held it, the moment at which it is taken. */
struct mca_command_time mca__program_schedule(struct mca_chip *chip,
                                              const struct mca_command_job *job,
                                              struct mca_moment *held);
void mca__what_if_rewrite(struct mca_chip *chip, const struct mca_command_job *job);
/* Reads that chip->converted has room for. */
size_t mca__reads_followed(const struct mca_chip *chip);

#endif
