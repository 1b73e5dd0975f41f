// Included by SplittingKernels.c once per instruction set and precision, with NAME(x) giving the suffixed name, REAL the
// number type and VECTOR sixteen of them. Rows that end within a vector are padded in a copy; what stands in the padding
// is kept out of the sums.

#define INLINE static inline __attribute__((always_inline))

INLINE VECTOR NAME(load)(const REAL *p, long count) {
  VECTOR v = 0;
  if (count >= 16) __builtin_memcpy(&v, p, sizeof v);
  else __builtin_memcpy(&v, p, sizeof(REAL) * (unsigned long)count);
  return v;
}
INLINE void NAME(store)(REAL *p, VECTOR v, long count) {
  if (count >= 16) __builtin_memcpy(p, &v, sizeof v);
  else __builtin_memcpy(p, &v, sizeof(REAL) * (unsigned long)count);
}
INLINE VECTOR NAME(clip)(VECTOR x, REAL bound) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, (VECTOR)-bound), (VECTOR)bound);
}
// Adds the first `count` lanes of x.
INLINE f64x16 NAME(gather)(f64x16 sum, VECTOR x, long count) {
  if (count < 16) for (long i = count; i < 16; i++) x[i] = 0;
  return sum + __builtin_convertvector(x, f64x16);
}
// Lanes are added in a fixed tree.
INLINE double NAME(total)(f64x16 v) {
  f64x8 a = v.lo + v.hi;
  f64x4 b = a.lo + a.hi;
  return (b.x + b.z) + (b.y + b.w);
}

static double NAME(split_step)(const REAL *restrict p, const REAL *restrict y, REAL *restrict a, REAL *restrict average,
                               REAL *restrict v, long n, REAL shift, REAL epsilon, REAL bound, REAL relaxation, REAL keep) {
  f64x16 sum = 0;
  REAL rest = 1 - relaxation, fresh = 1 - keep;
  for (long i = 0; i < n; i += 16) {
    long count = n - i;
    VECTOR target = NAME(load)(y + i, count), state = NAME(load)(a + i, count);
    VECTOR u = NAME(clip)(state - NAME(clip)(state, epsilon), bound);
    VECTOR s = target - NAME(load)(p + i, count) - shift;
    state = s * relaxation + (state - u) * rest + u;
    u = NAME(clip)(state - NAME(clip)(state, epsilon), bound);
    VECTOR next = target - (state - u) + u;
    NAME(store)(a + i, state, count);
    NAME(store)(v + i, next, count);
    NAME(store)(average + i, NAME(load)(average + i, count) * keep + u * fresh, count);
    sum = NAME(gather)(sum, next, count);
  }
  return NAME(total)(sum);
}

static void NAME(split_measure)(const REAL *restrict p, const REAL *restrict y, const REAL *restrict a, long n, REAL shift,
                                REAL epsilon, REAL bound, REAL relaxation, double *restrict out) {
  f64x16 moved = 0, dual = 0, apart = 0, primal = 0;
  REAL rest = 1 - relaxation;
  for (long i = 0; i < n; i += 16) {
    long count = n - i;
    VECTOR state = NAME(load)(a + i, count);
    VECTOR u = NAME(clip)(state - NAME(clip)(state, epsilon), bound);
    VECTOR r = state - u;
    VECTOR s = NAME(load)(y + i, count) - NAME(load)(p + i, count) - shift;
    state = s * relaxation + r * rest + u;
    u = NAME(clip)(state - NAME(clip)(state, epsilon), bound);
    VECTOR next = state - u;
    moved = NAME(gather)(moved, (next - r) * (next - r), count);
    dual = NAME(gather)(dual, u * u, count);
    apart = NAME(gather)(apart, (s - next) * (s - next), count);
    primal = NAME(gather)(primal, next * next, count);
  }
  out[0] = NAME(total)(moved);
  out[1] = NAME(total)(dual);
  out[2] = NAME(total)(apart);
  out[3] = NAME(total)(primal);
}

static void NAME(split_shrink)(REAL *restrict t, REAL *restrict average, const REAL *restrict spectrum, long n, REAL rho,
                               REAL keep) {
  REAL fresh = 1 - keep;
  for (long i = 0; i < n; i++) {
    REAL value = t[i] * (spectrum[i] / (spectrum[i] + rho));
    t[i] = value;
    average[i] = average[i] * keep + value * fresh;
  }
}

static void NAME(split_shift)(REAL *restrict x, long n, REAL shift, REAL bound, double *restrict out) {
  f64x16 sum = 0, open = 0;
  VECTOR zero = 0, one = 1;
  for (long i = 0; i < n; i += 16) {
    long count = n - i;
    VECTOR value = NAME(load)(x + i, count);
    VECTOR size = __builtin_elementwise_abs(value);
    VECTOR moved = NAME(clip)(value + shift, bound);
    value = ((size > 0) & (size < bound)) ? moved : value;
    size = __builtin_elementwise_abs(value);
    NAME(store)(x + i, value, count);
    sum = NAME(gather)(sum, value, count);
    open = NAME(gather)(open, ((size > 0) & (size < bound)) ? one : zero, count);
  }
  out[0] = NAME(total)(sum);
  out[1] = NAME(total)(open);
}

static void NAME(split_rescale)(REAL *restrict a, REAL *restrict average, long n, REAL epsilon, REAL bound, REAL factor) {
  for (long i = 0; i < n; i += 16) {
    long count = n - i;
    VECTOR state = NAME(load)(a + i, count);
    VECTOR u = NAME(clip)(state - NAME(clip)(state, epsilon), bound);
    NAME(store)(a + i, (state - u) + u * factor, count);
    NAME(store)(average + i, NAME(load)(average + i, count) * factor, count);
  }
}

static void NAME(split_candidate)(const REAL *restrict average, REAL *restrict x, long n, REAL scale, REAL bound) {
  for (long i = 0; i < n; i += 16) {
    long count = n - i;
    NAME(store)(x + i, NAME(clip)(NAME(load)(average + i, count) * scale, bound), count);
  }
}

static void NAME(split_codes)(const REAL *restrict a, long n, REAL epsilon, REAL bound, double *restrict out) {
  f64x16 support = 0, limit = 0;
  VECTOR zero = 0, one = 1;
  for (long i = 0; i < n; i += 16) {
    long count = n - i;
    VECTOR state = NAME(load)(a + i, count);
    VECTOR size = __builtin_elementwise_abs(state - NAME(clip)(state, epsilon));
    support = NAME(gather)(support, (size > 0) ? one : zero, count);
    limit = NAME(gather)(limit, (size >= bound) ? one : zero, count);
  }
  out[0] = NAME(total)(support);
  out[1] = NAME(total)(limit);
}

static void NAME(split_values)(const REAL *restrict y, const REAL *restrict p, const REAL *restrict beta, long n, REAL shift,
                               REAL epsilon, double *restrict out) {
  f64x16 loss = 0, linear = 0, size = 0;
  VECTOR zero = 0;
  for (long i = 0; i < n; i += 16) {
    long count = n - i;
    VECTOR target = NAME(load)(y + i, count), coefficient = NAME(load)(beta + i, count);
    VECTOR residual = __builtin_elementwise_abs(target - NAME(load)(p + i, count) - shift);
    loss = NAME(gather)(loss, __builtin_elementwise_max(residual - epsilon, zero), count);
    linear = NAME(gather)(linear, target * coefficient, count);
    size = NAME(gather)(size, __builtin_elementwise_abs(coefficient), count);
  }
  out[0] = NAME(total)(loss);
  out[1] = NAME(total)(linear);
  out[2] = NAME(total)(size);
}

#undef INLINE
