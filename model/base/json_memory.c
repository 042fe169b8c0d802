#include "base/json_memory.h"

#include <jansson.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/status.h"

enum { RESERVE_BYTES = 1 << 20, ALIGNMENT = alignof(max_align_t) };

static alignas(max_align_t) unsigned char reserve[RESERVE_BYTES];
static atomic_size_t used; /* of it */
static atomic_uint shortages;

static void *take(size_t size) {
    void *made = malloc(size);
    if (made) {
        return made;
    }
    (void)atomic_fetch_add(&shortages, 1);
    const size_t rounded = (size / ALIGNMENT + 1) * ALIGNMENT;
    const size_t start = atomic_fetch_add(&used, rounded > RESERVE_BYTES ? RESERVE_BYTES : rounded);
    if (rounded > RESERVE_BYTES || start > RESERVE_BYTES - rounded) {
        static const char LINE[] = "out of memory: JSON\n";
        const ssize_t told = write(STDERR_FILENO, LINE, sizeof LINE - 1);
        (void)told;
        _exit(MCA_FAILED);
    }
    return reserve + start;
}

/* What came from the reserve is not used again. */
static void give_back(void *memory) {
    const unsigned char *byte = memory;
    if (byte < reserve || byte >= reserve + RESERVE_BYTES) {
        free(memory);
    }
}

void mca_json_use_reserve(void) {
    json_set_alloc_funcs(take, give_back);
}

void mca_json_give_back(void *memory) {
    json_free_t back;
    json_get_alloc_funcs(NULL, &back);
    if (memory) {
        back(memory);
    }
}

unsigned mca_json_shortages(void) {
    return atomic_load(&shortages);
}
