#!/usr/bin/env python3
"""Fits the polynomials of the vector mathematics and prints VectorMathCoefficients.h.

    pip install mpmath
    python3 generate_vector_math_coefficients.py > VectorMathCoefficients.h

Every table is a weighted minimax fit: the polynomial P of lowest degree for which max |f - P|*w over the interval stays
below the target, found by the Remez exchange on a fine Chebyshev grid (Muller, "Elementary Functions: Algorithms and
Implementation", 3rd ed. 2016, chapter 3). The weight w turns the error of P into the relative error of the function
that P helps to compute, so the printed bound is the relative error of that function before rounding. Everything is
computed with 60 digits; the bound is measured again after the coefficients are rounded to f64.
"""
import sys

from mpmath import mp, mpf

mp.dps = 60

SINGLE = mpf("2e-11")  # 2e-11 * 2^24 = 0.0003 ulp of f32
DOUBLE = mpf(2) ** -58  # 0.03 ulp of f64
GRID = 1200


def evaluate(coefficients, v):
    result = mpf(0)
    for c in reversed(coefficients):
        result = result * v + c
    return result


def chebyshev_nodes(count, low, high):
    """Nodes of the interior: no end point and, for an even count, no middle, where some targets are 0/0."""
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle - half * mp.cos(mp.pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def remez(degree, grid, target, weight):
    """Minimax fit of the given degree on the grid: returns the coefficients and the largest weighted error."""
    unknowns = degree + 2
    reference = [round(i * (len(grid) - 1) / (unknowns - 1)) for i in range(unknowns)]
    nodes = [(len(grid) - 1) * (1 - mp.cos(mp.pi * i / (unknowns - 1))) / 2 for i in range(unknowns)]
    for i, node in enumerate(nodes):
        reference[i] = max(int(mp.nint(node)), reference[i - 1] + 1 if i else 0)
    for _ in range(40):
        system = mp.matrix(unknowns, unknowns)
        values = mp.matrix(unknowns, 1)
        for row, k in enumerate(reference):
            for column in range(degree + 1):
                system[row, column] = grid[k] ** column
            system[row, degree + 1] = (-1) ** row / weight[k]
            values[row] = target[k]
        solution = mp.lu_solve(system, values)
        coefficients, levelled = list(solution[: degree + 1]), abs(solution[degree + 1])
        error = [(evaluate(coefficients, v) - t) * w for v, t, w in zip(grid, target, weight)]
        largest = max(abs(e) for e in error)
        if largest <= levelled * mpf("1.001"):
            break
        # The new reference: the extremum of every run of one sign; surplus ones leave at the weaker end.
        extrema = []
        for k, e in enumerate(error):
            if extrema and (error[extrema[-1]] > 0) == (e > 0):
                if abs(e) > abs(error[extrema[-1]]):
                    extrema[-1] = k
            else:
                extrema.append(k)
        while len(extrema) > unknowns:
            extrema.pop(0 if abs(error[extrema[0]]) < abs(error[extrema[-1]]) else -1)
        if len(extrema) < unknowns:
            break
        reference = extrema
    return coefficients, largest


def fit(function, weight, low, high, bound, first_degree):
    grid = chebyshev_nodes(GRID, mpf(low), mpf(high))
    target = [function(v) for v in grid]
    weights = [abs(weight(v)) for v in grid]
    for degree in range(first_degree, 40):
        coefficients, largest = remez(degree, grid, target, weights)
        if largest > bound:
            continue
        rounded = [mpf(float(c)) for c in coefficients]
        error = max(abs(evaluate(rounded, v) - t) * w for v, t, w in zip(grid, target, weights))
        return [float(c) for c in coefficients], error
    raise SystemExit("no degree reaches the bound")


def emit(name, formula, function, weight, low, high, bound, first_degree=2):
    coefficients, error = fit(function, weight, low, high, bound, first_degree)
    print(f"/// {formula}")
    print(f"/// Relative error {mp.nstr(error, 2)}, degree {len(coefficients) - 1}.")
    print(f"inline constexpr double {name}[] = {{")
    line = "   "
    for c in coefficients:
        text = f" {c.hex()},"
        if len(line) + len(text) > 118:
            print(line)
            line = "   "
        line += text
    print(line.rstrip(",") + "};\n")
    print(f"{name}: degree {len(coefficients) - 1}, error {mp.nstr(error, 3)}", file=sys.stderr)


def emit_split(name, text, value, heads):
    """A constant as the sum of f64 pieces; heads gives the bits kept by all but the last."""
    pieces, rest = [], value
    for bits in heads:
        scale = mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(rest), 2))))
        pieces.append(mp.nint(rest * scale) / scale)
        rest -= pieces[-1]
    pieces.append(mpf(float(rest)))
    print(f"/// {text}")
    print(f"inline constexpr double {name}[] = {{" + ", ".join(float(p).hex() for p in pieces) + "};\n")


def emit_two_over_pi():
    """2/pi*2^scale in f64 pieces that reach far enough for every f64: 2^1024 * 2^-1170 * 2^62 (the closest that an f64
    comes to a multiple of pi/2, Muller section 11.2) leaves 2^-84 relative to the reduced argument."""
    scale, pieces, rest = 200, [], 2 / mp.pi
    bits = 0
    while bits < 1170:
        exponent = int(mp.floor(mp.log(rest, 2)))
        unit = mpf(2) ** (exponent - 52)
        piece = mp.floor(rest / unit) * unit
        pieces.append(piece * mpf(2) ** scale)
        rest -= piece
        bits = 53 - exponent
    print(f"/// 2/pi times 2^{scale}, in f64 pieces of falling size whose sum is right to 2^-1170.")
    print("inline constexpr double twoOverPiPieces[] = {")
    for i in range(0, len(pieces), 4):
        print("    " + " ".join(float(p).hex() + "," for p in pieces[i : i + 4]))
    print("};\n")
    print(f"inline constexpr int twoOverPiScale = {scale};\n")


def main():
    quarter, half = mp.pi / 4 * mpf("1.001"), mp.pi / 2 * mpf("1.001")
    reduced = mp.log(2) / 2 * mpf("1.001")
    narrow = mp.tan(mp.pi / 8) ** 2 * mpf("1.001")

    print("// Polynomial coefficients and split constants of the vector mathematics.")
    print("// Printed by generate_vector_math_coefficients.py, which says how they are found; do not edit.")
    print("#pragma once\n")
    print("// clang-format off")
    print("namespace ravine::vector_math::coefficients {\n")

    emit_split("ln2", "ln 2 in two pieces; the first has 40 bits, so that its product with an exponent is exact.",
               mp.log(2), [40])
    emit_split("halfPi", "pi/2 in three f64 pieces.", mp.pi / 2, [53, 53])
    mp.dps = 420
    emit_two_over_pi()
    mp.dps = 60

    for suffix, bound in ("Single", SINGLE), ("Double", DOUBLE):
        emit(f"exponential{suffix}", "P(r) in e^r - 1 = r + r^2 P(r), |r| <= ln(2)/2.",
             lambda r: (mp.expm1(r) - r) / r**2, lambda r: r**2 / mp.expm1(r), -reduced, reduced, bound, 5)
    emit("logarithmSingle", "P(f) in log(1+f) = f + f^2 P(f), 1+f in [sqrt(1/2), sqrt(2)].",
         lambda f: (mp.log1p(f) - f) / f**2, lambda f: f**2 / mp.log1p(f),
         mp.sqrt(mpf(1) / 2) - 1, mp.sqrt(2) - 1, SINGLE, 10)
    emit("logarithmOfBase", "The same, for the base of a power: the exponent multiplies its error by up to 104.",
         lambda f: (mp.log1p(f) - f) / f**2, lambda f: f**2 / mp.log1p(f),
         mp.sqrt(mpf(1) / 2) - 1, mp.sqrt(2) - 1, SINGLE / 104, 12)
    atanh_limit = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
    emit("logarithmDouble", "P(z) in log((1+s)/(1-s)) = 2s + s z P(z), z = s^2, s = f/(2+f) for the same f.",
         lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z, lambda z: z / 2, mpf(0), atanh_limit**2 * mpf("1.001"),
         DOUBLE, 4)
    emit("logarithmTailOfBase",
         "P(z) in log((1+s)/(1-s)) = 2s + (2/3) s z + s z^2 P(z): good to 2^-69 for a power in f64.",
         lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2 - 2 * z / 3) / z**2, lambda z: z**2 / 2,
         mpf(0), atanh_limit**2 * mpf("1.001"), mpf(2) ** -69, 4)
    for suffix, bound in ("Single", SINGLE), ("Double", DOUBLE):
        emit(f"sine{suffix}", "P(z) in sin r = r + r z P(z), z = r^2, |r| <= pi/2.",
             lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, lambda z: z * mp.sqrt(z) / mp.sin(mp.sqrt(z)),
             mpf(0), half**2, bound, 3)
        emit(f"cosine{suffix}", "P(z) in cos r = 1 - z/2 + z^2 P(z), z = r^2, |r| <= pi/4.",
             lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, lambda z: z**2 / mp.cos(mp.sqrt(z)),
             mpf(0), quarter**2, bound, 2)
        emit(f"arcSine{suffix}", "P(z) in asin s = s + s z P(z), z = s^2, |s| <= 1/2.",
             lambda z: (mp.asin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, lambda z: z, mpf(0), mpf("0.2501"), bound, 5)
        emit(f"arcTangent{suffix}", "P(z) in atan t = t + t z P(z), z = t^2, |t| <= tan(pi/8).",
             lambda z: (mp.atan(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, lambda z: z, mpf(0), narrow, bound, 5)

    centre, reach = mpf("7.75"), mpf("3.9375") ** 2
    emit("errorFunctionSingle", "P(v) in erf x = x P(v), v = x^2 - 7.75, |x| <= 3.9375.",
         lambda v: mp.erf(mp.sqrt(v + centre)) / mp.sqrt(v + centre),
         lambda v: mp.sqrt(v + centre) / mp.erf(mp.sqrt(v + centre)), -centre, reach - centre, SINGLE, 14)
    emit("errorFunctionDouble", "P(z) in erf x = x + x P(z), z = x^2, |x| <= 1.",
         lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1, lambda z: mp.sqrt(z) / mp.erf(mp.sqrt(z)),
         mpf(0), mpf(1), DOUBLE, 8)
    # erf x = 1 - exp(-x^2) G(x): the relative error of G counts as erfc(x)/erf(x) of the result, at most erfc(1)/erf(1).
    pole = mpf("2.5")

    def argument(t):
        return pole * (1 + t) / (1 - t)

    emit("complementDouble", "P(t) in 1 - erf x = exp(-x^2) P(t), t = (x - 2.5)/(x + 2.5), x in [1, 6].",
         lambda t: mp.exp(argument(t) ** 2) * mp.erfc(argument(t)),
         lambda t: mp.exp(-argument(t) ** 2) / mp.erf(argument(t)),
         (1 - pole) / (1 + pole), (6 - pole) / (6 + pole), DOUBLE, 8)

    print("} // namespace ravine::vector_math::coefficients")


main()
