/*
 * All of a chip that training changes, part by part: what a checkpoint saves and loads. Between two
 * images, a chip of the same configuration that has been given these parts goes on as the first one
 * would have: same values, counts and times.
 */
#ifndef MCA_CHIP_SNAPSHOT_H
#define MCA_CHIP_SNAPSHOT_H

#include <stddef.h>

#include "base/c_linkage.h"
#include "base/status.h"
#include "chip/chip.h"

MCA_C_BEGIN

/* A pair's state from outside, as weights are loaded: of one pulsed device its conductance code,
 * its pulses since the last RESET and all of its pulses; what the chip derives from them is made
 * anew. */
struct mca_device_state {
    uint16_t code; /* up to MCA_CONDUCTANCE_CODE_MAX */
    uint8_t pulses_since_reset;
    uint32_t writes;
};
void mca_chip_put_device(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col,
                         int side, struct mca_device_state state);

/* Of a device that drifts while the chip trains, after the state: the code that it was programmed
 * to so long ago, up to MCA_DRIFT_TIME_MAX. Without it the device counts as programmed now. */
void mca_chip_put_age(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col, int side,
                      uint16_t programmed, int64_t age_ps);

/* Of continuous devices, the conductance difference in uS. */
void mca_chip_put_weight_us(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col,
                            double weight_us);

/* Of chi, in 1 / 2^chi.frac_bits of epsilon (fixed) or in epsilons (float); `col` may be in the
 * part of a row that fills its last word of lanes up. */
void mca_chip_put_chi(struct mca_chip *chip, uint32_t layer, uint32_t row, uint32_t col,
                      double word);

/* Who is shown the parts. Returns 0 to stop. */
struct mca_chip_visitor {
    void *user;
    int (*part)(void *user, void *data, size_t size);
};

/* Shows each part, in an order that depends on the configuration and on how many pulse commands
 * wait alone. The visitor reads. Returns 0 when it stopped. */
int mca_chip_save_parts(const struct mca_chip *chip, const struct mca_chip_visitor *visitor);

/*
 * The same with a visitor that fills each part with what it was when it was saved. What follows
 * from the parts is made anew. MCA_INVALID when the visitor stops or a part cannot be (a
 * conductance beyond its grid, a command for a device that there is not), MCA_FAILED for memory;
 * the chip is of no use then.
 */
enum mca_status mca_chip_load_parts(struct mca_chip *chip, const struct mca_chip_visitor *visitor,
                                    struct mca_error *error);

MCA_C_END

#endif
