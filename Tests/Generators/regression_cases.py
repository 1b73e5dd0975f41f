"""Writes Tests/Fixtures/regression/tall.json: regressions with fewer dimensions than samples, solved by scikit-learn, and
by the interior-point method below where noise and many dimensions keep scikit-learn from arriving.

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


def interior_point(x, y, c=1.0, epsilon=0.1):
    """Weights, intercept and primal value to a relative gap of 1e-10; Mehrotra's method on the dual."""
    n = len(y)
    kernel = x @ x.T
    a = np.full(2 * n, c / 2)
    low = np.full(2 * n, np.abs(y).max())
    high, bias, sign = low.copy(), 0.0, np.repeat([1.0, -1.0], n)
    for _ in range(80):
        beta = a[:n] - a[n:]
        image = kernel @ beta
        primal = beta @ image / 2 + c * np.maximum(0, np.abs(y - image - bias) - epsilon).sum()
        gap = primal + beta @ image / 2 - beta @ y + epsilon * np.abs(beta).sum()
        if gap < 1e-10 * primal:
            break
        weight = low / a + high / (c - a)
        diagonal = 1 / (1 / weight[:n] + 1 / weight[n:])
        inverse = np.linalg.inv(kernel + np.diag(diagonal))
        gradient = sign * np.tile(image - y + bias, 2) + epsilon - low + high

        def direction(target, first, second):
            right = -gradient + (target - a * low - first) / a - (target - (c - a) * high - second) / (c - a)
            h = diagonal * (right[:n] / weight[:n] - right[n:] / weight[n:])
            free = inverse @ h
            shift = (free.sum() + beta.sum()) / inverse.sum()
            common = h - diagonal * (free - shift * inverse.sum(1))
            da = (right - sign * np.tile(common, 2)) / weight
            return da, (target - first - low * da) / a - low, (target - second + high * da) / (c - a) - high, shift

        def length(move):
            pairs = ((a, move[0]), (c - a, -move[0]), (low, move[1]), (high, move[2]))
            return min([1.0] + [0.995 * (-v[d < 0] / d[d < 0]).min() for v, d in pairs if (d < 0).any()])

        mean = (a @ low + (c - a) @ high) / (4 * n)
        ahead = direction(0, 0, 0)
        step = length(ahead)
        da = step * ahead[0]
        reached = ((a + da) @ (low + step * ahead[1]) + (c - a - da) @ (high + step * ahead[2])) / (4 * n)
        move = direction((reached / mean) ** 3 * mean, ahead[0] * ahead[1], -ahead[0] * ahead[2])
        step = length(move)
        a, low, high, bias = (v + step * d for v, d in zip((a, low, high, bias), move))
    assert gap < 1e-9 * primal, gap / primal
    return x.T @ beta, bias, primal


def case(name, seed, train, width, rank, distinct, noise, targets=4, tight=False):
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
        if tight:
            weights, bias, value = interior_point(a, z)
            objective.append(float(value))
            r2.append(float(r2_score(d[:, j], (c @ weights + bias) * deviation + centre)))
            continue
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
    case("noisy and half as wide as tall", 7, 400, 256, 256, 400, 300, tight=True),
    case("noisy and nearly as wide as tall", 8, 400, 384, 384, 400, 300, tight=True),
    case("hopeless and as many samples as the rule was made for", 9, 800, 700, 700, 800, 400, 2, tight=True),
]
path = pathlib.Path(__file__).parent.parent / "Fixtures/regression/tall.json"
path.write_text(json.dumps(cases, indent=1) + "\n")
print(path, path.stat().st_size)
