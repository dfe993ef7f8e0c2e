"""Writes compositions/penalties.json, sets.json and splittings.json: what the optimizers of the .rvn files of the same names
do, according to penalty_references.py, set_references.py and proximal_rules.py. generate_compositions.py says what a
file holds.

The first two have one step, without a gradient that matters. Needed are numpy, scipy, mpmath and pyproximal:

    python generate_penalties.py [NAME...]
"""

import json
import sys
from pathlib import Path

import mpmath
import numpy as np
import pyproximal
import scipy

import inputs
import penalty_references as exact
import proximal_rules as rules
import set_references as sets
from proximal_rules import channels_of, group_lasso, hard, over, rows_of, soft, tensor_of

FOLDER = Path(__file__).parent / "compositions"
REFERENCE = (f"numpy {np.__version__}, scipy {scipy.__version__}, mpmath {mpmath.__version__}, pyproximal "
             f"{pyproximal.__version__}, float64; see test/stdlib/{{}}.py")


# ---------------------------------------------------------------- index sets

def columns_of(shape):
    return list(np.arange(np.prod(shape)).reshape(shape[0], -1).T)


def blocks_of(size):
    return lambda shape: np.split(np.arange(np.prod(shape)), range(size, int(np.prod(shape)), size))


def whole(arrays):
    return np.concatenate([array.reshape(-1) for array in arrays])


def of_model(prox):
    """An operator of all elements of the model as one vector."""
    def run(arrays):
        ends = np.cumsum([array.size for array in arrays])[:-1]
        return [part.reshape(array.shape) for part, array in zip(np.split(prox(whole(arrays)), ends), arrays)]
    return run


def of_members(members, prox):
    """An operator of a vector, for each member of an index set of each tensor."""
    return lambda arrays: [rules.by_group(array, members, lambda x, _: prox(x), None) for array in arrays]


def summed(members, value):
    return lambda arrays: sum(value(array.reshape(-1)[places]) for array in arrays for places in members(array.shape))


# ---------------------------------------------------------------- one step

class Operator:
    """`prox` of the arrays, and perhaps what they cost."""

    def __init__(self, prox, value=None):
        self.prox, self.value = prox, value


def shown(penalty, members=tensor_of, tau=1.0, **hypers):
    """A penalty of penalty_references.py: the operator, which is x for τ = 0, and the cost."""
    prox, value = penalty
    return lambda: Operator(of_members(members, lambda x: prox(x, tau, **hypers) if tau > 0 else x),
                            summed(members, lambda x: value(x, **hypers)))


def applied(penalty, **arguments):
    return lambda: Operator(shown(penalty, **arguments)().prox)


def shown_of_model(penalty, tau=1.0, **hypers):
    """The same for all elements of the model as one vector."""
    prox, value = penalty
    return lambda: Operator(of_model(lambda x: prox(x, tau, **hypers)), lambda arrays: value(whole(arrays), **hypers))


def projected_of_model(projection, **arguments):
    return lambda: Operator(of_model(lambda x: projection(x, **arguments)))


def projected(projection, members=tensor_of, **arguments):
    return lambda: Operator(of_members(members, lambda x: projection(x, **arguments)))


def descended(slope, lr=0.5):
    return lambda: Operator(lambda arrays: [array - lr * slope(array) for array in arrays])


def slope_of(penalty, **hypers):
    """By a difference over 60 digits."""
    value = penalty(**{name: mpmath.mpf(number) for name, number in hypers.items()})
    step = mpmath.mpf(10)**-25

    def slope(x):
        r = mpmath.mpf(abs(float(x)))
        return float(np.sign(x)) * float((value(r + step) - value(abs(r - step))) / (2 * step)) if x else 0.0
    return np.vectorize(slope, otypes=[float])


elementwise, of_length = exact.elementwise, exact.of_length
TRANSFORMED = elementwise(exact.transformed_l1)
GROUP_LASSO, GROUP_L0 = of_length(exact.l1), of_length(exact.l0)
SPARSE_GROUPS = (exact.sparse_group_lasso,
                 lambda x, lambda1, lambda2: lambda1 * np.sum(np.abs(x)) + lambda2 * np.linalg.norm(x))
VARIATION = (exact.tv1d, lambda x, lambda_: lambda_ * np.sum(np.abs(np.diff(x))))
# λ|x| smoothed with μ is a Huber function with its bend at λμ.
ENVELOPE = {"lambda_": 1 / 0.5, "delta": 0.6 * 0.5}

PENALTIES = {
    "l1_ordinary": shown(elementwise(exact.l1), tau=0.5, lambda_=0.4),
    "l1_without_step": shown(elementwise(exact.l1), tau=0.0, lambda_=0.4),
    "l1_huge_step": shown(elementwise(exact.l1), tau=1e6, lambda_=1.0),
    "l0_ordinary": shown(elementwise(exact.l0), tau=0.7, lambda_=0.3),
    "transformed_l1_sharp": shown(TRANSFORMED, lambda_=0.2, a=0.1),
    "transformed_l1_ordinary": shown(TRANSFORMED, tau=0.5, lambda_=0.2, a=1.0),
    "transformed_l1_jumping": shown(TRANSFORMED, lambda_=0.6, a=1.0),
    "transformed_l1_flat": shown(TRANSFORMED, lambda_=0.5, a=100.0),
    "transformed_l1_very_flat": shown(TRANSFORMED, lambda_=0.5, a=1e4),
    "ridge_ordinary": shown(elementwise(exact.ridge), tau=0.8, lambda_=0.5),
    "elastic_net_ordinary": shown(elementwise(exact.elastic_net), tau=0.8, lambda1=0.3, lambda2=0.7),
    "huber_ordinary": shown(elementwise(exact.huber), tau=1.5, lambda_=0.8, delta=0.5),
    "mcp_firm": shown(elementwise(exact.mcp), lambda_=0.5, gamma=3.0),
    "mcp_hard": shown(elementwise(exact.mcp), lambda_=0.5, gamma=0.8),
    "scad_ordinary": shown(elementwise(exact.scad), lambda_=0.4, a=3.7),
    "scad_with_large_step": shown(elementwise(exact.scad), tau=3.5, lambda_=0.3, a=3.7),
    "scad_hard": shown(elementwise(exact.scad), tau=6.0, lambda_=0.2, a=3.7),
    "log_sum_smooth": shown(elementwise(exact.log_sum), lambda_=0.5, eps=2.0),
    "log_sum_jumping": shown(elementwise(exact.log_sum), lambda_=0.2, eps=0.1),
    "lp_half_ordinary": shown(elementwise(exact.lp_half), lambda_=0.4),
    "group_lasso_of_rows": shown(GROUP_LASSO, rows_of, lambda_=0.9),
    "group_lasso_of_channels": shown(GROUP_LASSO, channels_of, lambda_=0.9),
    "group_lasso_of_columns": shown(GROUP_LASSO, columns_of, lambda_=0.9),
    "group_lasso_of_blocks": shown(GROUP_LASSO, blocks_of(4), lambda_=0.9),
    "group_lasso_of_tensors": shown(GROUP_LASSO, tensor_of, lambda_=0.9),
    "group_lasso_of_the_model": shown_of_model(GROUP_LASSO, tau=2.0, lambda_=0.9),
    "group_l0_of_rows": shown(GROUP_L0, rows_of, tau=2.0, lambda_=1.0),
    "group_l0_of_channels": shown(GROUP_L0, channels_of, tau=2.0, lambda_=1.0),
    "sparse_group_lasso_of_rows": shown(SPARSE_GROUPS, rows_of, lambda1=0.3, lambda2=0.5),
    "sparse_group_lasso_of_channels": shown(SPARSE_GROUPS, channels_of, lambda1=0.3, lambda2=0.5),
    "tv1d_of_rows": shown(VARIATION, rows_of, lambda_=0.3),
    "tv1d_of_blocks": shown(VARIATION, blocks_of(5), lambda_=0.3),
    "tv1d_of_tensors": shown(VARIATION, tensor_of, lambda_=0.4),
    "scaled_penalty": shown(elementwise(exact.l1), tau=0.5, lambda_=0.6),
    "scaled_group_penalty": shown(GROUP_LASSO, rows_of, tau=0.9, lambda_=1.0),
    "translated_penalty": shown(exact.translated(exact.l0(mpmath.mpf(0.3)), 0.4), tau=0.7),
    "penalty_plus_ridge": shown(elementwise(exact.elastic_net), tau=0.8, lambda1=0.3, lambda2=0.7),
    "penalty_plus_quadratic": shown(exact.plus_quadratic(exact.l1(mpmath.mpf(0.3)), 0.7, 0.4), tau=0.8),
    "conjugate_of_l1": projected(sets.linf_ball, radius=0.6),
    "conjugate_of_ridge": applied(elementwise(exact.ridge), tau=0.8, lambda_=1 / 0.5),
    "envelope_of_l1": shown(elementwise(exact.huber), tau=0.8, **ENVELOPE),
    "gradient_of_ridge": descended(slope_of(exact.ridge, lambda_=0.5)),
    "gradient_of_huber": descended(slope_of(exact.huber, lambda_=0.8, delta=0.5)),
    "gradient_of_envelope": descended(slope_of(exact.huber, **ENVELOPE)),
}

SETS = {
    "box_of_elements": projected(sets.box, low=-0.5, high=0.8),
    "nonneg_elements": projected(sets.nonneg),
    "linf_ball_of_elements": projected(sets.linf_ball, radius=0.7),
    "l2_ball_of_rows": projected(sets.l2_ball, rows_of, radius=1.5),
    "l2_ball_of_columns": projected(sets.l2_ball, columns_of, radius=1.2),
    "l2_ball_of_the_model": projected_of_model(sets.l2_ball, radius=2.0),
    "l1_ball_of_rows": projected(sets.l1_ball, rows_of, radius=1.2),
    "l1_ball_of_tensors": projected(sets.l1_ball, radius=2.5),
    "l1_ball_of_the_model": projected_of_model(sets.l1_ball, radius=4.0),
    "simplex_of_rows": projected(sets.simplex, rows_of, total=1.0),
    "simplex_of_blocks": projected(sets.simplex, blocks_of(5), total=2.0),
    "simplex_of_tensors": projected(sets.simplex, total=3.0),
    "simplex_of_the_model": projected_of_model(sets.simplex, total=5.0),
    "affine_sum_of_rows": projected(sets.affine_sum, rows_of, total=0.5),
    "affine_sum_of_channels": projected(sets.affine_sum, channels_of, total=0.5),
    "halfspace_of_tensors": projected(sets.halfspace, bound=-1.2),
    "k_sparse_rows": projected(sets.k_sparse, rows_of, k=2),
    "k_sparse_tensors": projected(sets.k_sparse, k=3),
    "k_sparse_model": projected_of_model(sets.k_sparse, k=9),
    "k_winners_of_rows": projected(sets.k_winners, rows_of, k=2),
    "unit_sphere_of_rows": projected(sets.unit_sphere, rows_of),
    "unit_sphere_of_tensors": projected(sets.unit_sphere),
    "set_as_penalty": projected(sets.l1_ball, rows_of, radius=1.2),
}


# ---------------------------------------------------------------- many steps

def separately(operators):
    """An operator for each of the four matrices."""
    return [operators.get(i, operators["rest"]) for i in range(4)]


def in_turns(first, second):
    return lambda w, tau: second(first(w, tau), tau)


SPLITTINGS = {
    "rvsm_l0": lambda: rules.Splitting(hard(0.05), beta=0.5),
    "rvsm_rows": lambda: rules.Splitting(group_lasso(rows_of, 0.5)),
    "rvsm_by_shape": lambda: rules.Splitting(separately({1: group_lasso(channels_of, 0.4), "rest": soft(0.3)})),
    "rvscgd_l0": lambda: rules.Splitting(hard(0.01), lr=0.05, sphere=True),
    "rgsm_both": lambda: rules.Splitting(in_turns(soft(0.1), group_lasso(rows_of, 0.3)), beta=2.0),
    "admm_rows": lambda: rules.Admm(group_lasso(rows_of, 0.3), lr=0.05),
    "admm_set": lambda: rules.Admm(over(tensor_of, lambda x, _: sets.l1_ball(x, radius=2.0)), lr=0.05),
    "proximal_tv": lambda: rules.ProximalGradient(over(rows_of, lambda x, tau: exact.tv1d(x, tau, 0.3)), lr=0.1),
    "fista_rows": lambda: rules.Fista(group_lasso(rows_of, 0.2), lr=0.05),
    "projected_sphere": lambda: rules.ProximalGradient(over(rows_of, lambda x, _: sets.unit_sphere(x)), lr=0.1),
    "projected_ball": lambda: rules.ProximalGradient(over(tensor_of, lambda x, _: sets.l2_ball(x, radius=1.5)), lr=0.1),
    "projected_top": lambda: rules.ProximalGradient(over(tensor_of, lambda x, _: sets.k_sparse(x, k=3)), lr=0.1),
}


# ---------------------------------------------------------------- files

def flat(arrays):
    return [float(element) for element in whole(arrays)]


def row_text(rows):
    return "[\n" + ",\n".join("    " + json.dumps(flat(row), separators=(",", ":")) for row in rows) + "]"


def file_text(generator, weights, gradients, bodies):
    names = [f"layer{i}.weight" for i in range(len(weights))]
    head = {"reference": REFERENCE.format(generator), "shapes": [list(weight.shape) for weight in weights],
            "names": names, "groups": ["all"], "group_of": [0] * len(weights), "w0": flat(weights)}
    fields = [f'"{key}": {json.dumps(value)}' for key, value in head.items()] + [f'"g": {row_text(gradients)}']
    return "{" + ",\n ".join(fields) + ',\n "cases": [\n' + ",\n".join(bodies) + "]}\n"


def once(cases, generator):
    weights, gradients = inputs.magnitudes()
    bodies = []
    for name, make in cases.items():
        operator = make()
        cost = f'"metrics": {{"cost": [{json.dumps(float(operator.value(weights)))}]}},\n   ' if operator.value else ""
        bodies.append(f'  {{"name": "{name}",\n   {cost}"w": {row_text([operator.prox(weights)])}}}')
    return file_text(generator, weights, gradients, bodies)


def repeatedly(cases, generator):
    start, gradients = inputs.matrices()
    bodies = []
    for name, make in cases.items():
        rule, weights, trajectory, views, gaps = make(), start, [], [], []
        for row in gradients:
            weights = rule.step(weights, row)
            trajectory.append(weights)
            views.append(rule.shown(weights) if hasattr(rule, "shown") else None)
            gaps.append(float(rule.gap(weights)) if hasattr(rule, "gap") else None)
        seen = f'"views": {{"eval": {row_text(views)}}},\n   ' if views[0] else ""
        if gaps[0] is not None and not name.startswith("rvscgd"):
            seen = f'"metrics": {{"gap": {json.dumps(gaps)}}},\n   ' + seen
        bodies.append(f'  {{"name": "{name}",\n   {seen}"w": {row_text(trajectory)}}}')
    return file_text(generator, start, gradients, bodies)


FILES = {"penalties": (once, PENALTIES, "penalty_references"), "sets": (once, SETS, "set_references"),
         "splittings": (repeatedly, SPLITTINGS, "proximal_rules")}


def main():
    exact.check_with_pyproximal()
    sets.check_with_pyproximal()
    for name in sys.argv[1:] or FILES:
        text, cases, generator = FILES[name]
        (FOLDER / f"{name}.json").write_text(text(cases, generator))


if __name__ == "__main__":
    main()
