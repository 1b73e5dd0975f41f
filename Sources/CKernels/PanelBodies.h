// Products of rows with a matrix that is laid out in panels of 32 columns, included once per instruction set after
// KernelBodies.h, with TILES(TILE) naming the heights of tiles that fit in registers. OpenBLAS lays out both factors anew
// in every call, rounds a row by what stands beside it and adds neither bias nor stream: forks ask for thousands of narrow
// products with the same weights, of which a third of the time went there. Every element is one chain of fused
// multiply-adds over k in order, whatever stands beside it: neither the height of a tile nor the processor changes a bit.

#define INLINE static inline __attribute__((always_inline))

// What a row of a result begins with: bias, addend, or both.
INLINE f32x16 NAME(begin)(const float *bias, const float *addend) {
  f32x16 v = bias ? NAME(load)(bias) : (f32x16)0.0f;
  return addend ? v + NAME(load)(addend) : v;
}

#define TILE(height)                                                                                            \
  static void NAME(tile##height)(const float *a, long lda, const float *b, long k, const float *bias,           \
                                 const float *addend, long step, float *c, long ldc) {                          \
    f32x16 low[height], high[height];                                                                           \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < height; r++) {                                       \
      low[r] = NAME(begin)(bias, addend ? addend + r * step : 0);                                               \
      high[r] = NAME(begin)(bias ? bias + 16 : 0, addend ? addend + r * step + 16 : 0);                         \
    }                                                                                                           \
    for (long q = 0; q < k; q++) {                                                                              \
      f32x16 near = NAME(load)(b + q * 32), far = NAME(load)(b + q * 32 + 16);                                  \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < height; r++) {                                     \
        f32x16 x = (f32x16)a[r * lda + q];                                                                      \
        low[r] = __builtin_elementwise_fma(x, near, low[r]);                                                    \
        high[r] = __builtin_elementwise_fma(x, far, high[r]);                                                   \
      }                                                                                                         \
    }                                                                                                           \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < height; r++) {                                       \
      NAME(store)(c + r * ldc, low[r]);                                                                         \
      NAME(store)(c + r * ldc + 16, high[r]);                                                                   \
    }                                                                                                           \
  }
TILES(TILE)
#undef TILE

// One tile of one panel whose last `columns` of 32 columns are all there is.
static void NAME(part_of_tile)(int height, const float *a, long lda, const float *b, long k, const float *bias,
                               const float *addend, long step, float *c, long ldc, long columns) {
  float own_bias[32] = {0}, own[TALLEST * 32] = {0};
  unsigned long bytes = sizeof(float) * (unsigned long)columns;
  if (bias) __builtin_memcpy(own_bias, bias, bytes);
  if (addend)
    for (int r = 0; r < height; r++) __builtin_memcpy(own + r * 32, addend + r * step, bytes);
  for (int r = 0; r < height; r++)
    NAME(tile1)(a + r * lda, lda, b, k, own_bias, own + r * 32, 32, own + r * 32, 32);
  for (int r = 0; r < height; r++) __builtin_memcpy(c + r * ldc, own + r * 32, bytes);
}

// c [m, n] = a [m, k] B + bias + addend; all but a may be null or, `addend`, be c itself.
static void NAME(panel_product)(const float *a, long lda, long m, const float *panels, long n, long k, const float *bias,
                                const float *addend, long step, float *c, long ldc) {
#define TILE(height) NAME(tile##height),
  static void (*const tiles[])(const float *, long, const float *, long, const float *, const float *, long, float *,
                               long) = {TILES(TILE)};
#undef TILE
  for (long j = 0; j < n; j += 32) {
    const float *b = panels + j * k;
    for (long i = 0; i < m; i += TALLEST) {
      int height = m - i < TALLEST ? (int)(m - i) : TALLEST;
      const float *own = addend ? addend + i * step + j : 0;
      if (n - j < 32)
        NAME(part_of_tile)(height, a + i * lda, lda, b, k, bias ? bias + j : 0, own, step, c + i * ldc + j, ldc, n - j);
      else
        tiles[height - 1](a + i * lda, lda, b, k, bias ? bias + j : 0, own, step, c + i * ldc + j, ldc);
    }
  }
}
#undef TILES
#undef TALLEST
#undef INLINE
