/* What every test includes: cmocka, and comparisons it lacks. */
#ifndef MCA_TESTS_MCA_TEST_H
#define MCA_TESTS_MCA_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* |got - wanted| <= tolerance, with both shown; NaN fails. */
#define assert_near(got, wanted, tolerance)                                                        \
    do {                                                                                           \
        const double got_ = (got);                                                                 \
        const double wanted_ = (wanted);                                                           \
        const double tolerance_ = (tolerance);                                                     \
        if (!(fabs(got_ - wanted_) <= tolerance_)) {                                               \
            fail_msg("%s = %.17g, expected %.17g +- %.3g", #got, got_, wanted_, tolerance_);       \
        }                                                                                          \
    } while (0)

#endif
