"""Projections onto the sets of the standard library. Each result is checked with what defines it: it lies in the set, and
no point of the set is nearer. Of a convex set that is ⟨x − u, v − u⟩ ≤ 0 for its points v, of another one
‖x − u‖ ≤ ‖x − v‖. The points are random ones near and far from u, and the corners of the simplex and the
cross-polytope. Where pyproximal has the projection, it has to agree.

Arguments are the elements of one member of an index set, a float64 vector. A result is refused (TooNear) where another
nearest point is nearly as near.
"""

import functools

import numpy as np
import pyproximal

from penalty_references import TooNear, agrees

POINTS = 60


def checked(is_inside, points, is_convex):
    """A projection whose results are compared with `points(random, x, u, **hypers)`, which are of the set."""
    def with_checks(project):
        @functools.wraps(project)
        def run(x, **hypers):
            u = project(x, **hypers)
            slack = 1e-9 * (1 + np.dot(x, x))
            assert is_inside(u, slack, **hypers), "not in the set"
            for v in points(np.random.default_rng(11), x, u, **hypers):
                assert is_inside(v, slack, **hypers), "no point of the set to compare with"
                gain = np.dot(x - u, v - u) if is_convex else np.sum((x - u)**2) - np.sum((x - v)**2)
                assert gain <= slack * (1 + np.dot(v, v)), "not the nearest point"
            return u
        return run
    return with_checks


def convex(is_inside, points):
    return checked(is_inside, points, is_convex=True)


def curved(is_inside, points):
    return checked(is_inside, points, is_convex=False)


def around(random, u):
    """Points near u and far from it: moved along one axis, and along all."""
    for size in (1 + np.max(np.abs(u))) * np.geomspace(1e-4, 10, POINTS):
        yield u + size * random.standard_normal() * np.eye(len(u))[random.integers(len(u))]
        yield u + size * random.standard_normal(len(u))


def shares(random, x):
    for spread in np.geomspace(0.1, 10, POINTS):
        yield random.dirichlet(np.full(len(x), spread))


# ---------------------------------------------------------------- by elements

def points_of_box(random, x, u, low, high):
    return (np.clip(v, low, high) for v in around(random, u))


@convex(lambda u, slack, low, high: np.all((u >= low) & (u <= high)), points_of_box)
def box(x, low, high):
    return np.clip(x, low, high)


@convex(lambda u, slack: np.all(u >= 0), lambda random, x, u: (np.abs(v) for v in around(random, u)))
def nonneg(x):
    return np.where(x > 0, x, 0.0)


@convex(lambda u, slack, radius: np.all(np.abs(u) <= radius),
        lambda random, x, u, radius: points_of_box(random, x, u, -radius, radius))
def linf_ball(x, radius):
    return np.clip(x, -radius, radius)


# ---------------------------------------------------------------- balls and simplex

def points_of_ball(random, x, u, radius):
    return (v * (radius / max(radius, np.linalg.norm(v))) for v in around(random, u))


@convex(lambda u, slack, radius: np.linalg.norm(u) <= radius + slack, points_of_ball)
def l2_ball(x, radius):
    return x * min(1.0, radius / np.linalg.norm(x)) if np.any(x) else x.copy()


def points_of_simplex(random, x, u, total):
    yield from total * np.eye(len(x))
    yield from (total * share for share in shares(random, x))


@convex(lambda u, slack, total: np.all(u >= 0) and abs(u.sum() - total) < 1e-12 * (1 + total), points_of_simplex)
def simplex(x, total):
    """By sorting: Held, Wolfe & Crowder 1974."""
    ordered = np.sort(x)[::-1]
    excess = np.cumsum(ordered) - total
    count = np.flatnonzero(ordered * np.arange(1, len(x) + 1) > excess)[-1] + 1
    return np.maximum(x - excess[count - 1] / count, 0)


def points_of_cross(random, x, u, radius):
    yield from radius * np.concatenate([np.eye(len(x)), -np.eye(len(x))])
    yield from (radius * random.uniform() * random.choice([-1, 1], len(x)) * share for share in shares(random, x))


@convex(lambda u, slack, radius: np.sum(np.abs(u)) <= radius * (1 + 1e-12), points_of_cross)
def l1_ball(x, radius):
    return x.copy() if np.sum(np.abs(x)) <= radius else np.sign(x) * simplex(np.abs(x), total=radius)


# ---------------------------------------------------------------- planes

def moved(v, total):
    """The sum becomes `total`."""
    return v + (total - v.sum()) / len(v)


@convex(lambda u, slack, total: abs(u.sum() - total) <= slack,
        lambda random, x, u, total: (moved(v, total) for v in around(random, u)))
def affine_sum(x, total):
    """By least squares: x plus the shortest vector that mends the sum."""
    return x + np.linalg.lstsq(np.ones((1, len(x))), np.array([total - x.sum()]), rcond=None)[0]


@convex(lambda u, slack, bound: u.sum() <= bound + slack,
        lambda random, x, u, bound: (moved(v, min(v.sum(), bound)) for v in around(random, u)))
def halfspace(x, bound):
    return x.copy() if x.sum() <= bound else affine_sum(x, total=bound)


# ---------------------------------------------------------------- not convex

def k_largest(sizes, k):
    """The first ones of those that are equal."""
    order = np.argsort(-sizes, kind="stable")
    kept = np.zeros(len(sizes), dtype=bool)
    kept[order[:k]] = True
    if 0 < k < len(sizes) and sizes[order[k - 1]] != sizes[order[k]]:
        if sizes[order[k - 1]] - sizes[order[k]] < 1e-5 * sizes[order[k - 1]]:
            raise TooNear
    return kept


def best_with_few(random, x, u, k):
    """The nearest points to x that have k random elements beside zeros."""
    for _ in range(POINTS):
        kept = random.permutation(len(x)) < k
        yield np.where(kept, x, 0.0)


@curved(lambda u, slack, k: np.count_nonzero(u) <= k, best_with_few)
def k_sparse(x, k):
    return np.where(k_largest(np.abs(x), k), x, 0.0)


@curved(lambda u, slack, k: np.count_nonzero(u) <= k and np.all(u >= 0),
        lambda random, x, u, k: (np.maximum(v, 0) for v in best_with_few(random, x, u, k)))
def k_winners(x, k):
    return np.where(k_largest(x, k), nonneg(x), 0.0)


@curved(lambda u, slack: abs(np.linalg.norm(u) - 1) < 1e-12,
        lambda random, x, u: (v / np.linalg.norm(v) for v in around(random, u)))
def unit_sphere(x):
    return x / np.linalg.norm(x) if np.any(x) else np.full(len(x), len(x)**-0.5)


# ---------------------------------------------------------------- agreement with pyproximal

def check_with_pyproximal():
    x = np.random.default_rng(5).standard_normal(12) * 2
    n = len(x)
    agrees(box(x, low=-0.5, high=0.8), pyproximal.Box(-0.5, 0.8).prox(x, 1))
    agrees(l2_ball(x, radius=1.5), pyproximal.EuclideanBall(0.0, 1.5).prox(x, 1))
    agrees(l1_ball(x, radius=1.5), pyproximal.L1Ball(n, 1.5, maxiter=500, xtol=1e-13).prox(x.copy(), 1))
    agrees(simplex(x, total=1.5), pyproximal.Simplex(n, 1.5, maxiter=500, ftol=1e-14, xtol=1e-14).prox(x, 1))
    agrees(halfspace(x, bound=0.3), pyproximal.HalfSpace(np.ones(n), 0.3).prox(x, 1))
    agrees(k_sparse(x, k=4), pyproximal.L0Ball(4).prox(x.copy(), 1))
