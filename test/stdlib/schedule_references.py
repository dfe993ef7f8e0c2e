"""Schedules of PyTorch and Optax and closed forms, each as a function that returns the rates of the first steps.

PyTorch and Optax count from 0, and so do schedules here that go on for ever: the first step has what they have at 0.
Those with a length end with their last value in their last step, so that step k has what the others have at k."""

import warnings

import numpy as np
import optax
import torch

STEPS = 40


def torch_rates(scheduler, first, **arguments):
    """`first` is the count that the first step has."""
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                          # no optimizer makes steps in between
        rule = scheduler(optimizer, **arguments)
        rates = [rule.get_last_lr()[0]]
        while len(rates) < min(STEPS + first, arguments.get("total_steps", np.inf)):
            rule.step()
            rates.append(rule.get_last_lr()[0])
    rates += [rates[-1]] * (STEPS + first - len(rates))
    return [float(rate) for rate in rates[first:]]


def of_torch(name, first, **arguments):
    return lambda: torch_rates(getattr(torch.optim.lr_scheduler, name), first, **arguments)


def of_optax(schedule, first):
    return lambda: [float(schedule(count)) for count in range(first, STEPS + first)]


def closed_form(value):
    """`value` of the step, counted from 1."""
    return lambda: [float(value(step)) for step in range(1, STEPS + 1)]


def stable_root_decay(step):
    return 1 - np.sqrt(np.clip((step - 12) / 12, 0, 1))


def transformer(step, warmup):
    """The rate of the paper, 1 at its peak."""
    return np.sqrt(warmup) * min(step**-0.5, step * warmup**-1.5)


def chebyshev(step, period, mu, smoothness):
    """The roots in the fractal order, which is doubled until it has `period` of them: behind each root that with which
    it adds up to one more than their number."""
    order = [1]
    while len(order) < period:
        order = [place for root in order for place in (root, 2 * len(order) + 1 - root)]
    root = order[(step - 1) % period]
    return 2 / (smoothness + mu - (smoothness - mu) * np.cos((root - 0.5) * np.pi / period))


def chebyshev_two(step, mu, smoothness):
    sign = -1 if step % 2 == 1 else 1
    return 1 / ((mu + smoothness) / 2 + sign * (smoothness - mu) / (2 * np.sqrt(2)))


def longest_counts(step):
    """The sum of a line of 4 steps and one of 9 has 9."""
    return 0.125 if step > 9 else 1 - min(step, 4) / 4 + step / 9


# What the host sets in between; None returns the rate to its schedule.
SET_BY_HOST = {"overridden": [None] * 4 + [0.3] * 5 + [None] * (STEPS - 9)}


def overridden():
    rates = of_optax(optax.cosine_decay_schedule(1, 24), 1)()
    return [rate if value is None else value for rate, value in zip(rates, SET_BY_HOST["overridden"])]


TORCH, OPTAX, NUMPY = "torch", "optax", "numpy"

RATES = {
    "constant_forever": (NUMPY, closed_form(lambda step: 0.25)),
    "constant_first": (TORCH, of_torch("ConstantLR", 0, factor=0.25, total_iters=10)),
    "linear_down": (TORCH, of_torch("LinearLR", 1, start_factor=1, end_factor=0, total_iters=24)),
    "linear_up": (TORCH, of_torch("LinearLR", 1, start_factor=0.2, end_factor=0.9, total_iters=24)),
    "warmup_from_zero": (OPTAX, of_optax(optax.linear_schedule(0, 1, 20), 1)),
    "warmup_from_tenth": (TORCH, of_torch("LinearLR", 1, start_factor=0.1, end_factor=1, total_iters=20)),
    "polynomial_cubic": (TORCH, of_torch("PolynomialLR", 1, total_iters=24, power=3)),
    "polynomial_to_floor": (OPTAX, of_optax(optax.polynomial_schedule(1, 0.05, 2, 24), 1)),
    "cosine_to_zero": (OPTAX, of_optax(optax.cosine_decay_schedule(1, 24), 1)),
    "cosine_to_floor": (OPTAX, of_optax(optax.cosine_decay_schedule(1, 24, alpha=0.1), 1)),
    "restarts_equal": (TORCH, of_torch("CosineAnnealingWarmRestarts", 0, T_0=7, eta_min=0.1)),
    "restarts_doubling": (TORCH, of_torch("CosineAnnealingWarmRestarts", 0, T_0=3, T_mult=2)),
    "restarts_tripling": (TORCH, of_torch("CosineAnnealingWarmRestarts", 0, T_0=1, T_mult=3, eta_min=0.01)),
    "cyclic_triangular": (TORCH, of_torch("CyclicLR", 0, base_lr=0.1, max_lr=1, step_size_up=5, step_size_down=3,
                                          cycle_momentum=False)),
    "cyclic_shrinking": (TORCH, of_torch("CyclicLR", 0, base_lr=0.2, max_lr=1, step_size_up=4, step_size_down=6,
                                         mode="triangular2", cycle_momentum=False)),
    "exponential_by_step": (TORCH, of_torch("ExponentialLR", 0, gamma=0.9)),
    "exponential_by_period": (OPTAX, of_optax(optax.exponential_decay(1, 7, 0.6), 0)),
    "stairs": (TORCH, of_torch("StepLR", 0, step_size=7, gamma=0.3)),
    "one_milestone": (TORCH, of_torch("MultiStepLR", 0, milestones=[9])),
    "three_milestones": (TORCH, of_torch("MultiStepLR", 0, milestones=[5, 11, 12], gamma=0.5)),
    "inverse_root": (NUMPY, closed_form(lambda step: 1 / np.sqrt(step))),
    "transformer": (NUMPY, closed_form(lambda step: transformer(step, 8))),
    "one_cycle_cosine": (TORCH, of_torch("OneCycleLR", 0, max_lr=1, total_steps=30, cycle_momentum=False)),
    "one_cycle_linear": (TORCH, of_torch("OneCycleLR", 0, max_lr=1, total_steps=30, pct_start=0.5, div_factor=10,
                                         final_div_factor=100, anneal_strategy="linear", cycle_momentum=False)),
    "warmup_stable_decay": (OPTAX, of_optax(optax.join_schedules(
        [optax.linear_schedule(0, 1, 6), optax.constant_schedule(1), optax.linear_schedule(1, 0.1, 8)], [6, 16]), 1)),
    "stable_root_decay": (NUMPY, closed_form(stable_root_decay)),
    "chebyshev_two": (NUMPY, closed_form(lambda step: chebyshev_two(step, 0.2, 5))),
    "chebyshev_sixteen": (NUMPY, closed_form(lambda step: chebyshev(step, 16, 0.01, 3))),
    "warmup_then_cosine": (OPTAX, of_optax(optax.warmup_cosine_decay_schedule(0, 3e-2, 10, 30, 3e-3), 1)),
    "three_in_a_row": (OPTAX, of_optax(optax.join_schedules(
        [optax.linear_schedule(0, 1, 5), optax.constant_schedule(1), optax.linear_schedule(1, 0.25, 9)], [5, 12]), 1)),
    "longest_counts": (NUMPY, closed_form(longest_counts)),
    "from_a_peak": (OPTAX, of_optax(optax.cosine_decay_schedule(0.5, 24), 1)),
    "overridden": (OPTAX, overridden),
}
