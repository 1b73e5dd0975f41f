// Included once per instruction set by RegressionKernels.c, with NAME(x) and FMA(a, b, c) = a b + c.

#define INLINE static inline __attribute__((always_inline))

INLINE f32x16 NAME(load)(const float *p) { f32x16 v; __builtin_memcpy(&v, p, sizeof v); return v; }
INLINE void NAME(store)(float *p, f32x16 v) { __builtin_memcpy(p, &v, sizeof v); }

static void NAME(admm_update)(const float *restrict beta, const float *restrict y, float *restrict z, float *restrict u,
                              float *restrict right, long n, float mix, float threshold, float bound, float rho) {
  float rest = 1.0f - mix;
  for (long i = 0; i < n; i++) {
    float t = mix * beta[i] + rest * z[i] + u[i];
    float above = t - threshold > 0.0f ? t - threshold : 0.0f;
    float below = t + threshold < 0.0f ? t + threshold : 0.0f;
    float soft = above + below;
    soft = soft < bound ? soft : bound;
    soft = soft > -bound ? soft : -bound;
    float rise = t - soft;
    z[i] = soft;
    u[i] = rise;
    right[i] = y[i] + rho * (soft - rise);
  }
}

static void NAME(gather_lower)(const float *matrix, long ld, const int32_t *index, long m, float *out, long ldo) {
  for (long r = 0; r < m; r++) {
    const float *row = matrix + (long)index[r] * ld;
    float *target = out + r * ldo;
    for (long q = 0; q <= r; q++) target[q] = row[index[q]];
    for (long q = r + 1; q < ((r >> 4) + 1) << 4; q++) target[q] = 0.0f;
  }
  for (long r = m; r < ldo; r++) {
    float *target = out + r * ldo;
    for (long q = 0; q < ldo; q++) target[q] = 0.0f;
    target[r] = 1.0f;
  }
}

// rows[0..8) of C (16 wide) -= A (8 x k, lda) * B (k x 16, contiguous).
INLINE void NAME(update8)(const float *a, long lda, const float *b, long k, float *c, long ldc) {
  f32x16 c0 = NAME(load)(c), c1 = NAME(load)(c + ldc), c2 = NAME(load)(c + 2 * ldc), c3 = NAME(load)(c + 3 * ldc);
  f32x16 c4 = NAME(load)(c + 4 * ldc), c5 = NAME(load)(c + 5 * ldc), c6 = NAME(load)(c + 6 * ldc),
         c7 = NAME(load)(c + 7 * ldc);
  for (long q = 0; q < k; q++) {
    f32x16 v = -NAME(load)(b + 16 * q);
    const float *p = a + q;
    c0 = FMA((f32x16)p[0], v, c0);
    c1 = FMA((f32x16)p[lda], v, c1);
    c2 = FMA((f32x16)p[2 * lda], v, c2);
    c3 = FMA((f32x16)p[3 * lda], v, c3);
    c4 = FMA((f32x16)p[4 * lda], v, c4);
    c5 = FMA((f32x16)p[5 * lda], v, c5);
    c6 = FMA((f32x16)p[6 * lda], v, c6);
    c7 = FMA((f32x16)p[7 * lda], v, c7);
  }
  NAME(store)(c, c0);
  NAME(store)(c + ldc, c1);
  NAME(store)(c + 2 * ldc, c2);
  NAME(store)(c + 3 * ldc, c3);
  NAME(store)(c + 4 * ldc, c4);
  NAME(store)(c + 5 * ldc, c5);
  NAME(store)(c + 6 * ldc, c6);
  NAME(store)(c + 7 * ldc, c7);
}

// Factorises a 16 x 16 block in place and writes the transpose of its inverse to `inverse` (row k: 16 floats).
static int NAME(diagonal_block)(float *a, long lda, float *inverse) {
  float l[16][16] = {{0}};
  for (int j = 0; j < 16; j++) {
    float pivot = a[j * lda + j];
    for (int q = 0; q < j; q++) pivot -= l[j][q] * l[j][q];
    if (!(pivot > 0.0f) || pivot > 3e38f) return 0;
    float root = __builtin_sqrtf(pivot), reciprocal = 1.0f / root;
    l[j][j] = root;
    for (int i = j + 1; i < 16; i++) {
      float sum = a[i * lda + j];
      for (int q = 0; q < j; q++) sum -= l[i][q] * l[j][q];
      l[i][j] = sum * reciprocal;
    }
  }
  // Column j of L^-1 becomes row j of `inverse`.
  for (int j = 0; j < 16; j++) {
    float x[16] = {0};
    x[j] = 1.0f / l[j][j];
    for (int i = j + 1; i < 16; i++) {
      float sum = 0.0f;
      for (int q = j; q < i; q++) sum -= l[i][q] * x[q];
      x[i] = sum / l[i][i];
    }
    for (int i = 0; i < 16; i++) inverse[16 * j + i] = x[i];
  }
  return 1;
}

// Left-looking by blocks of sixteen columns.
static int NAME(small_cholesky)(float *a, long m, float *scratch) {
  long order = (m + 15) & ~15L, lda = order;
  float inverse[256];
  for (long j = 0; j < order; j += 16) {
    // Rows of the block transposed: scratch[q] = L[j..j+16, q].
    for (long q = 0; q < j; q++)
      for (long i = 0; i < 16; i++) scratch[16 * q + i] = a[(j + i) * lda + q];
    for (long i = j; i < order; i += 8) NAME(update8)(a + i * lda, lda, scratch, j, a + i * lda + j, lda);
    if (!NAME(diagonal_block)(a + j * lda + j, lda, inverse)) return 0;
    for (long i = j + 16; i < order; i++) {
      float *row = a + i * lda + j;
      f32x16 sum = (f32x16)0.0f;
      for (int q = 0; q < 16; q++) sum = FMA((f32x16)row[q], NAME(load)(inverse + 16 * q), sum);
      NAME(store)(row, sum);
    }
    // The diagonal block now holds its inverse, transposed.
    for (int q = 0; q < 16; q++)
      for (int i = 0; i < 16; i++) a[(j + q) * lda + j + i] = inverse[16 * q + i];
  }
  return 1;
}

static void NAME(small_solve)(const float *a, long m, float *x) {
  long order = (m + 15) & ~15L, lda = order;
  for (long j = 0; j < order; j += 16) {
    float right[16];
    for (long i = 0; i < 16; i++) {
      f32x16 sum = (f32x16)0.0f;
      for (long q = 0; q < j; q += 16) sum = FMA(NAME(load)(a + (j + i) * lda + q), NAME(load)(x + q), sum);
      f32x8 s8 = sum.lo + sum.hi;
      f32x4 s4 = s8.lo + s8.hi;
      right[i] = x[j + i] - ((s4.x + s4.z) + (s4.y + s4.w));
    }
    f32x16 block = (f32x16)0.0f;
    for (int q = 0; q < 16; q++) block = FMA((f32x16)right[q], NAME(load)(a + (j + q) * lda + j), block);
    NAME(store)(x + j, block);
  }
  for (long j = order - 16; j >= 0; j -= 16) {
    // x_j <- L_jj^-T x_j: dot products with the rows of the transposed inverse.
    f32x16 value = NAME(load)(x + j);
    float block[16];
    for (int q = 0; q < 16; q++) {
      f32x16 product = value * NAME(load)(a + (j + q) * lda + j);
      f32x8 s8 = product.lo + product.hi;
      f32x4 s4 = s8.lo + s8.hi;
      block[q] = (s4.x + s4.z) + (s4.y + s4.w);
    }
    __builtin_memcpy(x + j, block, sizeof block);
    for (long q = 0; q < j; q += 16) {
      f32x16 rest = NAME(load)(x + q);
      for (int i = 0; i < 16; i++) rest = FMA((f32x16)(-block[i]), NAME(load)(a + (j + i) * lda + q), rest);
      NAME(store)(x + q, rest);
    }
  }
}

#undef INLINE
