/*
 * The work of a step: how often which component acts, and how long its parts take if nothing waits.
 * One record for both, so that nothing is counted without its time. The timeline adds waits and
 * stalls; then the ledger takes it.
 */
#ifndef MCA_CHIP_WORK_H
#define MCA_CHIP_WORK_H

#include <stdint.h>

#include "base/c_linkage.h"
#include "chip/chip.h"
#include "chip/interconnect.h"
#include "chip/ledger.h"
#include "dpu/chi.h"

MCA_C_BEGIN

struct mca_work {
    uint64_t counts[MCA_COMPONENT_CHIP_COUNT];
    uint64_t reads;         /* of the layer's tiles side by side, one after the other; VECTOR: whose
                            * sums it takes ... */
    uint64_t read_cycles;   /* ... and cycles of the unit for those of each; UPDATE: cycles before
                            * the first word of chi */
    uint64_t cycles;        /* of the digital unit */
    uint64_t stall_cycles;  /* of them, waiting for a full queue: what the timeline finds */
    uint64_t words;         /* of chi, each read and written; PRODUCT: of a weight memory, read */
    uint64_t cycles_beside; /* of the layer's other digital units meanwhile, added up */
    uint64_t sent_bits;     /* to other digital units, by the one that sends most */
};

/* Products by which an error takes the slope of an activation with a table: the slope from the
 * activation, and error times slope. One of 0 or 1 needs none. */
enum { MCA_SLOPE_PRODUCTS = 2 };

/* Cycles of a softmax beyond those of any activation: exponentials and products follow one after
 * the other through its only unit, the division between them. */
uint64_t mca_work_softmax_cycles(uint64_t outputs);

/* Products of codes that an average of `places` values takes: with a reciprocal, of a sum that is
 * wider than a code; none where it is a shift. */
uint64_t mca_work_average_products(uint64_t places);

/* An image brought to the input buffer. */
void mca_work_load(const struct mca_chip *chip, struct mca_work *work);

/* More reads of a layer, with `driven` lines in all driven with a code other than 0. */
void mca_work_read(const struct mca_chip *chip, const struct mca_step *step, uint64_t reads,
                   uint64_t driven, struct mca_work *work);

/*
 * An operation of the digital unit on the sums of `reads` reads. Activation: partial sums, a word
 * of lanes a cycle for each row tile of each read, or as they cross (chip/interconnect.h); then the
 * function, a word a cycle. Errors: passes over the layer's words for the target or the sums of
 * each read's column tiles, the largest error, and scaling.
 */
void mca_work_vector(const struct mca_chip *chip, const struct mca_step *step, uint64_t reads,
                     struct mca_work *work);

/* Pipeline depth of the digital unit's operations on a vector, in cycles. */
enum { MCA_VECTOR_LATENCY_CYCLES = 6 };
uint64_t mca_work_latency_cycles(const struct mca_chip *chip); /* 0 where the unit is free */
/* What a digital unit does for a position, of so many reads, or a row of an operation that
 * streams, the last of them or not. */
struct mca_item_work {
    uint64_t cycles;
    uint64_t cycles_beside; /* as of mca_work */
};
struct mca_item_work mca_work_item(const struct mca_chip *chip, const struct mca_step *step,
                                   uint64_t reads, int is_last);

/* Products of a digital layer's weights in a step, all positions together. */
struct mca_products {
    uint64_t words; /* of lanes' weights that were read: rows and words of zeros are passed over */
    uint64_t products; /* of factors other than 0 */
};
void mca_work_product(const struct mca_chip *chip, const struct mca_step *step,
                      const struct mca_products *done, struct mca_work *work);

/* Cycles of products of so many words, each of which takes `each`. */
void mca_work_pace_product(const struct mca_chip *chip, uint64_t each, struct mca_work *work);

/* Passes of a lane's multiplier, of activation_bits x error_bits, that a product with a weight
 * takes: weights share a port with errors forward, and with activations backward. */
uint64_t mca_work_product_passes(const struct mca_dpu_config *dpu, int is_backward);

/* Cycles from one word of a weight memory to the next that is read alone, or written. */
uint64_t mca_work_weight_interval(const struct mca_chi_config *memory);

/* An update that gave `result`. */
void mca_work_update(const struct mca_chip *chip, const struct mca_step *step,
                     const struct mca_update_result *result, struct mca_work *work);

/* Reads of every device of a layer, each row of each tile driven alone, once per side; and a
 * comparison of each: the digital unit keeps up with the converters, a word of lanes a cycle. */
void mca_work_reference_reads(const struct mca_chip *chip, const struct mca_step *step,
                              struct mca_work *work);

/* The same of a refresh, which compares with the threshold: with refresh.scan programmed, of pairs
 * programmed since the last one alone, and with the map that tells them. What is rewritten is not
 * in it. */
void mca_work_refresh(const struct mca_chip *chip, const struct mca_step *step,
                      struct mca_work *work);

/* Into a ledger: counts alone, since busy times come from the timeline. */
void mca_work_book(struct mca_layered_ledger *ledger, const struct mca_step *step,
                   const struct mca_work *work);

/* Empties a record, for the step after: faster than a new one. */
void mca_work_clear(struct mca_work *work);

MCA_C_END

#endif
