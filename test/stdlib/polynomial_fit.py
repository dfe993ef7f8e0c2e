"""Polynomials through a smooth function, and the command line of the scripts that fit them. Needs mpmath."""

import sys

import mpmath

mpmath.mp.dps = 50


def slopes(function, largest, degree):
    """q₁ … q_degree of function(0) + q₁v + …, which meets it at 0 and at the zeros of a Chebyshev polynomial on
    [0, largest]."""
    nodes = [largest * (1 + mpmath.cos(mpmath.pi * (2 * i + 1) / (2 * degree))) / 2 for i in range(degree)]
    powers = mpmath.matrix(degree, degree)
    values = mpmath.matrix(degree, 1)
    for i, v in enumerate(nodes):
        for j in range(degree):
            powers[i, j] = v**j
        values[i] = (function(v) - function(0)) / v
    return [float(q) for q in mpmath.lu_solve(powers, values)]


def relative_error(function, largest, coefficients):
    """The largest one on [0, largest] of a polynomial, given from its constant on."""
    grid = [largest * i / 500 for i in range(501)]
    return max(abs(mpmath.polyval(coefficients[::-1], v) / function(v) - 1) for v in grid)


def run(coefficients, function, largest, measure):
    """Prints the coefficients and the error, or measures the operator where the command line says `measure`."""
    if sys.argv[1:] == ["measure"]:
        measure(coefficients)
    else:
        print("\n".join(map(repr, coefficients)))
        print("relative error", mpmath.nstr(relative_error(function, largest, coefficients), 3))
