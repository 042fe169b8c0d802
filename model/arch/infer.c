/*
 * Classification of many images on a chip at rest: the test path. On the conductance grid a block
 * of images is read as one product of integer matrices; integers below 2^53 are exact in double
 * precision, so OpenBLAS gives the same sums whatever its kernel and order. Noise and conversion
 * follow per image and column, exactly as in training.
 */
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "arch/chip_state.h"
#include "base/parallel.h"

enum { BLOCK = 64 };

/* Work space of one thread. */
struct worker {
    struct mca_arena arena;
    struct mca_signals signals[BLOCK]; /* batched path: one per image; otherwise only the first */
    double *inputs;                    /* [BLOCK][lines] codes of a row tile */
    double *squares;                   /* [BLOCK][lines] */
    double *weights;                   /* [lines][lines] codes of a tile */
    double *sums;                      /* [BLOCK][lines] */
    double *vars;                      /* [BLOCK][lines] */
    struct mca_ledger ledger;
    uint64_t clips;
};

struct job {
    struct mca_chip *chip;
    const uint8_t *pixels;
    uint32_t count;
    uint64_t run;
    uint8_t *predicted;
    struct worker *workers;
    int batched;
};

static struct mca_read_event event_of(const struct job *job, uint64_t image) {
    return (struct mca_read_event){MCA_RNG_INFER, job->run << 32 | image, 0};
}

static const uint8_t *pixels_of(const struct job *job, uint64_t image) {
    return job->pixels + image * (job->chip->layers[0].inputs - 1);
}

/* Driven lines of one row tile become dense rows of the two input matrices. */
static void gather(const struct job *job, struct worker *w, uint32_t layer, uint32_t images,
                   const struct mca_tile *tile) {
    const uint32_t bits = job->chip->config.dac.bits;
    memset(w->inputs, 0, (size_t)images * tile->rows * sizeof *w->inputs);
    memset(w->squares, 0, (size_t)images * tile->rows * sizeof *w->squares);
    for (uint32_t b = 0; b < images; ++b) {
        const struct mca_lines *lines = &w->signals[b].layers[layer].input;
        for (uint32_t k = 0; k < lines->count; ++k) {
            if (lines->line[k] >= tile->row0 && lines->line[k] < tile->row0 + tile->rows) {
                const size_t at = (size_t)b * tile->rows + (lines->line[k] - tile->row0);
                w->inputs[at] = (double)lines->code[k];
                w->squares[at] = (double)mca_crossbar_square(lines->code[k], bits);
            }
        }
    }
}

static void multiply(const struct mca_tile *tile, uint32_t images, const double *inputs,
                     const double *weights, double *out) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)images, (int)tile->cols,
                (int)tile->rows, 1.0, inputs, (int)tile->rows, weights, (int)tile->cols, 0.0, out,
                (int)tile->cols);
}

static void read_tile(struct worker *w, uint32_t images, const struct mca_crossbar *crossbar,
                      const struct mca_tile *tile) {
    for (uint32_t r = 0; r < tile->rows; ++r) {
        const size_t from = (size_t)(tile->row0 + r) * crossbar->stride + tile->col0;
        for (uint32_t c = 0; c < tile->cols; ++c) {
            w->weights[(size_t)r * tile->cols + c] = (double)crossbar->difference[from + c];
        }
    }
    multiply(tile, images, w->inputs, w->weights, w->sums);
    if (!crossbar->variance) {
        return;
    }
    for (uint32_t r = 0; r < tile->rows; ++r) {
        const size_t from = (size_t)(tile->row0 + r) * crossbar->stride + tile->col0;
        for (uint32_t c = 0; c < tile->cols; ++c) {
            w->weights[(size_t)r * tile->cols + c] = (double)crossbar->variance[from + c];
        }
    }
    multiply(tile, images, w->squares, w->weights, w->vars);
}

/* Noise, conversion and partial sums of a tile, image by image. */
static void finish_tile(const struct job *job, struct worker *w, uint32_t layer, uint64_t first,
                        uint32_t images, const struct mca_tile *tile) {
    const struct mca_chip *chip = job->chip;
    const struct mca_layer *l = &chip->layers[layer];
    struct mca_read_scratch *scratch = &w->signals[0].scratch;
    for (uint32_t b = 0; b < images; ++b) {
        mca_crossbar_finish_read(&l->crossbar, tile, chip->config.dac.bits,
                                 event_of(job, first + b), tile->cols,
                                 w->sums + (size_t)b * tile->cols, w->vars + (size_t)b * tile->cols,
                                 scratch->z, scratch->column);
        mca__add_tile(chip, l, tile, &w->signals[b].layers[layer], scratch, &w->clips);
    }
}

static void infer_block(const struct job *job, struct worker *w, uint64_t first, uint32_t images) {
    struct mca_chip *chip = job->chip;
    for (uint32_t b = 0; b < images; ++b) {
        mca__load_image(chip, &w->signals[b], pixels_of(job, first + b));
    }
    mca__count_load(chip, images, &w->ledger, MCA_PHASE_TEST);
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const struct mca_crossbar *crossbar = &chip->layers[i].crossbar;
        uint64_t driven = 0;
        for (uint32_t b = 0; b < images; ++b) {
            mca__clear_sums(chip, i, &w->signals[b]);
            driven += w->signals[b].layers[i].input.count;
        }
        for (uint32_t r = 0; r < crossbar->row_tiles; ++r) {
            const struct mca_tile *tiles = crossbar->tiles + (size_t)r * crossbar->col_tiles;
            gather(job, w, i, images, &tiles[0]);
            for (uint32_t c = 0; c < crossbar->col_tiles; ++c) {
                read_tile(w, images, crossbar, &tiles[c]);
                finish_tile(job, w, i, first, images, &tiles[c]);
            }
        }
        for (uint32_t b = 0; b < images; ++b) {
            mca__activate(chip, i, &w->signals[b]);
        }
        mca__count_forward(chip, i, images, driven, &w->ledger, MCA_PHASE_TEST);
    }
    for (uint32_t b = 0; b < images; ++b) {
        job->predicted[first + b] = (uint8_t)mca__predict(chip, &w->signals[b]);
    }
}

/* Real inputs, continuous devices and the per-device reference: image by image, as in training. */
static void infer_one(const struct job *job, struct worker *w, uint64_t image) {
    struct mca_chip *chip = job->chip;
    mca__load_image(chip, &w->signals[0], pixels_of(job, image));
    mca__count_load(chip, 1, &w->ledger, MCA_PHASE_TEST);
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        mca__forward_layer(chip, i, &w->signals[0], event_of(job, image), &w->ledger,
                           MCA_PHASE_TEST, &w->clips);
    }
    job->predicted[image] = (uint8_t)mca__predict(chip, &w->signals[0]);
}

static void infer_item(void *user, uint32_t thread, uint64_t item) {
    const struct job *job = user;
    struct worker *w = &job->workers[thread];
    const uint64_t first = item * BLOCK;
    const uint64_t left = job->count - first;
    const uint32_t images = left < BLOCK ? (uint32_t)left : BLOCK;
    if (job->batched) {
        infer_block(job, w, first, images);
        return;
    }
    for (uint32_t b = 0; b < images; ++b) {
        infer_one(job, w, first + b);
    }
}

static enum mca_status init_worker(const struct job *job, struct worker *w,
                                   struct mca_error *error) {
    const struct mca_chip *chip = job->chip;
    size_t rows = 0;
    size_t cols = 0;
    for (uint32_t i = 0; i < chip->layer_count; ++i) {
        const struct mca_tile *tile = &chip->layers[i].crossbar.tiles[0]; /* the largest */
        rows = tile->rows > rows ? tile->rows : rows;
        cols = tile->cols > cols ? tile->cols : cols;
    }
    for (int b = 0; b < (job->batched ? BLOCK : 1); ++b) {
        MCA_TRY(mca_signals_init(&w->signals[b], &w->arena, chip, error));
    }
    if (job->batched) {
        w->inputs = mca_arena_alloc(&w->arena, BLOCK * rows, sizeof(double));
        w->squares = mca_arena_alloc(&w->arena, BLOCK * rows, sizeof(double));
        w->weights = mca_arena_alloc(&w->arena, rows * cols, sizeof(double));
        w->sums = mca_arena_alloc(&w->arena, BLOCK * cols, sizeof(double));
        w->vars = mca_arena_alloc(&w->arena, BLOCK * cols, sizeof(double));
        if (!w->inputs || !w->squares || !w->weights || !w->sums || !w->vars) {
            return mca_fail_memory(error, "test work space");
        }
    }
    return MCA_OK;
}

static void add_ledger(struct mca_ledger *to, const struct mca_ledger *from) {
    for (int p = 0; p < MCA_PHASE_COUNT; ++p) {
        for (int c = 0; c < MCA_COMPONENT_COUNT; ++c) {
            to->counts[p][c] += from->counts[p][c];
        }
    }
}

enum mca_status mca_chip_infer(struct mca_chip *chip, const uint8_t *pixels, uint32_t count,
                               uint64_t run, uint32_t threads, uint8_t *predicted,
                               struct mca_error *error) {
    threads = threads < 1 ? 1 : threads > 64 ? 64 : threads;
    struct job job = {.chip = chip,
                      .pixels = pixels,
                      .count = count,
                      .run = run,
                      .predicted = predicted,
                      .workers = calloc(threads, sizeof *job.workers),
                      .batched = chip->config.dac.bits != 0 && !chip->device.ops->continuous &&
                                 chip->config.tile.read_path == MCA_READ_COLUMN};
    if (!job.workers) {
        return mca_fail_memory(error, "test work space");
    }
    openblas_set_num_threads(1); /* the images are spread over threads here */
    enum mca_status status = MCA_OK;
    for (uint32_t t = 0; t < threads && status == MCA_OK; ++t) {
        status = init_worker(&job, &job.workers[t], error);
    }
    if (status == MCA_OK) {
        mca_parallel_for(threads, ((uint64_t)count + BLOCK - 1) / BLOCK, infer_item, &job);
    }
    for (uint32_t t = 0; t < threads; ++t) {
        add_ledger(&chip->ledger, &job.workers[t].ledger);
        mca_arena_deinit(&job.workers[t].arena);
    }
    free(job.workers);
    return status;
}
