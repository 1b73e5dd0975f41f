"""Writes reference.json: small regressions solved by scikit-learn and numpy.

Run with: python Tests/Fixtures/regression/make_reference.py
All inputs are multiples of 1/256, so that they are exact in single precision and short in JSON.
"""

import json
import pathlib

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.svm import SVR

TRAIN, TEST = 60, 24


def case(name, width, targets, scale, noise):
    random = np.random.default_rng(7)
    n = TRAIN + TEST
    latent = random.standard_normal((n, width)) * np.arange(1, width + 1) ** -0.5
    x = latent @ random.standard_normal((width, width)) * scale
    x[:, 0] *= 30  # a massive dimension
    x[:, 1] = 0.5 * scale  # a constant one
    y = x @ random.standard_normal((width, targets)) / width**0.5 + noise * scale * random.standard_normal((n, targets))
    x, y = np.round(x * 256) / 256, np.round(y * 256) / 256
    y[:, -1] = 1.0
    out = {"name": name, "train": TRAIN, "test": TEST, "x": x.ravel().tolist(), "y": y.ravel().tolist(), "width": width,
           "targets": targets}
    a, b, c, d = x[:TRAIN], y[:TRAIN], x[TRAIN:], y[TRAIN:]
    spread = np.where(a.std(0) > 0, a.std(0), 1)
    sa, sc = (a - a.mean(0)) / spread, (c - a.mean(0)) / spread
    for mode, (p, q) in {"standardized": (sa, sc), "raw": (a, c)}.items():
        r2, support = [], []
        for j in range(targets - 1):
            deviation = b[:, j].std() if mode == "standardized" else 1.0
            mean = b[:, j].mean()
            model = SVR(kernel="linear", C=1.0, epsilon=0.1, tol=1e-9, max_iter=20_000_000)
            model.fit(p, (b[:, j] - mean) / deviation)
            r2.append(r2_score(d[:, j], model.predict(q) * deviation + mean))
            support.append(int(len(model.support_)))
        out[mode] = {"r2": r2, "support": support}
    full = slice(0, targets - 1)
    w = np.linalg.lstsq(a, b[:, full], rcond=None)[0]
    out["linear"] = float(np.mean([r2_score(d[:, j], (c @ w)[:, j]) for j in range(targets - 1)]))
    model = LinearRegression().fit(a, b[:, full])
    out["intercept"] = float(np.mean([r2_score(d[:, j], model.predict(c)[:, j]) for j in range(targets - 1)]))
    ridge = np.linalg.solve(a.T @ a + 2.0 * np.eye(width), a.T @ b[:, full])
    out["ridge"] = float(np.mean([r2_score(d[:, j], (c @ ridge)[:, j]) for j in range(targets - 1)]))
    dual = np.linalg.solve(sa @ sa.T + 3.0 * np.eye(TRAIN), b[:, full] - b[:, full].mean(0))
    p = sc @ sa.T @ dual + b[:, full].mean(0)
    out["dual_ridge"] = [float(r2_score(d[:, j], p[:, j])) for j in range(targets - 1)]
    return out


cases = [case("tall", 12, 6, 1.0, 0.5), case("wide", 80, 6, 0.25, 0.05), case("square", 60, 6, 0.5, 0.2)]
path = pathlib.Path(__file__).parent / "reference.json"
path.write_text(json.dumps(cases, separators=(",", ":")))
print(path, path.stat().st_size, [(c["standardized"], c["raw"], c["linear"], c["intercept"], c["ridge"]) for c in cases])
