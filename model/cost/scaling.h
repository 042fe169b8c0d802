/*
 * Technology scaling of CMOS figures: Stillmaker and Baas, "Scaling equations for the accurate
 * prediction of CMOS device performance from 180 nm to 7 nm", Integration 58 (2017) 74-81. Energy
 * is a polynomial of the supply voltage for each node; area is a table. Nodes between those of the
 * tables are interpolated linearly. Good to about a factor 2 over several nodes; never for devices
 * that are no CMOS.
 */
#ifndef MCA_COST_SCALING_H
#define MCA_COST_SCALING_H

/* Nodes in nanometres that the functions below take. */
#define MCA_SCALING_NODE_MIN_NM 7.0
#define MCA_SCALING_NODE_MAX_NM 180.0

/*
 * Factor on the energy of an operation (and, by the usual rule, on leakage power) that is brought
 * from `from_nm` at `from_v` to `to_nm` at `to_v`. Nodes in the range above. 0 where the polynomial
 * gives no positive energy at such a voltage (far below the node's supply).
 */
double mca_scale_energy(double from_nm, double from_v, double to_nm, double to_v);

/* Factor on an area. Nodes in the range above. */
double mca_scale_area(double from_nm, double to_nm);

/* Factor on a delay: linear in the node, the rule of Accelergy's hwcomponents. */
double mca_scale_delay(double from_nm, double to_nm);

#endif
