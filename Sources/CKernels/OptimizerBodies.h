// Included once per instruction set by CKernels.c, with NAME(x) giving the suffixed function name.

// One step of AdamW on n parameters; see lb_adamw. No fused multiply-add, and the order of PyTorch's operations.
static void NAME(adamw)(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, long n,
                        float keep, float blend, float beta2, float fresh, float root, float epsilon, float step) {
  for (long i = 0; i < n; i++) {
    float first = m[i] + blend * (g[i] - m[i]);
    float second = v[i] * beta2 + fresh * g[i] * g[i];
    m[i] = first;
    v[i] = second;
    p[i] = p[i] * keep + step * (first / (__builtin_sqrtf(second) / root + epsilon));
  }
}
