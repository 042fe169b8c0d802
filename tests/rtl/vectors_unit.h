/*
 * Vectors of the benches of the units. Unlike those of the leaf blocks they are a file of 32-bit
 * words, one a line, which unit.vh reads:
 *
 *   case:  words of the case, these included; name (8 words of 4 characters, at their end); modes;
 *          words of the header, header; then of each section: words, records
 *   file:  cases, and a 0
 *
 * A section is what one stream or port carries, in order; a bench's sections, and the fields of
 * their records, stand at each kind's writer. Fields narrower than a word have zeros above.
 */
#ifndef MCA_TESTS_RTL_VECTORS_UNIT_H
#define MCA_TESTS_RTL_VECTORS_UNIT_H

#include "image_run.h"

#include <stddef.h>

/*
 * Modes of a case: the bench runs it once for each. The last three reset the unit in the middle of
 * an operation and start the case anew.
 */
enum {
    MODE_FREE = 1,    /* nothing waits: cycles have to be those of docs/reference/digital-unit.md */
    MODE_STALLED = 2, /* every stream waits at random */
    MODE_BLOCKED = 4, /* every stream waits for long */
    MODE_RESET_FORWARD = 8,
    MODE_RESET_ERROR = 16,
    MODE_RESET_UPDATE = 32,
    MODE_RESETS = MODE_RESET_FORWARD | MODE_RESET_ERROR | MODE_RESET_UPDATE
};

enum { UNIT_SECTIONS = 9, UNIT_SHIFT_BITS = 6 };

struct unit_words {
    uint32_t *data;
    size_t count, room;
};

struct unit_case {
    const char *name;
    uint32_t modes;
    struct unit_words header;
    uint32_t sections;
    struct unit_words section[UNIT_SECTIONS];
};

/* The low `bits` bits of a value, in a word of its own. */
void unit_put(struct unit_words *words, int64_t value, unsigned bits);
/* values: 32-bit integers, signed or not. */
void unit_put_lanes(struct unit_words *words, const void *values, uint32_t lanes, unsigned bits);

void unit_case_write(const struct unit_case *unit_case, FILE *out);
void unit_case_free(struct unit_case *unit_case);

/*
 * Writes a file of those of `corners` (ended by a name of NULL) that are asked for: the parameter
 * CASE="name" picks one. write_corner returns a status. Status 1 too when there is none.
 */
int unit_write_corners(const struct image_corner *corners, const struct vector_args *args,
                       FILE *out,
                       int (*write_corner)(const struct image_corner *, const struct vector_args *,
                                           FILE *));

/* Status 1, with a message, when the vectors miss something that the case is for. */
int unit_reached(const char *name, uint32_t missing);

/* {seeds of layers x lanes; first chi word, chi words, words of lanes}: what updates start from. */
void unit_put_state(const struct image_unit *unit, struct unit_words *to);

/* chi: {address, residual of each lane, saturated, commands}; commands: {tile, row, column,
 * pulses}. */
void unit_put_update(const struct image_unit *unit, const struct image_update *update,
                     struct unit_words *chi, struct unit_words *commands);

/* {row tile x column tiles, word, code of each lane}: the words of a layer's inputs that drive
 * something. Returns their number. */
uint32_t unit_put_codes_list(const struct image_unit *unit, uint32_t layer, const uint32_t *codes,
                             struct unit_words *to);

/* {column tile, word, chi address of its row 0, rated error of each lane}, likewise. */
uint32_t unit_put_errors_list(const struct image_unit *unit, uint32_t layer, const int32_t *rated,
                              struct unit_words *to);

/* Corner sets of dpu and vector_unit, ended by a name of NULL. */
extern const struct image_corner image_corners[];

/* Kinds. */
int unit_write_dpu(const struct vector_args *args, FILE *out);
int unit_write_vector_unit(const struct vector_args *args, FILE *out);
int unit_write_update_engine(const struct vector_args *args, FILE *out);
int unit_write_sequencer(const struct vector_args *args, FILE *out);

#endif
