// OpenBLAS and LAPACK, wrapped once. Declarations are written out here because <cblas.h> belongs to whichever BLAS the
// system's alternatives point at, and Debian's OpenBLAS has LAPACK's Fortran symbols but no LAPACKE.
//
// The library is opened when the first product is computed, not when the program starts: its constructor starts a thread
// for each core, which costs a page whose results are all in the store more than drawing it does.
#include "CBLASShim.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { rowMajor = 101, asIs = 111, transposed = 112, lower = 122, nonUnit = 131, left = 141, right = 142 };

// X(type of the result, name, parameters)
#define ROUTINES(X)                                                                                                    \
  X(char *, openblas_get_corename, (void))                                                                             \
  X(char *, openblas_get_config, (void))                                                                               \
  X(void, openblas_set_num_threads, (int))                                                                             \
  X(void, cblas_sgemm, (int, int, int, int, int, int, float, const float *, int, const float *, int, float,            \
    float *, int))                                                                                                     \
  X(void, cblas_dgemm, (int, int, int, int, int, int, double, const double *, int, const double *, int, double,        \
    double *, int))                                                                                                    \
  X(void, cblas_ssyrk, (int, int, int, int, int, float, const float *, int, float, float *, int))                      \
  X(void, cblas_dsyrk, (int, int, int, int, int, double, const double *, int, double, double *, int))                  \
  X(void, cblas_sgemv, (int, int, int, int, float, const float *, int, const float *, int, float, float *, int))       \
  X(void, cblas_dgemv, (int, int, int, int, double, const double *, int, const double *, int, double, double *, int))  \
  X(void, cblas_dsymv, (int, int, int, double, const double *, int, const double *, int, double, double *, int))       \
  X(void, cblas_strsm, (int, int, int, int, int, int, int, float, const float *, int, float *, int))                   \
  X(void, cblas_dtrsm, (int, int, int, int, int, int, int, double, const double *, int, double *, int))                \
  X(void, cblas_dtrsv, (int, int, int, int, int, const double *, int, double *, int))                                  \
  X(void, spotrf_, (const char *, const int *, float *, const int *, int *))                                           \
  X(void, dpotrf_, (const char *, const int *, double *, const int *, int *))                                          \
  X(void, spotri_, (const char *, const int *, float *, const int *, int *))                                           \
  X(void, dpotri_, (const char *, const int *, double *, const int *, int *))                                          \
  X(void, dpocon_, (const char *, const int *, const double *, const int *, const double *, double *, double *,        \
    int *, int *))                                                                                                     \
  X(void, dsyevd_, (const char *, const char *, const int *, double *, const int *, double *, double *,                \
    const int *, int *, const int *, int *))                                                                           \
  X(void, dgesdd_, (const char *, const int *, const int *, double *, const int *, double *, double *,                 \
    const int *, double *, const int *, double *, const int *, int *, int *))

static struct {
#define X(type, name, parameters) type(*name) parameters;
  ROUTINES(X)
#undef X
} blas;

static void *library;

// Every routine, or none and the reason in dlerror().
static int openLibrary(void) {
  const char *threads = getenv("OPENBLAS_NUM_THREADS");
  char *kept = threads ? strdup(threads) : NULL;
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (kept)
    setenv("OPENBLAS_NUM_THREADS", kept, 1);
  else
    unsetenv("OPENBLAS_NUM_THREADS");
  free(kept);
  if (!library) return 0;
#define X(type, name, parameters)                                                                                      \
  if (!(*(void **)&blas.name = dlsym(library, #name))) return 0;
  ROUTINES(X)
#undef X
  return 1;
}

#if defined(__x86_64__)
// OpenBLAS before 0.3.25 does not know newer Intel models and falls back to kernels of 2004, five times too slow. It
// reads OPENBLAS_CORETYPE in its constructor, so the choice is made again after setting it. A user's setting stands.
static void replaceOutdatedKernels(void) {
  const char *name = blas.openblas_get_corename();
  // Exported by builds with run-time kernel choice, absent from others.
  void (*quit)(void), (*init)(void);
  *(void **)&quit = dlsym(library, "gotoblas_dynamic_quit");
  *(void **)&init = dlsym(library, "gotoblas_dynamic_init");
  const char *outdated[] = {"Prescott", "Core2", "Nehalem", "Katmai", "Coppermine", "Northwood", "Banias"};
  int isOutdated = 0;
  for (unsigned i = 0; i < sizeof outdated / sizeof *outdated; i++) isOutdated |= strcmp(name, outdated[i]) == 0;
  if (!isOutdated || getenv("OPENBLAS_CORETYPE") || !init || !quit) return;
  const char *better = NULL;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw"))
    better = "SKYLAKEX";
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    better = "HASWELL";
  if (!better) return;
  setenv("OPENBLAS_CORETYPE", better, 1);
  quit();
  init();
  unsetenv("OPENBLAS_CORETYPE");
}
#else
static void replaceOutdatedKernels(void) {}
#endif

const char *lb_blas_configure(void) {
  if (!openLibrary()) return NULL;
  replaceOutdatedKernels();
  blas.openblas_set_num_threads(1);
  return blas.openblas_get_corename();
}

const char *lb_blas_fault(void) {
  const char *reason = dlerror();
  return reason ? reason : "unknown reason";
}

const char *lb_blas_build(void) { return blas.openblas_get_config(); }

static int op(int transpose) { return transpose ? transposed : asIs; }

void lb_sgemm(int transposeA, int transposeB, int m, int n, int k, float alpha, const float *a, int lda,
              const float *b, int ldb, float beta, float *c, int ldc) {
  blas.cblas_sgemm(rowMajor, op(transposeA), op(transposeB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void lb_dgemm(int transposeA, int transposeB, int m, int n, int k, double alpha, const double *a, int lda,
              const double *b, int ldb, double beta, double *c, int ldc) {
  blas.cblas_dgemm(rowMajor, op(transposeA), op(transposeB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void lb_ssyrk(int transpose, int n, int k, float alpha, const float *a, int lda, float beta, float *c, int ldc) {
  blas.cblas_ssyrk(rowMajor, lower, op(transpose), n, k, alpha, a, lda, beta, c, ldc);
}

void lb_dsyrk(int transpose, int n, int k, double alpha, const double *a, int lda, double beta, double *c, int ldc) {
  blas.cblas_dsyrk(rowMajor, lower, op(transpose), n, k, alpha, a, lda, beta, c, ldc);
}

void lb_sgemv(int transpose, int m, int n, float alpha, const float *a, int lda, const float *x, float beta,
              float *y) {
  blas.cblas_sgemv(rowMajor, op(transpose), m, n, alpha, a, lda, x, 1, beta, y, 1);
}

void lb_dgemv(int transpose, int m, int n, double alpha, const double *a, int lda, const double *x, double beta,
              double *y) {
  blas.cblas_dgemv(rowMajor, op(transpose), m, n, alpha, a, lda, x, 1, beta, y, 1);
}

void lb_dsymv(int n, double alpha, const double *a, int lda, const double *x, double beta, double *y) {
  blas.cblas_dsymv(rowMajor, lower, n, alpha, a, lda, x, 1, beta, y, 1);
}

// LAPACK is column-major: the lower triangle of a row-major matrix is the upper one of the same memory, and A = U^T U
// there reads A = L L^T here.
int lb_spotrf(int n, float *a, int lda) {
  int info = 0;
  blas.spotrf_("U", &n, a, &lda, &info);
  return info;
}

int lb_dpotrf(int n, double *a, int lda) {
  int info = 0;
  blas.dpotrf_("U", &n, a, &lda, &info);
  return info;
}

int lb_spotri(int n, float *a, int lda) {
  int info = 0;
  blas.spotri_("U", &n, a, &lda, &info);
  return info;
}

int lb_dpotri(int n, double *a, int lda) {
  int info = 0;
  blas.dpotri_("U", &n, a, &lda, &info);
  return info;
}

void lb_strsm(int transpose, int n, int columns, float alpha, const float *l, int ldl, float *b, int ldb) {
  blas.cblas_strsm(rowMajor, left, lower, op(transpose), nonUnit, n, columns, alpha, l, ldl, b, ldb);
}

void lb_dtrsm(int transpose, int n, int columns, double alpha, const double *l, int ldl, double *b, int ldb) {
  blas.cblas_dtrsm(rowMajor, left, lower, op(transpose), nonUnit, n, columns, alpha, l, ldl, b, ldb);
}

void lb_strsm_right_transposed(int rows, int n, const float *l, int ldl, float *b, int ldb) {
  blas.cblas_strsm(rowMajor, right, lower, transposed, nonUnit, rows, n, 1, l, ldl, b, ldb);
}

void lb_dtrsm_right_transposed(int rows, int n, const double *l, int ldl, double *b, int ldb) {
  blas.cblas_dtrsm(rowMajor, right, lower, transposed, nonUnit, rows, n, 1, l, ldl, b, ldb);
}

void lb_dtrsv(int transpose, int n, const double *l, int ldl, double *b) {
  blas.cblas_dtrsv(rowMajor, lower, op(transpose), nonUnit, n, l, ldl, b, 1);
}

double lb_dpocon(int n, const double *l, int ldl, double norm) {
  double rcond = 0;
  int info = 0;
  double *work = malloc(sizeof(double) * 3 * (size_t)(n > 0 ? n : 1));
  int *iwork = malloc(sizeof(int) * (size_t)(n > 0 ? n : 1));
  if (work && iwork) blas.dpocon_("U", &n, l, &ldl, &norm, &rcond, work, iwork, &info);
  int failed = !work || !iwork || info != 0;
  free(work);
  free(iwork);
  return failed ? -1 : rcond;
}

int lb_dsyevd(int n, double *a, double *eigenvalues) {
  int info = 0, query = -1, integers = 0;
  double size = 0;
  if (n == 0) return 0;
  blas.dsyevd_("V", "U", &n, a, &n, eigenvalues, &size, &query, &integers, &query, &info);
  if (info != 0) return info;
  int count = (int)size;
  double *work = malloc(sizeof(double) * (size_t)count);
  int *iwork = malloc(sizeof(int) * (size_t)integers);
  if (work && iwork)
    blas.dsyevd_("V", "U", &n, a, &n, eigenvalues, work, &count, iwork, &integers, &info);
  else
    info = -100;
  free(work);
  free(iwork);
  return info;
}

// Row-major A (m x n) is column-major A^T (n x m) = V S U^T, so U and V^T change places.
int lb_dgesdd(int m, int n, double *a, double *u, double *s, double *vt) {
  int info = 0, query = -1, rank = m < n ? m : n;
  double size = 0;
  if (rank == 0) return 0;
  int *iwork = malloc(sizeof(int) * 8 * (size_t)rank);
  if (!iwork) return -100;
  blas.dgesdd_("S", &n, &m, a, &n, s, vt, &n, u, &rank, &size, &query, iwork, &info);
  if (info == 0) {
    int count = (int)size;
    double *work = malloc(sizeof(double) * (size_t)count);
    if (work)
      blas.dgesdd_("S", &n, &m, a, &n, s, vt, &n, u, &rank, work, &count, iwork, &info);
    else
      info = -100;
    free(work);
  }
  free(iwork);
  return info;
}
