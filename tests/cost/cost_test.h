/* What the tests of cost/ share beyond mca_test.h. */
#ifndef MCA_TESTS_COST_COST_TEST_H
#define MCA_TESTS_COST_COST_TEST_H

#include "mca_test.h"

/* Equal but for the rounding of a few hundred operations. */
#define assert_close(got, wanted) assert_near(got, wanted, 1e-12 * fabs(wanted))

#endif
