#ifndef LB_FORK_KERNELS_H
#define LB_FORK_KERNELS_H

// Kernels for many short continuations of one text: products of rows with a matrix laid out once, attention over a few
// positions, and GELU together with its slope. The same bits from every instruction set.

// panels [ceil(n / 32), k, 32] <- B [k, n], rows `ldb` apart, or [n, k] where it is transposed; filled up with zeros.
// Panels `first` to `last` - 1 alone.
void lb_panels(const float *b, long k, long n, long ldb, int transposed, long first, long last, float *panels);
// c [m, n] = a [m, k] B + bias + addend; bias [n] and addend [m, n], rows `step` apart, may be null; addend may be c. Each
// element is a chain of fused multiply-adds over k, or a sum of several, and no other row has a part in its rounding.
void lb_panel_product(const float *a, long lda, long m, const float *panels, long n, long k, const float *bias,
                      const float *addend, long step, float *c, long ldc);

// Attention of `queries` positions over all `length` positions of a text. Rows of q, and of k and v, hold all heads;
// patterns [heads, queries, length]; z [queries, heads * width].
void lb_attend(const float *q, long q_stride, long queries, const float *k, const float *v, long stride, long length,
               long heads, long width, float scale, float *patterns, float *z);
// dq, dk and dv, with strides as q, k and v, for the gradient dz at z; `scores` is room for
// queries * length numbers.
void lb_attend_backward(const float *q, long q_stride, long queries, const float *k, const float *v, long stride,
                        long length, long heads, long width, float scale, const float *patterns, const float *dz,
                        float *scores, float *dq, float *dk, float *dv);

// y = gelu(x) in its exact form, and x <- its slope there.
void lb_gelu_with_slope(float *x, float *y, long n);

#endif
