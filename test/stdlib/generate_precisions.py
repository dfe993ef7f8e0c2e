"""Writes precisions.json: what the optimizers of compositions/precisions.rvn do where numbers are stored in bf16, f16
and f64, from the formulas of their papers in NumPy.

A step is computed in float64. What is stored is rounded to its format, to the nearest with ties to even: the parameter,
and each state that has a format of its own. Nothing else is rounded, so the new parameter is made from the unrounded
new states. Where parameters are narrow, a library computes in f32; inputs are drawn again until no number comes so near
to the middle between two neighbours of its format that an error of f32 could round it the other way. So stored numbers
are the same to the last bit.

A case has the optimizer, the dtypes of parameters and gradients, w0, and for each step g, w and states: numbers, and
for those in a format of their own its name. Without arguments; numpy alone is needed.
"""

import json
from pathlib import Path

import numpy as np

STEPS, SIZE = 20, 4
SIGNIFICANT = {"bf16": 8, "f16": 11}
LEAST_EXPONENT = {"bf16": -125, "f16": -13}
# How far f32 may be off, as a part of the number, when it is rounded to a narrow format.
DOUBT = 2.0**-19


class TooNear(Exception):
    """A number that could be rounded to either side."""


def rounded(values, dtype):
    """To the nearest number of the format, where that has all of its digits."""
    if dtype not in SIGNIFICANT:
        return values
    fraction, exponent = np.frexp(values)
    assert np.all((values == 0) | (exponent >= LEAST_EXPONENT[dtype])), "not a normal number"
    scaled = np.ldexp(fraction, SIGNIFICANT[dtype])
    doubt = DOUBT * np.abs(scaled)
    if np.any((values != 0) & (np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < doubt)):
        raise TooNear
    return np.ldexp(np.rint(scaled), exponent - SIGNIFICANT[dtype])


def stored(values, dtype):
    """Numbers of the format near the values."""
    keep = SIGNIFICANT.get(dtype, 24)
    fraction, exponent = np.frexp(values)
    return np.ldexp(np.trunc(np.ldexp(fraction, keep)), exponent - keep)


def adamw(step, w, g, old):
    m, v = 0.9 * old["m"] + 0.1 * g, 0.999 * old["v"] + 0.001 * g**2
    update = (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return w - 0.01 * (update + 0.01 * w), {"m": m, "v": v}


def heavy_ball(step, w, g, old):
    p = 0.9 * old["p"] + g
    return w - 0.05 * p, {"p": p}


def averaged(step, w, g, old):
    new = w - 0.1 * g
    return new, {"shadow": 0.75 * old["shadow"] + 0.25 * new}


def copied(step, w, g, old):
    return w - 0.1 * g, {"weights_bf16": w - 0.1 * g}


# The rule, the states that begin as the parameter does, formats of states, and whether there is a master.
OPTIMIZERS = {
    "adamw_as_it_is": (adamw, [], {}, False),
    "adamw_with_master": (adamw, [], {}, True),
    "adamw_with_small_states": (adamw, [], {"m": "bf16", "v": "bf16"}, False),
    "momentum_with_small_state": (heavy_ball, [], {"p": "f16"}, True),
    "averaged_in_bf16": (averaged, ["shadow"], {"shadow": "bf16"}, False),
    "copied": (copied, ["weights_bf16"], {"weights_bf16": "bf16"}, False),
}
PRECISIONS = [("f64", "f64"), ("bf16", "bf16"), ("f16", "f16"), ("bf16", "f32")]


def run(name, parameter, gradient, seed):
    rule, from_weights, formats, has_master = OPTIMIZERS[name]
    random = np.random.default_rng(seed)
    draw = lambda dtype: stored(random.uniform(0.5, 2.0, SIZE) * random.choice([-1.0, 1.0], SIZE), dtype)
    w = draw(parameter)
    case = {"optimizer": name, "parameter": parameter, "gradient": gradient, "w0": w.tolist(), "g": [], "w": [],
            "states": {}}
    master = w if has_master and parameter in ("bf16", "f16") else None
    states = {}
    for step in range(1, STEPS + 1):
        g = draw(gradient)
        if not states:
            states = {state: np.zeros(SIZE) for state in "mvp"}
            states |= {state: rounded(w, formats[state]) for state in from_weights}
        new, changed = rule(step, w if master is None else master, g, states)
        states = {state: rounded(values, formats.get(state, "f32")) for state, values in changed.items()}
        master = None if master is None else new
        w = rounded(new, parameter)
        case["g"].append(g.tolist())
        case["w"].append(w.tolist())
        kept = states if master is None else {**states, "master": master}
        for state, values in kept.items():
            entry = case["states"].setdefault(state, {"stored": formats.get(state, ""), "numbers": []})
            entry["numbers"].append(values.tolist())
    return case


def first_clear(name, parameter, gradient):
    seed = 1
    while True:
        try:
            return run(name, parameter, gradient, seed)
        except TooNear:
            seed += 1


def main():
    cases = [first_clear(name, *precision) for name in OPTIMIZERS for precision in PRECISIONS]
    text = ",\n".join("  " + json.dumps(case, separators=(",", ":")).replace('],["', '],\n["') for case in cases)
    head = f'"reference": "closed form in numpy {np.__version__}, float64"'
    (Path(__file__).parent / "compositions" / "precisions.json").write_text(f'{{{head},\n "cases": [\n{text}]}}\n')


if __name__ == "__main__":
    main()
