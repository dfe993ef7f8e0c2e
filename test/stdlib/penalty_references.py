"""Proximal operators of penalties from what they are defined as, not from the formulas of the standard library. Sets have
set_references.py.

prox_τP(x) is the u that minimizes P(u) + ‖u − x‖²/(2τ). Penalties of single elements, and those of a length alone, are
minimized by brute force: over a dense grid in float64, then by golden-section search with 60 digits around the best
point. The others are solved as what they are: total variation by an active-set method on its dual, the sparse group
lasso by Dykstra's method. Where pyproximal has the operator, it has to agree.

Arguments are the elements of one member of an index set, a float64 vector. A result is refused (TooNear) where another
minimizer costs nearly the same, so that rounding could choose it instead.
"""

import functools

import mpmath
import numpy as np
import pyproximal
from scipy.optimize import lsq_linear

mpmath.mp.dps = 60
GRID = 801
SECTION = (mpmath.sqrt(5) - 1) / 2


class TooNear(Exception):
    """Two points far from each other cost nearly the same."""


# ---------------------------------------------------------------- one number

def golden_section(cost, low, high):
    """The minimizer between two points around the only one."""
    a, b = mpmath.mpf(low), mpmath.mpf(high)
    c, d = b - SECTION * (b - a), a + SECTION * (b - a)
    at_c, at_d = cost(c), cost(d)
    while b - a > mpmath.mpf(10)**-24 * (1 + abs(a)):
        if at_c <= at_d:
            b, d, at_d = d, c, at_c
            c = b - SECTION * (b - a)
            at_c = cost(c)
        else:
            a, c, at_c = c, d, at_d
            d = a + SECTION * (b - a)
            at_d = cost(d)
    return (a + b) / 2


@functools.lru_cache(maxsize=None)
def minimizer(penalty, x, tau, low, high):
    """argmin of p(u) + (u − x)²/(2τ) between low and high; p maps numbers of mpmath."""
    if low == high:
        return low
    exact = lambda u: penalty(u) + (u - mpmath.mpf(x))**2 / (2 * mpmath.mpf(tau))
    grid = np.linspace(low, high, GRID)
    costs = [exact(mpmath.mpf(u)) for u in grid]
    found = {}
    for i, cost in enumerate(costs):
        before, after = max(i - 1, 0), min(i + 1, GRID - 1)
        if cost <= costs[before] and cost <= costs[after]:
            u = golden_section(exact, grid[before], grid[after])
            u = min(u, mpmath.mpf(grid[before]), mpmath.mpf(grid[after]), key=exact)
            found[float(u)] = exact(u)
    best = min(found, key=found.get)
    for u, cost in found.items():
        if abs(u - best) > 1e-3 * (high - low) and cost - found[best] < 1e-5 * (abs(found[best]) + x * x / tau):
            raise TooNear
    return best


def shrunk(penalty, r, tau):
    """For r ≥ 0 and a p of |u| that does not fall as that grows: the minimizer lies in [0, r]."""
    return minimizer(penalty, r, tau, 0.0, r)


def elementwise(penalty):
    """The operator of Σ p(|x|)."""
    def prox(x, tau, **hypers):
        p = penalty(**{name: mpmath.mpf(value) for name, value in hypers.items()})
        return np.array([np.sign(element) * shrunk_of(penalty, hypers, p, abs(float(element)), tau) for element in x])

    def value(x, **hypers):
        p = penalty(**{name: mpmath.mpf(number) for name, number in hypers.items()})
        return float(sum(p(mpmath.mpf(abs(float(element)))) for element in x))
    return prox, value


def of_length(penalty):
    """The operator of p(‖x‖): by symmetry, u lies on the ray of x."""
    def prox(x, tau, **hypers):
        p = penalty(**{name: mpmath.mpf(value) for name, value in hypers.items()})
        length = float(np.linalg.norm(x))
        return np.zeros_like(x) if length == 0 else x * (shrunk_of(penalty, hypers, p, length, tau) / length)

    def value(x, **hypers):
        return float(penalty(**{name: mpmath.mpf(number) for name, number in hypers.items()})(
            mpmath.mpf(float(np.linalg.norm(x)))))
    return prox, value


MADE = {}


def shrunk_of(penalty, hypers, p, r, tau):
    """The same function for the same hypers, so that results are found again."""
    p = MADE.setdefault((penalty, tuple(sorted(hypers.items()))), p)
    return shrunk(p, r, tau)


def l1(lambda_):
    return lambda r: lambda_ * r


def l0(lambda_):
    return lambda r: lambda_ if r != 0 else mpmath.mpf(0)


def transformed_l1(lambda_, a):
    return lambda r: lambda_ * (a + 1) * r / (a + r)


def ridge(lambda_):
    return lambda r: lambda_ / 2 * r**2


def elastic_net(lambda1, lambda2):
    return lambda r: lambda1 * r + lambda2 / 2 * r**2


def huber(lambda_, delta):
    return lambda r: lambda_ * (r**2 / 2 if r <= delta else delta * (r - delta / 2))


def mcp(lambda_, gamma):
    """The integral of its slope, λ·max(1 − r/(γλ), 0)."""
    def p(r):
        end = min(r, gamma * lambda_)
        return lambda_ * end - end**2 / (2 * gamma)
    return p


def scad(lambda_, a):
    """The integral of its slope: λ up to λ, then max(aλ − r, 0)/(a − 1)."""
    def p(r):
        end = min(max(r, lambda_), a * lambda_)
        return lambda_ * min(r, lambda_) + ((a * lambda_ - lambda_)**2 - (a * lambda_ - end)**2) / (2 * (a - 1))
    return p


def log_sum(lambda_, eps):
    return lambda r: lambda_ * mpmath.log(1 + r / eps)


def lp_half(lambda_):
    return lambda r: lambda_ * mpmath.sqrt(r)


def translated(p, center):
    """The operator of Σ p(|x − c|), minimized where it stands."""
    def prox(x, tau):
        cost = lambda u: p(abs(u - mpmath.mpf(center)))
        return np.array([minimizer(cost, float(element), tau, *sorted((float(element), center))) for element in x])
    return prox, lambda x: float(sum(p(abs(mpmath.mpf(float(element)) - mpmath.mpf(center))) for element in x))


def plus_quadratic(p, rho, c):
    """The operator of Σ p(|x|) + ρ/2·(x − c)²."""
    cost = lambda u: p(abs(u)) + mpmath.mpf(rho) / 2 * (u - mpmath.mpf(c))**2

    def prox(x, tau):
        ends = lambda element: (min(0.0, c, element), max(0.0, c, element))
        return np.array([minimizer(cost, element, tau, *ends(element)) for element in map(float, x)])
    return prox, lambda x: float(sum(cost(mpmath.mpf(float(element))) for element in x))


# ---------------------------------------------------------------- vectors

def sparse_group_lasso(x, tau, lambda1, lambda2):
    """Dykstra's method: the operators of the two parts, which are brute-forced, in turns."""
    prox_elements, prox_length = elementwise(l1)[0], of_length(l1)[0]
    u, p, q = x, np.zeros_like(x), np.zeros_like(x)
    for _ in range(20000):
        before = u
        y = soft(u + p, tau * lambda1)
        p = u + p - y
        length = np.linalg.norm(y + q)
        u = (y + q) * (max(1 - tau * lambda2 / length, 0) if length > 0 else 0)
        q = y + q - u
        if np.max(np.abs(u - before)) < 1e-17:
            break
    assert np.allclose(soft(x, tau * lambda1), prox_elements(x, tau, lambda_=lambda1), rtol=1e-14, atol=0)
    assert np.allclose(x * max(1 - tau * lambda2 / max(np.linalg.norm(x), 1e-300), 0),
                       prox_length(x, tau, lambda_=lambda2), rtol=1e-14, atol=0)
    return u


def soft(x, by):
    return np.sign(x) * np.maximum(np.abs(x) - by, 0)


def tv1d(x, tau, lambda_):
    """u = x − Dᵀz with the z in [−τλ, τλ] that is nearest: bounded least squares by an active-set method, then the same
    with the found set as an equation, whose solution is checked."""
    n, radius = len(x), tau * lambda_
    if n == 1 or radius == 0:
        return x.copy()
    difference = np.diff(np.eye(n), axis=0)
    z = lsq_linear(difference.T, x, bounds=(-radius, radius), method="bvls", tol=1e-16).x
    at_bound = np.abs(np.abs(z) - radius) < 1e-9
    z[at_bound] = np.sign(z[at_bound]) * radius
    free = difference[~at_bound]
    if len(free):
        z[~at_bound] = np.linalg.solve(free @ free.T, free @ (x - difference[at_bound].T @ z[at_bound]))
    u = x - difference.T @ z
    # Means of pieces, which are the same to the last digits.
    starts = np.flatnonzero(np.concatenate([[True], at_bound]))
    for begin, end in zip(starts, [*starts[1:], n]):
        u[begin:end] = np.mean(u[begin:end])
    jumps = np.diff(u)
    assert np.all(np.abs(z) <= radius * (1 + 1e-12)) and np.all(jumps[at_bound] * z[at_bound] >= -1e-12), "not optimal"
    return u


# ---------------------------------------------------------------- agreement with pyproximal

def agrees(ours, theirs):
    assert np.allclose(ours, theirs, rtol=1e-7, atol=1e-7), "pyproximal has another result"


def check_with_pyproximal():
    x = np.random.default_rng(5).standard_normal(12) * 2
    n = len(x)
    for tau in (0.3, 1.7):
        agrees(elementwise(l1)[0](x, tau, lambda_=0.6), pyproximal.L1(0.6).prox(x, tau))
        agrees(elementwise(l0)[0](x, tau, lambda_=0.6), pyproximal.L0(np.sqrt(2 * tau * 0.6)).prox(x, 1.0))
        agrees(elementwise(ridge)[0](x, tau, lambda_=0.6), pyproximal.L2(sigma=0.6).prox(x, tau))
        agrees(elementwise(log_sum)[0](x, tau, lambda_=0.2, eps=1.0),
               pyproximal.Log(0.2 * np.log(2), 1.0).prox(x, tau))
        agrees(of_length(l1)[0](x, tau, lambda_=0.6), pyproximal.Euclidean(0.6).prox(x, tau))
        agrees(tv1d(x, tau, 0.4), pyproximal.TV((n,), 0.4, niter=4000, rtol=1e-14).prox(x, tau))
    agrees(elementwise(scad)[0](x, 1.0, lambda_=0.6, a=3.7), pyproximal.SCAD(0.6, 3.7).prox(x, 1.0))
