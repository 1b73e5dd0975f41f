#ifndef LB_BLAS_SHIM_H
#define LB_BLAS_SHIM_H
const char *lb_blas_core_name(void);
#endif
