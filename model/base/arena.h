/*
 * Memory that lives and dies together: a chip, a data set, a trainer each own one arena. Blocks are
 * zeroed and aligned to 64 bytes (a cache line, an AVX-512 register).
 */
#ifndef MCA_BASE_ARENA_H
#define MCA_BASE_ARENA_H

#include <stddef.h>

#include "base/c_linkage.h"

MCA_C_BEGIN

enum { MCA_ALIGNMENT = 64 };

/* `(struct mca_arena){0}` has nothing in it. */
struct mca_arena {
    struct mca_arena_block *blocks; /* newest first */
};

/* `count` zeroed elements of `size` bytes; NULL when memory is short or the product overflows.
 * Zero elements give a valid block. The block lives until mca_arena_deinit. */
void *mca_arena_alloc(struct mca_arena *arena, size_t count, size_t size);

/* The same for one of several blocks: *whole becomes 0 when memory is short. */
void *mca_arena_take(struct mca_arena *arena, size_t count, size_t size, int *whole);

/* Frees every block; the arena can be used again. */
void mca_arena_deinit(struct mca_arena *arena);

MCA_C_END

#endif
