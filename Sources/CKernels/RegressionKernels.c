// One table of kernels per instruction set, chosen before main runs. The bodies are in RegressionBodies.h.
#include "RegressionKernels.h"

#include <stddef.h>

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef float f32x4 __attribute__((ext_vector_type(4)));

// Wide vectors only ever pass between functions that are inlined into each other, so their calling convention is moot.
#pragma clang diagnostic ignored "-Wpsabi"

#define NAME(x) x##_portable
#define FMA(a, b, c) ((a) * (b) + (c))
#include "RegressionBodies.h"
#undef NAME
#undef FMA

#if defined(__x86_64__)
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME(x) x##_avx2
#include "RegressionBodies.h"
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define NAME(x) x##_avx512
#include "RegressionBodies.h"
#undef NAME
#pragma clang attribute pop
#endif

struct kernels {
  void (*admm_update)(const float *, const float *, float *, float *, float *, long, float, float, float, float);
  void (*gather_lower)(const float *, long, const int32_t *, long, float *, long);
  int (*small_cholesky)(float *, long, float *);
  void (*small_solve)(const float *, long, float *);
};

#define TABLE(set) \
  {admm_update_##set, gather_lower_##set, small_cholesky_##set, small_solve_##set}

static const struct kernels portable = TABLE(portable);
#if defined(__x86_64__)
static const struct kernels avx2 = TABLE(avx2);
static const struct kernels avx512 = TABLE(avx512);
#endif
static const struct kernels *active = &portable;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) active = &avx2;
  if (active == &avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    active = &avx512;
#endif
}

void lb_admm_update(const float *beta, const float *y, float *z, float *u, float *right, long n, float mix,
                    float threshold, float bound, float rho) {
  active->admm_update(beta, y, z, u, right, n, mix, threshold, bound, rho);
}

void lb_gather_lower(const float *matrix, long ld, const int32_t *index, long m, float *out, long ldo) {
  active->gather_lower(matrix, ld, index, m, out, ldo);
}

long lb_small_stride(long m) { return (m + 15) & ~15L; }

int lb_small_cholesky(float *a, long m, float *scratch) { return active->small_cholesky(a, m, scratch); }

void lb_small_solve(const float *a, long m, float *x) { active->small_solve(a, m, x); }
