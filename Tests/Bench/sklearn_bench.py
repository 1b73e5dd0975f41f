"""Times scikit-learn on data written by `layerbook-bench regression`.

Usage: sklearn_bench.py svr|svr_only|maps FILE THREADS [ITERATIONS]
Prints one line of JSON. Times are CPU seconds of this process.

svr: `x`, `x_test` [n, d] and `y`, `y_test` [n, k], already standardised or raw; one SVR(kernel="linear") a column.
svr_only: the same without the shared Gram matrix, stopped after ITERATIONS; `stopped` says how many were, `iterations`
  how many each took.
maps: `x`, `x_test`, `y`, `y_test` [n, d]; one LinearRegression.
"""

import json
import os
import sys
import time
import warnings

mode, path, threads = sys.argv[1], sys.argv[2], sys.argv[3]
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = threads

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402
from sklearn.linear_model import LinearRegression  # noqa: E402
from sklearn.metrics import r2_score  # noqa: E402
from sklearn.svm import SVR  # noqa: E402

data = load_file(path)
x, x_test, y, y_test = (data[k] for k in ("x", "x_test", "y", "y_test"))
result = {"sklearn": sklearn.__version__}
if mode == "svr":
    x, x_test, y, y_test = (a.astype(np.float64) for a in (x, x_test, y, y_test))
    start = time.process_time()
    models = [SVR(kernel="linear").fit(x, y[:, j]) for j in range(y.shape[1])]
    result["fit"] = (time.process_time() - start) / y.shape[1]
    result["r2"] = [float(r2_score(y_test[:, j], m.predict(x_test))) for j, m in enumerate(models)]
    start = time.process_time()
    gram = x @ x.T
    for j in range(y.shape[1]):
        SVR(kernel="precomputed").fit(gram, y[:, j])
    result["precomputed"] = (time.process_time() - start) / y.shape[1]
elif mode == "svr_only":
    x, x_test, y, y_test = (a.astype(np.float64) for a in (x, x_test, y, y_test))
    warnings.filterwarnings("ignore")
    limit = int(sys.argv[4])
    start = time.process_time()
    models = [SVR(kernel="linear", max_iter=limit).fit(x, y[:, j]) for j in range(y.shape[1])]
    result["fit"] = (time.process_time() - start) / y.shape[1]
    result["r2"] = [float(r2_score(y_test[:, j], m.predict(x_test))) for j, m in enumerate(models)]
    result["iterations"] = [int(np.max(m.n_iter_)) for m in models]
    result["stopped"] = sum(count >= limit for count in result["iterations"])
else:
    start = time.process_time()
    model = LinearRegression(fit_intercept=False).fit(x, y)
    result["r2"] = float(r2_score(y_test, model.predict(x_test)))
    result["pair"] = time.process_time() - start
    x, x_test, y, y_test = (a.astype(np.float64) for a in (x, x_test, y, y_test))
    start = time.process_time()
    model = LinearRegression(fit_intercept=False).fit(x, y)
    result["r2_double"] = float(r2_score(y_test, model.predict(x_test)))
    result["pair_double"] = time.process_time() - start
print(json.dumps(result))
