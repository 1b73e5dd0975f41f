// One table of kernels per instruction set, chosen once. The bodies are in KernelBodies.h.
#include "CKernels.h"

#include <math.h>
#include <string.h>

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));
typedef double f64x16 __attribute__((ext_vector_type(16)));
typedef double f64x8 __attribute__((ext_vector_type(8)));
typedef double f64x4 __attribute__((ext_vector_type(4)));

// Wide vectors only ever pass between functions that are inlined into each other, so their calling convention is moot.
#pragma clang diagnostic ignored "-Wpsabi"

#define NAME(x) x##_portable
#include "KernelBodies.h"
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,f16c"))), apply_to = function)
#define NAME(x) x##_avx2
#include "KernelBodies.h"
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,f16c,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define NAME(x) x##_avx512
#include "KernelBodies.h"
#undef NAME
#pragma clang attribute pop
#endif

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
};

#define TABLE(set)                                                                                           \
  {#set, softmax_##set, sum_exp_##set, squares_##set, normalize_##set, gelu_tanh_##set, gelu_erf_##set,      \
   silu_##set, silu_gate_##set, gelu_gate_##set, tanh_##set, relu_##set, add_##set, multiply_##set,          \
   scale_##set, add_scaled_##set, dot_##set, sum_##set, max_##set, count_non_finite_##set, f16_to_f32_##set, \
   bf16_to_f32_##set, f32_to_f64_##set, f64_to_f32_##set, ddot_##set, dsum_##set, dadd_scaled_##set}

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

static _Thread_local int insideParallel = 0;
int lb_is_inside_parallel(void) { return insideParallel; }
void lb_enter_parallel(void) { insideParallel = 1; }
void lb_leave_parallel(void) { insideParallel = 0; }
