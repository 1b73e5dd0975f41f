// The functions that GradientBodies.h builds on, in double precision and by the C library, and the forward kernels that
// only the single-precision side has elsewhere. Portable: it serves checks, not speed.

#define INLINE static inline __attribute__((always_inline))

INLINE f64x16 NAME(load)(const double *p) { f64x16 v; __builtin_memcpy(&v, p, sizeof v); return v; }
INLINE void NAME(store)(double *p, f64x16 v) { __builtin_memcpy(p, &v, sizeof v); }
INLINE f64x16 NAME(load_part)(const double *p, long n, double fill) {
  f64x16 v = (f64x16)fill;
  __builtin_memcpy(&v, p, sizeof(double) * (unsigned long)n);
  return v;
}
INLINE void NAME(store_part)(double *p, f64x16 v, long n) { __builtin_memcpy(p, &v, sizeof(double) * (unsigned long)n); }
INLINE f64x16 NAME(choose)(i64x16 mask, f64x16 yes, f64x16 no) {
  return (f64x16)(((i64x16)yes & mask) | ((i64x16)no & ~mask));
}
INLINE double NAME(total)(f64x16 v) {
  f64x8 a = v.lo + v.hi;
  f64x4 b = a.lo + a.hi;
  return (b.x + b.z) + (b.y + b.w);
}

#define LANES(function, expression)            \
  INLINE f64x16 NAME(function)(f64x16 v) {     \
    f64x16 y;                                  \
    for (int lane = 0; lane < 16; lane++) {    \
      double x = v[lane];                      \
      y[lane] = expression;                    \
    }                                          \
    return y;                                  \
  }
LANES(exp, exp(x))
LANES(sigmoid, 1 / (1 + exp(-x)))
LANES(erfc, erfc(x))
LANES(tanh_, tanh(x))
#undef LANES

#define MAP(function, expression)                      \
  static void NAME(function)(double *values, long n) { \
    for (long i = 0; i < n; i++) {                     \
      double x = values[i];                            \
      values[i] = expression;                          \
    }                                                  \
  }
MAP(gelu_tanh, x / (1 + exp(-1.5957691216057308 * (x + 0.044715 * x * x * x))))
MAP(gelu_erf, 0.5 * x * erfc(-x * 0.7071067811865476))
MAP(silu, x / (1 + exp(-x)))
MAP(tanh, tanh(x))
MAP(relu, x < 0 ? 0 : x)
#undef MAP

static double NAME(max)(const double *x, long n) {
  double top = -INFINITY;
  for (long i = 0; i < n; i++)
    if (x[i] > top || x[i] != x[i]) top = x[i];
  return top;
}

static double NAME(log_sum_exp)(const double *x, long n) {
  double top = NAME(max)(x, n), sum = 0;
  if (isinf(top)) return top;
  for (long i = 0; i < n; i++) sum += exp(x[i] - top);
  return top + log(sum);
}

static void NAME(softmax)(double *x, long n) {
  double lse = NAME(log_sum_exp)(x, n);
  for (long i = 0; i < n; i++) x[i] = exp(x[i] - lse);
}

static double NAME(squares)(const double *x, double mean, long n) {
  double sum = 0;
  for (long i = 0; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
  return sum;
}

#undef INLINE
