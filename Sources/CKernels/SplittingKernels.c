// One table of kernels per instruction set, chosen before main runs. The bodies are in SplittingBodies.h.
#include "SplittingKernels.h"

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef double f64x16 __attribute__((ext_vector_type(16)));
typedef double f64x8 __attribute__((ext_vector_type(8)));
typedef double f64x4 __attribute__((ext_vector_type(4)));

// Wide vectors only ever pass between functions that are inlined into each other, so their calling convention is moot.
#pragma clang diagnostic ignored "-Wpsabi"

#define REAL float
#define VECTOR f32x16
#define NAME(x) x##_f32_portable
#include "SplittingBodies.h"
#undef NAME
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define NAME(x) x##_f32_avx2
#include "SplittingBodies.h"
#undef NAME
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define NAME(x) x##_f32_avx512
#include "SplittingBodies.h"
#undef NAME
#pragma clang attribute pop
#endif
#undef REAL
#undef VECTOR

#define REAL double
#define VECTOR f64x16
#define NAME(x) x##_f64_portable
#include "SplittingBodies.h"
#undef NAME
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define NAME(x) x##_f64_avx2
#include "SplittingBodies.h"
#undef NAME
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define NAME(x) x##_f64_avx512
#include "SplittingBodies.h"
#undef NAME
#pragma clang attribute pop
#endif
#undef REAL
#undef VECTOR

#define KERNELS(suffix, real)                                                                                          \
  struct kernels_##suffix {                                                                                            \
    double (*step)(const real *, const real *, real *, real *, real *, long, real, real, real, real, real);            \
    void (*measure)(const real *, const real *, const real *, long, real, real, real, real, double *);                 \
    void (*shrink)(real *, real *, const real *, long, real, real);                                                    \
    void (*shift)(real *, long, real, real, double *);                                                                 \
    void (*rescale)(real *, real *, long, real, real, real);                                                           \
    void (*candidate)(const real *, real *, long, real, real);                                                         \
    void (*codes)(const real *, long, real, real, double *);                                                           \
    void (*values)(const real *, const real *, const real *, long, real, real, double *);                              \
  };

KERNELS(f32, float)
KERNELS(f64, double)

#define TABLE(set)                                                                                                     \
  {split_step_##set,    split_measure_##set,   split_shrink_##set, split_shift_##set,                                  \
   split_rescale_##set, split_candidate_##set, split_codes_##set,  split_values_##set}

static const struct kernels_f32 single_portable = TABLE(f32_portable);
static const struct kernels_f64 double_portable = TABLE(f64_portable);
#if defined(__x86_64__)
static const struct kernels_f32 single_avx2 = TABLE(f32_avx2), single_avx512 = TABLE(f32_avx512);
static const struct kernels_f64 double_avx2 = TABLE(f64_avx2), double_avx512 = TABLE(f64_avx512);
#endif
static const struct kernels_f32 *active_f32 = &single_portable;
static const struct kernels_f64 *active_f64 = &double_portable;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2")) return;
  active_f32 = &single_avx2;
  active_f64 = &double_avx2;
  if (!(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")))
    return;
  active_f32 = &single_avx512;
  active_f64 = &double_avx512;
#endif
}

#define CALLS(suffix, real)                                                                                            \
  double lb_split_step_##suffix(const real *p, const real *y, real *a, real *average, real *v, long n, real shift,     \
                                real epsilon, real bound, real relaxation, real keep) {                                \
    return active_##suffix->step(p, y, a, average, v, n, shift, epsilon, bound, relaxation, keep);                     \
  }                                                                                                                    \
  void lb_split_measure_##suffix(const real *p, const real *y, const real *a, long n, real shift, real epsilon,        \
                                 real bound, real relaxation, double *out) {                                           \
    active_##suffix->measure(p, y, a, n, shift, epsilon, bound, relaxation, out);                                      \
  }                                                                                                                    \
  void lb_split_shrink_##suffix(real *t, real *average, const real *spectrum, long n, real rho, real keep) {           \
    active_##suffix->shrink(t, average, spectrum, n, rho, keep);                                                       \
  }                                                                                                                    \
  void lb_split_shift_##suffix(real *x, long n, real shift, real bound, double *out) {                                 \
    active_##suffix->shift(x, n, shift, bound, out);                                                                   \
  }                                                                                                                    \
  void lb_split_rescale_##suffix(real *a, real *average, long n, real epsilon, real bound, real factor) {              \
    active_##suffix->rescale(a, average, n, epsilon, bound, factor);                                                   \
  }                                                                                                                    \
  void lb_split_candidate_##suffix(const real *average, real *x, long n, real scale, real bound) {                     \
    active_##suffix->candidate(average, x, n, scale, bound);                                                           \
  }                                                                                                                    \
  void lb_split_codes_##suffix(const real *a, long n, real epsilon, real bound, double *out) {                         \
    active_##suffix->codes(a, n, epsilon, bound, out);                                                                 \
  }                                                                                                                    \
  void lb_split_values_##suffix(const real *y, const real *p, const real *beta, long n, real shift, real epsilon,      \
                                double *out) {                                                                         \
    active_##suffix->values(y, p, beta, n, shift, epsilon, out);                                                       \
  }

CALLS(f32, float)
CALLS(f64, double)
