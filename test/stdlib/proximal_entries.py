"""The entries of stdlib/optimizers that have penalties, sets or searches, for generate_vectors.py: of each the reference,
how to run it, its cases and its inputs."""

import numpy as np
import pyproximal
import torch

import inputs
import proximal_rules as rules
from proximal_rules import soft

PYPROXIMAL = f"pyproximal {pyproximal.__version__}, numpy {np.__version__}, float64"
NUMPY = f"closed form in numpy {np.__version__}, float64"
TORCH = f"torch {torch.__version__.split('+')[0]}, float64, torch.optim.Adafactor"


def run(make):
    """A runner for what `make` makes of the hypers: a rule, and whether it has a view `eval`."""
    def runner(weights, gradients, hypers):
        rule = make(hypers)
        trajectory = {"w": []} | ({"eval": []} if hasattr(rule, "shown") else {})
        for row in gradients:
            weights = rule.step(weights, row)
            trajectory["w"].append(weights)
            if "eval" in trajectory:
                trajectory["eval"].append(rule.shown(weights))
        return trajectory
    return runner


class Applied:
    """An operator in every step, without a gradient."""

    def __init__(self, prox, tau):
        self.prox, self.tau = prox, tau

    def step(self, weights, gradients):
        return [self.prox(w, self.tau) for w in weights]


def nonneg(weight, _):
    return pyproximal.Box(lower=0.0).prox(weight.reshape(-1), 1.0).reshape(weight.shape)


def sparse_groups(hypers):
    """By default, the channels of a kernel; with Q, the operator of the sparse group lasso in two steps."""
    groups = rules.group_lasso(rules.channels_of, hypers.get("P.lambda", 1e-3))
    elements = soft(hypers.get("Q.lambda", 0.0))
    return lambda w, tau: groups(elements(w, tau), tau)


def splitting(kind, prox=lambda hypers: soft(hypers.get("P.lambda", 1.0)), **fixed):
    return run(lambda hypers: kind(prox(hypers), hypers.get("lr", 0.1), hypers.get("beta", 1.0), **fixed))


def adafactor(weights, gradients, hypers):
    """torch.optim.Adafactor, for tensors with at most two axes, the last two of which it factors."""
    parameters = [torch.tensor(weight, requires_grad=True) for weight in weights]
    optimizer = torch.optim.Adafactor(parameters, lr=hypers.get("lr", 1e-2), beta2_decay=-hypers.get("decay", 0.8),
                                      eps=(hypers.get("eps1", 2.0**-23), hypers.get("eps2", 1e-3)),
                                      d=hypers.get("clipping", 1.0), weight_decay=hypers.get("weight_decay", 0.0),
                                      foreach=False)
    trajectory = []
    for row in gradients:
        for parameter, gradient in zip(parameters, row):
            parameter.grad = torch.tensor(gradient)
        optimizer.step()
        trajectory.append([parameter.detach().numpy().copy() for parameter in parameters])
    return {"w": trajectory}


MEASURED = ["measure"] * 4 + ["prune"] + ["measure"] * 14 + ["prune"]

ENTRIES = {
    "apply_prox": (PYPROXIMAL, run(lambda hypers: Applied(soft(hypers.get("P.lambda", 1.0)), hypers.get("tau", 1.0))), {
        "plain": {},
        "other_hypers": {"tau": 0.05, "P.lambda": 0.4},
        "no_step": {"tau": 0.0},
    }),
    "apply_projection": (PYPROXIMAL, run(lambda hypers: Applied(nonneg, 1.0)), {"plain": {}}),
    "proximal_gd": (PYPROXIMAL, run(lambda hypers: rules.ProximalGradient(soft(hypers.get("P.lambda", 1.0)),
                                                                          hypers.get("lr", 1e-3))), {
        "plain": {},
        "other_hypers": {"lr": 0.05, "P.lambda": 0.02},
    }, inputs.tensors),
    "fista": (PYPROXIMAL, run(lambda hypers: rules.Fista(soft(hypers.get("P.lambda", 1.0)), hypers.get("lr", 1e-3),
                                                         hypers.get("restart", True))), {
        "plain": {},
        "other_hypers": {"lr": 0.05, "P.lambda": 0.1},
        "without_restart": {"lr": 0.02, "P.lambda": 0.1, "restart": False},
    }, inputs.tensors),
    "projected_gd": (PYPROXIMAL, run(lambda hypers: rules.ProximalGradient(nonneg, hypers.get("lr", 1e-3))), {
        "plain": {},
        "other_hypers": {"lr": 0.1},
    }, inputs.tensors),
    "mirror_descent": (NUMPY, run(lambda hypers: rules.MirrorDescent(**hypers)), {
        "plain": {},
        "other_hypers": {"lr": 0.5, "total": 3.0},
        "per_row": {"lr": 0.3, "per_row": True},
    }, inputs.shares),
    "mirror_map": (NUMPY, run(lambda hypers: rules.ExponentiatedGradient(**hypers)), {
        "plain": {},
        "other_hypers": {"lr": 0.02},
    }, inputs.shares),
    "rvsm": (PYPROXIMAL, splitting(rules.Splitting), {
        "plain": {},
        "other_hypers": {"lr": 0.05, "beta": 2.0, "P.lambda": 0.2},
    }, inputs.tensors),
    "rvscgd": (PYPROXIMAL, splitting(rules.Splitting, sphere=True), {
        "plain": {},
        "other_hypers": {"lr": 0.05, "beta": 2.0, "P.lambda": 0.2},
    }, inputs.tensors),
    "rgsm": (PYPROXIMAL, splitting(rules.Splitting, sparse_groups), {
        "plain": {},
        "other_hypers": {"lr": 0.05, "beta": 2.0, "P.lambda": 1.5},
        "with_elements": {"lr": 0.05, "P.lambda": 0.6, "Q.lambda": 0.2},
    }, inputs.matrices),
    "admm_prune": (PYPROXIMAL, splitting(rules.Admm), {
        "plain": {},
        "other_hypers": {"lr": 0.05, "beta": 2.0, "P.lambda": 0.2},
    }, inputs.tensors),
    "prune_magnitude": (NUMPY, run(lambda hypers: rules.Prune(lambda _: hypers.get("keep", 0.1),
                                                              hypers.get("per_tensor", False))), {
        "plain": {},
        "other_hypers": {"keep": 0.5},
        "per_tensor": {"keep": 0.5, "per_tensor": True},
        "all": {"keep": 1.0},
        "none": {"keep": 0.0},
    }, inputs.tensors),
    "prune_percentile": (NUMPY, run(lambda hypers: rules.PrunePercentile(
        [hypers.get("share", 0.9)] * inputs.STEPS, hypers.get("per_tensor", False))), {
        "plain": {},
        "other_hypers": {"share": 0.4},
        "per_tensor": {"share": 0.3, "per_tensor": True},
    }, inputs.tensors),
    "prune_obd": (NUMPY, run(lambda hypers: rules.BrainDamage(hypers["phase"], hypers.get("batches", 1),
                                                              hypers.get("keep", 0.1), hypers.get("per_tensor", False))), {
        "plain": {"phase": MEASURED},
        "other_hypers": {"phase": MEASURED, "batches": 4, "keep": 0.6},
        "per_tensor": {"phase": MEASURED, "batches": 4, "keep": 0.5, "per_tensor": True},
    }, inputs.tensors),
    "synflow": (NUMPY, run(lambda hypers: rules.Prune(
        lambda step: hypers.get("compression", 10.0)**(-min(step, hypers.get("rounds", 100)) / hypers.get("rounds", 100)),
        by_product=True)), {
        "plain": {},
        "other_hypers": {"compression": 4.0, "rounds": 10},
    }, inputs.tensors),
    "adafactor": (TORCH, adafactor, {
        "plain": {},
        "other_hypers": {"lr": 0.3, "decay": 0.5, "eps1": 1e-6, "eps2": 1e-2, "clipping": 1.5},
        "weight_decay": {"lr": 0.1, "weight_decay": 0.1},
    }, inputs.tensors),
}
