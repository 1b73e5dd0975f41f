// Included once per instruction set by CKernels.c, with NAME(x) giving the suffixed function name. Sixteen lanes
// whatever the registers' width: that, and no contraction into fused multiply-add, keeps the bits the same everywhere.

#define INLINE static inline __attribute__((always_inline))

INLINE f32x16 NAME(load)(const float *p) { f32x16 v; __builtin_memcpy(&v, p, sizeof v); return v; }
INLINE void NAME(store)(float *p, f32x16 v) { __builtin_memcpy(p, &v, sizeof v); }
INLINE f32x16 NAME(load_part)(const float *p, long n, float fill) {
  f32x16 v = (f32x16)fill;
  __builtin_memcpy(&v, p, sizeof(float) * (unsigned long)n);
  return v;
}
INLINE void NAME(store_part)(float *p, f32x16 v, long n) { __builtin_memcpy(p, &v, sizeof(float) * (unsigned long)n); }
INLINE f32x16 NAME(choose)(i32x16 mask, f32x16 yes, f32x16 no) {
  return (f32x16)(((i32x16)yes & mask) | ((i32x16)no & ~mask));
}

// Lanes are added in a fixed tree.
INLINE double NAME(total)(f64x16 v) {
  f64x8 a = v.lo + v.hi;
  f64x4 b = a.lo + a.hi;
  return (b.x + b.z) + (b.y + b.w);
}

// exp: x = k ln 2 + r, |r| <= ln 2 / 2, a degree-6 polynomial for exp r (relative error 3e-9 before rounding).
// Below -87.3 the result is 0, above 88.7 it is +inf; NaN stays NaN. Error at most 2 ulp.
INLINE f32x16 NAME(exp)(f32x16 x) {
  f32x16 y = NAME(choose)(x < -87.33f, (f32x16)-87.33f, x);
  y = NAME(choose)(y > 88.72f, (f32x16)88.72f, y);
  f32x16 shifted = y * 1.44269504f + 12582912.0f;
  i32x16 k = (i32x16)shifted - 0x4B400000;
  f32x16 kf = shifted - 12582912.0f;
  f32x16 r = (y - kf * 0.693359375f) - kf * -2.12194440e-4f;
  f32x16 p = r * 1.39485808e-3f + 8.37512889e-3f;
  p = p * r + 4.16662183e-2f;
  p = p * r + 1.66664155e-1f;
  p = p * r + 5.00000011e-1f;
  p = (p * r) * r + r + 1.0f;
  // 2^k in two factors, since 2^128 is no float.
  i32x16 half = k >> 1;
  f32x16 e = p * (f32x16)((half + 127) << 23) * (f32x16)((k - half + 127) << 23);
  e = NAME(choose)(x < -87.33f, (f32x16)0.0f, e);
  return NAME(choose)(x > 88.72f, (f32x16)__builtin_inff(), e);
}

// 1 / (1 + exp(-x)).
INLINE f32x16 NAME(sigmoid)(f32x16 x) { return 1.0f / (1.0f + NAME(exp)(-x)); }

INLINE f32x16 NAME(gelu_new)(f32x16 x) {
  return x * NAME(sigmoid)((x + (x * x * x) * 0.044715f) * 1.59576912f);
}

// erfc z for z >= 0: 1 - z P(z^2) below 1, exp(-z^2) Q(1 / (1 + z/2)) above; own least-squares fits at Chebyshev nodes,
// error 1.4e-9 and 4e-10 before rounding. `bell` is exp(-z^2).
INLINE f32x16 NAME(erfc_with)(f32x16 z, f32x16 bell) {
  f32x16 u = z * z;
  f32x16 p = u * 7.88249711e-05f + -0.000801885499f;
  p = p * u + 0.00518931194f;
  p = p * u + -0.0268543288f;
  p = p * u + 0.112835975f;
  p = p * u + -0.376126269f;
  p = p * u + 1.12837917f;
  f32x16 near = 1.0f - z * p;
  f32x16 t = 1.0f / (1.0f + 0.5f * NAME(choose)(z > 4.3f, (f32x16)4.3f, z));
  f32x16 q = t * 0.0191534074f + 0.0433154846f;
  q = q * t + -0.340265404f;
  q = q * t + 0.435524733f;
  q = q * t + -0.0263859642f;
  q = q * t + 0.318180112f;
  q = q * t + 0.266729025f;
  q = q * t + 0.283964135f;
  q = q * t + -9.87600935e-05f;
  return NAME(choose)(z < 1.0f, near, bell * q);
}

INLINE f32x16 NAME(erfc)(f32x16 z) { return NAME(erfc_with)(z, NAME(exp)(-(z * z))); }

INLINE f32x16 NAME(gelu)(f32x16 x) {
  f32x16 z = x * 0.707106781f;
  i32x16 negative = z < 0.0f;
  f32x16 c = NAME(erfc)(NAME(choose)(negative, -z, z));
  return 0.5f * x * NAME(choose)(negative, c, 2.0f - c);
}

INLINE f32x16 NAME(tanh_)(f32x16 x) {
  // Below 0.2 the quotient would cancel; there the Taylor series to x^9 is exact to float.
  f32x16 u = x * x;
  f32x16 s = u * 0.0218694885f + -0.0539682540f;
  s = s * u + 0.133333333f;
  s = s * u + -0.333333333f;
  s = s * u + 1.0f;
  f32x16 far = 1.0f - 2.0f / (1.0f + NAME(exp)(2.0f * x));
  return NAME(choose)(u < 0.04f, x * s, far);
}

#define MAP(function, expression)                                        \
  static void NAME(function)(float *x, long n) {                         \
    long i = 0;                                                          \
    for (; i + 16 <= n; i += 16) {                                       \
      f32x16 v = NAME(load)(x + i);                                      \
      NAME(store)(x + i, expression);                                    \
    }                                                                    \
    if (i < n) {                                                         \
      f32x16 v = NAME(load_part)(x + i, n - i, 0.0f);                    \
      NAME(store_part)(x + i, expression, n - i);                        \
    }                                                                    \
  }
MAP(gelu_tanh, NAME(gelu_new)(v))
MAP(gelu_erf, NAME(gelu)(v))
MAP(silu, v * NAME(sigmoid)(v))
MAP(tanh, NAME(tanh_)(v))
MAP(relu, NAME(choose)(v < 0.0f, (f32x16)0.0f, v))
#undef MAP

#define ZIP(function, expression)                                        \
  static void NAME(function)(float *y, const float *x, long n) {         \
    long i = 0;                                                          \
    for (; i + 16 <= n; i += 16) {                                       \
      f32x16 v = NAME(load)(y + i), w = NAME(load)(x + i);               \
      NAME(store)(y + i, expression);                                    \
    }                                                                    \
    if (i < n) {                                                         \
      f32x16 v = NAME(load_part)(y + i, n - i, 0.0f), w = NAME(load_part)(x + i, n - i, 0.0f); \
      NAME(store_part)(y + i, expression, n - i);                        \
    }                                                                    \
  }
ZIP(silu_gate, v * NAME(sigmoid)(v) * w)
ZIP(gelu_gate, NAME(gelu_new)(v) * w)
ZIP(add, v + w)
ZIP(multiply, v * w)
#undef ZIP

static void NAME(scale)(float *y, float a, long n) {
  for (long i = 0; i < n; i++) y[i] *= a;
}

static void NAME(add_scaled)(float *y, float a, const float *x, long n) {
  for (long i = 0; i < n; i++) y[i] += a * x[i];
}

static float NAME(max)(const float *x, long n) {
  f32x16 best = (f32x16)-__builtin_inff();
  i32x16 nan = (i32x16)0;
  for (long i = 0; i < n; i += 16) {
    f32x16 v = n - i >= 16 ? NAME(load)(x + i) : NAME(load_part)(x + i, n - i, -__builtin_inff());
    nan |= v != v;
    best = NAME(choose)(v > best, v, best);
  }
  float result = best[0];
  int any = nan[0];
  for (int lane = 1; lane < 16; lane++) {
    if (best[lane] > result) result = best[lane];
    any |= nan[lane];
  }
  return any ? __builtin_nanf("") : result;
}

static void NAME(softmax)(float *x, long n) {
  if (n <= 0) return;
  float top = NAME(max)(x, n);
  f64x16 sum = (f64x16)0.0;
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    f32x16 e = NAME(exp)(NAME(load)(x + i) - top);
    sum += __builtin_convertvector(e, f64x16);
    NAME(store)(x + i, e);
  }
  if (i < n) {
    f32x16 e = NAME(exp)(NAME(load_part)(x + i, n - i, -__builtin_inff()) - top);
    sum += __builtin_convertvector(e, f64x16);
    NAME(store_part)(x + i, e, n - i);
  }
  NAME(scale)(x, (float)(1.0 / NAME(total)(sum)), n);
}

static double NAME(sum_exp)(const float *x, float top, long n) {
  f64x16 sum = (f64x16)0.0;
  for (long i = 0; i < n; i += 16) {
    f32x16 v = n - i >= 16 ? NAME(load)(x + i) : NAME(load_part)(x + i, n - i, -__builtin_inff());
    sum += __builtin_convertvector(NAME(exp)(v - top), f64x16);
  }
  return NAME(total)(sum);
}

static double NAME(sum)(const float *x, long n) {
  f64x16 sum = (f64x16)0.0;
  for (long i = 0; i < n; i += 16) {
    f32x16 v = n - i >= 16 ? NAME(load)(x + i) : NAME(load_part)(x + i, n - i, 0.0f);
    sum += __builtin_convertvector(v, f64x16);
  }
  return NAME(total)(sum);
}

static double NAME(dot)(const float *x, const float *y, long n) {
  f64x16 sum = (f64x16)0.0;
  for (long i = 0; i < n; i += 16) {
    f32x16 v = n - i >= 16 ? NAME(load)(x + i) : NAME(load_part)(x + i, n - i, 0.0f);
    f32x16 w = n - i >= 16 ? NAME(load)(y + i) : NAME(load_part)(y + i, n - i, 0.0f);
    sum += __builtin_convertvector(v, f64x16) * __builtin_convertvector(w, f64x16);
  }
  return NAME(total)(sum);
}

// Sum of squared differences from `mean`.
static double NAME(squares)(const float *x, double mean, long n) {
  f64x16 sum = (f64x16)0.0;
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    f64x16 v = __builtin_convertvector(NAME(load)(x + i), f64x16) - mean;
    sum += v * v;
  }
  double tail = 0;
  for (; i < n; i++) tail += ((double)x[i] - mean) * ((double)x[i] - mean);
  return NAME(total)(sum) + tail;
}

// y = gain * ((x - mean) * inverse) + bias.
static void NAME(normalize)(const float *x, const float *gain, const float *bias, float mean, float inverse, float *y,
                            long n) {
  if (gain && bias)
    for (long i = 0; i < n; i++) y[i] = gain[i] * ((x[i] - mean) * inverse) + bias[i];
  else if (gain)
    for (long i = 0; i < n; i++) y[i] = gain[i] * ((x[i] - mean) * inverse);
  else if (bias)
    for (long i = 0; i < n; i++) y[i] = (x[i] - mean) * inverse + bias[i];
  else
    for (long i = 0; i < n; i++) y[i] = (x[i] - mean) * inverse;
}

static long NAME(count_non_finite)(const float *x, long n) {
  long count = 0;
  for (long i = 0; i < n; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, x + i, sizeof bits);
    count += (bits & 0x7F800000u) == 0x7F800000u;
  }
  return count;
}

// Half to float by shifting the exponent field; subnormals are renormalised by a subtraction of floats.
static void NAME(f16_to_f32)(const uint16_t *x, float *y, long n) {
  for (long i = 0; i < n; i++) {
    uint32_t h = x[i];
    uint32_t magnitude = (h & 0x7FFFu) << 13;
    uint32_t exponent = magnitude & 0x0F800000u;
    uint32_t bits = magnitude + ((127u - 15u) << 23);
    uint32_t special = exponent == 0x0F800000u ? (128u - 16u) << 23 : 0u;
    bits += special;
    uint32_t raised = bits + (1u << 23);
    float renormalised;
    __builtin_memcpy(&renormalised, &raised, sizeof raised);
    renormalised -= 6.103515625e-05f;
    uint32_t small;
    __builtin_memcpy(&small, &renormalised, sizeof small);
    bits = (exponent == 0 ? small : bits) | (h & 0x8000u) << 16;
    __builtin_memcpy(y + i, &bits, sizeof bits);
  }
}

static void NAME(bf16_to_f32)(const uint16_t *x, float *y, long n) {
  for (long i = 0; i < n; i++) {
    uint32_t bits = (uint32_t)x[i] << 16;
    __builtin_memcpy(y + i, &bits, sizeof bits);
  }
}

static void NAME(f32_to_f64)(const float *x, double *y, long n) {
  for (long i = 0; i < n; i++) y[i] = (double)x[i];
}

static void NAME(f64_to_f32)(const double *x, float *y, long n) {
  for (long i = 0; i < n; i++) y[i] = (float)x[i];
}

static double NAME(ddot)(const double *x, const double *y, long n) {
  f64x16 sum = (f64x16)0.0;
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    f64x16 v, w;
    __builtin_memcpy(&v, x + i, sizeof v);
    __builtin_memcpy(&w, y + i, sizeof w);
    sum += v * w;
  }
  double tail = 0;
  for (; i < n; i++) tail += x[i] * y[i];
  return NAME(total)(sum) + tail;
}

static double NAME(dsum)(const double *x, long n) {
  f64x16 sum = (f64x16)0.0;
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    f64x16 v;
    __builtin_memcpy(&v, x + i, sizeof v);
    sum += v;
  }
  double tail = 0;
  for (; i < n; i++) tail += x[i];
  return NAME(total)(sum) + tail;
}

static void NAME(dadd_scaled)(double *y, double a, const double *x, long n) {
  for (long i = 0; i < n; i++) y[i] += a * x[i];
}

#undef INLINE
