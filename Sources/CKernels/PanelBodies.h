// Products of rows with a matrix that is laid out in panels of 32 columns, included once per instruction set after
// KernelBodies.h, with TILES(TILE) naming the heights of tiles, SPAN vectors of 16 columns wide, that fit in registers.
// OpenBLAS lays out both factors anew in every call, rounds a row by what stands beside it and adds neither bias nor
// stream: forks and regressions ask for thousands of narrow products with the same matrix, of which up to half of the time
// went there. Every element is a chain of fused multiply-adds over k in order, or where k is long the sum of several in order,
// whatever stands beside it: neither the height of a tile nor the processor changes a bit.

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
// Rows of a panel between the one that is used and the one that is fetched: some hundred cycles.
#define AHEAD 48
// Terms of a chain: single precision loses less in the sum of several than in one of thousands.
#define CHAIN 512

// What a row of a result begins with: bias, addend, or both.
INLINE f32x16 NAME(begin)(const float *bias, const float *addend) {
  f32x16 v = bias ? NAME(load)(bias) : (f32x16)0.0f;
  return addend ? v + NAME(load)(addend) : v;
}

#define TILE(height)                                                                                            \
  static void NAME(tile##height)(const float *a, long lda, const float *b, long k, const float *bias,           \
                                 const float *addend, long step, float *c, long ldc) {                          \
    f32x16 sums[height][SPAN];                                                                                  \
    UNROLL for (int r = 0; r < height; r++)                                                                     \
      UNROLL for (int s = 0; s < SPAN; s++)                                                                     \
        sums[r][s] = NAME(begin)(bias ? bias + 16 * s : 0, addend ? addend + r * step + 16 * s : 0);            \
    for (long first = 0;; first += CHAIN) {                                                                     \
      long last = k - first < CHAIN ? k : first + CHAIN;                                                        \
      for (long q = first; q < last; q++) {                                                                     \
        f32x16 row[SPAN];                                                                                       \
        UNROLL for (int s = 0; s < SPAN; s++) {                                                                 \
          row[s] = NAME(load)(b + q * 32 + 16 * s);                                                             \
          __builtin_prefetch(b + (q + AHEAD) * 32 + 16 * s);                                                    \
        }                                                                                                       \
        UNROLL for (int r = 0; r < height; r++) {                                                               \
          f32x16 x = (f32x16)a[r * lda + q];                                                                    \
          UNROLL for (int s = 0; s < SPAN; s++) sums[r][s] = __builtin_elementwise_fma(x, row[s], sums[r][s]);  \
        }                                                                                                       \
      }                                                                                                         \
      UNROLL for (int r = 0; r < height; r++)                                                                   \
        UNROLL for (int s = 0; s < SPAN; s++) {                                                                 \
          float *to = c + r * ldc + 16 * s;                                                                     \
          NAME(store)(to, first ? NAME(load)(to) + sums[r][s] : sums[r][s]);                                    \
          sums[r][s] = (f32x16)0.0f;                                                                            \
        }                                                                                                       \
      if (last == k) return;                                                                                    \
    }                                                                                                           \
  }
TILES(TILE)
#undef TILE

typedef void (*NAME(kind_of_tile))(const float *, long, const float *, long, const float *, const float *, long, float *,
                                   long);

// A tile of all 32 columns of a panel.
INLINE void NAME(across)(NAME(kind_of_tile) tile, const float *a, long lda, const float *b, long k, const float *bias,
                         const float *addend, long step, float *c, long ldc) {
  for (int s = 0; s < 32; s += 16 * SPAN)
    tile(a, lda, b + s, k, bias ? bias + s : 0, addend ? addend + s : 0, step, c + s, ldc);
}

// The same of the last panel, of whose columns only the first are there: made beside c.
static void NAME(edge)(NAME(kind_of_tile) tile, int height, const float *a, long lda, const float *b, long k,
                       const float *bias, const float *addend, long step, float *c, long ldc, long columns) {
  float own_bias[32] = {0}, own[TALLEST * 32] = {0};
  unsigned long bytes = sizeof(float) * (unsigned long)columns;
  if (bias) __builtin_memcpy(own_bias, bias, bytes);
  if (addend)
    for (int r = 0; r < height; r++) __builtin_memcpy(own + r * 32, addend + r * step, bytes);
  NAME(across)(tile, a, lda, b, k, own_bias, own, 32, own, 32);
  for (int r = 0; r < height; r++) __builtin_memcpy(c + r * ldc, own + r * 32, bytes);
}

// c [m, n] = a [m, k] B + bias + addend; all but a may be null or, `addend`, be c itself.
static void NAME(panel_product)(const float *a, long lda, long m, const float *panels, long n, long k, const float *bias,
                                const float *addend, long step, float *c, long ldc) {
#define TILE(height) NAME(tile##height),
  static const NAME(kind_of_tile) tiles[] = {TILES(TILE)};
#undef TILE
  // Tiles of about the same height: one of a row or two would wait for its own sums.
  long count = (m + TALLEST - 1) / TALLEST, most = count ? (m + count - 1) / count : 0;
  for (long j = 0; j < n; j += 32) {
    const float *b = panels + j * k, *own_bias = bias ? bias + j : 0;
    for (long i = 0; i < m; i += most) {
      int height = (int)(m - i < most ? m - i : most);
      const float *rows = a + i * lda, *own = addend ? addend + i * step + j : 0;
      if (n - j < 32)
        NAME(edge)(tiles[height - 1], height, rows, lda, b, k, own_bias, own, step, c + i * ldc + j, ldc, n - j);
      else
        NAME(across)(tiles[height - 1], rows, lda, b, k, own_bias, own, step, c + i * ldc + j, ldc);
    }
  }
}
#undef SPAN
#undef AHEAD
#undef CHAIN
#undef UNROLL
#undef TILES
#undef TALLEST
#undef INLINE
