#include "CBLASShim.h"
extern char *openblas_get_corename(void);
const char *lb_blas_core_name(void) { return openblas_get_corename(); }
