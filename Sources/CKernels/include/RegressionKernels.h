#ifndef LB_REGRESSION_KERNELS_H
#define LB_REGRESSION_KERNELS_H

#include <stdint.h>

// Kernels of the support vector solvers, in single precision; fused multiply-add where the processor has it. One call
// gives the same bits on every thread.

// One ADMM update of `n` coefficients (see ActiveSetGuess.swift): t = mix beta + (1 - mix) z + u;
// z <- clip(soft(t, threshold), bound); u <- t - z; right <- y + rho (z - u).
void lb_admm_update(const float *beta, const float *y, float *z, float *u, float *right, long n, float mix,
                    float threshold, float bound, float rho);

// Lower triangle of the rows and columns `index` of a square matrix: out (m rows, ldo apart), zeros up to the next
// multiple of 16 columns and ones on the padded diagonal, as lb_small_cholesky wants it.
void lb_gather_lower(const float *matrix, long ld, const int32_t *index, long m, float *out, long ldo);

// Floats between rows, and number of rows, of a padded system of order m.
long lb_small_stride(long m);

// Lower Cholesky factor in place of a padded system; `scratch` holds 16 * lb_small_stride(m) floats.
// Diagonal blocks are left inverted. Returns 0 when the matrix is not positive definite.
int lb_small_cholesky(float *a, long m, float *scratch);

// Solves L L^T x = b in place with the factor of lb_small_cholesky; x has lb_small_stride(m) floats, zeros past m.
void lb_small_solve(const float *a, long m, float *x);

#endif
