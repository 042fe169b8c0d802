#include "scenario/random_value.h"

#include <inttypes.h>
#include <math.h>

#include "base/rng.h"

uint64_t mca_test_word(uint64_t place, uint32_t draw) {
    uint32_t words[4];
    mca_rng_words(mca_rng_stream(11, MCA_RNG_SYNTHETIC), place, 0, draw, words);
    return (uint64_t)words[0] << 32 | words[1];
}

static double random_in(const struct mca_key *key, uint64_t bits) {
    const double u = ((double)(bits >> 11) + 0.5) / 9007199254740992.0;
    return key->min + (key->max - key->min) * u;
}

void mca_test_put_random_value(FILE *stream, const struct mca_key *key, uint64_t place) {
    const uint64_t bits = mca_test_word(place, 0);
    size_t choices = 0;
    uint32_t most;
    switch (key->type) {
    case MCA_KEY_U32:
    case MCA_KEY_U64:
        (void)fprintf(stream, "%.0f", floor(random_in(key, bits)));
        break;
    case MCA_KEY_F64:
        (void)fprintf(stream, "%.17g", random_in(key, bits));
        break;
    case MCA_KEY_ENUM:
        while (key->choices[choices]) {
            ++choices;
        }
        (void)fputs(key->choices[bits % choices], stream);
        break;
    case MCA_KEY_EXPONENT:
        (void)fprintf(stream, "%.17g", ldexp(1.0, ilogb(key->min) + (int)(bits % 11)));
        break;
    case MCA_KEY_SHAPE:
    case MCA_KEY_LAYERS:
    case MCA_KEY_F64_LIST:
        most = key->type == MCA_KEY_SHAPE ? 3 : key->min_items + (uint32_t)(bits % 5);
        (void)fputs("[", stream);
        for (uint32_t i = 0; i < most; ++i) {
            const double x = random_in(key, mca_test_word(place, i + 1));
            (void)fprintf(stream, "%s%.17g", i ? ", " : "",
                          key->type == MCA_KEY_F64_LIST ? x : floor(x));
        }
        (void)fputs("]", stream);
        break;
    case MCA_KEY_STRING:
    case MCA_KEY_PATH:
    case MCA_KEY_LIBRARY:
    default:
        (void)fprintf(stream, "'/%" PRIx64 " \"q\\ \xc3\xa4 \xc2\xb5 # : \xe2\x82\xac'", bits);
        break;
    }
}
