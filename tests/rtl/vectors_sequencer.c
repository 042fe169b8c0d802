#include "vectors_unit.h"

/* The section of sequencer: {image, kind, layer, cycles the bench lets it take; last layer, train,
 * squared, bipolar, rate exponent, row tiles, the next layer's column tiles and backward fraction;
 * shift, any positive, any negative at the operation's end; passes, of them positive,
 * target, whether it needs converter codes, exponent, skip, update shift}. */
enum { SEQUENCER_SECTIONS = 1, SEQUENCER_IMAGES = 40, SHIFT_MAX = 31, CYCLES_MAX = 12 };

/* Settings of an image and what the vector unit will find in it. */
struct order {
    struct image_unit unit;
    struct image_error error[IMAGE_LAYERS];
};

static struct order random_order(const struct image_widths *widths, struct vector_random *random) {
    struct order order = {.unit = {.widths = *widths}};
    struct image_unit *unit = &order.unit;

    unit->layers = (uint32_t)vector_random_range(random, 1, IMAGE_LAYERS);
    unit->train = vector_random_range(random, 0, 4) != 0;
    unit->squared = (int)vector_random_range(random, 0, 1);
    unit->bipolar = (int)vector_random_range(random, 0, 1);
    for (uint32_t l = 0; l < unit->layers; l++) {
        unit->layer[l].row_tiles = (uint32_t)vector_random_range(random, 1, 16);
        unit->layer[l].col_tiles = (uint32_t)vector_random_range(random, 1, 16);
        unit->layer[l].backward_frac = (int)vector_random_range(random, -8, 24);
    }
    for (uint32_t i = 0; i < unit->layers; i++) {
        uint32_t l = unit->layers - 1 - i;
        struct image_error *error = &order.error[l];

        error->any = vector_random_range(random, 0, 7) != 0;
        error->positive = error->any && vector_random_range(random, 0, 2) != 0;
        error->negative = error->any && !unit->bipolar && vector_random_range(random, 0, 2) != 0;
        error->shift = !error->any ? 0
                                   : (int)vector_random_range(random, 2 - (int)widths->err,
                                                              SHIFT_MAX - ((int)widths->err - 1));
        error->exponent =
            error->shift + image_raw_exponent(unit, l, i == 0 ? 0 : order.error[l + 1].exponent);
    }
    return order;
}

/* The rate that gives one of the layers a shift at an edge, or about 0. */
static void choose_rate(struct order *order, struct vector_random *random) {
    static const int shifts[] = {-32, -31, -30, -29, -1, 0, 1, 29, 30, 31, 32};
    uint32_t layer = (uint32_t)vector_random_range(random, 0, order->unit.layers - 1);
    int shift = shifts[vector_random_range(random, 0, sizeof shifts / sizeof shifts[0] - 1)];

    order->unit.rate_exponent =
        (int)order->unit.widths.dac - 12 - order->error[layer].exponent - shift;
}

static void put_settings(const struct image_unit *unit, uint32_t layer, struct unit_words *to) {
    int last = layer == unit->layers - 1;

    unit_put(to, unit->layers - 1, 32);
    unit_put(to, unit->train, 32);
    unit_put(to, unit->squared, 32);
    unit_put(to, unit->bipolar, 32);
    unit_put(to, unit->rate_exponent, 16);
    unit_put(to, unit->layer[layer].row_tiles, 32);
    unit_put(to, last ? 0 : unit->layer[layer + 1].col_tiles, 32);
    unit_put(to, last ? 0 : unit->layer[layer + 1].backward_frac, 8);
}

static void put_expected(const struct order *order, struct image_operation operation,
                         struct unit_words *to) {
    const struct image_unit *unit = &order->unit;
    const struct image_error *error = &order->error[operation.layer];
    int is_error = operation.kind == IMAGE_ERROR;
    int target = is_error && operation.layer == unit->layers - 1;
    uint32_t passes = unit->layer[operation.layer].row_tiles, positive = passes;
    int skipped = 0, shift = 0;

    if (is_error) {
        const struct image_error *above = &order->error[operation.layer + 1];

        passes = target ? 1 : image_backward_passes(unit, operation.layer + 1, above);
        positive = target || unit->bipolar
                       ? passes
                       : (above->positive ? unit->layer[operation.layer + 1].col_tiles : 0);
    }
    if (operation.kind == IMAGE_UPDATE)
        shift = image_update_shift(unit, error->exponent, &skipped);
    unit_put(to, passes, 32);
    unit_put(to, positive, 32);
    unit_put(to, target, 32);
    unit_put(to, operation.kind == IMAGE_FORWARD || (is_error && !target && passes != 0), 32);
    unit_put(to, error->exponent, 16);
    unit_put(to, skipped, 32);
    unit_put(to, shift, UNIT_SHIFT_BITS);
}

static void put_order(const struct order *order, uint32_t index, struct vector_random *random,
                      struct unit_words *to) {
    struct image_operation operations[3 * IMAGE_LAYERS];
    uint32_t count = image_operations(&order->unit, operations);

    for (uint32_t i = 0; i < count; i++) {
        const struct image_error *error = &order->error[operations[i].layer];

        unit_put(to, index, 32);
        unit_put(to, operations[i].kind, 32);
        unit_put(to, operations[i].layer, 32);
        unit_put(to, vector_random_range(random, 2, CYCLES_MAX), 32);
        put_settings(&order->unit, operations[i].layer, to);
        unit_put(to, error->shift, UNIT_SHIFT_BITS);
        unit_put(to, error->positive, 32);
        unit_put(to, error->negative, 32);
        put_expected(order, operations[i], to);
    }
}

int unit_write_sequencer(const struct vector_args *args, FILE *out) {
    const struct image_widths widths = image_widths(args);
    struct vector_random random = {args->seed};
    struct unit_case unit_case = {.name = "orders",
                                  .modes = MODE_FREE | MODE_STALLED | MODE_RESETS,
                                  .sections = SEQUENCER_SECTIONS};

    for (uint32_t i = 0; i < vector_parameter(args, "count", SEQUENCER_IMAGES); i++) {
        struct order order = random_order(&widths, &random);

        choose_rate(&order, &random);
        put_order(&order, i, &random, &unit_case.section[0]);
    }
    unit_case_write(&unit_case, out);
    unit_case_free(&unit_case);
    fprintf(out, "0\n");
    return 0;
}
