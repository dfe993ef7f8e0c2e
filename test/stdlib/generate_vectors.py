"""Writes vectors/*.json: what each optimizer of stdlib/optimizers does in 20 steps, according to somebody else.

The references are PyTorch, Optax, packages of the methods' authors and closed forms, run in float64. Nothing here reads
a .rvn file or runs a compiled library, so that agreement means something. inputs.py has the weights and gradients.

One file holds

    optimizer   the name of the standard library's entry
    reference   what computed the numbers
    shapes      the shapes of the tensors, whose elements follow each other in every row; without it, one vector
    g           20 rows: the gradient of each step, shared by all cases
    cases       name, hypers that differ from the defaults (a list: one value for each step), w0 (one row), w (20 rows:
                the weights after each step), and perhaps: reference, where it is another one; absent, pairs of a step
                from 1 and a tensor from 0 that takes no part in it; eval (20 rows), what the view `eval` shows

Every number reads back as the float64 it was written from. requirements.txt has what must be installed:

    python generate_vectors.py [NAME...]
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import dadaptation
import jax
import numpy as np
import optax
import prodigyopt
import pytorch_optimizer
import schedulefree
import torch
import torch_optimizer

import closed_forms
import inputs
import proximal_entries
import references
from references import guarded, run_optax, run_torch, with_betas

FOLDER = Path(__file__).parent / "vectors"

TORCH = f"torch {torch.__version__.split('+')[0]}, float64"
OPTAX = f"optax {optax.__version__}, jax {jax.__version__}, float64"
CLOSED_FORM = f"closed form in numpy {np.__version__}, float64"


def package(name):
    return f"{name} {version(name)}, {TORCH}"


class Entry:
    """An optimizer: its reference, how to run it, its inputs, and its cases by name. A case is the hypers, or a tuple
    of the hypers and what is special: reference=, run=, scale= of the weights, absent= pairs of a step and a tensor."""

    def __init__(self, reference, run, cases, given=inputs.elements):
        self.reference, self.run, self.cases, self.given = reference, run, cases, given


def case(hypers, **special):
    return hypers, special


# Absent in the first step, twice in a row, with others, alone.
ABSENT = [[2, 0], [7, 0], [7, 2], [8, 0], [13, 1], [13, 4], [16, 2]]

# A loss that falls by fits and starts, and is below the guess of the optimum, 0.2, at the end.
LOSSES = list(np.round(np.geomspace(4.0, 0.1, inputs.STEPS), 3))

# ---------------------------------------------------------------- cases

ENTRIES = {
    "sgd": Entry(TORCH + ", torch.optim.SGD", run_torch(torch.optim.SGD, foreach=False), {
        "plain": {},
        "weight_decay": {"lr": 0.05, "weight_decay": 0.1},
        "maximize": {"lr": 0.01, "maximize": True},
        "momentum": {"lr": 0.01, "momentum": 0.9},
        "dampening": {"lr": 0.02, "momentum": 0.9, "dampening": 0.4},
        "nesterov": {"lr": 0.01, "momentum": 0.85, "nesterov": True},
        "nesterov_all": {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.05, "nesterov": True, "maximize": True},
        "dampening_all": {"lr": 0.01, "momentum": 0.8, "weight_decay": 0.05, "dampening": 0.3, "maximize": True},
    }),
    "heavy_ball": Entry(TORCH + ", torch.optim.SGD with momentum",
                        run_torch(torch.optim.SGD, references.with_momentum, foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.02, "beta": 0.75},
    }),
    "sgdm": Entry(CLOSED_FORM, closed_forms.sgdm, {
        "plain": {},
        "other_hypers": {"lr": 0.1, "beta": 0.75},
        "debias": {"debias": True},
        "debias_other_hypers": {"lr": 0.1, "beta": 0.95, "debias": True},
    }),
    "clipped_sgd": Entry(OPTAX + ", optax.clip and optax.sgd", run_optax(references.clipped_sgd), {
        "plain": {},
        "other_hypers": {"lr": 0.1, "clip": 0.3},
    }),
    "norm_clipped_sgd": Entry(OPTAX + ", optax.clip_by_global_norm and optax.sgd",
                              run_optax(references.norm_clipped_sgd), {
        "plain": {},
        "other_hypers": {"lr": 0.1, "clip": 2.5},
        "per_tensor": case({"lr": 0.1, "per_tensor": True}, absent=ABSENT,
                           run=run_optax(references.norm_clipped_sgd, per_tensor=True)),
        "absent": case({"lr": 0.1, "clip": 1.5}, absent=ABSENT),
    }, inputs.tensors),
    "normalized_sgd": Entry(CLOSED_FORM, closed_forms.normalized_sgd, {
        "plain": {},
        "other_hypers": {"lr": 0.1, "eps": 0.5},
        "per_tensor": {"lr": 0.1, "per_tensor": True},
    }, inputs.tensors),
    "normalized_sgdm": Entry(CLOSED_FORM, closed_forms.normalized_sgdm, {
        "plain": {},
        "other_hypers": {"lr": 0.1, "beta": 0.7, "eps": 0.5},
        "per_tensor": {"lr": 0.1, "per_tensor": True},
    }, inputs.tensors),
    "polyak": Entry(OPTAX + ", optax.polyak_sgd with variant sps+", references.run_polyak, {
        "plain": {"loss": LOSSES},
        "other_hypers": {"lr": 0.5, "eps": 0.1, "optimum": 0.2, "loss": LOSSES},
    }, inputs.tensors),
    "adagrad_norm": Entry(CLOSED_FORM, closed_forms.adagrad_norm, {
        "sum": {},
        "sum_other_hypers": {"lr": 0.1, "eps": 2.0},
        "mean": {"lr": 0.1, "beta": 0.8, "form": "mean"},
        "safeguarded": {"lr": 0.1, "beta": 0.8, "form": "safeguarded"},
        "safeguarded_absent": case({"lr": 0.1, "beta": 0.5, "eps": 0.1, "form": "safeguarded"}, absent=ABSENT),
    }, inputs.tensors),
    "adagrad": Entry(TORCH + ", torch.optim.Adagrad", run_torch(torch.optim.Adagrad, foreach=False), {
        "plain": {},
        "lr_decay": {"lr": 0.1, "lr_decay": 0.1, "eps": 1e-6},
        "initial_accumulator_value": {"lr": 0.1, "initial_accumulator_value": 0.5},
        "all": {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.1, "initial_accumulator_value": 0.1, "maximize": True},
    }),
    "adadelta": Entry(TORCH + ", torch.optim.Adadelta", run_torch(torch.optim.Adadelta, foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.5, "rho": 0.7, "eps": 1e-3},
        "weight_decay": {"weight_decay": 0.1},
        "maximize": {"rho": 0.95, "weight_decay": 0.1, "maximize": True},
    }),
    "rmsprop": Entry(TORCH + ", torch.optim.RMSprop", run_torch(torch.optim.RMSprop, foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.003, "alpha": 0.9, "eps": 1e-6},
        "weight_decay": {"weight_decay": 0.1},
        "momentum": {"lr": 0.001, "momentum": 0.9},
        "centered": {"lr": 0.001, "centered": True},
        "centered_momentum": {"lr": 0.001, "momentum": 0.8, "centered": True},
        "all": {"lr": 0.001, "alpha": 0.95, "momentum": 0.8, "weight_decay": 0.1, "centered": True, "maximize": True},
    }),
    "adam": Entry(TORCH + ", torch.optim.Adam", run_torch(torch.optim.Adam, with_betas(), foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.1},
    }),
    "adamw": Entry(TORCH + ", torch.optim.AdamW", run_torch(torch.optim.AdamW, with_betas(), foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6, "weight_decay": 0.0},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.5},
    }),
    "amsgrad": Entry(TORCH + ", torch.optim.Adam with amsgrad",
                     run_torch(torch.optim.Adam, with_betas(), amsgrad=True, foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.9, "eps": 1e-6},
        "weight_decay": {"lr": 0.01, "beta2": 0.9, "weight_decay": 0.1},
    }),
    "adam_lecture": Entry(CLOSED_FORM, closed_forms.adam_lecture, {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "kappa": 0.1},
        "coupled": {"lr": 0.01, "coupled_weight_decay": 0.1},
        "decoupled": {"lr": 0.01, "kappa": 0.5, "decoupled_weight_decay": 0.1},
        "both": {"lr": 0.01, "kappa": 0.2, "coupled_weight_decay": 0.05, "decoupled_weight_decay": 0.2},
    }),
    "adamax": Entry(TORCH + ", torch.optim.Adamax", run_torch(torch.optim.Adamax, with_betas(), foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.7, "eps": 1e-3},
        "all": {"lr": 0.01, "beta2": 0.9, "weight_decay": 0.1, "maximize": True},
    }),
    "nadam": Entry(TORCH + ", torch.optim.NAdam", run_torch(torch.optim.NAdam, with_betas(), foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6, "momentum_decay": 0.1},
        "weight_decay": {"weight_decay": 0.1},
        "decoupled": {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True},
        "absent": case({"momentum_decay": 0.05}, absent=ABSENT),
    }, inputs.tensors),
    "radam": Entry(TORCH + ", torch.optim.RAdam", run_torch(torch.optim.RAdam, with_betas(), foreach=False), {
        "plain": {},
        "never_rectified": {"lr": 0.01, "beta1": 0.8, "beta2": 0.6, "eps": 1e-6},
        "weight_decay": {"beta2": 0.9, "weight_decay": 0.1},
        "decoupled": {"beta2": 0.95, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True},
    }),
    "rprop": Entry(TORCH + ", torch.optim.Rprop", run_torch(torch.optim.Rprop, references.with_ranges, foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.1, "eta_minus": 0.3, "eta_plus": 1.5, "maximize": True},
        "bounded": {"lr": 0.05, "step_min": 0.02, "step_max": 0.1},
    }),
    "asgd": Entry(TORCH + ", torch.optim.ASGD",
                  run_torch(torch.optim.ASGD, view=references.averaged_weights, foreach=False), {
        "plain": {},
        "averaged": {"lr": 0.02, "lambd": 0.1, "alpha": 0.6, "t0": 5.0},
        "all": {"lr": 0.02, "lambd": 0.01, "t0": 0.0, "weight_decay": 0.1, "maximize": True},
    }),
    "signsgd": Entry(OPTAX + ", optax.scale_by_sign with optax.add_decayed_weights", run_optax(references.signsgd), {
        "plain": {},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.5},
    }),
    "signum": Entry(OPTAX + ", optax.ema and optax.scale_by_sign with optax.add_decayed_weights",
                    guarded(run_optax(references.signum), lambda hypers: (hypers.get("beta", 0.9),) * 2), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta": 0.5},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.5},
    }),
    "lion": Entry(OPTAX + ", optax.lion",
                  guarded(run_optax(references.lion),
                          lambda hypers: (hypers.get("beta1", 0.9), hypers.get("beta2", 0.99))), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.95, "beta2": 0.98},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.5},
    }),
    "lars": Entry(OPTAX + ", optax.lars", run_optax(references.lars), {
        "plain": {},
        "nesterov": {"lr": 5.0, "momentum": 0.7, "trust_coefficient": 0.01, "nesterov": True},
        "weight_decay": case({"lr": 2.0, "weight_decay": 0.1}, reference=CLOSED_FORM, run=closed_forms.lars),
        "all": case({"lr": 1.5, "momentum": 0.5, "trust_coefficient": 0.01, "weight_decay": 0.5, "nesterov": True},
                    reference=CLOSED_FORM, run=closed_forms.lars),
    }, inputs.tensors),
    "lamb": Entry(OPTAX + ", optax.lamb", run_optax(references.lamb), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.3},
    }, inputs.tensors),
    "adan": Entry(package("pytorch-optimizer") + ", Adan",
                  run_torch(pytorch_optimizer.Adan,
                            lambda hypers: {"weight_decouple": not hypers.pop("proximal", True),
                                            **with_betas((0.98, 0.92, 0.99))(hypers)}, foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.9, "beta2": 0.8, "beta3": 0.95, "eps": 1e-6},
        "proximal": {"lr": 0.01, "weight_decay": 0.5},
        "decoupled": {"lr": 0.01, "weight_decay": 0.5, "proximal": False},
    }),
    "adabelief": Entry(package("pytorch-optimizer") + ", AdaBelief",
                       run_torch(pytorch_optimizer.AdaBelief, with_betas(), foreach=False), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-8},
        "weight_decay": {"lr": 0.01, "eps": 1e-12, "weight_decay": 0.5},
    }),
    "adopt": Entry(OPTAX + ", optax.contrib.adopt", run_optax(references.adopt), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3},
        "no_clip": {"eps": 1e-4, "clip": False},
        "coupled": case({"lr": 0.01, "weight_decay": 0.1},
                        reference=package("pytorch-optimizer") + ", ADOPT, clipping from step 0 on",
                        run=run_torch(pytorch_optimizer.ADOPT, with_betas((0.9, 0.9999)), foreach=False,
                                      clip_lambda=lambda step: (step - 1)**0.25)),
        "decoupled": case({"lr": 0.01, "weight_decay": 0.5, "decoupled_weight_decay": True},
                          reference=CLOSED_FORM, run=closed_forms.adopt),
    }),
    "yogi": Entry(package("torch_optimizer") + ", Yogi, momentum from 0",
                  run_torch(torch_optimizer.Yogi, with_betas(), references.momentum_from_zero), {
        "plain": {},
        "other_hypers": {"lr": 0.1, "beta1": 0.8, "beta2": 0.9, "eps": 1e-2, "initial_accumulator": 0.25},
        "weight_decay": {"beta2": 0.95, "weight_decay": 0.1},
    }),
    "novograd": Entry(package("torch_optimizer") + ", NovoGrad",
                      run_torch(torch_optimizer.NovoGrad, with_betas((0.95, 0.98))), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.9, "beta2": 0.5, "eps": 1e-3},
        "grad_averaging": {"lr": 0.01, "weight_decay": 0.1, "grad_averaging": True},
        "amsgrad": {"lr": 0.01, "beta2": 0.25, "weight_decay": 0.1, "amsgrad": True},
    }, inputs.tensors),
    "mars": Entry(CLOSED_FORM, closed_forms.mars, {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.9, "beta2": 0.95, "gamma": 0.2, "eps": 1e-6},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.5},
    }, inputs.tensors),
    "prodigy": Entry(package("prodigyopt") + ", Prodigy",
                     run_torch(prodigyopt.Prodigy, with_betas()), {
        # float32 resolves w − w0 well only where w is small. The authors' code multiplies eps by the new d, the paper
        # by the old one: it hardly matters where eps is tiny.
        "plain": case({"eps": 1e-30}, scale=0),
        "decoupled": case({"d0": 1e-3, "eps": 1e-30, "weight_decay": 0.1, "d_coef": 2.0}, scale=1e-3),
        "coupled": case({"d0": 1e-3, "eps": 1e-30, "weight_decay": 0.1, "decouple": False, "growth_rate": 1.1},
                        scale=1e-3),
        "all": case({"lr": 0.5, "d0": 1e-4, "eps": 1e-30, "beta1": 0.8, "beta2": 0.9, "beta3": 0.8,
                     "use_bias_correction": True, "safeguard_warmup": True}, scale=0),
        "eps": case({"d0": 1e-3, "eps": 0.1, "weight_decay": 0.1}, scale=1e-3,
                    reference=CLOSED_FORM, run=closed_forms.prodigy),
    }, inputs.tensors),
    "dadapt_adam": Entry(package("dadaptation") + ", DAdaptAdam", run_torch(dadaptation.DAdaptAdam, with_betas()), {
        "plain": case({}, scale=0),
        "decoupled": case({"d0": 1e-3, "weight_decay": 0.1, "decouple": True}, scale=1e-3),
        "coupled": case({"d0": 1e-3, "eps": 1e-4, "weight_decay": 0.1, "growth_rate": 1.1}, scale=1e-3),
        "bias_correction": case({"lr": 0.5, "d0": 1e-4, "beta1": 0.8, "beta2": 0.9, "use_bias_correction": True},
                                scale=0),
    }, inputs.tensors),
    "schedule_free_sgd": Entry(package("schedulefree") + ", SGDScheduleFree",
                               run_torch(schedulefree.SGDScheduleFree, prepared=references.in_training,
                                         view=references.evaluation_weights, foreach=False), {
        "plain": {"lr": 0.1},
        "warmup": {"lr": 0.1, "momentum": 0.8, "warmup_steps": 8},
        "all": {"lr": 0.05, "weight_decay": 0.1, "warmup_steps": 5, "r": 1.5, "weight_lr_power": 1.0},
    }),
    "schedule_free_adamw": Entry(package("schedulefree") + ", AdamWScheduleFree",
                                 run_torch(schedulefree.AdamWScheduleFree, with_betas(), references.in_training,
                                           references.evaluation_weights, foreach=False), {
        "plain": {},
        "warmup": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6, "warmup_steps": 8},
        "all": {"lr": 0.01, "weight_decay": 0.1, "warmup_steps": 5, "r": 1.5, "weight_lr_power": 1.0},
    }),
    **{name: Entry(*entry) for name, entry in proximal_entries.ENTRIES.items()},
}


# ---------------------------------------------------------------- files

def flat(row):
    """The elements of a row's tensors one after the other."""
    return np.concatenate([array.reshape(-1) for array in row]).tolist()


def rows(matrix, indent):
    """A JSON matrix with one row per line."""
    lines = [json.dumps(flat(row), separators=(",", ":")) for row in matrix]
    return "[\n" + ",\n".join(" " * indent + line for line in lines) + "]"


def without(gradients, absent):
    """The gradients with None where a tensor is absent."""
    return [[None if [k, i] in absent else gradient for i, gradient in enumerate(row)]
            for k, row in enumerate(gradients, start=1)]


def case_text(name, label, entry):
    hypers, special = entry.cases[label] if isinstance(entry.cases[label], tuple) else (entry.cases[label], {})
    weights, gradients = entry.given()
    weights = [inputs.as_float32(special.get("scale", 1) * weight) for weight in weights]
    trajectory = special.get("run", entry.run)(weights, without(gradients, special.get("absent", [])), hypers)
    parts = [f'"name": {json.dumps(label)}', f'"hypers": {json.dumps(hypers)}']
    parts += [f'"{key}": {json.dumps(special[key])}' for key in ("reference", "absent") if key in special]
    parts.append(f'"w0": {json.dumps(flat(weights))}')
    for what, values in trajectory.items():
        assert all(np.all(np.isfinite(flat(row))) for row in values), f"{name}/{label} leaves the finite numbers"
        parts.append(f'"{what}": {rows(values, 4)}')
    return "  {" + ",\n   ".join(parts) + "}"


def file_text(name, entry):
    weights, gradients = entry.given()
    shapes = "" if len(weights) == 1 else f'\n "shapes": {json.dumps([list(weight.shape) for weight in weights])},'
    return (f'{{"optimizer": {json.dumps(name)},\n "reference": {json.dumps(entry.reference)},{shapes}\n'
            f' "g": {rows(gradients, 2)},\n "cases": [\n'
            + ",\n".join(case_text(name, label, entry) for label in entry.cases) + "]}\n")


def main():
    jax.config.update("jax_enable_x64", True)
    torch.set_default_dtype(torch.float64)  # of the numbers that an optimizer keeps for a tensor
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or ENTRIES:
        (FOLDER / f"{name}.json").write_text(file_text(name, ENTRIES[name]))


if __name__ == "__main__":
    main()
