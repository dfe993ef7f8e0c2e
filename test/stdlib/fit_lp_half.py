"""The polynomial in stdlib/prox/lp_half.rvn, and how exact the operator is with it.

The prox of ℓ½ is x(1 − d), where d√(1 − d) = 2z/√27, d ≤ 1/3, and z = τλ/4·(3/|x|)^(3/2) ≤ 1/√2 beyond the threshold.
So d/z is a function of one variable. As a function of z it has a root at 1, as one of v = 1 − √(1 − z) it is smooth up
to v = 2. Its interpolation at the zeros of a Chebyshev polynomial converges like 15⁻ⁿ on [0, 1 − √(1 − 1/√2)].

Without arguments prints the coefficients of d/z and the largest relative error. With `measure`, computes the operator
in float32 as kernels do and prints its largest error in units in the last place. Needs numpy and mpmath.
"""

import mpmath
import numpy as np

from polynomial_fit import run, slopes

DEGREE = 13
LARGEST = 1 - mpmath.sqrt(1 - 1 / mpmath.sqrt(2))


def ratio(v):
    """d/z, with d = 4/3·sin β·sin(β + π/3) and z = sin 3β."""
    z = 1 - (1 - v)**2
    if z == 0:
        return 2 / mpmath.sqrt(27)
    beta = mpmath.asin(z) / 3
    return mpmath.mpf(4) / 3 * mpmath.sin(beta) * mpmath.sin(beta + mpmath.pi / 3) / z


f32 = np.float32


def computed(r, s, q):
    """As the kernels compute it, but for fused products: scalars in float64, elements in float32."""
    relative = r * f32(4**(2 / 3) / (3 * s**(2 / 3)))
    z = f32(1) / (relative * np.sqrt(relative))
    v = f32(1) - np.sqrt(f32(1) - z)
    factor = np.full_like(v, f32(q[-1]))
    for coefficient in q[-2::-1]:
        factor = factor * v + f32(coefficient)
    return r * (f32(1) - z * factor)


def measure(q):
    random = np.random.default_rng(1)
    for s in 10.0**np.arange(-8, 9, 2):
        cut = 3 / 2 * s**(2 / 3)
        r = (cut * (1 + 10.0**random.uniform(-6, 3, 200000))).astype(f32)
        r = r[r > f32(cut)]
        exact = r.astype(np.longdouble)
        beta = np.arcsin(np.minimum(np.longdouble(s) / 4 * (3 / exact)**1.5, 1)) / 3
        exact = exact * (1 - np.longdouble(4) / 3 * np.sin(beta) * np.sin(beta + np.longdouble(np.pi) / 3))
        error = np.abs(computed(r, s, q) - exact) / np.spacing(exact.astype(f32))
        print(f"{s:7g} {float(error.max()):.2f}")


if __name__ == "__main__":
    run([float(ratio(0)), *slopes(ratio, LARGEST, DEGREE)], ratio, LARGEST, measure)
