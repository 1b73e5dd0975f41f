#ifndef LB_GRADIENT_KERNELS_H
#define LB_GRADIENT_KERNELS_H

// Kernels of reverse mode and of the optimizer. Each exists for float, compiled per instruction set with the same bits
// from all of them, and (d) for double, where the formulas can be held to central differences.

enum lb_activation { lb_activation_gelu_tanh, lb_activation_gelu_erf, lb_activation_silu, lb_activation_relu, lb_activation_tanh };

// y = f'(x) of an activation f; relu's is 0 at 0. `y` may be `x`.
void lb_slope(enum lb_activation kind, const float *x, float *y, long n);
void lb_dslope(enum lb_activation kind, const double *x, double *y, long n);
// x <- f(x) in double precision.
void lb_dactivate(enum lb_activation kind, double *x, long n);

// dp <- scale p (dp - sum p dp): back through p = softmax(scale t) to t.
void lb_softmax_backward(const float *p, float *dp, float scale, long n);
void lb_dsoftmax_backward(const double *p, double *dp, double scale, long n);
void lb_dsoftmax(double *x, long n);
double lb_dlog_sum_exp(const double *x, long n);

// Mean (0 unless `centres`) and 1 / sqrt(mean (x - mean)^2 + epsilon).
void lb_norm_statistics(const float *x, int centres, double epsilon, double *mean, double *inverse, long n);
void lb_dnorm_statistics(const double *x, int centres, double epsilon, double *mean, double *inverse, long n);

// dx += the gradient of y = (gain + offset) (x - mean) inverse + bias at dy; a gain that is null is 1.
void lb_norm_backward(const float *x, const float *gain, float offset, const float *dy, double mean, double inverse,
                      int centres, float *dx, long n);
void lb_dnorm_backward(const double *x, const double *gain, double offset, const double *dy, double mean, double inverse,
                       int centres, double *dx, long n);
// dgain += dy (x - mean) inverse; dbias += dy where it is not null.
void lb_norm_gain_backward(const float *x, const float *dy, double mean, double inverse, float *dgain, float *dbias,
                           long n);
void lb_dnorm_gain_backward(const double *x, const double *dy, double mean, double inverse, double *dgain, double *dbias,
                            long n);

// sums += x.
void lb_add_to_sums(const float *x, double *sums, long n);
void lb_dadd_to_sums(const double *x, double *sums, long n);

// m <- m + blend (g - m); v <- beta2 v + fresh g^2; p <- keep p + step m / (sqrt(v) / root + epsilon).
void lb_adamw(float *p, const float *g, float *m, float *v, long n, float keep, float blend, float beta2, float fresh,
              float root, float epsilon, float step);

#endif
