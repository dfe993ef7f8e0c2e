"""Writes vectors/*.json: what each optimizer of stdlib/optimizers does in 20 steps, according to somebody else.

The references are PyTorch, Optax and a closed form, run in float64. Nothing here reads a .rvn file or runs a compiled
library, so that agreement means something. The weights and gradients are given numbers, exact in float32; gradients do
not depend on the weights, so an error of rounding is carried along but never amplified.

One file holds

    optimizer   the name of the standard library's entry
    reference   what computed the numbers
    g           20 rows of 17: the gradient of each step, shared by all cases
    cases       name, hypers that differ from the defaults, w0 (17) and w (20 rows of 17: the weights after each step)

Every number reads back as the float64 it was written from. Run it with PyTorch, Optax and NumPy installed:

    python generate_vectors.py
"""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

STEPS = 20
SEED = 1847

TORCH = f"torch {torch.__version__.split('+')[0]}, float64"
OPTAX = f"optax {optax.__version__}, jax {jax.__version__}, float64"
CLOSED_FORM = f"closed form in numpy {np.__version__}, float64"


# ---------------------------------------------------------------- inputs

def weights_and_gradients():
    """Seventeen elements, each a situation that an optimizer meets: one row of gradients per step."""
    random = np.random.default_rng(SEED)
    step = np.arange(1, STEPS + 1)
    noise = lambda scale: scale * random.standard_normal(STEPS)
    elements = [
        # weight, gradient at each step
        (0.5, noise(1.0)),
        (-1.25, noise(1.0)),
        (2.0, noise(1e-3)),
        (-0.75, 0.3 + noise(0.1)),
        (3.0, noise(10.0)),
        (1.0, np.zeros(STEPS)),                                  # never a gradient
        (0.0, np.zeros(STEPS)),                                  # neither weight nor gradient
        (0.0, noise(1.0)),                                       # starts at zero
        (1.5, np.where(step % 4 == 0, noise(2.0), 0.0)),         # rare gradients
        (-2.0, np.where(step < 6, 0.0, 0.7)),                    # sets in late
        (0.8, np.where(step % 2 == 0, 0.9, -0.9)),               # changes sign at every step
        (-0.6, np.full(STEPS, -0.25)),                           # constant
        (1e-12, noise(1e-12)),                                   # far below eps
        (-1e-30, noise(1e-30)),                                  # its square is zero in float32
        (1e4, noise(1e4)),                                       # large
        (-1e8, noise(1e12)),                                     # very large
        (0.9, np.where(step == 5, 1e3, 1e-3 * step)),            # one outlier
    ]
    weight = np.array([weight for weight, _ in elements])
    gradients = np.stack([gradient for _, gradient in elements], axis=1)
    return weight.astype(np.float32).astype(np.float64), gradients.astype(np.float32).astype(np.float64)


# ---------------------------------------------------------------- references

def run_torch(optimizer_class, renamed=None, **fixed):
    """A trajectory of a torch optimizer; `renamed` turns our hypers into its arguments."""
    def run(weight, gradients, hypers):
        parameter = torch.tensor(weight, dtype=torch.float64, requires_grad=True)
        arguments = renamed(dict(hypers)) if renamed else hypers
        optimizer = optimizer_class([parameter], foreach=False, **fixed, **arguments)
        trajectory = []
        for gradient in gradients:
            parameter.grad = torch.tensor(gradient, dtype=torch.float64)
            optimizer.step()
            trajectory.append(parameter.detach().numpy().copy())
        return trajectory
    return run


def with_betas(hypers):
    """torch wants both betas in a pair."""
    if "beta1" in hypers or "beta2" in hypers:
        hypers["betas"] = (hypers.pop("beta1", 0.9), hypers.pop("beta2", 0.999))
    return hypers


def with_momentum(hypers):
    return {"momentum": hypers.pop("beta", 0.9), **hypers}


def run_lion(weight, gradients, hypers):
    """A trajectory of optax.lion. Its step jumps where the interpolated momentum changes sign, so no element may come
    so near to that point, other than by being exactly there, that float32 could see another sign."""
    b1, b2 = hypers.get("beta1", 0.9), hypers.get("beta2", 0.99)
    lion = optax.lion(hypers.get("lr", 1e-4), b1, b2, weight_decay=hypers.get("weight_decay", 0.0))
    parameter = jnp.asarray(weight, dtype=jnp.float64)
    state = lion.init(parameter)
    trajectory = []
    for gradient in gradients:
        momentum = np.asarray(state[0].mu)
        terms = np.abs(b1 * momentum) + np.abs((1 - b1) * gradient)
        interpolated = np.abs(b1 * momentum + (1 - b1) * gradient)
        assert np.all((terms == 0) | (interpolated > 1e-4 * terms)), "a sign hangs by a rounding: change the seed"
        update, state = lion.update(jnp.asarray(gradient), state, parameter)
        parameter = optax.apply_updates(parameter, update)
        trajectory.append(np.asarray(parameter))
    return trajectory


def run_sgdm(weight, gradients, hypers):
    """w_k = w_0 − η Σ_{j≤k} c_j (1 − β) Σ_{i≤j} β^{j−i} g_i, with c_j = 1/(1 − β^j) when debiased, else 1."""
    lr, beta, debias = hypers.get("lr", 1e-3), hypers.get("beta", 0.9), hypers.get("debias", False)
    count = len(gradients)
    step = np.arange(1, count + 1)
    age = step[:, None] - step[None, :]
    mean = np.where(age >= 0, (1 - beta) * np.power(beta, np.maximum(age, 0)), 0.0)
    correction = 1 / (1 - beta ** step) if debias else np.ones(count)
    summed = np.tril(np.ones((count, count)))
    return list(weight - lr * (summed @ (correction[:, None] * (mean @ gradients))))


# ---------------------------------------------------------------- cases

ENTRIES = {
    "sgd": (TORCH + ", torch.optim.SGD", run_torch(torch.optim.SGD), {
        "plain": {},
        "weight_decay": {"lr": 0.05, "weight_decay": 0.1},
        "maximize": {"lr": 0.01, "maximize": True},
        "momentum": {"lr": 0.01, "momentum": 0.9},
        "dampening": {"lr": 0.02, "momentum": 0.9, "dampening": 0.4},
        "nesterov": {"lr": 0.01, "momentum": 0.85, "nesterov": True},
        "nesterov_all": {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.05, "nesterov": True, "maximize": True},
        "dampening_all": {"lr": 0.01, "momentum": 0.8, "weight_decay": 0.05, "dampening": 0.3, "maximize": True},
    }),
    "heavy_ball": (TORCH + ", torch.optim.SGD with momentum", run_torch(torch.optim.SGD, with_momentum), {
        "plain": {},
        "other_hypers": {"lr": 0.02, "beta": 0.75},
    }),
    "sgdm": (CLOSED_FORM, run_sgdm, {
        "plain": {},
        "other_hypers": {"lr": 0.1, "beta": 0.75},
        "debias": {"debias": True},
        "debias_other_hypers": {"lr": 0.1, "beta": 0.95, "debias": True},
    }),
    "adam": (TORCH + ", torch.optim.Adam", run_torch(torch.optim.Adam, with_betas), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.1},
    }),
    "adamw": (TORCH + ", torch.optim.AdamW", run_torch(torch.optim.AdamW, with_betas), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6, "weight_decay": 0.0},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.5},
    }),
    "amsgrad": (TORCH + ", torch.optim.Adam with amsgrad", run_torch(torch.optim.Adam, with_betas, amsgrad=True), {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.8, "beta2": 0.9, "eps": 1e-6},
        "weight_decay": {"lr": 0.01, "beta2": 0.9, "weight_decay": 0.1},
    }),
    "lion": (OPTAX + ", optax.lion", run_lion, {
        "plain": {},
        "other_hypers": {"lr": 0.01, "beta1": 0.95, "beta2": 0.98},
        "weight_decay": {"lr": 0.01, "weight_decay": 0.5},
    }),
    "rmsprop": (TORCH + ", torch.optim.RMSprop", run_torch(torch.optim.RMSprop), {
        "plain": {},
        "other_hypers": {"lr": 0.003, "alpha": 0.9, "eps": 1e-6},
        "weight_decay": {"weight_decay": 0.1},
        "momentum": {"lr": 0.001, "momentum": 0.9},
        "centered": {"lr": 0.001, "centered": True},
        "centered_momentum": {"lr": 0.001, "momentum": 0.8, "centered": True},
        "all": {"lr": 0.001, "alpha": 0.95, "momentum": 0.8, "weight_decay": 0.1, "centered": True},
    }),
}


# ---------------------------------------------------------------- files

def rows(matrix, indent):
    """A JSON matrix with one row per line."""
    lines = [json.dumps([float(value) for value in row], separators=(",", ":")) for row in matrix]
    return "[\n" + ",\n".join(" " * indent + line for line in lines) + "]"


def file_text(name, reference, run, cases, weight, gradients):
    blocks = []
    for case, hypers in cases.items():
        trajectory = run(weight, gradients, hypers)
        assert np.all(np.isfinite(trajectory)), f"{name}/{case} leaves the finite numbers"
        blocks.append(f'  {{"name": {json.dumps(case)},\n'
                      f'   "hypers": {json.dumps(hypers)},\n'
                      f'   "w0": {json.dumps(list(weight))},\n'
                      f'   "w": {rows(trajectory, 4)}}}')
    return (f'{{"optimizer": {json.dumps(name)},\n "reference": {json.dumps(reference)},\n'
            f' "g": {rows(gradients, 2)},\n "cases": [\n' + ",\n".join(blocks) + "]}\n")


def main():
    jax.config.update("jax_enable_x64", True)
    weight, gradients = weights_and_gradients()
    folder = Path(__file__).parent / "vectors"
    folder.mkdir(exist_ok=True)
    for name, (reference, run, cases) in ENTRIES.items():
        (folder / f"{name}.json").write_text(file_text(name, reference, run, cases, weight, gradients))


if __name__ == "__main__":
    main()
