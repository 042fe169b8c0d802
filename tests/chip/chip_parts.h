/* A chip brought to the state of another one, by way of the parts of a checkpoint. */
#ifndef MCA_TESTS_CHIP_CHIP_PARTS_H
#define MCA_TESTS_CHIP_CHIP_PARTS_H

#include <stdlib.h>

#include "chip/snapshot.h"
#include "mca_test.h"

/* A checkpoint's parts, one after the other. */
struct chip_parts {
    unsigned char *bytes;
    size_t size;
    size_t at;
};

static inline int keep_part(void *user, void *data, size_t size) {
    struct chip_parts *p = user;
    p->bytes = realloc(p->bytes, p->size + size);
    assert_non_null(p->bytes);
    memcpy(p->bytes + p->size, data, size);
    p->size += size;
    return 1;
}

static inline int give_part(void *user, void *data, size_t size) {
    struct chip_parts *p = user;
    memcpy(data, p->bytes + p->at, size);
    p->at += size;
    return 1;
}

/* Brings `to` to the state of another chip of the same configuration. */
static inline enum mca_status load_chip_from(const struct mca_chip *chip, struct mca_chip *to) {
    struct chip_parts parts = {NULL, 0, 0};
    struct mca_error error;
    const struct mca_chip_visitor keeper = {&parts, keep_part};
    const struct mca_chip_visitor giver = {&parts, give_part};
    assert_true(mca_chip_save_parts(chip, &keeper));
    const enum mca_status status = mca_chip_load_parts(to, &giver, &error);
    free(parts.bytes);
    return status;
}

#endif
