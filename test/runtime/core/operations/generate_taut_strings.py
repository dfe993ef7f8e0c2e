"""Writes TautStrings.h: small inputs of total variation denoising and their solutions, found in exact arithmetic.
Nothing here reads a line of Ravine, so that agreement means something.

    python generate_taut_strings.py
"""

import random
from fractions import Fraction
from pathlib import Path

generator = random.Random(20260101)


def bend(x, lam, start, dual):
    """Where the piece of the result that starts at `start`, with the dual variable `dual` before it, ends; its value;
    and the dual variable there. All values in [low, high] keep the dual variable in [-lam, lam] so far."""
    low, high, total = None, None, dual
    for i in range(start, len(x)):
        length = i + 1 - start
        total += x[i]
        slack = lam if i + 1 < len(x) else 0
        least, most = (total - slack) / length, (total + slack) / length
        if high is not None and least > high[1]:
            return high
        if low is not None and most < low[1]:
            return low
        if low is None or least >= low[1]:
            low = (i + 1, least, slack)
        if high is None or most <= high[1]:
            high = (i + 1, most, -slack)
    return low


def taut_string(x, lam):
    u, dual = [], Fraction(0)
    while len(u) < len(x):
        end, value, dual = bend(x, lam, len(u), dual)
        u += [value] * (end - len(u))
    return u


def is_solution(x, lam, u):
    """The conditions of optimality, which are sufficient since the problem is strictly convex: the running sum of x - u
    stays in [-lam, lam], is lam where u falls, -lam where it rises, and 0 at the end."""
    dual = Fraction(0)
    for i, number in enumerate(x):
        dual += number - u[i]
        fall = u[i] - u[i + 1] if i + 1 < len(x) else 0
        if abs(dual) > lam or (fall > 0 and dual != lam) or (fall < 0 and dual != -lam):
            return False
    return dual == 0


def noise(scale=1.0, mean=0.0, count=24):
    return [generator.gauss(0, 1) * scale + mean for _ in range(count)]


inputs = [
    ("one", [0.3], 1.0),
    ("two", [1.0, -2.0], 0.5),
    ("noise, small", noise(), 0.05),
    ("noise", noise(), 0.6),
    ("noise, large", noise(), 3.0),
    ("noise, flat", noise(), 50.0),
    ("falling ramp", [7.0 - i for i in range(24)], 2.7),
    ("rising ramp", [0.1 * i for i in range(24)], 0.35),
    ("parabola", [0.01 * (i - 10.3) ** 2 for i in range(24)], 0.4),
    ("powers", [3.0**i for i in range(24)], 100.0),
    ("step", [0.0] * 9 + [5.0] * 11, 2.0),
    ("steps", [float(i // 5 % 3) for i in range(24)], 0.7),
    ("constant", [0.7] * 10, 0.1),
    ("alternating", [1.0 if i % 2 else -1.0 for i in range(20)], 0.3),
    ("alternating, touching", [1.0 if i % 2 else -1.0 for i in range(21)], 1.0),
    ("ties", [float(generator.randrange(-2, 3)) for _ in range(24)], 1.0),
    ("large mean", noise(mean=1e12), 0.8),
    ("many magnitudes", [generator.gauss(0, 1) * 10.0 ** generator.randrange(-9, 9) for _ in range(24)], 7.0),
    ("subnormal", [generator.randrange(-50, 51) * 5e-324 for _ in range(24)], 60 * 5e-324),
    ("near overflow", [generator.choice((-1, 1)) * generator.uniform(1.5e308, 1.79e308) for _ in range(24)], 1.1e308),
    ("near overflow, flat", [1.7e308] * 12, 1.7e308),
    ("near overflow, large", noise(scale=5e307), 1.7e308),
]


def numbers(values):
    return "{" + ", ".join(float(value).hex() for value in values) + "}"


def entry(name, x, lam):
    exact = [Fraction(number) for number in x]
    u = taut_string(exact, Fraction(lam))
    assert is_solution(exact, Fraction(lam), u), name
    return f'    {{"{name}",\n     {lam.hex()},\n     {numbers(x)},\n     {numbers(u)}}},\n'


head = """// Written by generate_taut_strings.py: inputs, and the exact solutions rounded to the nearest doubles.
#pragma once

#include <vector>

namespace ravine::core::operations {

struct TautStringVector {
  const char *name;
  double lambda;
  std::vector<double> x, u;
};

// clang-format off
inline const std::vector<TautStringVector> tautStringVectors = {
"""
tail = """};
// clang-format on

} // namespace ravine::core::operations
"""
text = head + "".join(entry(*each) for each in inputs) + tail
(Path(__file__).parent / "TautStrings.h").write_text(text)
