/*
 * A kind of layer: its shape, and its lowering to steps. A new kind is one file with one of these,
 * and one line of MCA_LAYER_KINDS (network_config.h).
 */
#ifndef MCA_NETWORK_LAYER_KIND_H
#define MCA_NETWORK_LAYER_KIND_H

#include <stddef.h>
#include <stdint.h>

#include "base/key.h"
#include "base/status.h"
#include "network/network_config.h"

struct mca_network;
struct mca_network_layer;
struct mca_program;

struct mca_layer_kind {
    const char *name;           /* as scenarios write it */
    const struct mca_key *keys; /* of its own; fields are those of struct mca_layer_config */
    size_t key_count;
    const char *activation; /* what it has where none is given; NULL: it has none */
    int has_matrix;         /* 1: it has weights */
    /* Output and matrix of a layer whose configuration and `in` are known; the layers before it are
     * whole. MCA_INVALID where they do not fit, with both shapes. */
    enum mca_status (*shape)(const struct mca_network *network, struct mca_network_layer *layer,
                             struct mca_error *error);
    /* Steps, appended to a program: from the layer's input to its output; from its error to that of
     * the layer below; and the changes of its weights. NULL in a kind that no chip works on yet:
     * its shapes are known, and a scenario with it is refused. */
    void (*lower_forward)(struct mca_program *program, const struct mca_network *network,
                          uint32_t layer);
    void (*lower_backward)(struct mca_program *program, const struct mca_network *network,
                           uint32_t layer);
    void (*lower_update)(struct mca_program *program, const struct mca_network *network,
                         uint32_t layer);
};

#define MCA_LAYER_DECLARED(constant, kind) extern const struct mca_layer_kind mca_##kind##_layer;
MCA_LAYER_KINDS(MCA_LAYER_DECLARED)
#undef MCA_LAYER_DECLARED

/* The kind of an enum mca_layer_type. */
const struct mca_layer_kind *mca_layer_kind_of(unsigned type);

/* --- for tables of keys */

#define MCA_LAYER_FIELD(field)                                                                     \
    .offset = offsetof(struct mca_layer_config, field),                                            \
    .size = sizeof(((struct mca_layer_config *)0)->field)
#define MCA_LAYER_U32(name_, field_, min_, max_, text_, meaning_)                                  \
    {                                                                                              \
        .name = (name_), .type = MCA_KEY_U32, .unit = "", .min = (min_), .max = (max_),            \
        .default_text = (text_), .meaning = (meaning_), MCA_LAYER_FIELD(field_)                    \
    }
#define MCA_LAYER_KERNEL                                                                           \
    MCA_LAYER_U32("kernel", kernel, 1, MCA_LAYER_KERNEL_MAX, NULL, "side of the square window")
/* `text_`: the default. */
#define MCA_LAYER_STRIDE(text_)                                                                    \
    MCA_LAYER_U32("stride", stride, 1, MCA_LAYER_KERNEL_MAX, text_,                                \
                  "values from one position of the window to the next, in both directions")
#define MCA_LAYER_KEYS(table) (table), sizeof(table) / sizeof((table)[0])

/* --- for shapes */

/* A square window moved over a layer's input: height and width of `out`. Its kernel, stride and
 * padding are those of the layer. */
enum mca_status mca_layer_window(struct mca_network_layer *layer, struct mca_error *error);

/* A matrix with a row for each of `inputs` values and one for the bias, read at `positions`. */
enum mca_status mca_layer_matrix(struct mca_network_layer *layer, uint64_t inputs,
                                 struct mca_error *error);

#endif
