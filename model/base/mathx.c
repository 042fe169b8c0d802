#include "base/mathx.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"

/* ln 2 in two parts: the first has 21 trailing zero bits, so that n * LN2_HIGH is exact. */
static const double LN2_HIGH = 6.93147180369123816490e-01;
static const double LN2_LOW = 1.90821492927058770002e-10;

double mca_exp(double x) {
    if (!(x >= -708.0)) {
        return x < -708.0 ? 0.0 : x;
    }
    if (x > 709.7) {
        return (double)INFINITY;
    }
    const double n = mca_round(x * 1.4426950408889634074);
    const double r = (x - n * LN2_HIGH) - n * LN2_LOW; /* |r| <= ln(2)/2 */
    /* Taylor series to r^13: the remainder is below 2^-57 of the sum. */
    double sum = 1.0 / 6227020800.0;
    static const double factorials[] = {479001600.0, 39916800.0, 3628800.0, 362880.0,
                                        40320.0,     5040.0,     720.0,     120.0,
                                        24.0,        6.0,        2.0};
    for (unsigned i = 0; i < sizeof factorials / sizeof factorials[0]; ++i) {
        sum = sum * r + 1.0 / factorials[i];
    }
    sum = sum * r * r + r + 1.0;
    const int exponent = (int)n;
    const int half = exponent / 2; /* in two steps: 2^1024 is no double */
    return sum * mca_exp2i(half) * mca_exp2i(exponent - half);
}

/* Of a normal number. */
static inline double log_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0x000fffffffffffffu) | ((uint64_t)1023 << 52);
    double m;
    memcpy(&m, &bits, sizeof m);
    const int is_upper = m > 1.4142135623730951;
    m *= is_upper ? 0.5 : 1.0;
    exponent += is_upper;
    /* log m = 2 atanh s, s = (m - 1)/(m + 1), |s| < 0.1716: series to s^23. */
    const double f = m - 1.0;
    const double s = f / (m + 1.0);
    const double s2 = s * s;
    double series = 0.0;
    for (int k = 23; k >= 3; k -= 2) {
        series = (series + 1.0 / k) * s2;
    }
    /* 2s = f - s f: keeps the leading term exact. */
    const double log_m = f - s * (f - 2.0 * series);
    return exponent * LN2_HIGH + (exponent * LN2_LOW + log_m);
}

double mca_log(double x) {
    if (!(x > 0.0)) {
        return x < 0.0 || x != x ? (double)NAN : -(double)INFINITY;
    }
    return x > 1.7976931348623157e308 ? x : log_of(x);
}

MCA_CLONES
void mca_logs(double *x, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        x[i] = log_of(x[i]);
    }
}

double mca_pow(double x, double y) {
    return mca_exp(y * mca_log(x));
}

/* sin on [-pi/4, pi/4] and cos on the same, by Taylor series. */
static double sin_small(double x) {
    const double x2 = x * x;
    double sum = 0.0;
    for (int k = 17; k >= 3; k -= 2) {
        sum = (1.0 + sum) * (-x2 / (double)(k * (k - 1)));
    }
    return x * (1.0 + sum);
}

static double cos_small(double x) {
    const double x2 = x * x;
    double sum = 0.0;
    for (int k = 18; k >= 2; k -= 2) {
        sum = (1.0 + sum) * (-x2 / (double)(k * (k - 1)));
    }
    return 1.0 + sum;
}

static double sin_quadrant(double x, int shift) {
    const double quarter = mca_round(x * 0.63661977236758134308);
    const double r = (x - quarter * 1.57079632673412561417) - quarter * 6.07710050650619224932e-11;
    const int quadrant = ((int)((long long)quarter & 3) + shift) & 3;
    const double value = (quadrant & 1) ? cos_small(r) : sin_small(r);
    return (quadrant & 2) ? -value : value;
}

double mca_sin(double x) {
    return sin_quadrant(x, 0);
}

double mca_cos(double x) {
    return sin_quadrant(x, 1);
}

static double rational(const double *a, const double *b, double r) {
    double num = a[7];
    double den = b[7];
    for (int i = 6; i >= 0; --i) {
        num = num * r + a[i];
        den = den * r + b[i];
    }
    return num / den;
}

double mca_normal_quantile(double p) {
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1.0,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    const double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425) {
        return q * rational(a, b, 0.180625 - q * q);
    }
    const double r = sqrt(-mca_log(q < 0.0 ? p : 1.0 - p));
    const double z = r <= 5.0 ? rational(c, d, r - 1.6) : rational(e, f, r - 5.0);
    return q < 0.0 ? -z : z;
}

double mca_sigmoid(double x) {
    return 1.0 / (1.0 + mca_exp(-x));
}
