#include "cost/scaling.h"

/* Tables of the publication, as restated by Accelergy-Project/hwcomponents (scaling/techscaling.py)
 * and, for 180 nm, by wromaszkan/nodeScale. Area is relative to 45 nm. */
struct node {
    double nm;
    double a; /* energy of a gate ~ a V^2 + b V + c */
    double b;
    double c;
    double area;
};

static const struct node NODES[] = {
    {180.0, 0.0, 24.64, -17.98, 18.28},      {130.0, 7.171, -6.709, 2.904, 6.4},
    {90.0, 4.762, -4.781, 2.092, 2.8},       {65.0, 3.755, -4.398, 1.975, 1.5},
    {45.0, 1.103, -0.362, 0.2767, 1.0},      {32.0, 0.9559, -0.7823, 0.471, 0.46},
    {20.0, 0.373, -0.1582, 0.04104, 0.21},   {16.0, 0.2958, -0.1241, 0.03024, 0.19},
    {14.0, 0.2363, -0.09675, 0.02239, 0.17}, {10.0, 0.2068, -0.09311, 0.02375, 0.1},
    {7.0, 0.1776, -0.09097, 0.02447, 0.059},
};

enum { NODE_COUNT = sizeof NODES / sizeof NODES[0] };

static double energy_at(const struct node *node, double v) {
    return node->a * v * v + node->b * v + node->c;
}

static double area_at(const struct node *node, double v) {
    (void)v;
    return node->area;
}

/* Between those of the table's nodes on either side of `nm`. */
static double between(double nm, double v, double (*at)(const struct node *node, double v)) {
    const struct node *smaller = &NODES[1];
    while (smaller + 1 < NODES + NODE_COUNT && smaller->nm > nm) {
        ++smaller;
    }
    const struct node *larger = smaller - 1;
    const double weight = (larger->nm - nm) / (larger->nm - smaller->nm);
    return (1.0 - weight) * at(larger, v) + weight * at(smaller, v);
}

double mca_scale_energy(double from_nm, double from_v, double to_nm, double to_v) {
    const double from = between(from_nm, from_v, energy_at);
    const double to = between(to_nm, to_v, energy_at);
    return from > 0.0 && to > 0.0 ? to / from : 0.0;
}

double mca_scale_area(double from_nm, double to_nm) {
    return between(to_nm, 0.0, area_at) / between(from_nm, 0.0, area_at);
}

double mca_scale_delay(double from_nm, double to_nm) {
    return to_nm / from_nm;
}
