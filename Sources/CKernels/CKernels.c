// One table of kernels per instruction set, chosen once. The bodies are in KernelBodies.h.
#include "CKernels.h"

#include <math.h>
#include <string.h>

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));
typedef double f64x16 __attribute__((ext_vector_type(16)));
typedef int64_t i64x16 __attribute__((ext_vector_type(16)));
typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef float f32x4 __attribute__((ext_vector_type(4)));
typedef double f64x8 __attribute__((ext_vector_type(8)));
typedef double f64x4 __attribute__((ext_vector_type(4)));

// Wide vectors only ever pass between functions that are inlined into each other, so their calling convention is moot.
#pragma clang diagnostic ignored "-Wpsabi"

#define REAL double
#define VEC f64x16
#define WIDE f64x16
#define NAME(x) x##_double
#include "GradientDouble.h"
#include "GradientBodies.h"
#undef NAME
#undef REAL
#undef VEC

#define REAL float
#define VEC f32x16
#define NAME(x) x##_portable
#include "KernelBodies.h"
#include "GradientBodies.h"
#include "OptimizerBodies.h"
#include "AttentionBodies.h"
#define SPAN 1
#define TILES(TILE) TILE(1) TILE(2)
#define TALLEST 2
#include "PanelBodies.h"
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,f16c,fma"))), apply_to = function)
#define NAME(x) x##_avx2
#include "KernelBodies.h"
#include "GradientBodies.h"
#include "OptimizerBodies.h"
#include "AttentionBodies.h"
#define SPAN 1
#define TILES(TILE) TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
#define TALLEST 6
#include "PanelBodies.h"
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,f16c,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define NAME(x) x##_avx512
#include "KernelBodies.h"
#include "GradientBodies.h"
#include "OptimizerBodies.h"
#include "AttentionBodies.h"
#define SPAN 2
#define TILES(TILE) TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) \
  TILE(8) TILE(9) TILE(10) TILE(11) TILE(12) TILE(13) TILE(14)
#define TALLEST 14
#include "PanelBodies.h"
#undef NAME
#pragma clang attribute pop
#endif
#undef REAL
#undef VEC
#undef WIDE

struct kernels {
  const char *name;
  void (*softmax)(float *, long);
  double (*sum_exp)(const float *, float, long);
  double (*squares)(const float *, double, long);
  void (*normalize)(const float *, const float *, const float *, float, float, float *, long);
  void (*gelu_tanh)(float *, long);
  void (*gelu_erf)(float *, long);
  void (*silu)(float *, long);
  void (*silu_gate)(float *, const float *, long);
  void (*gelu_gate)(float *, const float *, long);
  void (*tanh)(float *, long);
  void (*relu)(float *, long);
  void (*add)(float *, const float *, long);
  void (*multiply)(float *, const float *, long);
  void (*scale)(float *, float, long);
  void (*add_scaled)(float *, float, const float *, long);
  double (*dot)(const float *, const float *, long);
  double (*sum)(const float *, long);
  float (*max)(const float *, long);
  long (*count_non_finite)(const float *, long);
  void (*f16_to_f32)(const uint16_t *, float *, long);
  void (*bf16_to_f32)(const uint16_t *, float *, long);
  void (*f32_to_f64)(const float *, double *, long);
  void (*f64_to_f32)(const double *, float *, long);
  double (*ddot)(const double *, const double *, long);
  double (*dsum)(const double *, long);
  void (*dadd_scaled)(double *, double, const double *, long);
  void (*slope[5])(const float *, float *, long);
  void (*softmax_backward)(const float *, float *, float, long);
  void (*norm_backward)(const float *, const float *, float, const float *, double, double, int, float *, long);
  void (*norm_gain_backward)(const float *, const float *, double, double, float *, float *, long);
  void (*add_to_sums)(const float *, double *, long);
  void (*attend)(const float *, long, long, const float *, const float *, long, long, long, long, float, float *, float *);
  void (*attend_backward)(const float *, long, long, const float *, const float *, long, long, long, long, float,
                          const float *, const float *, float *, float *, float *, float *);
  void (*gelu_with_slope)(float *, float *, long);
  void (*panel_product)(const float *, long, long, const float *, long, long, const float *, const float *, long, float *,
                        long);
  void (*adamw)(float *, const float *, float *, float *, long, float, float, float, float, float, float, float);
};

#define TABLE(set)                                                                                           \
  {#set, softmax_##set, sum_exp_##set, squares_##set, normalize_##set, gelu_tanh_##set, gelu_erf_##set,      \
   silu_##set, silu_gate_##set, gelu_gate_##set, tanh_##set, relu_##set, add_##set, multiply_##set,          \
   scale_##set, add_scaled_##set, dot_##set, sum_##set, max_##set, count_non_finite_##set, f16_to_f32_##set, \
   bf16_to_f32_##set, f32_to_f64_##set, f64_to_f32_##set, ddot_##set, dsum_##set, dadd_scaled_##set,         \
   {slope_gelu_new_##set, slope_gelu_##set, slope_silu_##set, slope_relu_##set, slope_tanh_##set},           \
   softmax_backward_##set, norm_backward_##set, norm_gain_backward_##set, add_to_sums_##set,                  \
   attend_##set, attend_backward_##set, gelu_with_slope_##set, panel_product_##set, adamw_##set}

static const struct kernels portable = TABLE(portable);
#if defined(__x86_64__)
static const struct kernels avx2 = TABLE(avx2);
static const struct kernels avx512 = TABLE(avx512);
#endif

// Set before main runs, so that no call has to look and no thread can see it half set.
static const struct kernels *active = &portable;

static const struct kernels *find(const char *name) {
  if (strcmp(name, "portable") == 0) return &portable;
#if defined(__x86_64__)
  __builtin_cpu_init();
  int hasAVX2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (strcmp(name, "avx2") == 0 && hasAVX2) return &avx2;
  if (strcmp(name, "avx512") == 0 && hasAVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return &avx512;
#endif
  return NULL;
}

__attribute__((constructor)) static void choose(void) {
  const char *names[] = {"avx512", "avx2"};
  for (int i = 0; i < 2; i++) {
    const struct kernels *found = find(names[i]);
    if (found) {
      active = found;
      return;
    }
  }
}

const char *lb_kernels_name(void) { return active->name; }

int lb_kernels_use(const char *name) {
  const struct kernels *found = find(name);
  if (!found) return 0;
  active = found;
  return 1;
}

void lb_softmax(float *x, long n) { active->softmax(x, n); }

double lb_log_sum_exp(const float *x, long n) {
  float top = active->max(x, n);
  if (isinf(top)) return top;
  return (double)top + log(active->sum_exp(x, top, n));
}

void lb_rms_norm(const float *x, const float *gain, double epsilon, float *y, long n) {
  double mean = active->squares(x, 0, n) / (double)n;
  active->normalize(x, gain, NULL, 0, (float)(1 / sqrt(mean + epsilon)), y, n);
}

void lb_layer_norm(const float *x, const float *gain, const float *bias, double epsilon, float *y, long n) {
  double mean = active->sum(x, n) / (double)n;
  double variance = active->squares(x, mean, n) / (double)n;
  active->normalize(x, gain, bias, (float)mean, (float)(1 / sqrt(variance + epsilon)), y, n);
}

void lb_gelu_tanh(float *x, long n) { active->gelu_tanh(x, n); }
void lb_gelu_erf(float *x, long n) { active->gelu_erf(x, n); }
void lb_silu(float *x, long n) { active->silu(x, n); }
void lb_silu_gate(float *gate, const float *up, long n) { active->silu_gate(gate, up, n); }
void lb_gelu_gate(float *gate, const float *up, long n) { active->gelu_gate(gate, up, n); }
void lb_tanh(float *x, long n) { active->tanh(x, n); }
void lb_relu(float *x, long n) { active->relu(x, n); }
void lb_add(float *y, const float *x, long n) { active->add(y, x, n); }
void lb_multiply(float *y, const float *x, long n) { active->multiply(y, x, n); }
void lb_scale(float *y, float a, long n) { active->scale(y, a, n); }
void lb_add_scaled(float *y, float a, const float *x, long n) { active->add_scaled(y, a, x, n); }
double lb_dot(const float *x, const float *y, long n) { return active->dot(x, y, n); }
double lb_sum(const float *x, long n) { return active->sum(x, n); }
float lb_max(const float *x, long n) { return active->max(x, n); }
long lb_count_non_finite(const float *x, long n) { return active->count_non_finite(x, n); }
void lb_f16_to_f32(const uint16_t *x, float *y, long n) { active->f16_to_f32(x, y, n); }
void lb_bf16_to_f32(const uint16_t *x, float *y, long n) { active->bf16_to_f32(x, y, n); }
void lb_f32_to_f64(const float *x, double *y, long n) { active->f32_to_f64(x, y, n); }
void lb_f64_to_f32(const double *x, float *y, long n) { active->f64_to_f32(x, y, n); }
double lb_ddot(const double *x, const double *y, long n) { return active->ddot(x, y, n); }
double lb_dsum(const double *x, long n) { return active->dsum(x, n); }
void lb_dadd_scaled(double *y, double a, const double *x, long n) { active->dadd_scaled(y, a, x, n); }

void lb_slope(enum lb_activation kind, const float *x, float *y, long n) { active->slope[kind](x, y, n); }

void lb_dslope(enum lb_activation kind, const double *x, double *y, long n) {
  static void (*const slopes[])(const double *, double *, long) = {slope_gelu_new_double, slope_gelu_double,
                                                                   slope_silu_double, slope_relu_double,
                                                                   slope_tanh_double};
  slopes[kind](x, y, n);
}

void lb_dactivate(enum lb_activation kind, double *x, long n) {
  static void (*const functions[])(double *, long) = {gelu_tanh_double, gelu_erf_double, silu_double, relu_double,
                                                      tanh_double};
  functions[kind](x, n);
}

void lb_softmax_backward(const float *p, float *dp, float scale, long n) { active->softmax_backward(p, dp, scale, n); }
void lb_dsoftmax_backward(const double *p, double *dp, double scale, long n) { softmax_backward_double(p, dp, scale, n); }
void lb_dsoftmax(double *x, long n) { softmax_double(x, n); }
double lb_dlog_sum_exp(const double *x, long n) { return log_sum_exp_double(x, n); }

void lb_norm_statistics(const float *x, int centres, double epsilon, double *mean, double *inverse, long n) {
  *mean = centres ? (double)(float)(active->sum(x, n) / (double)n) : 0;
  // The spread is about the mean in double precision, as in the forward kernel; what both subtract is the rounded mean.
  double centre = centres ? active->sum(x, n) / (double)n : 0;
  *inverse = 1 / sqrt(active->squares(x, centre, n) / (double)n + epsilon);
}

void lb_dnorm_statistics(const double *x, int centres, double epsilon, double *mean, double *inverse, long n) {
  *mean = centres ? lb_dsum(x, n) / (double)n : 0;
  *inverse = 1 / sqrt(squares_double(x, *mean, n) / (double)n + epsilon);
}

void lb_norm_backward(const float *x, const float *gain, float offset, const float *dy, double mean, double inverse,
                      int centres, float *dx, long n) {
  active->norm_backward(x, gain, offset, dy, mean, inverse, centres, dx, n);
}

void lb_dnorm_backward(const double *x, const double *gain, double offset, const double *dy, double mean, double inverse,
                       int centres, double *dx, long n) {
  norm_backward_double(x, gain, offset, dy, mean, inverse, centres, dx, n);
}

void lb_norm_gain_backward(const float *x, const float *dy, double mean, double inverse, float *dgain, float *dbias,
                           long n) {
  active->norm_gain_backward(x, dy, mean, inverse, dgain, dbias, n);
}

void lb_dnorm_gain_backward(const double *x, const double *dy, double mean, double inverse, double *dgain, double *dbias,
                            long n) {
  norm_gain_backward_double(x, dy, mean, inverse, dgain, dbias, n);
}

void lb_add_to_sums(const float *x, double *sums, long n) { active->add_to_sums(x, sums, n); }
void lb_dadd_to_sums(const double *x, double *sums, long n) { add_to_sums_double(x, sums, n); }

void lb_adamw(float *p, const float *g, float *m, float *v, long n, float keep, float blend, float beta2, float fresh,
              float root, float epsilon, float step) {
  active->adamw(p, g, m, v, n, keep, blend, beta2, fresh, root, epsilon, step);
}

void lb_attend(const float *q, long q_stride, long queries, const float *k, const float *v, long stride, long length,
               long heads, long width, float scale, float *patterns, float *z) {
  active->attend(q, q_stride, queries, k, v, stride, length, heads, width, scale, patterns, z);
}

void lb_attend_backward(const float *q, long q_stride, long queries, const float *k, const float *v, long stride,
                        long length, long heads, long width, float scale, const float *patterns, const float *dz,
                        float *scores, float *dq, float *dk, float *dv) {
  active->attend_backward(q, q_stride, queries, k, v, stride, length, heads, width, scale, patterns, dz, scores, dq, dk,
                          dv);
}

void lb_gelu_with_slope(float *x, float *y, long n) { active->gelu_with_slope(x, y, n); }

void lb_panel_product(const float *a, long lda, long m, const float *panels, long n, long k, const float *bias,
                      const float *addend, long step, float *c, long ldc) {
  active->panel_product(a, lda, m, panels, n, k, bias, addend, step, c, ldc);
}

void lb_panels(const float *b, long k, long n, long ldb, int transposed, long first, long last, float *panels) {
  for (long panel = first; panel < last; panel++) {
    float *own = panels + panel * k * 32;
    long columns = n - panel * 32 < 32 ? n - panel * 32 : 32;
    if (columns < 32) memset(own, 0, sizeof(float) * (unsigned long)(k * 32));
    if (!transposed) {
      for (long q = 0; q < k; q++)
        memcpy(own + q * 32, b + q * ldb + panel * 32, sizeof(float) * (unsigned long)columns);
      continue;
    }
    // Squares of four by four, so that what is read of a column's cache line is used at once.
    long whole = k / 4 * 4, columns4 = columns / 4 * 4;
    for (long q = 0; q < whole; q += 4)
      for (long column = 0; column < columns4; column += 4) {
        const float *from = b + (panel * 32 + column) * ldb + q;
        f32x4 r0, r1, r2, r3;
        memcpy(&r0, from, sizeof r0);
        memcpy(&r1, from + ldb, sizeof r1);
        memcpy(&r2, from + 2 * ldb, sizeof r2);
        memcpy(&r3, from + 3 * ldb, sizeof r3);
        f32x4 a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), c = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
        f32x4 d = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), e = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
        f32x4 rows[4] = {__builtin_shufflevector(a, c, 0, 1, 4, 5), __builtin_shufflevector(a, c, 2, 3, 6, 7),
                         __builtin_shufflevector(d, e, 0, 1, 4, 5), __builtin_shufflevector(d, e, 2, 3, 6, 7)};
        for (long i = 0; i < 4; i++) memcpy(own + (q + i) * 32 + column, &rows[i], sizeof rows[i]);
      }
    for (long q = 0; q < k; q++)
      for (long column = q < whole ? columns4 : 0; column < columns; column++)
        own[q * 32 + column] = b[(panel * 32 + column) * ldb + q];
  }
}

static _Thread_local int insideParallel = 0;
int lb_is_inside_parallel(void) { return insideParallel; }
void lb_enter_parallel(void) { insideParallel = 1; }
void lb_leave_parallel(void) { insideParallel = 0; }
