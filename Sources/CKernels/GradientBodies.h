// What reverse mode needs row by row, included once per instruction set for float and once for double, after the
// functions it builds on: NAME(load), NAME(store), NAME(load_part), NAME(store_part), NAME(choose), NAME(exp),
// NAME(sigmoid), NAME(erfc), NAME(tanh_). REAL is the number, VEC sixteen of them, WIDE sixteen doubles. Sums run in
// double precision, sixteen at a time in a fixed tree.

#define INLINE static inline __attribute__((always_inline))

// Derivative of the tanh form of GELU, x s(u) with u = 2 sqrt(2/pi) (x + 0.044715 x^3) and s the logistic function.
INLINE VEC NAME(slope_of_gelu_new)(VEC x) {
  VEC square = x * x;
  VEC s = NAME(sigmoid)((x + (square * x) * (REAL)0.044715) * (REAL)1.5957691216057308);
  VEC inner = (REAL)1.5957691216057308 + square * (REAL)(3 * 0.044715 * 1.5957691216057308);
  return s + x * s * ((REAL)1 - s) * inner;
}

// Derivative of x Phi(x): Phi(x) + x phi(x).
INLINE VEC NAME(slope_of_gelu)(VEC x) {
  VEC z = x * (REAL)0.7071067811865476;
  __typeof__(z < (REAL)0) negative = z < (REAL)0;
  VEC c = NAME(erfc)(NAME(choose)(negative, -z, z));
  VEC phi = NAME(exp)(x * x * (REAL)-0.5) * (REAL)0.3989422804014327;
  return (REAL)0.5 * NAME(choose)(negative, c, (REAL)2 - c) + x * phi;
}

INLINE VEC NAME(slope_of_silu)(VEC x) {
  VEC s = NAME(sigmoid)(x);
  return s + x * s * ((REAL)1 - s);
}

INLINE VEC NAME(slope_of_tanh)(VEC x) {
  VEC t = NAME(tanh_)(x);
  return (REAL)1 - t * t;
}

// 0 at 0, as PyTorch has it; NaN stays NaN.
INLINE VEC NAME(slope_of_relu)(VEC x) {
  VEC step = NAME(choose)(x > (REAL)0, (VEC)(REAL)1, (VEC)(REAL)0);
  return NAME(choose)(x != x, x, step);
}

#define SLOPE(function)                                                                     \
  static void NAME(slope_##function)(const REAL *x, REAL *y, long n) {                      \
    long i = 0;                                                                             \
    for (; i + 16 <= n; i += 16) NAME(store)(y + i, NAME(slope_of_##function)(NAME(load)(x + i))); \
    if (i < n) {                                                                            \
      VEC v = NAME(load_part)(x + i, n - i, (REAL)0);                                       \
      NAME(store_part)(y + i, NAME(slope_of_##function)(v), n - i);                         \
    }                                                                                       \
  }
SLOPE(gelu_new)
SLOPE(gelu)
SLOPE(silu)
SLOPE(tanh)
SLOPE(relu)
#undef SLOPE

// dp <- scale p (dp - sum p dp): back through p = softmax(s), s = scale t.
static void NAME(softmax_backward)(const REAL *p, REAL *dp, REAL scale, long n) {
  WIDE sum = (WIDE)0.0;
  for (long i = 0; i < n; i += 16) {
    VEC v = n - i >= 16 ? NAME(load)(p + i) : NAME(load_part)(p + i, n - i, (REAL)0);
    VEC w = n - i >= 16 ? NAME(load)(dp + i) : NAME(load_part)(dp + i, n - i, (REAL)0);
    sum += __builtin_convertvector(v, WIDE) * __builtin_convertvector(w, WIDE);
  }
  REAL mean = (REAL)NAME(total)(sum);
  for (long i = 0; i < n; i++) dp[i] = scale * p[i] * (dp[i] - mean);
}

// dx += inverse (e - mean e - n mean(e n)) with e = (gain + offset) dy and n = (x - mean) inverse, the normed vector; the
// mean of e is left out where the norm does not centre (RMSNorm). A gain that is null is 1.
static void NAME(norm_backward)(const REAL *x, const REAL *gain, REAL offset, const REAL *dy, double mean, double inverse,
                                int centres, REAL *dx, long n) {
  WIDE plain = (WIDE)0.0, along = (WIDE)0.0;
  REAL m = (REAL)mean, r = (REAL)inverse;
  for (long i = 0; i < n; i += 16) {
    long left = n - i;
    VEC g = left >= 16 ? NAME(load)(dy + i) : NAME(load_part)(dy + i, left, (REAL)0);
    VEC v = left >= 16 ? NAME(load)(x + i) : NAME(load_part)(x + i, left, (REAL)0);
    if (gain) g *= (left >= 16 ? NAME(load)(gain + i) : NAME(load_part)(gain + i, left, (REAL)0)) + offset;
    WIDE wide = __builtin_convertvector(g, WIDE);
    plain += wide;
    along += wide * __builtin_convertvector((v - m) * r, WIDE);
  }
  REAL shift = centres ? (REAL)(NAME(total)(plain) / (double)n) : (REAL)0;
  REAL slope = (REAL)(NAME(total)(along) / (double)n);
  for (long i = 0; i < n; i++) {
    REAL e = gain ? dy[i] * (gain[i] + offset) : dy[i];
    dx[i] += r * (e - shift - (x[i] - m) * r * slope);
  }
}

// dgain += dy (x - mean) inverse; dbias += dy where it is not null.
static void NAME(norm_gain_backward)(const REAL *x, const REAL *dy, double mean, double inverse, REAL *dgain, REAL *dbias,
                                     long n) {
  REAL m = (REAL)mean, r = (REAL)inverse;
  for (long i = 0; i < n; i++) dgain[i] += dy[i] * ((x[i] - m) * r);
  if (dbias)
    for (long i = 0; i < n; i++) dbias[i] += dy[i];
}

// sums[j] += x[j] for a row of n.
static void NAME(add_to_sums)(const REAL *x, double *sums, long n) {
  for (long i = 0; i < n; i++) sums[i] += (double)x[i];
}

#undef INLINE
