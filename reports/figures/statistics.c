#include "reports/figures/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/mathx.h"

static const double HALF_PI = 1.5707963267948966;

/* P(|T| <= sqrt(dof) tan(angle)). */
static double central_probability(uint32_t dof, double angle) {
    const double cosine = mca_cos(angle);
    const int odd = (int)(dof % 2);
    double sum = 0;
    double term = odd ? cosine : 1;
    for (uint32_t k = odd ? 3 : 2; k <= dof && term > 1e-18; k += 2) {
        sum += term; /* cos^(k-2), with its coefficient */
        term *= cosine * cosine * (k - 1) / k;
    }
    const double series = mca_sin(angle) * sum;
    return odd ? (angle + series) / HALF_PI : series;
}

double mca_student_t_95(uint32_t dof) {
    double low = 0;
    double high = HALF_PI;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        if (central_probability(dof, middle) < 0.95) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return mca_sqrt(dof) * mca_sin(low) / mca_cos(low);
}

struct mca_sample_statistics mca_sample_statistics(const double *values, size_t count) {
    struct mca_sample_statistics s = {0, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
    double sum = 0;
    double least = HUGE_VAL;
    double most = -HUGE_VAL;
    for (size_t i = 0; i < count; ++i) {
        if (isfinite(values[i])) {
            sum += values[i];
            least = values[i] < least ? values[i] : least;
            most = values[i] > most ? values[i] : most;
            ++s.count;
        }
    }
    if (s.count == 0) {
        return s;
    }
    s.mean = least == most ? least
                           : sum / s.count; /* equal values have no spread, not even of rounding */
    if (s.count == 1) {
        return s;
    }
    double squares = 0;
    for (size_t i = 0; i < count; ++i) {
        if (isfinite(values[i])) {
            squares += (values[i] - s.mean) * (values[i] - s.mean);
        }
    }
    s.std = mca_sqrt(squares / (s.count - 1));
    const double half = mca_student_t_95(s.count - 1) * s.std / mca_sqrt(s.count);
    s.low = s.mean - half;
    s.high = s.mean + half;
    return s;
}

struct place {
    double x; /* less is better */
    double y;
    uint32_t number;
};

static int by_x_then_y(const void *a, const void *b) {
    const struct place *p = a;
    const struct place *q = b;
    return p->x != q->x   ? (p->x > q->x) - (p->x < q->x)
           : p->y != q->y ? (p->y > q->y) - (p->y < q->y)
                          : (p->number > q->number) - (p->number < q->number);
}

enum mca_status mca_pareto_front(struct mca_pareto_axis x, struct mca_pareto_axis y, size_t count,
                                 uint32_t *front, uint32_t *used, struct mca_error *error) {
    struct place *places = malloc((count ? count : 1) * sizeof *places);
    if (!places) {
        return mca_fail_memory(error, "Pareto front");
    }
    size_t known = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (isfinite(x.values[i]) && isfinite(y.values[i])) {
            places[known++] = (struct place){-x.sign * x.values[i], -y.sign * y.values[i], i};
        }
    }
    qsort(places, known, sizeof *places, by_x_then_y);
    const struct place *last = NULL; /* on the front */
    *used = 0;
    for (const struct place *p = places; p < places + known; ++p) {
        if (!last || p->y < last->y || (p->x == last->x && p->y == last->y)) {
            front[(*used)++] = p->number;
            last = p;
        }
    }
    free(places);
    return MCA_OK;
}
