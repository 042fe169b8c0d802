/*
 * How far phase-change memory ends from its target when it was programmed with reads in between, as
 * it was published: a Gaussian whose standard deviation depends on the target,
 *
 *   sigma(G) = 0.26348 + 1.9650 g - 1.1731 g^2 uS,  g = G / 25 uS,
 *
 * fitted to a million devices of up to 25 uS (the PCM inference noise of IBM's aihwkit). The law is
 * taken as one of conductances: devices that reach less use its lower part.
 */
#ifndef MCA_DEVICE_PUBLISHED_PROGRAMMING_H
#define MCA_DEVICE_PUBLISHED_PROGRAMMING_H

/* In uS, of a target of 0 .. 25 uS; what is outside counts as the nearer end. */
double mca_published_programming_std_us(double target_us);

#endif
