/*
 * One row of chi in vectors of the compiler's own, LANES words at a time: what the target has no
 * registers for is split up, with the same integers. Generator states, threshold and count stay in
 * registers over the row. Included by update_kernels.c once for each target and number of lanes,
 * with LANES, TARGET and NAME(x) defined.
 */
typedef int32_t NAME(ints) __attribute__((vector_size(4 * LANES)));
typedef uint32_t NAME(uints) __attribute__((vector_size(4 * LANES)));

TARGET static int NAME(nearest)(const struct mca_update_kernel *k, int32_t code,
                                int32_t *restrict words, uint32_t *unchanged) {
    const int32_t half = k->shift ? (int32_t)1 << (k->shift - 1) : 0;
    const int32_t odd = k->shift ? -1 : 0; /* half away from zero */
    const uint32_t window = 2u * (uint32_t)k->epsilon - 2u;
    NAME(ints) over = {0};
    NAME(ints) same = {0};
    for (uint32_t i = 0; i < k->chunk_count; ++i) {
        const size_t first = (size_t)k->chunks[i] * LANES;
        NAME(ints) e;
        NAME(ints) w;
        memcpy(&e, k->error + first, sizeof e);
        memcpy(&w, words + first, sizeof w);
        const NAME(ints) v = code * e;
        const NAME(ints) delta = (v + half + ((v >> 31) & odd)) >> (int32_t)k->shift;
        w += delta;
        memcpy(words + first, &w, sizeof w);
        over |= (NAME(ints))((NAME(uints))(w + (k->epsilon - 1)) > window);
        same += (delta == 0) & (v != 0);
    }
    int32_t any = 0;
    int32_t count = 0;
    for (int l = 0; l < LANES; ++l) {
        any |= over[l];
        count -= same[l];
    }
    *unchanged = (uint32_t)count;
    return any != 0;
}

TARGET static int NAME(stochastic)(const struct mca_update_kernel *k, int32_t code,
                                   int32_t *restrict words, uint32_t *unchanged) {
    const uint32_t mask = ((uint32_t)1 << k->shift) - 1;
    const uint32_t window = 2u * (uint32_t)k->epsilon - 2u;
    NAME(uints) state;
    NAME(ints) over = {0};
    memcpy(&state, k->state, sizeof state);
    for (uint32_t i = 0; i < k->chunk_count; ++i) {
        const size_t first = (size_t)k->chunks[i] * LANES;
        NAME(ints) e;
        NAME(ints) w;
        memcpy(&e, k->error + first, sizeof e);
        memcpy(&w, words + first, sizeof w);
        state ^= state << 13; /* mca_lfsr_next */
        state ^= state >> 17;
        state ^= state << 5;
        const NAME(ints) v = code * e;
        const NAME(ints) delta = (v + (NAME(ints))(state & mask)) >> (int32_t)k->shift;
        w += delta;
        memcpy(words + first, &w, sizeof w);
        over |= (NAME(ints))((NAME(uints))(w + (k->epsilon - 1)) > window);
    }
    memcpy(k->state, &state, sizeof state);
    int32_t any = 0;
    for (int l = 0; l < LANES; ++l) {
        any |= over[l];
    }
    *unchanged = 0;
    return any != 0;
}

#undef NAME
#undef LANES
