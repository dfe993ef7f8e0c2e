"""The polynomial in stdlib/prox/transformed_l1.rvn, and how exact the operator is with it.

For r = |x| > 0 the prox of transformed ℓ1 is r − δ, where d = δ/(a + r) is the smallest solution of d(1 − d)² = k with
k = τλa(a + 1)/(a + r)³ ≤ 4/27. So d/k = 1/(1 − d)² is a function of one variable. As a function of k it has a root at
4/27, as one of v = 1 − √(1 − 27k/4) it is smooth on [0, 1] and beyond, up to v = 2. Its interpolation at the zeros of a
Chebyshev polynomial converges like 5.83⁻ⁿ.

Without arguments prints the coefficients 1, q₁, …, q₂₁ of d/k and the largest relative error on [0, 1]. With
`measure`, computes the operator in float32 as kernels do, over grids of a, τλ and x, and prints its largest errors: in
units of 2⁻²³·max(|u|, u′|x|), where u is the result and u′ its slope, and in units in the last place of max(u, u′x).
Needs numpy and mpmath.
"""

import mpmath
import numpy as np

from polynomial_fit import run, slopes

DEGREE = 21


def ratio(v):
    """1/(1 − d)², with d = 4/3·sin²(acos(1 − v)/3)."""
    return 1 / (1 - mpmath.mpf(4) / 3 * mpmath.sin(mpmath.acos(1 - v) / 3)**2)**2


def threshold(s, a):
    return s * (a + 1) / a if s <= a * a / (2 * (a + 1)) else np.sqrt(2 * s * (a + 1)) - a / 2


def exact(r, s, a):
    """The largest root of u − r + sa(a + 1)/(a + u)², in long double: the trigonometric form, then Newton's method."""
    r, s, a = np.longdouble(r), np.longdouble(s), np.longdouble(a)
    k = s * a * (a + 1)
    u = r - 4 * (a + r) / 3 * np.sin(np.arcsin(np.sqrt(np.minimum(27 * k / (4 * (a + r)**3), 1))) / 3)**2
    for _ in range(3):
        slope = 1 - 2 * k / (a + u)**3
        u = u - np.where(slope > 1e-6, (u - r + k / (a + u)**2) / np.where(slope == 0, 1, slope), 0)
    return u, 1 / (1 - 2 * k / (a + u)**3)


f32 = np.float32


def fma(x, y, z):
    return (np.float64(x) * np.float64(y) + np.float64(z)).astype(f32)


def in_fours(v, q):
    """The polynomial as the operator has it: short chains of operations, which processors overlap."""
    v2 = v * v
    v4 = v2 * v2
    sum = np.zeros_like(v)
    for first in reversed(range(0, len(q), 4)):
        low, high, higher, highest = (f32(c) for c in [*q[first:first + 4], 0, 0, 0][:4])
        sum = fma(v4, sum, fma(v2, fma(v, highest, higher), fma(v, high, low)))
    return sum


def computed(r, s, a, q):
    """As the kernels compute it: scalars in float64, elements in float32."""
    k = (27 / 4 * s * a * (a + 1))**(1 / 3)
    beyond = fma(r, f32(1 / k), f32(a / k - 1))
    d = f32(1) + beyond
    e = f32(1) / (d * d * d)
    c = np.sqrt(np.maximum(beyond * fma(beyond, beyond + f32(3), f32(3)) * e, f32(0)))
    v = f32(1) - c
    factor = in_fours(v, q)
    return np.where(e > 0, fma(-(f32(4 / 27 * k) * (d * e)), factor, r), r)


def printed(r, s, a):
    """The form of the paper, rounded to float32 after each operation."""
    big = r + f32(a)
    phi = np.arccos(np.clip(f32(1) - f32(27 / 2 * s * a * (a + 1)) / (big * big * big), -1, 1).astype(np.float64))
    cosine = np.cos((phi.astype(f32) * f32(1 / 3)).astype(np.float64)).astype(f32)
    return f32(2 / 3) * big * cosine - f32(2 / 3 * a) + r * f32(1 / 3)


def measure(q):
    random = np.random.default_rng(1)
    print("      a   error  ulps | as printed")
    for a in 10.0**np.arange(-3, 7):
        worst = np.zeros(3)
        critical = a * a / (2 * (a + 1))
        near = [0.5, 0.9, 0.99, 0.999, 1, 1.001, 1.01, 1.1, 2]
        for s in [*10.0**np.arange(-8, 5.1, 0.5), *(critical * factor for factor in near)]:
            cut = threshold(s, a)
            r = np.concatenate([cut * (1 + 10.0**random.uniform(-7, 0, 4000)),
                                cut + 10.0**random.uniform(-6, 4, 1000)]).astype(f32)
            r = r[r > f32(cut)]
            u, slope = exact(r, s, a)
            scale = np.maximum(u, slope * r)
            with np.errstate(all="ignore"):
                error = np.abs(computed(r, s, a, q) - u)
                error_printed = np.abs(printed(r, s, a) - u)
            ulp = np.maximum(np.spacing(u.astype(f32)), slope * np.spacing(r))
            worst = np.maximum(worst, [np.max(error / scale) * 2.0**23, np.max(error / ulp),
                                       np.max(error_printed / scale) * 2.0**23])
        print(f"{a:7g} {worst[0]:7.2f} {worst[1]:5.2f} | {worst[2]:.3g}")


if __name__ == "__main__":
    run([1.0, *slopes(ratio, 1, DEGREE)], ratio, 1, measure)
