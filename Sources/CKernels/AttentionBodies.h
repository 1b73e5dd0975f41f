// Attention of some positions of one short text, forwards and back, included once per instruction set after KernelBodies.h
// and GradientBodies.h. Rows hold all heads side by side, `width` numbers to a head.

#define INLINE static inline __attribute__((always_inline))

INLINE f32x16 NAME(piece)(const float *x, long left) {
  return left >= 16 ? NAME(load)(x) : NAME(load_part)(x, left, 0.0f);
}

INLINE void NAME(put)(float *x, f32x16 v, long left) {
  if (left >= 16) NAME(store)(x, v);
  else NAME(store_part)(x, v, left);
}

// Lanes are added in a fixed tree.
INLINE float NAME(narrow_dot)(const float *x, const float *y, long n) {
  f32x16 sum = NAME(piece)(x, n) * NAME(piece)(y, n);
  for (long i = 16; i < n; i += 16) sum += NAME(piece)(x + i, n - i) * NAME(piece)(y + i, n - i);
  f32x8 half = sum.lo + sum.hi;
  f32x4 quarter = half.lo + half.hi;
  return (quarter.x + quarter.z) + (quarter.y + quarter.w);
}

// y = sum of weights[i * step] x[i], rows `stride` apart.
INLINE void NAME(weigh)(const float *weights, long step, const float *x, long stride, long count, float *y, long n) {
  for (long i = 0; i < n; i += 16) {
    f32x16 sum = (f32x16)0.0f;
    for (long t = 0; t < count; t++) sum += weights[t * step] * NAME(piece)(x + t * stride + i, n - i);
    NAME(put)(y + i, sum, n - i);
  }
}

// patterns [heads, queries, length] and z [queries, heads * width].
static void NAME(attend)(const float *q, long q_stride, long queries, const float *k, const float *v, long stride,
                         long length, long heads, long width, float scale, float *patterns, float *z) {
  for (long h = 0; h < heads; h++)
    for (long i = 0; i < queries; i++) {
      float *p = patterns + (h * queries + i) * length;
      const float *own = q + i * q_stride + h * width;
      for (long t = 0; t < length; t++) p[t] = scale * NAME(narrow_dot)(own, k + t * stride + h * width, width);
      NAME(softmax)(p, length);
      NAME(weigh)(p, 1, v + h * width, stride, length, z + (i * heads + h) * width, width);
    }
}

// dq, dk, dv <- the gradients at dz; `scores` holds queries * length numbers.
static void NAME(attend_backward)(const float *q, long q_stride, long queries, const float *k, const float *v, long stride,
                                  long length, long heads, long width, float scale, const float *patterns,
                                  const float *dz, float *scores, float *dq, float *dk, float *dv) {
  for (long h = 0; h < heads; h++) {
    const float *p = patterns + h * queries * length, *asked = dz + h * width;
    for (long i = 0; i < queries; i++) {
      float *own = scores + i * length;
      for (long t = 0; t < length; t++)
        own[t] = NAME(narrow_dot)(asked + i * heads * width, v + t * stride + h * width, width);
      NAME(softmax_backward)(p + i * length, own, scale, length);
      NAME(weigh)(own, 1, k + h * width, stride, length, dq + i * q_stride + h * width, width);
    }
    for (long t = 0; t < length; t++) {
      NAME(weigh)(scores + t, length, q + h * width, q_stride, queries, dk + t * stride + h * width, width);
      NAME(weigh)(p + t, length, asked, heads * width, queries, dv + t * stride + h * width, width);
    }
  }
}

// y = gelu(x) and x <- its slope, which share most of their arithmetic.
static void NAME(gelu_with_slope)(float *x, float *y, long n) {
  for (long i = 0; i < n; i += 16) {
    f32x16 v = NAME(piece)(x + i, n - i), z = v * 0.707106781f;
    i32x16 negative = z < 0.0f;
    f32x16 bell = NAME(exp)(-(z * z));
    f32x16 c = NAME(erfc_with)(NAME(choose)(negative, -z, z), bell);
    f32x16 share = 0.5f * NAME(choose)(negative, c, 2.0f - c);
    NAME(put)(y + i, v * share, n - i);
    NAME(put)(x + i, share + v * bell * 0.39894228f, n - i);
  }
}
#undef INLINE
