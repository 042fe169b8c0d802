/*
 * Equal steps: two's complement of `bits`, full scale +-range, step range / 2^(bits - 1), nearest
 * (ties to even), clipped. A single-ended conversion has 2^bits levels from 0 to the top, both
 * included.
 */
#include "array/converters.h"
#include "base/clones.h"
#include "base/mathx.h"
#include "base/simd.h"

static void init(struct mca_adc *adc, const struct mca_adc_config *config, double range) {
    adc->bits = config->bits;
    adc->lsb = range * mca_exp2i(1 - (int)config->bits);
    adc->inverse_lsb = 1.0 / adc->lsb;
    adc->max = mca_exp2i((int)config->bits - 1) - 1.0;
    adc->min = -adc->max - 1.0;
    adc->keep_mask = (int32_t)~config->stuck_low_mask;
}

MCA_CLONES
static uint32_t convert_plain(double inverse_lsb, double min, double max,
                              const double *restrict value, uint32_t count,
                              int32_t *restrict codes) {
    uint32_t clipped = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const double scaled = mca_clamp(value[i] * inverse_lsb, -1e9, 1e9);
        const double level = mca_round(scaled);
        const double held = mca_clamp(level, min, max);
        clipped += held != level;
        codes[i] = (int32_t)held;
    }
    return clipped;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* convert_plain(), eight at a time: rounded to whole levels by the conversion to integers. */
MCA_TARGET_AVX512
static uint32_t convert_wide(const struct mca_adc *adc, const double *value, size_t count,
                             int32_t *codes) {
    const __m512d inverse = _mm512_set1_pd(adc->inverse_lsb);
    const __m512d far = _mm512_set1_pd(1e9);
    const __m256i min = _mm256_set1_epi32((int32_t)adc->min);
    const __m256i max = _mm256_set1_epi32((int32_t)adc->max);
    uint32_t clipped = 0;
    for (size_t i = 0; i < count; i += 8) {
        const size_t rest = count - i < 8 ? count - i : 8;
        const __mmask8 some = (__mmask8)((1u << rest) - 1);
        const __m512d scaled = _mm512_mul_pd(_mm512_maskz_loadu_pd(some, value + i), inverse);
        const __m512d bounded =
            _mm512_max_pd(_mm512_min_pd(scaled, far), _mm512_sub_pd(_mm512_setzero_pd(), far));
        const __m256i level =
            _mm512_cvt_roundpd_epi32(bounded, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
        const __m256i held = _mm256_max_epi32(_mm256_min_epi32(level, max), min);
        clipped += (uint32_t)__builtin_popcount(_mm256_cmpneq_epi32_mask(held, level));
        _mm256_mask_storeu_epi32(codes + i, some, held);
    }
    return clipped;
}
#else
static uint32_t convert_wide(const struct mca_adc *adc, const double *value, size_t count,
                             int32_t *codes) {
    return convert_plain(adc->inverse_lsb, adc->min, adc->max, value, (uint32_t)count, codes);
}
#endif

static uint64_t convert(const struct mca_adc *adc, double *value, size_t count, int32_t *codes) {
    const uint64_t clipped =
        mca_simd_level() == MCA_SIMD_AVX512
            ? convert_wide(adc, value, count, codes)
            : convert_plain(adc->inverse_lsb, adc->min, adc->max, value, (uint32_t)count, codes);
    if (adc->keep_mask != -1) {
        /* the fault acts on the output word; its sign bit is bit bits - 1 */
        const uint32_t shift = 32 - adc->bits;
        for (size_t i = 0; i < count; ++i) {
            const uint32_t word = ((uint32_t)codes[i] & (uint32_t)adc->keep_mask) << shift;
            codes[i] = (int32_t)word >> shift;
        }
    }
    return clipped;
}

static void init_single_ended(struct mca_adc *adc, const struct mca_adc_config *config,
                              double top) {
    adc->bits = config->bits;
    adc->max = mca_exp2i((int)config->bits) - 1.0;
    adc->lsb = top / adc->max;
    adc->inverse_lsb = 1.0 / adc->lsb;
    adc->min = 0.0;
    adc->keep_mask = -1; /* the fault is that of a column's converter */
    adc->top = top;
}

MCA_CLONES
static void single_ended(const struct mca_adc *adc, size_t count, double *value) {
    const double lsb = adc->lsb;
    const double top = adc->top;
    for (size_t i = 0; i < count; ++i) {
        value[i] = mca_clamp(mca_round(value[i] / lsb) * lsb, 0.0, top);
    }
}

const struct mca_adc_ops mca_adc_uniform = {.name = "uniform",
                                            .is_ideal = 0,
                                            .has_codes = 1,
                                            .init = init,
                                            .convert = convert,
                                            .init_single_ended = init_single_ended,
                                            .single_ended = single_ended};
