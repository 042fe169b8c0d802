#include "train/synthetic_digits.h"

#include <assert.h>

#include "base/mathx.h"
#include "train/digit_styles.h"
#include "train/draws.h"

/*
 * The distortion: ranges of uniform draws, or standard deviations of Gaussian ones. Chosen so that
 * a linear classifier stays well below a network with a hidden layer (docs/guide/data.md has the
 * figures) and so that the share of inked pixels is MNIST's, about a fifth.
 */
#define POINT_JITTER 3.5      /* Gaussian, percent of the height, per control point */
#define HEIGHT_MIN_PX 16.5    /* of the undistorted digit */
#define HEIGHT_MAX_PX 20.5    /* "" */
#define ASPECT_MIN 0.65       /* width scale / height scale */
#define ASPECT_MAX 1.05       /* "" */
#define SHEAR_MAX 0.30        /* horizontal shift / height, either way */
#define ROTATION_MAX_RAD 0.25 /* either way */
#define ELASTIC_PX 1.6        /* Gaussian, per node of the displacement grid */
#define SHIFT_MAX_PX 2.0      /* of the digit's box from the middle, either way, each axis */
#define HALF_WIDTH_MIN_PX 0.7 /* of the pen */
#define HALF_WIDTH_MAX_PX 1.6 /* "" */
#define PRESSURE_SPREAD 0.2   /* of the pen's width at a stroke's ends, either way */
#define EDGE_PX 1.2           /* width of the ramp from ink to background */
#define BORDER_PX 0.5         /* kept free around the ink */

enum {
    SIDE = MCA_SYNTHETIC_SIDE,
    GRID = 6,          /* nodes of the displacement grid, each axis */
    CELLS = GRID - 2,  /* cells of the quadratic B-spline on it */
    SPAN_SEGMENTS = 4, /* straight pieces per span of a stroke */
    MAX_POINTS = MCA_STYLE_STROKES * ((2 * MCA_STROKE_POINTS - 2) * SPAN_SEGMENTS + 1)
};

/* A point of the flattened strokes. */
struct pen {
    double x;
    double y;
    double half_width;
    int down; /* a line leads here from the point before */
};

struct path {
    uint32_t count;
    struct pen points[MAX_POINTS];
};

static void add_point(struct path *path, double x, double y, double half_width, int down) {
    assert(path->count < MAX_POINTS);
    path->points[path->count++] = (struct pen){x, y, half_width, down};
}

/* The control points of `stroke` with jitter, corners doubled, relative to the box's middle and in
 * units of the height. Returns their number. */
static uint32_t control_points(const struct mca_stroke *stroke, struct mca_draws *draws,
                               double (*out)[2]) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < stroke->count; ++i) {
        const struct mca_stroke_point *p = &stroke->points[i];
        const double x = 0.01 * (p->x - 50.0 + mca__draw_gaussian(draws, POINT_JITTER));
        const double y = 0.01 * (p->y - 50.0 + mca__draw_gaussian(draws, POINT_JITTER));
        for (int copy = 0; copy <= p->corner; ++copy) {
            out[n][0] = x;
            out[n][1] = y;
            ++n;
        }
    }
    return n;
}

/*
 * Flattens one stroke: span i of a uniform quadratic B-spline is the Bezier curve from the middle
 * of control points i-1 and i to the middle of i and i+1, drawn towards i.
 */
static void add_stroke(struct path *path, const struct mca_stroke *stroke, double half_width,
                       struct mca_draws *draws) {
    double q[2 * MCA_STROKE_POINTS][2];
    const uint32_t n = control_points(stroke, draws, q);
    const double width_start = half_width * mca__draw_uniform(draws, 1.0 - PRESSURE_SPREAD, 1.0);
    const double width_end = half_width * mca__draw_uniform(draws, 1.0 - PRESSURE_SPREAD, 1.0);
    const double steps = (n - 2) * SPAN_SEGMENTS;
    add_point(path, q[0][0], q[0][1], width_start, 0);
    for (uint32_t i = 1; i + 1 < n; ++i) {
        for (uint32_t k = 1; k <= SPAN_SEGMENTS; ++k) {
            const double t = (double)k / SPAN_SEGMENTS;
            const double before = 0.5 * (1.0 - t) * (1.0 - t);
            const double after = 0.5 * t * t;
            const double here = 1.0 - before - after;
            const double along = ((i - 1) * SPAN_SEGMENTS + k) / steps;
            add_point(path, before * q[i - 1][0] + here * q[i][0] + after * q[i + 1][0],
                      before * q[i - 1][1] + here * q[i][1] + after * q[i + 1][1],
                      width_start + (width_end - width_start) * along, 1);
        }
    }
}

/* Size, slant and turn: from units of the height to pixels about the middle. */
static void apply_affine(struct path *path, struct mca_draws *draws) {
    const double height = mca__draw_uniform(draws, HEIGHT_MIN_PX, HEIGHT_MAX_PX);
    const double width = height * mca__draw_uniform(draws, ASPECT_MIN, ASPECT_MAX);
    const double shear = mca__draw_uniform(draws, -SHEAR_MAX, SHEAR_MAX);
    const double angle = mca__draw_uniform(draws, -ROTATION_MAX_RAD, ROTATION_MAX_RAD);
    const double c = mca_cos(angle);
    const double s = mca_sin(angle);
    for (uint32_t i = 0; i < path->count; ++i) {
        struct pen *p = &path->points[i];
        const double y = p->y * height;
        const double x = p->x * width - shear * y;
        p->x = c * x - s * y;
        p->y = s * x + c * y;
    }
}

/* Cell of the displacement grid and the weights of its three nodes, on one axis. */
static uint32_t grid_weights(double position_px, double weights[3]) {
    const double u = mca_clamp((position_px / SIDE + 0.5) * CELLS, 0.0, CELLS - 1e-9);
    const uint32_t cell = (uint32_t)u;
    const double t = u - cell;
    weights[0] = 0.5 * (1.0 - t) * (1.0 - t);
    weights[2] = 0.5 * t * t;
    weights[1] = 1.0 - weights[0] - weights[2];
    return cell;
}

/* Displaces every point by a random field that is smooth over about a quarter of the image. */
static void apply_elastic(struct path *path, struct mca_draws *draws) {
    double field[GRID][GRID][2];
    for (int row = 0; row < GRID; ++row) {
        for (int col = 0; col < GRID; ++col) {
            field[row][col][0] = mca__draw_gaussian(draws, ELASTIC_PX);
            field[row][col][1] = mca__draw_gaussian(draws, ELASTIC_PX);
        }
    }
    for (uint32_t i = 0; i < path->count; ++i) {
        struct pen *p = &path->points[i];
        double wx[3];
        double wy[3];
        const uint32_t col = grid_weights(p->x, wx);
        const uint32_t row = grid_weights(p->y, wy);
        for (uint32_t r = 0; r < 3; ++r) {
            for (uint32_t c = 0; c < 3; ++c) {
                p->x += wy[r] * wx[c] * field[row + r][col + c][0];
                p->y += wy[r] * wx[c] * field[row + r][col + c][1];
            }
        }
    }
}

/* Distance that ink reaches from the middle of a stroke. */
static double reach_px(const struct pen *p) {
    return p->half_width + 0.5 * EDGE_PX;
}

/*
 * Moves one axis (`coordinate` of each point) into the image: the box of the ink is shifted by
 * `shift` from the middle, less where it would leave the image, and `scale` maps the points.
 */
static void place_axis(struct path *path, int vertical, double scale, double shift) {
    double low = 1e9;
    double high = -1e9;
    for (uint32_t i = 0; i < path->count; ++i) {
        const struct pen *p = &path->points[i];
        const double value = scale * (vertical ? p->y : p->x);
        low = value - reach_px(p) < low ? value - reach_px(p) : low;
        high = value + reach_px(p) > high ? value + reach_px(p) : high;
    }
    const double room = 0.5 * (SIDE - 2.0 * BORDER_PX - (high - low));
    const double bound = room > 0.0 ? room : 0.0;
    const double offset = 0.5 * (SIDE - 1) - 0.5 * (low + high) + mca_clamp(shift, -bound, bound);
    for (uint32_t i = 0; i < path->count; ++i) {
        double *value = vertical ? &path->points[i].y : &path->points[i].x;
        *value = *value * scale + offset;
    }
}

/* Shrinks a digit that is too large for the image and shifts it from the middle. */
static void place(struct path *path, struct mca_draws *draws) {
    double low[2] = {1e9, 1e9};
    double high[2] = {-1e9, -1e9};
    double reach = 0.0;
    for (uint32_t i = 0; i < path->count; ++i) {
        const struct pen *p = &path->points[i];
        const double at[2] = {p->x, p->y};
        for (int axis = 0; axis < 2; ++axis) {
            low[axis] = at[axis] < low[axis] ? at[axis] : low[axis];
            high[axis] = at[axis] > high[axis] ? at[axis] : high[axis];
        }
        reach = reach_px(p) > reach ? reach_px(p) : reach;
    }
    const double width = high[0] - low[0];
    const double height = high[1] - low[1];
    const double extent = width > height ? width : height;
    const double room = SIDE - 2.0 * (BORDER_PX + reach);
    const double scale = extent > room ? room / extent : 1.0;
    place_axis(path, 0, scale, mca__draw_uniform(draws, -SHIFT_MAX_PX, SHIFT_MAX_PX));
    place_axis(path, 1, scale, mca__draw_uniform(draws, -SHIFT_MAX_PX, SHIFT_MAX_PX));
}

static int pixel_index(double position) {
    return (int)mca_clamp(position, 0.0, SIDE - 1.0);
}

/* Inks the pixels near the line a - b: coverage falls from 1 to 0 over EDGE_PX around the pen's
 * edge; where lines overlap the darker one counts. */
static void draw_line(const struct pen *a, const struct pen *b, double *coverage) {
    const double dx = b->x - a->x;
    const double dy = b->y - a->y;
    const double length2 = dx * dx + dy * dy;
    const double inverse = length2 > 1e-12 ? 1.0 / length2 : 0.0;
    const double reach = reach_px(a->half_width > b->half_width ? a : b);
    const int col_end = pixel_index((dx > 0.0 ? b->x : a->x) + reach);
    const int row_end = pixel_index((dy > 0.0 ? b->y : a->y) + reach);
    const int col_start = pixel_index((dx > 0.0 ? a->x : b->x) - reach);
    for (int row = pixel_index((dy > 0.0 ? a->y : b->y) - reach); row <= row_end; ++row) {
        for (int col = col_start; col <= col_end; ++col) {
            const double px = col - a->x;
            const double py = row - a->y;
            const double t = mca_clamp((px * dx + py * dy) * inverse, 0.0, 1.0);
            const double ex = px - t * dx;
            const double ey = py - t * dy;
            const double distance2 = ex * ex + ey * ey;
            const double edge = a->half_width + (b->half_width - a->half_width) * t + 0.5 * EDGE_PX;
            if (distance2 < edge * edge) {
                const double ink = (edge - mca_sqrt(distance2)) * (1.0 / EDGE_PX);
                double *pixel = &coverage[row * SIDE + col];
                *pixel = ink > *pixel ? ink : *pixel;
            }
        }
    }
}

static void render(const struct path *path, uint8_t *pixels) {
    double coverage[MCA_SYNTHETIC_PIXELS] = {0};
    for (uint32_t i = 1; i < path->count; ++i) {
        if (path->points[i].down) {
            draw_line(&path->points[i - 1], &path->points[i], coverage);
        }
    }
    for (int i = 0; i < MCA_SYNTHETIC_PIXELS; ++i) {
        const double ink = coverage[i] < 1.0 ? coverage[i] : 1.0;
        pixels[i] = (uint8_t)(ink * 255.0 + 0.5);
    }
}

static uint8_t draw_digit(uint64_t seed, enum mca_synthetic_half half, uint32_t index,
                          uint8_t *pixels) {
    struct mca_draws draws = {
        mca_rng_stream(seed, MCA_RNG_SYNTHETIC), index, (uint64_t)half, 0, 0, {0}};
    const uint32_t digit = mca__draw_below(&draws, MCA_SYNTHETIC_CLASSES);
    const uint32_t choice = mca__draw_below(&draws, MCA_DIGIT_STYLES);
    const struct mca_digit_style *style = &mca_digit_styles[digit][choice];
    const double half_width = mca__draw_uniform(&draws, HALF_WIDTH_MIN_PX, HALF_WIDTH_MAX_PX);
    struct path path;
    path.count = 0;
    for (int i = 0; i < MCA_STYLE_STROKES; ++i) {
        if (style->strokes[i].count > 0) {
            add_stroke(&path, &style->strokes[i], half_width, &draws);
        }
    }
    apply_affine(&path, &draws);
    apply_elastic(&path, &draws);
    place(&path, &draws);
    render(&path, pixels);
    return (uint8_t)digit;
}

const struct mca_synthetic_set mca_synthetic_digits = {"synthetic-digits", SIDE, 1, draw_digit};
