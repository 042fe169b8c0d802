/* A program outside the tree: the drift law through the installed headers and library. */
#include <stdio.h>

#include <base/status.h>
#include <device/device.h>

int main(void) {
    const double g = mca_drift_conductance_s(5e-6, 0.04, 386.0, 38.6);
    printf("%.6g\n", g * 1e6);
    return g > 4.5e-6 && g < 4.6e-6 ? MCA_OK : MCA_FAILED;
}
