#include "CKernels.h"
int lb_kernels_version(void) { return 1; }
