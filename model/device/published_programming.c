#include "device/published_programming.h"

#include "base/mathx.h"

double mca_published_programming_std_us(double target_us) {
    static const double GMAX_US = 25.0;
    const double g = mca_clamp(target_us / GMAX_US, 0.0, 1.0);
    return 0.26348 + 1.9650 * g - 1.1731 * g * g;
}
