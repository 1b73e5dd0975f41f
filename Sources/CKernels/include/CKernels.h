#ifndef LB_KERNELS_H
#define LB_KERNELS_H
int lb_kernels_version(void);
#endif
