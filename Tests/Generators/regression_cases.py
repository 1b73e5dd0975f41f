"""Writes Tests/Fixtures/regression/tall.json: what scikit-learn makes of regressions with fewer dimensions than samples.

    python3 -m venv .build/tables-venv && .build/tables-venv/bin/pip install scikit-learn==1.9.1
    .build/tables-venv/bin/python Tests/Generators/regression_cases.py

The data are not stored: they are small whole numbers drawn from a linear congruential generator, which the test draws
again. `r2` is that of the test samples, `objective` the value of the primal problem, one a target.
"""

import json
import pathlib

import numpy as np
from sklearn.metrics import r2_score
from sklearn.svm import SVR

TEST = 100


class Draws:
    """64-bit linear congruential generator; the high bits make whole numbers in [-limit, limit]."""

    def __init__(self, seed):
        self.state = seed

    def matrix(self, rows, columns, limit):
        values = []
        for _ in range(rows * columns):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
            values.append((self.state >> 40) % (2 * limit + 1) - limit)
        return np.array(values, dtype=np.int64).reshape(rows, columns)


def data(seed, train, width, rank, distinct, noise, targets):
    draws = Draws(seed)
    n = train + TEST
    latent = draws.matrix(n, rank, 6)
    for row in range(distinct, train):
        latent[row] = latent[row % distinct]
    x = latent @ draws.matrix(rank, width, 3)
    y = x @ draws.matrix(width, targets, 2) + noise * draws.matrix(n, targets, 20)
    return x.astype(float) / 16, y.astype(float) / 64


def case(name, seed, train, width, rank, distinct, noise, targets=4):
    x, y = data(seed, train, width, rank, distinct, noise, targets)
    a, b, c, d = x[:train], y[:train], x[train:], y[train:]
    out = {"name": name, "seed": seed, "train": train, "test": TEST, "width": width, "rank": rank, "distinct": distinct,
           "noise": noise, "targets": targets}
    mean, spread = a.mean(0), a.std(0)
    a, c = (a - mean) / spread, (c - mean) / spread
    r2, objective = [], []
    for j in range(targets):
        centre, deviation = b[:, j].mean(), b[:, j].std()
        z = (b[:, j] - centre) / deviation
        model = SVR(kernel="linear", C=1.0, epsilon=0.1, tol=1e-7, max_iter=50_000_000, cache_size=500).fit(a, z)
        loss = np.maximum(0, np.abs(z - model.predict(a)) - 0.1).sum()
        objective.append(float(0.5 * (model.coef_**2).sum() + loss))
        r2.append(float(r2_score(d[:, j], model.predict(c) * deviation + centre)))
    out["r2"], out["objective"] = r2, objective
    print(name, r2, objective, flush=True)
    return out


cases = [
    case("noisy", 1, 400, 40, 40, 400, 30),
    case("nearly as wide as tall", 2, 300, 200, 200, 300, 8),
    case("hard margin", 3, 300, 60, 60, 300, 0),
    case("low rank", 4, 300, 50, 12, 300, 3),
    case("repeated samples", 5, 320, 48, 48, 80, 4),
    case("low rank and wide", 6, 200, 240, 30, 200, 8),
]
path = pathlib.Path(__file__).parent.parent / "Fixtures/regression/tall.json"
path.write_text(json.dumps(cases, indent=1) + "\n")
print(path, path.stat().st_size)
