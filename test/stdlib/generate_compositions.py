"""Writes compositions/*.json: what the optimizers of compositions/*.rvn do, according to somebody else.

As in generate_vectors.py, nothing here reads a .rvn file or runs a compiled library. One file holds

    reference   what computed the numbers
    shapes      the shapes of the tensors, whose elements follow each other in every row
    names       their names
    groups      the names of the groups
    group_of    for each tensor the group that it is in
    w0          the weights (one row), shared by all cases
    g           the gradient of each step, shared by all cases
    cases       name: the optimizer; w, the weights after each step (schedules have none: metrics show them); perhaps
                hypers, of some hypers a list of values, one for each step, null where they follow their schedules
                scales, one for each step, powers of two that the gradients are multiplied by
                specials, what else they are: step from 1, tensor and element from 0, and a number as a string
                views, states of the model and metrics, of each a list of what it is after each step; a metric per
                tensor has a list for each step
                skipped, how many steps were left out so far
                zeroes_gradient, where the gradient is 0 after each step

Every number reads back as the float64 it was written from. Needed are numpy, torch, optax and jax:

    python generate_compositions.py [NAME...]
"""

import json
import sys
from pathlib import Path

import jax
import numpy as np
import optax
import torch

import composition_references as parts
import inputs
import schedule_references
from composition_references import (Accumulate, Afterwards, Decay, Lookahead, OfOptax, PerTensor, Pipe, Select, adam,
                                    Transposed, adamw, ema, sgd)
from proximal_rules import Consolidation, GradientMask, Projection, WeightMask

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)

FOLDER = Path(__file__).parent / "compositions"
STEPS = 24
REFERENCE = (f"torch {torch.__version__.split('+')[0]}, optax {optax.__version__}, jax {jax.__version__}, numpy "
             f"{np.__version__}, float64; see test/stdlib/{{}}.py for which of them")

MATRICES, EMBEDDING, BODY, HEAD = [0, 1, 4], [0], [1, 2, 3], [4, 5]
HIDDEN, BESIDES_HIDDEN = [1], [0, 2, 3, 4, 5]
WIDE, NOT_WIDE = [1, 4], [0, 2, 3, 5]
WEIGHTS_THAT_DECAY = [0, 1, 4]                                   # neither *.bias nor *norm*


class Case:
    """`rule` is made anew for the run. What else there is to see: views, states and metrics, each a function of the
    weights before and after the step and the gradients; `specials`, (step, tensor, element, number) in the gradients;
    `scaled`, whether the gradients come multiplied by the scale that the rule is at."""

    def __init__(self, rule, views=None, states=None, metrics=None, specials=(), scaled=None, hypers=None,
                 zeroes=False):
        self.rule, self.views, self.states, self.metrics = rule, views or {}, states or {}, metrics or {}
        self.specials, self.scaled, self.hypers, self.zeroes = specials, scaled, hypers or {}, zeroes


OVERFLOWS = [(5, 1, 3, np.inf), (6, 4, 0, np.nan), (17, 2, 1, -np.inf)]


def observed(part):
    return lambda old, new, gradients: part.shown(new)


def averaged(make, average, **special):
    """A pipe that ends with an average, which a view shows."""
    return Case(make(average), views={"eval": observed(average)}, **special)


def two_averages():
    fast, slow = ema(0.5), ema(0.95)
    return Case(Pipe(sgd(0.1), fast, slow), views={"fast.eval": observed(fast), "slow.eval": observed(slow)})


def scaled_by(scaler, rule):
    return Case(rule, states={"scale": lambda *_: scaler.scale}, specials=OVERFLOWS, scaled=lambda: scaler.scale)


def dynamic(rule, **arguments):
    scaler = parts.Scaled(rule, **arguments)
    return scaled_by(scaler, scaler)


def chained_scale():
    scaler = parts.DynamicScale(64.0, 5)
    return scaled_by(scaler, Pipe(scaler, Accumulate(2), OfOptax(optax.clip_by_global_norm(1.0)), adamw(0.01)))


def plateau(losses, every, **arguments):
    """An epoch is over before every `every`th step; losses has what it came to."""
    told = [losses[k // every - 1] if k > 0 and k % every == 0 else None for k in range(STEPS)]
    epochs = [k // every for k in range(STEPS)]
    hypers = {"epoch": epochs, "loss": [losses[epoch - 1] if epoch > 0 else 0.0 for epoch in epochs]}
    return Case(parts.OnPlateau(0.1, told, **arguments), hypers=hypers)


def clipped(limit):
    return OfOptax(optax.clip_by_global_norm(limit))


def grad_norm(old, new, gradients):
    return parts.norm(gradients)


def phased(transform, phase, rule):
    """The host names a phase for some steps, which are skipped: the second choice of two."""
    special = getattr(transform, "measured" if phase == "measure" else "recorded")
    return Case(Pipe(transform, rule), hypers={"phase": [float(k in special) for k in range(1, STEPS + 1)]})


TRANSFORMS = {
    "clip_global_adamw": lambda: Case(Pipe(clipped(1.5), adamw(0.01)), metrics={"grad_norm": grad_norm}),
    "clip_tensor_sgd": lambda: Case(Pipe(PerTensor(lambda w, g: g * min(1.0, 0.8 / parts.norm([g]))), sgd(0.1, 0.9))),
    "clip_block_rms_adamw": lambda: Case(Pipe(OfOptax(optax.clip_by_block_rms(0.4)), adamw(0.01))),
    "clip_value_sgd": lambda: Case(Pipe(OfOptax(optax.clip(0.3)), sgd(0.1))),
    # Optax takes norms over the units of a dense layer, the columns of its kernels.
    "clip_adaptive_sgd": lambda: Case(Pipe(Transposed(OfOptax(optax.adaptive_grad_clip(0.1, 0.05))), sgd(0.5))),
    "centralize_sgd": lambda: Case(Pipe(OfOptax(optax.centralize()), sgd(0.1, 0.9))),
    "weight_mask_sgd": lambda: Case(Pipe(WeightMask(), sgd(0.1, 0.9))),
    "gradient_mask_adamw": lambda: Case(Pipe(GradientMask(), adamw(0.01, weight_decay=0.5))),
    "coupled_decay_adam": lambda: Case(parts.OfTorch(torch.optim.Adam, 0.01, weight_decay=0.1, foreach=False)),
    "decoupled_decay_adam": lambda: Case(adamw(0.01, weight_decay=0.2)),
    # λη²/η₀ with λ = 0.5, η = 0.005, η₀ = 0.01 is as much as AdamW's λη with λ = 0.125.
    "corrected_decay_adam": lambda: Case(adamw(0.01, weight_decay=0.125)),
    "freeze_some": lambda: Case(Select((EMBEDDING, None), (BODY + HEAD, sgd(0.1, 0.9)))),
    "ema_adamw": lambda: averaged(lambda average: Pipe(adamw(0.01), average), ema(0.9)),
    "ema_warm_sgd": lambda: averaged(lambda average: Pipe(sgd(0.1), average), parts.WarmEma(0.99)),
    "swa_sgd": lambda: averaged(lambda average: Pipe(sgd(0.1), average),
                                parts.mean(is_due=lambda step: step in (6, 10, 14, 18, 22))),
    "polyak_average_sgd": lambda: averaged(lambda average: Pipe(sgd(0.1, 0.5), average), parts.mean()),
    "cautious_adamw": lambda: Case(Pipe(adamw(0.01, weight_decay=0.0), Afterwards(parts.cautious(1e-3)))),
    "cautious_heavy_ball": lambda: Case(Pipe(sgd(0.05, 0.9), Afterwards(parts.cautious(0.5)), Decay(0.001))),
    "mars_adamw": lambda: Case(Pipe(parts.Mars(0.1, 0.9), adamw(0.01, betas=(0.9, 0.99)))),
    "accumulate_mean_adamw": lambda: Case(parts.MultiSteps(optax.adamw(0.01, weight_decay=0.01), 4)),
    "accumulate_sum_sgd": lambda: Case(Pipe(Accumulate(3, average=False), sgd(0.05, 0.9))),
    "skip_nonfinite_adamw": lambda: Case(Pipe(parts.SkipNonfinite(), adamw(0.01)), specials=OVERFLOWS),
    "zero_nonfinite_sgd": lambda: Case(Pipe(PerTensor(lambda w, g: np.where(np.isfinite(g), g, 0.0)), sgd(0.1, 0.9)),
                                       specials=OVERFLOWS),
    "unscale_sgd": lambda: Case(Pipe(parts.Unscale(8.0), sgd(0.1, 0.9)), specials=OVERFLOWS, scaled=lambda: 8.0),
    "dynamic_scale_adamw": lambda: dynamic(adamw(0.01), init_scale=1024.0, growth_interval=4),
    "dynamic_scale_sgd": lambda: dynamic(sgd(0.1), init_scale=128.0, growth_factor=4.0, backoff_factor=0.25,
                                         growth_interval=3),
    "plateau_sgd": lambda: plateau([1.0, 0.8, 0.8, 0.9, 0.7, 0.7, 0.7, 0.7, 0.69999, 0.71, 0.7], 2,
                                   factor=0.5, patience=1, cooldown=1, min_lr=0.01),
    "plateau_absolute_sgd": lambda: plateau([-0.5, -0.6, -0.62, -0.7, -0.7, -0.76, -0.8], 3,
                                            factor=0.1, patience=0, threshold=0.05, threshold_mode="abs"),
    "shadow_bf16_sgd": lambda: Case(sgd(0.1)),
    "zero_grad_sgd": lambda: Case(sgd(0.1, 0.9), zeroes=True),
    "sparsity_sgd": lambda: Case(Pipe(sgd(0.1), Afterwards(parts.prune(0.125))), metrics={
        "zero_share": lambda old, new, _: sum(np.sum(w == 0) for w in new) / sum(np.size(w) for w in new)}),
    "update_ratio_adamw": lambda: Case(adamw(0.01), metrics={
        "relative_update": lambda old, new, _: [parts.norm([w - v]) / parts.norm([v]) if np.any(v) else 0.0
                                                for v, w in zip(old, new)]}),
    "ewc_sgd": lambda: phased(Consolidation(0.7, [6, 7, 15, 16], 2), "measure", sgd(0.1, 0.9)),
    "gradient_projection_sgd": lambda: phased(Projection([1, 9, 10]), "record", sgd(0.1, 0.9)),
}

PEAK = [0.02 * float(optax.warmup_cosine_decay_schedule(0, 1, 4, 20)(step)) for step in range(1, STEPS + 1)]
SHRINK = [0.5 * 0.02 * float(optax.cosine_decay_schedule(1, 20)(step)) for step in range(1, STEPS + 1)]

CHAINS = {
    "clip_accumulate_ema": lambda: averaged(
        lambda average: Pipe(clipped(1.0), Accumulate(3), adamw(0.01), average), ema(0.9)),
    "accumulate_clip_average": lambda: averaged(
        lambda average: Pipe(Accumulate(2, average=False), clipped(0.5), sgd(0.1, 0.9), average), parts.mean()),
    "scale_accumulate_clip": chained_scale,
    "accumulate_then_skip": lambda: averaged(
        lambda average: Pipe(Accumulate(2), parts.SkipNonfinite(), sgd(0.1, 0.9), average), ema(0.8),
        specials=OVERFLOWS),
    "skip_then_accumulate": lambda: averaged(
        lambda average: Pipe(parts.SkipNonfinite(), Accumulate(2), sgd(0.1, 0.9), average), ema(0.8),
        specials=OVERFLOWS),
    "decay_for_some": lambda: Case(Pipe(adamw(0.01, weight_decay=0.0), Decay(0.01, WEIGHTS_THAT_DECAY))),
    "clip_matrices": lambda: Case(Pipe(OfOptax(optax.clip(0.2), MATRICES),
                                       PerTensor(lambda w, g: g + 0.1 * w, BODY), sgd(0.1))),
    "two_averages": two_averages,
    "tuned": lambda: Case(Pipe(clipped(1.0), adamw(PEAK, weight_decay=0.0), Decay(SHRINK))),
}

SELECTIONS = {
    "hybrid": lambda: Case(Select((HIDDEN, sgd(0.02, 0.9)), (BESIDES_HIDDEN, adamw(3e-3)))),
    "by_group": lambda: Case(Select((EMBEDDING, None), (HEAD, adam(0.01)), (BODY, sgd(0.05, 0.9)))),
    "own_norms": lambda: Case(Select((WIDE, Pipe(clipped(0.5), sgd(0.1))), (NOT_WIDE, parts.NormalizedSgd(0.05)))),
    "clipped_hybrid": lambda: averaged(lambda average: Pipe(
        clipped(1.0), Select((HIDDEN, parts.Signum(0.01)), (BESIDES_HIDDEN, adamw(3e-3))), average), ema(0.9)),
}

LOOKAHEADS = {
    "lookahead_adamw": lambda: Case(Lookahead(adamw(0.01), 4)),
    "lookahead_clipped": lambda: Case(Lookahead(Pipe(clipped(1.0), sgd(0.1, 0.9)), 3, 0.8)),
    "lookahead_twice": lambda: Case(Lookahead(Lookahead(sgd(0.1), 2, 0.6), 5)),
    "averaged_lookahead": lambda: averaged(lambda average: Pipe(Lookahead(adamw(0.01), 4), average), ema(0.8)),
}


# ---------------------------------------------------------------- files

def flat(row):
    """The elements of a row's tensors one after the other."""
    return [float(value) for array in row for value in np.ravel(array)]


def rows(matrix):
    """A JSON matrix with one row per line."""
    return "[\n" + ",\n".join("    " + json.dumps(row, separators=(",", ":")) for row in matrix) + "]"


def run(case, weights, gradients):
    """What there is to see of a case, each a list over steps."""
    seen = {what: {name: [] for name in getattr(case, what)} for what in ("views", "states", "metrics")}
    trajectory, scales, skipped, skips = [], [], [], 0
    for step, row in enumerate(gradients, start=1):
        scales.append(case.scaled() if case.scaled else 1.0)
        assert np.frexp(scales[-1])[0] == 0.5, "not exact in float32"
        row = [scales[-1] * gradient for gradient in row]
        for when, tensor, element, special in case.specials:
            if when == step:
                row[tensor].flat[element] = special
        old, new = weights, case.rule.step(weights, row)
        skips += new is None
        weights = old if new is None else new
        assert parts.is_finite(weights)
        trajectory.append(flat(weights))
        skipped.append(skips)
        for what in seen:
            for name, values in seen[what].items():
                value = getattr(case, what)[name](old, weights, row)
                values.append(flat(value) if what == "views" else value)
    return trajectory, scales, skipped, seen


def case_text(name, case, weights, gradients):
    trajectory, scales, skipped, seen = run(case, weights, gradients)
    fields = [f'"name": {json.dumps(name)}']
    if case.hypers:
        fields.append(f'"hypers": {json.dumps(case.hypers)}')
    if case.scaled:
        fields.append(f'"scales": {json.dumps(scales)}')
    if case.specials:
        fields.append(f'"specials": {json.dumps([[*place, str(value)] for *place, value in case.specials])}')
    if skipped[-1]:
        fields.append(f'"skipped": {json.dumps(skipped)}')
    if case.zeroes:
        fields.append('"zeroes_gradient": true')
    for what in ("states", "metrics"):
        if seen[what]:
            fields.append(f'"{what}": {json.dumps(seen[what])}')
    if seen["views"]:
        views = [f'"{view}": {rows(values)}' for view, values in seen["views"].items()]
        fields.append(f'"views": {{{", ".join(views)}}}')
    fields.append(f'"w": {rows(trajectory)}')
    return "  {" + ",\n   ".join(fields) + "}"


def compositions_text(cases):
    weights, gradients = inputs.model(STEPS)
    head = {"reference": REFERENCE.format("generate_compositions"),
            "shapes": [list(weight.shape) for weight in weights], "names": inputs.NAMES,
            "groups": inputs.GROUPS, "group_of": inputs.GROUP_OF}
    fields = [f'"{key}": {json.dumps(value)}' for key, value in head.items()]
    fields += [f'"w0": {json.dumps(flat(weights))}', f'"g": {rows([flat(row) for row in gradients])}']
    bodies = [case_text(name, make(), weights, gradients) for name, make in cases.items()]
    return "{" + ",\n ".join(fields) + ',\n "cases": [\n' + ",\n".join(bodies) + "]}\n"


def schedules_text(_):
    head = {"reference": REFERENCE.format("schedule_references"), "shapes": [[1]], "names": ["w"], "groups": ["all"],
            "group_of": [0]}
    fields = [f'"{key}": {json.dumps(value)}' for key, value in head.items()]
    fields += ['"w0": [1.0]', f'"g": {json.dumps([[0.0]] * schedule_references.STEPS)}']
    bodies = []
    for name, (_, rates) in schedule_references.RATES.items():
        case = {"name": name, "metrics": {"rate": rates()}}
        if name in schedule_references.SET_BY_HOST:
            case["hypers"] = {"lr": schedule_references.SET_BY_HOST[name]}
        bodies.append("  " + json.dumps(case))
    return "{" + ",\n ".join(fields) + ',\n "cases": [\n' + ",\n".join(bodies) + "]}\n"


FILES = {
    "schedules": (schedules_text, None),
    "transforms": (compositions_text, TRANSFORMS),
    "chains": (compositions_text, CHAINS),
    "selections": (compositions_text, SELECTIONS),
    "lookaheads": (compositions_text, LOOKAHEADS),
}


def main():
    for name in sys.argv[1:] or FILES:
        text, cases = FILES[name]
        (FOLDER / f"{name}.json").write_text(text(cases))


if __name__ == "__main__":
    main()
