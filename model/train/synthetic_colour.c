#include "train/synthetic_colour.h"

#include <math.h>

#include "base/mathx.h"
#include "train/draws.h"

/*
 * Ranges of uniform draws, or standard deviations of Gaussian ones; colours are 0 .. 1. Chosen so
 * that a linear classifier stays far below a small convolutional network (docs/guide/data.md has
 * the figures).
 */
#define RADIUS_MIN_PX 7.0
#define RADIUS_MAX_PX 11.0
#define MARGIN_PX 0.9       /* share of the radius that stays within the image */
#define TURN_MAX_RAD 0.6    /* either way */
#define BACKGROUND_MAX 0.55 /* of each channel, from 0 ... */
#define INK_MIN 0.45        /* ... and from here to 1: figures are lighter, of any hue */
#define CONTRAST_MIN 0.5    /* of figure and background, Euclidean distance of the colours */
#define GRADIENT_MAX 0.2    /* of the background over the image, each channel */
#define NOISE 0.05          /* Gaussian, each value */
#define CLUTTER_MAX 3       /* spots of any colour behind the figure */
#define SPOT_MIN_PX 0.8     /* their radius */
#define SPOT_MAX_PX 2.0     /* "" */

enum { SIDE = MCA_COLOUR_SIDE, CHANNELS = MCA_COLOUR_CHANNELS };

struct canvas {
    double colour[SIDE][SIDE][CHANNELS];
};

/* Where a figure stands: position in pixels, size, turn. */
struct pose {
    double x;
    double y;
    double radius;
    double cosine;
    double sine;
};

static double distance(double u, double v) {
    return mca_sqrt(u * u + v * v);
}

/* 0 .. 1 and back with the period 1. */
static double wave(double u) {
    return 2.0 * fabs(u - mca_round(u));
}

/*
 * The ten figures: how far (u, v) lies within the ink, negative outside, in units of the radius.
 * They differ in outline, holes and texture, not in where they stand.
 */
static double disc(double u, double v) {
    return 0.9 - distance(u, v);
}

static double ring(double u, double v) {
    return 0.22 - fabs(distance(u, v) - 0.72);
}

static double square(double u, double v) {
    return 0.78 - fmax(fabs(u), fabs(v));
}

static double frame(double u, double v) {
    return 0.2 - fabs(fmax(fabs(u), fabs(v)) - 0.62);
}

static double triangle(double u, double v) {
    const double side = 0.8660254037844386 * fabs(u) + 0.5 * v; /* cos, sin of 30 degrees */
    return 0.52 - fmax(side, -v);
}

static double bar(double u, double v) {
    return fmin(0.95 - fabs(u), 0.26 - fabs(v));
}

static double cross(double u, double v) {
    return fmax(bar(u, v), bar(v, u));
}

static double crescent(double u, double v) {
    return fmin(0.9 - distance(u, v), distance(u - 0.45, v) - 0.68);
}

static double stripes(double u, double v) {
    return fmin(disc(u, v), 0.28 * (wave(1.4 * v) - 0.5));
}

static double checks(double u, double v) {
    return fmin(square(u, v), 0.55 * (wave(1.2 * u + 0.25) - 0.5) * (wave(1.2 * v + 0.25) - 0.5));
}

typedef double figure(double u, double v);

static figure *const figures[MCA_COLOUR_CLASSES] = {disc, ring,  square,   frame,   triangle,
                                                    bar,  cross, crescent, stripes, checks};

static void draw_colour(struct mca_draws *draws, double low, double high, double colour[CHANNELS]) {
    for (int c = 0; c < CHANNELS; ++c) {
        colour[c] = mca__draw_uniform(draws, low, high);
    }
}

/* A light colour that can be told from `other`; most can. */
static void draw_contrast(struct mca_draws *draws, const double other[CHANNELS],
                          double colour[CHANNELS]) {
    enum { TRIES = 64 };
    for (int i = 0; i < TRIES; ++i) {
        double square_sum = 0.0;
        draw_colour(draws, INK_MIN, 1.0, colour);
        for (int c = 0; c < CHANNELS; ++c) {
            square_sum += (colour[c] - other[c]) * (colour[c] - other[c]);
        }
        if (square_sum >= CONTRAST_MIN * CONTRAST_MIN) {
            return;
        }
    }
}

/* One colour that changes slowly over the image. */
static void draw_background(struct mca_draws *draws, struct canvas *canvas,
                            double colour[CHANNELS]) {
    double along[2][CHANNELS];
    draw_colour(draws, 0.0, BACKGROUND_MAX, colour);
    for (int c = 0; c < CHANNELS; ++c) {
        along[0][c] = mca__draw_uniform(draws, -GRADIENT_MAX, GRADIENT_MAX);
        along[1][c] = mca__draw_uniform(draws, -GRADIENT_MAX, GRADIENT_MAX);
    }
    for (int y = 0; y < SIDE; ++y) {
        for (int x = 0; x < SIDE; ++x) {
            for (int c = 0; c < CHANNELS; ++c) {
                canvas->colour[y][x][c] = colour[c] + along[0][c] * ((x + 0.5) / SIDE - 0.5) +
                                          along[1][c] * ((y + 0.5) / SIDE - 0.5);
            }
        }
    }
}

/* Inks the figure; its edge is a ramp of one pixel. */
static void paint(struct canvas *canvas, figure *inside, const struct pose *pose,
                  const double colour[CHANNELS]) {
    for (int y = 0; y < SIDE; ++y) {
        for (int x = 0; x < SIDE; ++x) {
            const double dx = (x - pose->x) / pose->radius;
            const double dy = (y - pose->y) / pose->radius;
            const double u = pose->cosine * dx + pose->sine * dy;
            const double v = pose->cosine * dy - pose->sine * dx;
            const double ink = mca_clamp(inside(u, v) * pose->radius + 0.5, 0.0, 1.0);
            for (int c = 0; c < CHANNELS; ++c) {
                double *value = &canvas->colour[y][x][c];
                *value += ink * (colour[c] - *value);
            }
        }
    }
}

static struct pose draw_pose(struct mca_draws *draws, double radius_min_px, double radius_max_px) {
    struct pose pose;
    pose.radius = mca__draw_uniform(draws, radius_min_px, radius_max_px);
    const double low = MARGIN_PX * pose.radius;
    pose.x = mca__draw_uniform(draws, low, SIDE - 1 - low);
    pose.y = mca__draw_uniform(draws, low, SIDE - 1 - low);
    const double angle = mca__draw_uniform(draws, -TURN_MAX_RAD, TURN_MAX_RAD);
    pose.cosine = mca_cos(angle);
    pose.sine = mca_sin(angle);
    return pose;
}

static void draw_clutter(struct mca_draws *draws, struct canvas *canvas) {
    const uint32_t count = mca__draw_below(draws, CLUTTER_MAX + 1);
    for (uint32_t i = 0; i < count; ++i) {
        double colour[CHANNELS];
        draw_colour(draws, 0.0, 1.0, colour);
        const struct pose pose = draw_pose(draws, SPOT_MIN_PX, SPOT_MAX_PX);
        paint(canvas, disc, &pose, colour);
    }
}

static uint8_t draw_image(uint64_t seed, enum mca_synthetic_half half, uint32_t index,
                          uint8_t *pixels) {
    struct mca_draws draws = {
        mca_rng_stream(seed, MCA_RNG_COLOUR), index, (uint64_t)half, 0, 0, {0}};
    const uint32_t label = mca__draw_below(&draws, MCA_COLOUR_CLASSES);
    struct canvas canvas;
    double background[CHANNELS];
    double ink[CHANNELS];
    draw_background(&draws, &canvas, background);
    draw_clutter(&draws, &canvas);
    draw_contrast(&draws, background, ink);
    const struct pose pose = draw_pose(&draws, RADIUS_MIN_PX, RADIUS_MAX_PX);
    paint(&canvas, figures[label], &pose, ink);
    const double *value = &canvas.colour[0][0][0];
    for (int i = 0; i < MCA_COLOUR_VALUES; ++i) {
        const double noisy = value[i] + mca__draw_gaussian(&draws, NOISE);
        pixels[i] = (uint8_t)(mca_clamp(noisy, 0.0, 1.0) * 255.0 + 0.5);
    }
    return (uint8_t)label;
}

const struct mca_synthetic_set mca_synthetic_colour = {"synthetic-colour", SIDE, CHANNELS,
                                                       draw_image};
