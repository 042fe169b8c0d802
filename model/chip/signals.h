/*
 * The values that flow through the chip for one image: one struct per layer, one set per thread.
 */
#ifndef MCA_CHIP_SIGNALS_H
#define MCA_CHIP_SIGNALS_H

#include <stdint.h>

#include "array/matrix.h"
#include "base/arena.h"
#include "base/c_linkage.h"
#include "base/status.h"

MCA_C_BEGIN

struct mca_chip;

/* Lines to drive, ascending, without zeros. */
struct mca_lines {
    uint32_t count;
    uint32_t *line;
    int32_t *code; /* DAC codes; with ideal converters ... */
    double *value; /* ... real inputs. Both are filled where the arithmetic is float. */
};

/* Those of the arithmetic that is not in use are NULL. */
struct mca_layer_signals {
    struct mca_lines input;  /* [inputs], bias row included */
    int32_t *sum;            /* [outputs] fixed: ADC codes summed over row tiles */
    double *sum_real;        /* [outputs] float: pre-activations */
    int32_t *activation;     /* [outputs] fixed: codes of activation_bits */
    double *activation_real; /* [outputs] float */
    int32_t *raw_error;      /* [outputs] fixed: before scaling, of unit 2^raw_exponent */
    int32_t raw_exponent;
    int32_t *error; /* [outputs] fixed: error_bits codes, of unit 2^error_exponent */
    int32_t error_exponent;
    int has_error;
    int32_t *rated;         /* [outputs] fixed: error times the rate's mantissa */
    int32_t update_shift;   /* fixed: alignment of x rated to chi */
    double *error_real;     /* [outputs] float */
    double *rated_real;     /* [outputs] float: error times rate, in epsilons */
    struct mca_lines drive; /* [outputs] work space of the backward read */
    double drive_scale;     /* float: by which errors are driven; 0: there is no error at all */
};

struct mca_signals {
    struct mca_layer_signals *layers;
    struct mca_read_scratch scratch;
};

MCA_C_END

#endif
