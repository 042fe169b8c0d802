/*
 * The values that flow through the chip for one image: one struct per layer, one set per thread.
 */
#ifndef MCA_CHIP_SIGNALS_H
#define MCA_CHIP_SIGNALS_H

#include <stdint.h>

#include "array/matrix.h"
#include "base/c_linkage.h"

MCA_C_BEGIN

struct mca_chip;

/* Lines to drive, ascending, without zeros. What is stored by the vector can reach beyond them. */
enum { MCA_LINES_PAST = 16, MCA_JOINED_LINES = 1024 };
struct mca_lines {
    uint32_t count;
    uint32_t *line;
    int32_t *code; /* DAC codes; with ideal converters ... */
    double *value; /* ... real inputs. Both are filled where the arithmetic is float. */
};

/* Which tile of a layer was read at which position, and the sign of what drove it: -1, where a
 * signed input is driven in two parts, for the negative one. */
struct mca_tile_read {
    uint32_t tile;
    uint32_t position;
    int sign;
};

/*
 * Those of the arithmetic that is not in use are NULL. A layer that reads its matrix at several
 * positions has the outputs of each one after the other: [values] = positions x outputs.
 */
struct mca_layer_signals {
    struct mca_lines input;  /* [inputs], bias row included: of the position gathered last */
    int32_t *sum;            /* [values] fixed: ADC codes summed over row tiles */
    double *sum_real;        /* [values] float: pre-activations */
    int32_t *activation;     /* [values] fixed: codes of activation_bits */
    double *activation_real; /* [values] float */
    int32_t *driven;         /* [values] DAC codes of the activations ... */
    double *driven_real;     /* [values] float: ... and what they stand for */
    uint32_t *choice;        /* [values] of a maximum: which of the inputs it is */
    int32_t *raw_error;      /* [values] fixed: before scaling, of unit 2^raw_exponent */
    int32_t raw_exponent;
    int32_t
        *kept_error; /* [values] fixed: raw errors of another layer's read, where several come */
    int32_t *error;  /* [values] fixed: error_bits codes, of unit 2^error_exponent */
    int32_t error_exponent;
    int has_error;
    int32_t *rated;       /* [values] fixed: error times the rate's mantissa */
    int32_t update_shift; /* fixed: alignment of x rated to chi */
    double *error_real;   /* [values] float */
    double *kept_error_real;
    double raw_scale;       /* float: of error_real, until it is scaled */
    double *rated_real;     /* [values] float: error times rate, in epsilons */
    struct mca_lines drive; /* [outputs] work space of the backward read */
    double drive_scale;     /* float: by which errors are driven; 0: there is no error at all */
};

struct mca_signals {
    struct mca_layer_signals image; /* activation, driven: where a layer gathers them */
    struct mca_layer_signals *layers;
    struct mca_lines part;   /* work space: of lines, those of one sign */
    struct mca_lines joined; /* work space of joined updates: input lines of several positions,
                              * which of them each is of ... */
    uint32_t *joined_of;
    int32_t *joined_error; /* ... and their errors */
    int16_t *narrow[2];    /* work space of blocks of reads: codes of what a layer takes, by the
                            * sign of what is driven */
    struct mca_read_scratch scratch;
};

MCA_C_END

#endif
