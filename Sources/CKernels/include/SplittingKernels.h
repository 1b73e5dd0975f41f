#ifndef LB_SPLITTING_KERNELS_H
#define LB_SPLITTING_KERNELS_H

// Kernels of the operator splitting for support vectors with fewer dimensions than samples, in single and in double
// precision; see AveragedSplitting.swift for the method. Sixteen lanes without fused multiply-add and sums in double
// precision: the same bits on every processor. Each array holds one target's n samples.
//
// Of a state a follow, with clip(x, h) = min(max(x, -h), h): u = clip(a - clip(a, epsilon), bound), and r = a - u.

#define LB_SPLITTING_KERNELS(suffix, real)                                                                             \
  /* With s = y - p - shift: a <- relaxation s + (1 - relaxation) r + u; then, of the new a, v <- y - r + u and      */ \
  /* average <- keep average + (1 - keep) u. Returns the sum of v.                                                   */ \
  double lb_split_step_##suffix(const real *p, const real *y, real *a, real *average, real *v, long n, real shift,     \
                                real epsilon, real bound, real relaxation, real keep);                                 \
  /* What such a step would change, in sums of squares: out[0] of the change of r, out[1] of the new u, out[2] of    */ \
  /* s less the new r, out[3] of the new r.                                                                          */ \
  void lb_split_measure_##suffix(const real *p, const real *y, const real *a, long n, real shift, real epsilon,        \
                                 real bound, real relaxation, double *out);                                            \
  /* t <- t spectrum / (spectrum + rho), average <- keep average + (1 - keep) t.                                     */ \
  void lb_split_shrink_##suffix(real *t, real *average, const real *spectrum, long n, real rho, real keep);            \
  /* x <- clip(x + shift, bound) wherever x is neither 0 nor at the bound; out[0] the sum after, out[1] how many     */ \
  /* such entries there are after.                                                                                   */ \
  void lb_split_shift_##suffix(real *x, long n, real shift, real bound, double *out);                                  \
  /* u <- factor u and average <- factor average, r unchanged; the bound becomes factor bound.                       */ \
  void lb_split_rescale_##suffix(real *a, real *average, long n, real epsilon, real bound, real factor);               \
  /* x <- clip(scale average, bound).                                                                                */ \
  void lb_split_candidate_##suffix(const real *average, real *x, long n, real scale, real bound);                      \
  /* out[0] = how many u are not zero, out[1] = how many are at the bound.                                           */ \
  void lb_split_codes_##suffix(const real *a, long n, real epsilon, real bound, double *out);                          \
  /* out[0] = sum max(0, |y - p - shift| - epsilon), out[1] = sum y beta, out[2] = sum |beta|.                       */ \
  void lb_split_values_##suffix(const real *y, const real *p, const real *beta, long n, real shift, real epsilon,      \
                                double *out);

LB_SPLITTING_KERNELS(f32, float)
LB_SPLITTING_KERNELS(f64, double)

#endif
