/*
 * Rows of chi in vectors of the compiler's own, LANES words at a time: what the target has no
 * registers for is split up, with the same integers. Included by update_kernels.c once for each
 * target, number of lanes and width of words, with TARGET, LANES, WORD, NAME(x) and ANY(v), whether
 * an element of a vector is not 0, defined.
 */
typedef int32_t NAME(ints) __attribute__((vector_size(4 * LANES)));
typedef uint32_t NAME(uints) __attribute__((vector_size(4 * LANES)));
typedef WORD NAME(words) __attribute__((vector_size(sizeof(WORD) * LANES)));

/* The changes of a word's lanes; stochastic: after a step of their generators. */
TARGET static inline __attribute__((always_inline)) void
NAME(change)(const struct mca_update_rows *u, int32_t factor, uint32_t first, NAME(uints) * state,
             NAME(ints) * same, NAME(ints) * delta) {
    NAME(ints) e;
    memcpy(&e, u->error + first, sizeof e);
    const NAME(ints) v = factor * e;
    if (u->stochastic) {
        const uint32_t mask = ((uint32_t)1 << u->shift) - 1;
        NAME(uints) s = *state;
        s ^= s << 13; /* mca_lfsr_next */
        s ^= s >> 17;
        s ^= s << 5;
        *state = s;
        *delta = (v + (NAME(ints))(s & mask)) >> (int32_t)u->shift;
        return;
    }
    const int32_t half = u->shift ? (int32_t)1 << (u->shift - 1) : 0;
    const int32_t odd = u->shift ? -1 : 0; /* half away from zero */
    *delta = (v + half + ((v >> 31) & odd)) >> (int32_t)u->shift;
    *same += (*delta == 0) & (v != 0);
}

/* Rows from k on, up to and with the first whose sums reach epsilon. `u` is a copy whose rounding
 * the compiler knows. */
TARGET static inline __attribute__((always_inline)) uint32_t
NAME(serve)(const struct mca_update_rows *u, uint32_t k, uint64_t *unchanged) {
    const uint32_t window = 2u * (uint32_t)u->epsilon - 2u;
    const uint32_t chunks = u->chunk_count;
    NAME(uints) state;
    NAME(uints) before;
    NAME(ints) same = {0};
    NAME(ints) over = {0};
    memcpy(&state, u->state, sizeof state);
    before = state;
    for (; k < u->count; ++k) {
        const int32_t factor = u->code[k] * ((int32_t)1 << u->left);
        WORD *restrict words = (WORD *)u->words + (size_t)u->row[k] * u->stride;
        before = state;
        for (uint32_t i = 0; i < chunks; ++i) {
            const uint32_t first = u->chunks[i] * LANES;
            NAME(words) w;
            memcpy(&w, words + first, sizeof w);
            NAME(ints) delta;
            NAME(change)(u, factor, first, &state, &same, &delta);
            const NAME(ints) sum = __builtin_convertvector(w, NAME(ints)) + delta;
            w = __builtin_convertvector(sum, NAME(words));
            memcpy(words + first, &w, sizeof w);
            over |= (NAME(ints))((NAME(uints))(sum + (u->epsilon - 1)) > window);
        }
        if (ANY(over)) {
            break;
        }
    }
    memcpy(u->state, &state, sizeof state);
    memcpy(u->before, &before, sizeof before);
    for (int l = 0; l < LANES; ++l) {
        *unchanged += (uint64_t)-same[l];
    }
    return k;
}

TARGET static uint32_t NAME(nearest)(const struct mca_update_rows *rows, uint32_t k,
                                     uint64_t *unchanged) {
    struct mca_update_rows u = *rows;
    u.stochastic = 0;
    return NAME(serve)(&u, k, unchanged);
}

TARGET static uint32_t NAME(stochastic)(const struct mca_update_rows *rows, uint32_t k,
                                        uint64_t *unchanged) {
    struct mca_update_rows u = *rows;
    u.stochastic = 1;
    return NAME(serve)(&u, k, unchanged);
}

/* Sums of a row that serve returned, whole: its words hold their low bits. */
TARGET static void NAME(sums)(const struct mca_update_rows *u, uint32_t k, const uint32_t *before,
                              int32_t *sums) {
    const int32_t factor = u->code[k] * ((int32_t)1 << u->left);
    const WORD *words = (const WORD *)u->words + (size_t)u->row[k] * u->stride;
    NAME(uints) state;
    NAME(ints) same = {0};
    memcpy(&state, before, sizeof state);
    for (uint32_t i = 0; i < u->chunk_count; ++i) {
        const uint32_t first = u->chunks[i] * LANES;
        NAME(words) w;
        memcpy(&w, words + first, sizeof w);
        NAME(ints) delta;
        NAME(change)(u, factor, first, &state, &same, &delta);
        const NAME(ints) low = __builtin_convertvector(w, NAME(ints));
        const NAME(words) old = __builtin_convertvector(low - delta, NAME(words));
        const NAME(ints) sum = __builtin_convertvector(old, NAME(ints)) + delta;
        memcpy(sums + (size_t)i * LANES, &sum, sizeof sum);
    }
}

#undef NAME
#undef ANY
