#include "vectors_unit.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_WORDS = 8 };

const struct vector_kind vector_kinds_unit[] = {
    {"dpu", unit_write_dpu},
    {"vector_unit", unit_write_vector_unit},
    {"update_engine", unit_write_update_engine},
    {"sequencer", unit_write_sequencer},
    {NULL, NULL},
};

/* ---- file ------------------------------------------------------------------------------------ */

void unit_put(struct unit_words *words, int64_t value, unsigned bits) {
    if (words->count == words->room) {
        words->room = 2 * words->room + 256;
        words->data = realloc(words->data, words->room * sizeof *words->data);
        if (!words->data)
            abort();
    }
    words->data[words->count++] = (uint32_t)((uint64_t)value & ((UINT64_C(1) << bits) - 1));
}

void unit_put_lanes(struct unit_words *words, const void *values, uint32_t lanes, unsigned bits) {
    for (uint32_t l = 0; l < lanes; l++)
        unit_put(words, ((const int32_t *)values)[l], bits);
}

static void write_words(const struct unit_words *words, FILE *out) {
    fprintf(out, "%08zx\n", words->count);
    for (size_t i = 0; i < words->count; i++)
        fprintf(out, "%08x\n", words->data[i]);
}

void unit_case_write(const struct unit_case *unit_case, FILE *out) {
    size_t count = 1 + NAME_WORDS + 1 + 1 + unit_case->header.count;
    size_t blank = 4 * NAME_WORDS - strlen(unit_case->name);

    for (uint32_t s = 0; s < unit_case->sections; s++)
        count += 1 + unit_case->section[s].count;
    fprintf(out, "%08zx\n", count);
    for (size_t i = 0; i < 4 * NAME_WORDS; i++)
        fprintf(out, i % 4 == 3 ? "%02x\n" : "%02x",
                i < blank ? 0U : (unsigned char)unit_case->name[i - blank]);
    fprintf(out, "%08x\n", unit_case->modes);
    write_words(&unit_case->header, out);
    for (uint32_t s = 0; s < unit_case->sections; s++)
        write_words(&unit_case->section[s], out);
}

void unit_case_free(struct unit_case *unit_case) {
    free(unit_case->header.data);
    for (uint32_t s = 0; s < unit_case->sections; s++)
        free(unit_case->section[s].data);
}

static int wanted(const struct vector_args *args, const char *name) {
    static const char key[] = "CASE=\"";
    size_t length = strlen(name);

    for (int i = 0; i < args->parameter_count; i++) {
        const char *value = args->parameters[i] + sizeof key - 1;

        if (strncmp(args->parameters[i], key, sizeof key - 1) == 0)
            return strncmp(value, name, length) == 0 && strcmp(value + length, "\"") == 0;
    }
    return 1;
}

int unit_write_corners(const struct image_corner *corners, const struct vector_args *args,
                       FILE *out,
                       int (*write_corner)(const struct image_corner *, const struct vector_args *,
                                           FILE *)) {
    int failed = 0, written = 0;

    for (const struct image_corner *corner = corners; corner->name; corner++) {
        if (!wanted(args, corner->name))
            continue;
        failed |= write_corner(corner, args, out);
        written++;
    }
    fprintf(out, "0\n");
    if (written == 0)
        fprintf(stderr, "vectors: no such case\n");
    return failed || written == 0;
}

int unit_reached(const char *name, uint32_t missing) {
    if (missing)
        fprintf(stderr, "vectors: %s does not reach %#x with this seed\n", name, missing);
    return missing != 0;
}

/* ---- records of more than one unit ----------------------------------------------------------- */

void unit_put_state(const struct image_unit *unit, struct unit_words *to) {
    uint32_t lanes = unit->widths.lanes;

    for (uint32_t l = 0; l < IMAGE_LAYERS; l++)
        unit_put_lanes(to, unit->random[l], lanes, 32);
    unit_put(to, unit->layer[0].chi_base, 32);
    unit_put(to, image_chi_words(unit) - unit->layer[0].chi_base, 32);
    for (uint32_t w = unit->layer[0].chi_base; w < image_chi_words(unit); w++)
        unit_put_lanes(to, &unit->chi[w * lanes], lanes, unit->widths.chi);
}

void unit_put_update(const struct image_unit *unit, const struct image_update *update,
                     struct unit_words *chi, struct unit_words *commands) {
    for (uint32_t w = 0; w < update->words; w++) {
        const struct image_word *word = &update->word[w];

        unit_put(chi, word->address, 32);
        unit_put_lanes(chi, word->residual, unit->widths.lanes, unit->widths.chi);
        unit_put(chi, word->saturated, 32);
        unit_put(chi, word->commands, 32);
        for (uint32_t l = 0; l < unit->widths.lanes; l++) {
            if (word->pulses[l] == 0)
                continue;
            unit_put(commands, word->tile, 32);
            unit_put(commands, word->row, 32);
            unit_put(commands, word->column + l, 32);
            unit_put(commands, word->pulses[l], 9);
        }
    }
}

static int all_zero(const void *values, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (((const uint32_t *)values)[i] != 0)
            return 0;
    return 1;
}

uint32_t unit_put_codes_list(const struct image_unit *unit, uint32_t layer, const uint32_t *codes,
                             struct unit_words *to) {
    const struct image_layer *at = &unit->layer[layer];
    uint32_t lanes = unit->widths.lanes, listed = 0;

    for (uint32_t word = 0; word < image_words(unit, at->inputs); word++) {
        if (all_zero(&codes[word * lanes], lanes))
            continue;
        unit_put(to, word / at->row_tile_words * at->col_tiles, 32);
        unit_put(to, word, 32);
        unit_put_lanes(to, &codes[word * lanes], lanes, unit->widths.dac);
        listed++;
    }
    return listed;
}

uint32_t unit_put_errors_list(const struct image_unit *unit, uint32_t layer, const int32_t *rated,
                              struct unit_words *to) {
    const struct image_layer *at = &unit->layer[layer];
    uint32_t lanes = unit->widths.lanes, listed = 0;

    for (uint32_t word = 0; word < image_words(unit, at->outputs); word++) {
        if (all_zero(&rated[word * lanes], lanes))
            continue;
        unit_put(to, word / at->col_tile_words, 32);
        unit_put(to, word, 32);
        unit_put(to, at->chi_base + word * at->inputs, 32);
        unit_put_lanes(to, &rated[word * lanes], lanes, unit->widths.err);
        listed++;
    }
    return listed;
}
