#ifndef LB_BLAS_SHIM_H
#define LB_BLAS_SHIM_H

// The whole surface of OpenBLAS and LAPACK that Layerbook uses. All matrices are row-major; `ld…` is the distance in
// elements between two rows. Every call runs on the calling thread alone: Tensors splits products into fixed panels, so
// that the number of threads never changes a bit of a result.

/// Opens OpenBLAS, chooses the kernel set and switches its own threads off. Must run before any other call here; not
/// thread-safe. Returns the name of the kernel set in use, e.g. "SkylakeX"; NULL where the library cannot be opened.
const char *lb_blas_configure(void);

/// Why the library could not be opened.
const char *lb_blas_fault(void);

/// OpenBLAS' own description of its build, e.g. "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...".
const char *lb_blas_build(void);

// C (m x n) = alpha op(A) op(B) + beta C, op(A) is m x k, op(B) is k x n.
void lb_sgemm(int transposeA, int transposeB, int m, int n, int k, float alpha, const float *a, int lda,
              const float *b, int ldb, float beta, float *c, int ldc);
void lb_dgemm(int transposeA, int transposeB, int m, int n, int k, double alpha, const double *a, int lda,
              const double *b, int ldb, double beta, double *c, int ldc);

// Lower triangle of C (n x n) = alpha A A^T + beta C with A n x k, or alpha A^T A with A k x n when `transpose`.
void lb_ssyrk(int transpose, int n, int k, float alpha, const float *a, int lda, float beta, float *c, int ldc);
void lb_dsyrk(int transpose, int n, int k, double alpha, const double *a, int lda, double beta, double *c, int ldc);

// y = alpha op(A) x + beta y, A is m x n as stored.
void lb_sgemv(int transpose, int m, int n, float alpha, const float *a, int lda, const float *x, float beta, float *y);
void lb_dgemv(int transpose, int m, int n, double alpha, const double *a, int lda, const double *x, double beta,
              double *y);

// y = A x with A symmetric, lower triangle stored.
void lb_dsymv(int n, double alpha, const double *a, int lda, const double *x, double beta, double *y);

// Lower Cholesky factor in place (the strict upper triangle is left alone). 0, or the order of the first leading minor
// that is not positive definite.
int lb_spotrf(int n, float *a, int lda);
int lb_dpotrf(int n, double *a, int lda);

// Inverse from the Cholesky factor: lower triangle in place. 0 when it worked.
int lb_spotri(int n, float *a, int lda);
int lb_dpotri(int n, double *a, int lda);

// Solves op(L) X = alpha B in place of B (n x columns), L lower triangular.
void lb_strsm(int transpose, int n, int columns, float alpha, const float *l, int ldl, float *b, int ldb);
void lb_dtrsm(int transpose, int n, int columns, double alpha, const double *l, int ldl, double *b, int ldb);

// Solves X L^T = B in place of B (rows x n), L lower triangular.
void lb_strsm_right_transposed(int rows, int n, const float *l, int ldl, float *b, int ldb);
void lb_dtrsm_right_transposed(int rows, int n, const double *l, int ldl, double *b, int ldb);

// Solves op(L) x = b in place of b, L lower triangular.
void lb_dtrsv(int transpose, int n, const double *l, int ldl, double *b);

// Estimates 1 / (||A||_1 ||A^-1||_1) from the lower Cholesky factor and the 1-norm of A; -1 when memory is short.
double lb_dpocon(int n, const double *l, int ldl, double norm);

// Eigenvalues (ascending) of a symmetric matrix; row i of `a` becomes eigenvector i. 0 when it worked.
int lb_dsyevd(int n, double *a, double *eigenvalues);

// Thin SVD of a (m x n, destroyed): u m x r, s r, vt r x n with r = min(m, n). 0 when it worked.
int lb_dgesdd(int m, int n, double *a, double *u, double *s, double *vt);

#endif
