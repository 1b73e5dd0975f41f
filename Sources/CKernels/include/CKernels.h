#ifndef LB_KERNELS_H
#define LB_KERNELS_H

#include <stdint.h>

#include "ForkKernels.h"
#include "GradientKernels.h"
#include "RegressionKernels.h"
#include "SplittingKernels.h"

// Element-wise kernels over contiguous arrays. Each is compiled three times (AVX-512, AVX2, portable) and chosen once
// at run time; all three do the same sixteen-lane arithmetic without fused multiply-add, so the bits of a result depend
// neither on the processor nor on the number of threads. Sums are accumulated in double precision.

/// Name of the instruction set in use: "avx512", "avx2" or "portable".
const char *lb_kernels_name(void);

/// Chooses the instruction set by name for tests; 0 when this processor lacks it. Results do not change.
int lb_kernels_use(const char *name);

// x <- exp(x - max) / sum exp(x - max). Relative error of an element below 4 ulp of float, plus
// |x - max| / 2 ulp from rounding the difference.
void lb_softmax(float *x, long n);
// ln sum exp x; -inf for n = 0 or when all are -inf.
double lb_log_sum_exp(const float *x, long n);
// y = gain * x / sqrt(mean(x^2) + epsilon); gain may be null.
void lb_rms_norm(const float *x, const float *gain, double epsilon, float *y, long n);
// y = gain * (x - mean) / sqrt(var + epsilon) + bias, population variance; gain and bias may be null.
void lb_layer_norm(const float *x, const float *gain, const float *bias, double epsilon, float *y, long n);
// x <- x / (1 + exp(-2 sqrt(2/pi) (x + 0.044715 x^3))), which is the tanh form of GELU ("gelu_new").
void lb_gelu_tanh(float *x, long n);
// x <- x (1 + erf(x / sqrt 2)) / 2 ("gelu").
void lb_gelu_erf(float *x, long n);
// x <- x / (1 + exp(-x)).
void lb_silu(float *x, long n);
// gate <- gate / (1 + exp(-gate)) * up.
void lb_silu_gate(float *gate, const float *up, long n);
// gate <- gelu_new(gate) * up.
void lb_gelu_gate(float *gate, const float *up, long n);
// x <- tanh x, relu.
void lb_tanh(float *x, long n);
void lb_relu(float *x, long n);
// y += x; y *= x; y *= a; y += a x.
void lb_add(float *y, const float *x, long n);
void lb_multiply(float *y, const float *x, long n);
void lb_scale(float *y, float a, long n);
void lb_add_scaled(float *y, float a, const float *x, long n);
// sum x y, sum x, accumulated in double.
double lb_dot(const float *x, const float *y, long n);
double lb_sum(const float *x, long n);
// Largest element; -inf for n = 0. NaN when any element is NaN.
float lb_max(const float *x, long n);
// Number of elements that are NaN or infinite.
long lb_count_non_finite(const float *x, long n);
// Exact widening of IEEE half and bfloat16 (NaN payloads kept, quiet).
void lb_f16_to_f32(const uint16_t *x, float *y, long n);
void lb_bf16_to_f32(const uint16_t *x, float *y, long n);
void lb_f32_to_f64(const float *x, double *y, long n);
void lb_f64_to_f32(const double *x, float *y, long n);

// Double precision, for regression.
double lb_ddot(const double *x, const double *y, long n);
double lb_dsum(const double *x, long n);
void lb_dadd_scaled(double *y, double a, const double *x, long n);

// Whether the calling thread is one of several that share a loop: a loop inside such a loop is not shared again.
int lb_is_inside_parallel(void);
void lb_enter_parallel(void);
void lb_leave_parallel(void);

#endif
