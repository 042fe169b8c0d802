/*
 * The ways to write a digit that synthetic-digits knows: strokes by control points.
 */
#ifndef MCA_TRAIN_DIGIT_STYLES_H
#define MCA_TRAIN_DIGIT_STYLES_H

#include <stdint.h>

enum { MCA_STROKE_POINTS = 14, MCA_STYLE_STROKES = 2, MCA_DIGIT_STYLES = 4 };

/*
 * A stroke is the uniform quadratic B-spline of its control points: it runs smoothly through the
 * middles between them. A corner counts twice, which makes the pen pass through it and turn there;
 * the first and the last point are corners. Coordinates: percent of the digit's height, x to the
 * right, y downwards, the digit's box being about 0 .. 100 each.
 */
struct mca_stroke_point {
    int8_t x;
    int8_t y;
    int8_t corner;
};

struct mca_stroke {
    uint8_t count; /* points; 0: no stroke */
    struct mca_stroke_point points[MCA_STROKE_POINTS];
};

struct mca_digit_style {
    struct mca_stroke strokes[MCA_STYLE_STROKES];
};

/* Styles of every digit; a digit with fewer than MCA_DIGIT_STYLES repeats some, so each entry is
 * equally likely. */
extern const struct mca_digit_style mca_digit_styles[10][MCA_DIGIT_STYLES];

#endif
