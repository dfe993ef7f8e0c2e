"""Writes vectors.json: what reductions, searches and the taut string give, according to NumPy and to definitions that
are applied by brute force. Nothing here reads a line of Ravine, so that agreement means something.

    groups      tensors (shape, rowAxes, elements), a size of blocks, and what their rows, columns, channels and blocks
                sum to and have for a norm and a maximum
    searches    elements, an argument, and what kth_largest, quantile and simplex_threshold find
    strings     elements, a lambda, and the solution of total variation denoising

Needs NumPy:

    python generate_vectors.py
"""

import itertools
import json
from pathlib import Path

import numpy as np

random = np.random.default_rng(20260101)


def folds(parts):
    """Of each part, which is a flat array: its sum, its norm and its maximum."""
    return {
        "sum": [float(np.sum(part)) for part in parts],
        "norm": [float(np.linalg.norm(part)) for part in parts],
        "max": [float(np.max(part)) for part in parts],
    }


def groups(shape, row_axes, block):
    x = random.normal(size=shape)
    rows = int(np.prod(shape[:row_axes]))
    matrix = x.reshape(rows, -1)
    channels = np.moveaxis(x.reshape(rows, shape[row_axes], -1), 1, 0)
    return {
        "shape": list(shape),
        "rowAxes": row_axes,
        "elements": x.ravel().tolist(),
        "block": block,
        "row": folds(list(matrix)),
        "col": folds(list(matrix.T)),
        "channel": folds([channel.ravel() for channel in channels]),
        "blocks": folds(np.split(x.ravel(), range(block, x.size, block))),
    }


def simplex_threshold(x, total):
    """The root of the falling function Σ max(x − θ, 0) − total by bisection, to the last digit."""
    low, high = np.min(x) - total - 1, np.max(x)
    for _ in range(200):
        middle = (low + high) / 2
        if np.sum(np.maximum(x - middle, 0)) > total:
            low = middle
        else:
            high = middle
    return float(high)


def searches(x):
    n = x.size
    return {
        "elements": x.tolist(),
        "kth_largest": [[k, float(np.partition(x, n - k)[n - k])] for k in range(1, n + 1)],
        "quantile": [[q, float(np.quantile(x, q, method="linear"))] for q in (0, 0.1, 0.25, 0.5, 0.77, 1)],
        "simplex_threshold": [[s, simplex_threshold(x, s)] for s in (1e-3, 0.5, 1, 10, 1000)],
    }


def taut_string(x, lam):
    """The minimizer of Σ (u − x)²/2 + λ Σ |u of the next − u|, which is convex: for every pattern of rises, falls and
    ties of neighbours, the runs of ties have their means, moved by λ at each end; the right pattern is the one whose
    runs rise and fall as it says."""
    best, solution = np.inf, None
    for pattern in itertools.product((-1, 0, 1), repeat=x.size - 1):
        ends = [i + 1 for i, jump in enumerate(pattern) if jump] + [x.size]
        u, start = np.empty_like(x), 0
        for end in ends:
            left = pattern[start - 1] if start else 0
            right = pattern[end - 1] if end < x.size else 0
            u[start:end] = np.mean(x[start:end]) + lam * (right - left) / (end - start)
            start = end
        value = np.sum((u - x) ** 2) / 2 + lam * np.sum(np.abs(np.diff(u)))
        if np.array_equal(np.sign(np.round(np.diff(u), 12)), pattern) and value < best:
            best, solution = value, u
    return solution.tolist()


def strings(x, lam):
    return {"elements": x.tolist(), "lambda": lam, "solution": taut_string(x, lam)}


vectors = {
    "groups": [
        groups((3, 4), 1, 5),
        groups((4, 3, 2, 2), 1, 7),
        groups((2, 3, 4, 2), 2, 48),
        groups((5, 1), 1, 1),
        groups((1, 6), 1, 100),
    ],
    "searches": [
        searches(random.normal(size=1)),
        searches(random.normal(size=12)),
        searches(np.array([2.0, -1.0, 2.0, 0.0, 2.0, -1.0])),
        searches(1e6 * random.normal(size=9)),
    ],
    "strings": [strings(random.normal(size=n), lam) for n in (1, 2, 5, 7) for lam in (0.0, 0.1, 0.4, 3.0)],
}

with open(Path(__file__).with_name("vectors.json"), "w") as file:
    json.dump(vectors, file, indent=1)
    file.write("\n")
