#include "reports/sweep/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    size_t index;
};

static int by_x_then_y(const void *a, const void *b) {
    const struct place *p = a;
    const struct place *q = b;
    if (p->x != q->x) {
        return p->x < q->x ? -1 : 1;
    }
    return p->y < q->y ? -1 : p->y > q->y;
}

enum mca_status mca_pareto_front(struct mca_pareto_axis x, struct mca_pareto_axis y, size_t count,
                                 uint8_t *on_front, struct mca_error *error) {
    struct place *places = malloc((count ? count : 1) * sizeof *places);
    if (!places) {
        return mca_fail_memory(error, "Pareto front");
    }
    size_t used = 0;
    memset(on_front, 0, count);
    for (size_t i = 0; i < count; ++i) {
        if (isfinite(x.values[i]) && isfinite(y.values[i])) {
            places[used++] = (struct place){-x.sign * x.values[i], -y.sign * y.values[i], i};
        }
    }
    qsort(places, used, sizeof *places, by_x_then_y);
    const struct place *last = NULL; /* on the front */
    for (size_t i = 0; i < used; ++i) {
        const struct place *p = &places[i];
        if (!last || p->y < last->y || (p->x == last->x && p->y == last->y)) {
            on_front[p->index] = 1;
            last = p;
        }
    }
    free(places);
    return MCA_OK;
}
