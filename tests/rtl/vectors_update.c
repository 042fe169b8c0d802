#include "vectors_unit.h"

#include <stdlib.h>
#include <string.h>

/* Sections of update_engine. */
enum update_section {
    UPDATE_OPERATIONS, /* {index, kind, layer, cycles, tile_base, shift, skip, stochastic,
                          max_pulses, interval, latency, entries of the codes' and of the errors'
                          list, words} */
    UPDATE_CODES_LIST,
    UPDATE_ERRORS_LIST,
    UPDATE_CHI,
    UPDATE_COMMANDS,
    UPDATE_SECTIONS
};

enum { UPDATES = 24 }; /* of a case */
enum { READS_ON_THEIR_WAY = 4, LATENCY_MAX = 15, PULSES_MAX = 255, SHIFT_MAX = 30 };

static const struct image_corner update_corners[] = {
    {.name = "small_layers",
     .shape = SHAPE_FOUR,
     .modes = MODE_FREE | MODE_STALLED | MODE_RESET_UPDATE,
     .reach = REACH_SKIPPED | REACH_LEFT | REACH_MOST_SET | REACH_MOST_RESET},
    {.name = "chi_at_ends",
     .shape = SHAPE_FOUR,
     .chi_at_ends = 1,
     .modes = MODE_FREE | MODE_STALLED | MODE_BLOCKED,
     .reach = REACH_SATURATED_HIGH | REACH_SATURATED_LOW | REACH_FULL_WORD},
    {.name = "tiles", .shape = SHAPE_ODD, .modes = MODE_FREE | MODE_STALLED},
    {.name = NULL},
};

/* An update's inputs: a word in four is all zeros, and so may be an operation's errors. */
struct update_inputs {
    uint32_t code[IMAGE_LINES];
    struct image_error error;
};

static void random_inputs(const struct image_unit *unit, uint32_t layer,
                          struct vector_random *random, struct update_inputs *in) {
    const struct image_layer *at = &unit->layer[layer];
    int idle = vector_random_range(random, 0, 9) == 0;
    int dark = 0;

    memset(in, 0, sizeof *in);
    for (uint32_t i = 0; i < IMAGE_LINES; i++) {
        if (i % unit->widths.lanes == 0)
            dark = vector_random_range(random, 0, 3) == 0;
        if (i < at->inputs && !dark && vector_random_range(random, 0, 2) != 0)
            in->code[i] = (uint32_t)vector_random_range(random, 0, (1 << unit->widths.dac) - 1);
    }
    for (uint32_t o = 0; o < at->outputs; o++) {
        if (o % unit->widths.lanes == 0)
            dark = idle || vector_random_range(random, 0, 3) == 0;
        if (!dark)
            in->error.rated[o] = (int32_t)vector_random_signed(random, unit->widths.err);
    }
}

/* Settings of one update. The first shifts are the edges, half the others
 * where pulses are common; the
 * rate's exponent is such that the shift is minus the errors' exponent. */
static void random_settings(struct image_unit *unit, uint32_t index, struct vector_random *random,
                            struct image_error *error) {
    static const int edges[] = {-SHIFT_MAX, 0, SHIFT_MAX, SHIFT_MAX + 1};
    static const uint32_t bounds[] = {0, 1, 2, 7, PULSES_MAX};
    const struct image_widths *w = &unit->widths;
    int shift = (int)vector_random_range(random, -SHIFT_MAX, SHIFT_MAX);

    if (index < sizeof edges / sizeof edges[0])
        shift = edges[index];
    else if (vector_random_range(random, 0, 1) == 0)
        shift =
            (int)w->dac + (int)w->err - 1 - (int)w->frac + (int)vector_random_range(random, -3, 3);
    error->exponent = -shift;
    unit->rate_exponent = (int)w->dac - 12;
    unit->stochastic = (int)vector_random_range(random, 0, 1);
    unit->max_pulses = bounds[vector_random_range(random, 0, 4)];
    unit->interval = (uint32_t)vector_random_range(random, 1, 4);
    if (vector_random_range(random, 0, 1) == 0)
        unit->interval = 1;
    unit->latency = (uint32_t)vector_random_range(random, 1, READS_ON_THEIR_WAY * unit->interval);
    if (unit->latency > LATENCY_MAX)
        unit->latency = LATENCY_MAX;
}

static void put_update(struct image_unit *unit, uint32_t index, struct vector_random *random,
                       struct image_update *update, struct unit_case *to) {
    uint32_t layer = (uint32_t)vector_random_range(random, 0, unit->layers - 1);
    struct unit_words *record = &to->section[UPDATE_OPERATIONS];
    struct update_inputs in;

    random_inputs(unit, layer, random, &in);
    random_settings(unit, index, random, &in.error);
    image_update(unit, layer, in.code, &in.error, update);
    unit_put(record, index, 32);
    unit_put(record, IMAGE_UPDATE, 32);
    unit_put(record, layer, 32);
    unit_put(record, update->cycles, 32);
    unit_put(record, unit->layer[layer].tile_base, 32);
    unit_put(record, update->shift, UNIT_SHIFT_BITS);
    unit_put(record, update->skipped, 32);
    unit_put(record, unit->stochastic, 32);
    unit_put(record, unit->max_pulses, 32);
    unit_put(record, unit->interval, 32);
    unit_put(record, unit->latency, 32);
    unit_put(record, unit_put_codes_list(unit, layer, in.code, &to->section[UPDATE_CODES_LIST]),
             32);
    unit_put(record,
             unit_put_errors_list(unit, layer, in.error.rated, &to->section[UPDATE_ERRORS_LIST]),
             32);
    unit_put(record, update->words, 32);
    unit_put_update(unit, update, &to->section[UPDATE_CHI], &to->section[UPDATE_COMMANDS]);
}

static int write_corner(const struct image_corner *corner, const struct vector_args *args,
                        FILE *out) {
    const struct image_widths widths = image_widths(args);
    struct vector_random random = {args->seed};
    struct unit_case unit_case = {
        .name = corner->name, .modes = corner->modes, .sections = UPDATE_SECTIONS};
    struct image_update *update = malloc(sizeof *update);
    struct image_unit unit;
    uint32_t missing = corner->reach;

    if (!update)
        abort();
    image_unit_init(&unit, &widths, corner, &random);
    unit_put_state(&unit, &unit_case.header);
    for (uint32_t i = 0; i < vector_parameter(args, "count", UPDATES); i++) {
        put_update(&unit, i, &random, update, &unit_case);
        missing &= ~image_update_reach(&unit, update);
    }
    unit_case_write(&unit_case, out);
    unit_case_free(&unit_case);
    image_unit_deinit(&unit);
    free(update);
    return unit_reached(corner->name, missing);
}

int unit_write_update_engine(const struct vector_args *args, FILE *out) {
    return unit_write_corners(update_corners, args, out, write_corner);
}
