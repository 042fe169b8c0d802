#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct mca_arena_block {
    struct mca_arena_block *next;
    _Alignas(MCA_ALIGNMENT) unsigned char bytes[];
};

void *mca_arena_alloc(struct mca_arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        bytes > SIZE_MAX - sizeof(struct mca_arena_block) - MCA_ALIGNMENT) {
        return NULL;
    }
    const size_t total = (sizeof(struct mca_arena_block) + bytes + MCA_ALIGNMENT - 1) /
                         MCA_ALIGNMENT * MCA_ALIGNMENT;
    struct mca_arena_block *block = aligned_alloc(MCA_ALIGNMENT, total);
    if (!block) {
        return NULL;
    }
    memset(block->bytes, 0, total - sizeof *block);
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

void *mca_arena_take(struct mca_arena *arena, size_t count, size_t size, int *whole) {
    void *block = mca_arena_alloc(arena, count, size);
    *whole = *whole && block;
    return block;
}

void mca_arena_deinit(struct mca_arena *arena) {
    while (arena->blocks) {
        struct mca_arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
