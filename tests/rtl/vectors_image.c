#include "vectors_unit.h"

#include "oracle.h"

#include <stdlib.h>

/* Widths that tb_dpu.v has fixed. */
enum { DPU_ADDR_BITS = 10, DPU_TILE_BITS = 4 };
enum { DESCRIPTOR_WORDS = 8, SIGMOID_SEGMENTS = 512 };

static uint32_t next_col_tiles(const struct image_unit *unit, uint32_t layer) {
    return layer + 1 < unit->layers ? unit->layer[layer + 1].col_tiles : 0;
}

/* ---- streams of images, common to dpu and vector_unit ---------------------------------------- */

/* adc: {code of each lane}. */
static void put_adc(const struct image_unit *unit, uint32_t outputs, const struct image_pass *pass,
                    struct unit_words *to) {
    unit_put_lanes(to, pass->adc, pass->passes * image_words(unit, outputs) * unit->widths.lanes,
                   16);
}

struct image_streams {
    struct unit_words *drive, *act, *error;
};

/* drive: {layer, kind, last, lanes of 17 bits}; act: {word, activations}. */
static void put_forward(const struct image_unit *unit, uint32_t layer,
                        const struct image_forward *forward, const struct image_streams *to) {
    uint32_t lanes = unit->widths.lanes, outputs = unit->layer[layer].outputs;
    int last_layer = layer == unit->layers - 1;
    uint32_t driven = image_words(unit, last_layer ? outputs : outputs + 1);

    for (uint32_t word = 0; word < driven; word++) {
        unit_put(to->drive, layer, 32);
        unit_put(to->drive, last_layer ? 2 : 0, 32);
        unit_put(to->drive, word == driven - 1, 32);
        unit_put_lanes(to->drive, &(last_layer ? forward->activation : forward->code)[word * lanes],
                       lanes, 17);
    }
    for (uint32_t word = 0; word < image_words(unit, outputs); word++) {
        unit_put(to->act, word, 32);
        unit_put_lanes(to->act, &forward->activation[word * lanes], lanes, unit->widths.act);
    }
}

/* error: {word, errors, rated errors}. */
static void put_error(const struct image_unit *unit, uint32_t layer,
                      const struct image_error *error, const struct image_streams *to) {
    uint32_t lanes = unit->widths.lanes;
    uint32_t words = image_words(unit, unit->layer[layer].outputs);

    for (uint32_t word = 0; word < words; word++) {
        const int32_t *of = &error->error[word * lanes];

        unit_put(to->error, word, 32);
        unit_put_lanes(to->error, of, lanes, unit->widths.err);
        unit_put_lanes(to->error, &error->rated[word * lanes], lanes, unit->widths.err);
        if (layer == 0)
            continue;
        unit_put(to->drive, layer, 32);
        unit_put(to->drive, 1, 32);
        unit_put(to->drive, word == words - 1, 32);
        for (uint32_t l = 0; l < lanes; l++)
            unit_put(to->drive, (of[l] < 0 ? INT64_C(1) << 16 : 0) | error->drive[word * lanes + l],
                     17);
    }
}

/* ---- dpu ------------------------------------------------------------------------------------- */

enum dpu_section {
    DPU_OPERATIONS, /* {image, kind, layer, cycles, passes of converter codes, exponent} */
    DPU_IMAGE,      /* {label, in the last beat; pixel of each lane} */
    DPU_CODES,      /* {last, code of each lane} */
    DPU_ADC,
    DPU_DRIVE,
    DPU_ACT,
    DPU_ERROR,
    DPU_CHI,
    DPU_COMMANDS,
    DPU_SECTIONS
};

static uint32_t low_bits(uint32_t bits) {
    return ((uint32_t)1 << bits) - 1;
}

/* A register's fields, of those bits; the bits around them are random. */
static void put_register(uint32_t fields, uint32_t bits, struct vector_random *random,
                         struct unit_words *to) {
    unit_put(to, (fields & bits) | ((uint32_t)vector_random_u64(random) & ~bits), 32);
}

/* Words of a tile, or 0: the tile of a layer that has only one never ends. */
static uint32_t tile_words(uint32_t words, uint32_t tiles, struct vector_random *random) {
    return tiles == 1 && vector_random_range(random, 0, 1) ? 0 : words;
}

static void put_descriptor(const struct image_unit *unit, uint32_t layer,
                           struct vector_random *random, struct unit_words *to) {
    const struct image_layer *at = &unit->layer[layer];
    uint32_t words = low_bits(unit->widths.word), lines = low_bits(unit->widths.count);
    uint32_t row_tile_words = tile_words(at->row_tile_words, at->row_tiles, random);
    uint32_t col_tile_words = tile_words(at->col_tile_words, at->col_tiles, random);

    put_register(at->inputs, lines, random, to);
    put_register(at->outputs | image_words(unit, at->outputs) << 16, lines | words << 16, random,
                 to);
    put_register(at->row_tiles | at->col_tiles << 16, 0x00ff00ff, random, to);
    put_register(row_tile_words | col_tile_words << 16, words | words << 16, random, to);
    put_register(at->chi_base, low_bits(DPU_ADDR_BITS), random, to);
    put_register(at->tile_base | at->act_base << 16, low_bits(DPU_TILE_BITS) | words << 16, random,
                 to);
    put_register(((uint32_t)(12 - at->forward_frac) & 0x3f) | (uint32_t)at->backward_frac << 8,
                 0xff3f, random, to);
    put_register(0, 0, random, to);
}

/* {control, rate, update, queue, descriptors, state}; control without `enable`. */
static void put_dpu_header(const struct image_unit *unit, const struct image_corner *corner,
                           struct vector_random *random, struct unit_words *to) {
    int interrupt = (int)vector_random_range(random, 0, 1);
    int control = unit->train << 1 | unit->squared << 2 | unit->stochastic << 3 |
                  unit->bipolar << 4 | interrupt << 5 | (int)(unit->layers - 1) << 16;

    put_register((uint32_t)control, 0x3003f, random, to);
    put_register((uint32_t)unit->rate_exponent << 16 | unit->mantissa, 0xffff0fff, random, to);
    put_register(unit->interval | unit->latency << 16 | unit->max_pulses << 24, 0xff0fffff, random,
                 to);
    unit_put(to, corner->queue, 32);
    for (uint32_t l = 0; l < IMAGE_LAYERS; l++) {
        if (l < unit->layers)
            put_descriptor(unit, l, random, to);
        else
            for (int i = 0; i < DESCRIPTOR_WORDS; i++)
                put_register(0, 0, random, to);
    }
    unit_put_state(unit, to);
}

static void put_dpu_streams(const struct image_unit *unit, const struct image_run *run,
                            struct unit_case *to) {
    uint32_t lanes = unit->widths.lanes;
    uint32_t beats = image_words(unit, unit->layer[0].inputs - 1);
    uint32_t driven = image_words(unit, unit->layer[0].inputs);

    for (uint32_t beat = 0; beat < beats; beat++) {
        unit_put(&to->section[DPU_IMAGE], run->label + (beats - 1 - beat), 8);
        for (uint32_t l = 0; l < lanes; l++)
            unit_put(&to->section[DPU_IMAGE], run->pixels[beat * lanes + l], 8);
    }
    for (uint32_t word = 0; word < driven; word++) {
        unit_put(&to->section[DPU_CODES], word == driven - 1, 32);
        unit_put_lanes(&to->section[DPU_CODES], &run->codes[word * lanes], lanes, unit->widths.dac);
    }
}

static void put_dpu_operation(const struct image_unit *unit, const struct image_run *run,
                              struct image_operation operation, struct unit_case *to) {
    const struct image_streams streams = {&to->section[DPU_DRIVE], &to->section[DPU_ACT],
                                          &to->section[DPU_ERROR]};
    struct unit_words *record = &to->section[DPU_OPERATIONS];
    uint32_t l = operation.layer;

    unit_put(record, operation.kind, 32);
    unit_put(record, l, 32);
    switch (operation.kind) {
    case IMAGE_FORWARD:
        unit_put(record, run->forward[l].cycles, 32);
        unit_put(record, run->forward_adc[l].passes, 32);
        unit_put(record, 0, 32);
        put_adc(unit, unit->layer[l].outputs, &run->forward_adc[l], &to->section[DPU_ADC]);
        put_forward(unit, l, &run->forward[l], &streams);
        break;
    case IMAGE_ERROR:
        unit_put(record, run->error[l].cycles, 32);
        unit_put(record, run->error_adc[l].passes, 32);
        unit_put(record, run->error[l].exponent, 16);
        put_adc(unit, unit->layer[l].outputs, &run->error_adc[l], &to->section[DPU_ADC]);
        put_error(unit, l, &run->error[l], &streams);
        break;
    case IMAGE_UPDATE:
        unit_put(record, run->update[l].cycles, 32);
        unit_put(record, 0, 32);
        unit_put(record, 0, 32);
        unit_put_update(unit, &run->update[l], &to->section[DPU_CHI], &to->section[DPU_COMMANDS]);
        break;
    }
}

static void put_dpu_image(const struct image_unit *unit, const struct image_run *run,
                          uint32_t index, struct unit_case *to) {
    struct image_operation operations[3 * IMAGE_LAYERS];
    uint32_t count = image_operations(unit, operations);

    put_dpu_streams(unit, run, to);
    for (uint32_t i = 0; i < count; i++) {
        unit_put(&to->section[DPU_OPERATIONS], index, 32);
        put_dpu_operation(unit, run, operations[i], to);
    }
}

/* ---- vector_unit ----------------------------------------------------------------------------- */

enum vector_section {
    VECTOR_OPERATIONS, /* {image, kind, layer, cycles, passes, positive passes, target, last layer,
                          outputs, words, act_base, sigmoid shift, next layer's row tile words and
                          column tiles, column tile words, chi_base, inputs, label, squared,
                          bipolar, mantissa; shift, any positive, any negative; entries
                          of the codes' and of the errors' list} */
    VECTOR_ADC,
    VECTOR_DRIVE,
    VECTOR_ACT,
    VECTOR_ERROR,
    VECTOR_CODES_LIST,
    VECTOR_ERRORS_LIST,
    VECTOR_SECTIONS
};

static void put_vector_ports(const struct image_unit *unit, const struct image_run *run,
                             struct image_operation operation, struct unit_words *to) {
    uint32_t l = operation.layer;
    const struct image_layer *at = &unit->layer[l];
    int target = operation.kind == IMAGE_ERROR && l == unit->layers - 1;
    uint32_t passes = run->forward_adc[l].passes, positive = 0; /* of errors only */

    if (operation.kind == IMAGE_ERROR) {
        passes = target ? 1 : run->error_adc[l].passes;
        positive = target ? 1 : (run->error[l + 1].positive ? next_col_tiles(unit, l) : 0);
    }
    unit_put(to, passes, 8);
    unit_put(to, positive, 8);
    unit_put(to, target, 32);
    unit_put(to, l == unit->layers - 1, 32);
    unit_put(to, at->outputs, 32);
    unit_put(to, image_words(unit, at->outputs), 32);
    unit_put(to, at->act_base, 32);
    unit_put(to, 12 - at->forward_frac, UNIT_SHIFT_BITS);
    unit_put(to, l + 1 < unit->layers ? unit->layer[l + 1].row_tile_words : 0, 32);
    unit_put(to, next_col_tiles(unit, l), 32);
    unit_put(to, at->col_tile_words, 32);
    unit_put(to, at->chi_base, 32);
    unit_put(to, at->inputs, 32);
    unit_put(to, run->label, 8);
    unit_put(to, unit->squared, 32);
    unit_put(to, unit->bipolar, 32);
    unit_put(to, unit->mantissa, 12);
}

static void put_vector_operation(const struct image_unit *unit, const struct image_run *run,
                                 struct image_operation operation, struct unit_case *to) {
    const struct image_streams streams = {&to->section[VECTOR_DRIVE], &to->section[VECTOR_ACT],
                                          &to->section[VECTOR_ERROR]};
    struct unit_words *record = &to->section[VECTOR_OPERATIONS];
    uint32_t l = operation.layer, codes = 0, errors = 0;
    int forward = operation.kind == IMAGE_FORWARD;
    const struct image_error *error = &run->error[l];

    unit_put(record, operation.kind, 32);
    unit_put(record, l, 32);
    unit_put(record, forward ? run->forward[l].cycles : error->cycles, 32);
    put_vector_ports(unit, run, operation, record);
    put_adc(unit, unit->layer[l].outputs, forward ? &run->forward_adc[l] : &run->error_adc[l],
            &to->section[VECTOR_ADC]);
    if (forward) {
        put_forward(unit, l, &run->forward[l], &streams);
        if (l + 1 < unit->layers)
            codes = unit_put_codes_list(unit, l + 1, run->forward[l].code,
                                        &to->section[VECTOR_CODES_LIST]);
    } else {
        put_error(unit, l, error, &streams);
        errors = unit_put_errors_list(unit, l, error->rated, &to->section[VECTOR_ERRORS_LIST]);
    }
    unit_put(record, error->shift, UNIT_SHIFT_BITS);
    unit_put(record, error->positive, 32);
    unit_put(record, error->negative, 32);
    unit_put(record, codes, 32);
    unit_put(record, errors, 32);
}

static void put_vector_image(const struct image_unit *unit, const struct image_run *run,
                             uint32_t index, struct unit_case *to) {
    struct image_operation operations[3 * IMAGE_LAYERS];
    uint32_t count = image_operations(unit, operations);

    for (uint32_t i = 0; i < count; i++) {
        if (operations[i].kind == IMAGE_UPDATE)
            continue;
        unit_put(&to->section[VECTOR_OPERATIONS], index, 32);
        put_vector_operation(unit, run, operations[i], to);
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

struct image_bench {
    uint32_t sections;
    uint32_t modes, reach; /* those that concern the bench */
    void (*put_header)(const struct image_unit *, const struct image_corner *,
                       struct vector_random *, struct unit_words *);
    void (*put_image)(const struct image_unit *, const struct image_run *, uint32_t index,
                      struct unit_case *);
};

static int write_corner(const struct image_bench *bench, const struct image_corner *corner,
                        const struct vector_args *args, FILE *out) {
    const struct image_widths widths = image_widths(args);
    struct vector_random random = {args->seed + ((uint64_t)(corner - image_corners) << 32)};
    struct vector_random header = {~random.state}; /* another: both benches get the same images */
    struct unit_case unit_case = {
        .name = corner->name, .modes = corner->modes & bench->modes, .sections = bench->sections};
    struct image_run *run = malloc(sizeof *run);
    struct image_unit unit;
    uint32_t missing = corner->reach & bench->reach;

    if (!run)
        abort();
    image_unit_init(&unit, &widths, corner, &random);
    if (bench->put_header)
        bench->put_header(&unit, corner, &header, &unit_case.header);
    for (uint32_t i = 0; i < vector_parameter(args, "count", corner->images); i++) {
        missing &= ~image_run(&unit, corner, &random, run);
        bench->put_image(&unit, run, i, &unit_case);
    }
    unit_case_write(&unit_case, out);
    unit_case_free(&unit_case);
    image_unit_deinit(&unit);
    free(run);
    return unit_reached(corner->name, missing);
}

/* A case that is not run: {rise, value} of the sigmoid's segments. */
static void write_table(uint32_t sections, const struct vector_args *args, FILE *out) {
    struct unit_case table = {.name = "table", .sections = sections};
    uint32_t act_bits = image_widths(args).act;

    for (unsigned i = 0; i < SIGMOID_SEGMENTS; i++) {
        uint32_t value = oracle_sigmoid_entry(i, act_bits);

        unit_put(&table.header, (oracle_sigmoid_entry(i + 1, act_bits) - value) << 17 | value, 32);
    }
    unit_case_write(&table, out);
    unit_case_free(&table);
}

static int write_dpu_corner(const struct image_corner *corner, const struct vector_args *args,
                            FILE *out) {
    static const struct image_bench bench = {DPU_SECTIONS, UINT32_MAX, UINT32_MAX, put_dpu_header,
                                             put_dpu_image};

    return write_corner(&bench, corner, args, out);
}

int unit_write_dpu(const struct vector_args *args, FILE *out) {
    write_table(DPU_SECTIONS, args, out);
    return unit_write_corners(image_corners, args, out, write_dpu_corner);
}

static int write_vector_corner(const struct image_corner *corner, const struct vector_args *args,
                               FILE *out) {
    static const struct image_bench bench = {VECTOR_SECTIONS, ~(uint32_t)MODE_RESET_UPDATE,
                                             REACH_BIAS_ALONE | REACH_NO_ERROR | REACH_ONE_READ |
                                                 REACH_TWO_READS | REACH_NEGATIVE_READ |
                                                 REACH_SMALL_ERROR,
                                             NULL, put_vector_image};

    return write_corner(&bench, corner, args, out);
}

int unit_write_vector_unit(const struct vector_args *args, FILE *out) {
    write_table(VECTOR_SECTIONS, args, out);
    return unit_write_corners(image_corners, args, out, write_vector_corner);
}
