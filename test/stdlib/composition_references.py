"""Optimizers that are made of parts, put together from PyTorch's and Optax's parts and, where they have none, from the
formulas of the papers in NumPy. Everything is float64.

A rule has step(weights, gradients), which returns the weights after a step, or None where the step is skipped; both
arguments are lists with one array per tensor. A transform has before(weights, gradients), which returns the gradients,
or None to skip the step, and after(old, proposed, gradients), which returns the weights."""

import jax.numpy as jnp
import numpy as np
import optax
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


def norm(arrays):
    return np.sqrt(sum(np.sum(np.square(array)) for array in arrays))


def is_finite(arrays):
    return all(np.all(np.isfinite(array)) for array in arrays)


# ---------------------------------------------------------------- rules

class OfTorch:
    """An optimizer of torch. Its learning rate may be a list, one for each step."""

    def __init__(self, optimizer_class, lr, **arguments):
        self.make, self.lr, self.optimizer = lambda ours: optimizer_class(ours, lr=1.0, **arguments), lr, None
        self.steps = 0

    def step(self, weights, gradients):
        if self.optimizer is None:
            self.ours = [torch.nn.Parameter(torch.tensor(weight)) for weight in weights]
            self.optimizer = self.make(self.ours)
        with torch.no_grad():
            for parameter, weight in zip(self.ours, weights):
                parameter.copy_(torch.tensor(weight))
        for parameter, gradient in zip(self.ours, gradients):
            parameter.grad = torch.tensor(np.asarray(gradient))
        self.optimizer.param_groups[0]["lr"] = self.lr[self.steps] if isinstance(self.lr, list) else self.lr
        self.steps += 1
        self.optimizer.step()
        return [parameter.detach().numpy().copy() for parameter in self.ours]


def sgd(lr, momentum=0.0):
    return OfTorch(torch.optim.SGD, lr, momentum=momentum, foreach=False)


def adam(lr):
    return OfTorch(torch.optim.Adam, lr, foreach=False)


def adamw(lr, weight_decay=0.01, betas=(0.9, 0.999)):
    return OfTorch(torch.optim.AdamW, lr, weight_decay=weight_decay, betas=betas, foreach=False)


class Signum:
    """A step along the sign of the mean gradient, none of which may be so near to 0 that float32 sees another sign."""

    def __init__(self, lr, beta=0.9):
        self.lr, self.beta, self.means = lr, beta, None

    def step(self, weights, gradients):
        before = self.means or [np.zeros_like(weight) for weight in weights]
        self.means = [self.beta * mean + (1 - self.beta) * gradient for mean, gradient in zip(before, gradients)]
        assert all(np.all(np.abs(mean) > 1e-5) for mean in self.means), "a sign hangs by a rounding: change the seed"
        return [weight - self.lr * np.sign(mean) for weight, mean in zip(weights, self.means)]


class NormalizedSgd:
    def __init__(self, lr, eps=1e-8):
        self.lr, self.eps = lr, eps

    def step(self, weights, gradients):
        length = norm(gradients) + self.eps
        return [weight - self.lr * gradient / length for weight, gradient in zip(weights, gradients)]


class Pipe:
    """Transforms around the one rule among `parts`."""

    def __init__(self, *parts):
        self.transforms = [part for part in parts if isinstance(part, Transform)]
        self.rule, = [part for part in parts if not isinstance(part, Transform)]

    def step(self, weights, gradients):
        for transform in self.transforms:
            gradients = transform.before(weights, gradients)
            if gradients is None:
                return None
        proposed = self.rule.step(weights, gradients)
        for transform in self.transforms:
            proposed = transform.after(weights, proposed, gradients)
        return proposed


class Select:
    """A rule for each part of the tensors, None for those that stay."""

    def __init__(self, *branches):
        self.branches = branches

    def step(self, weights, gradients):
        result = list(weights)
        for tensors, rule in self.branches:
            if rule is not None:
                moved = rule.step([weights[i] for i in tensors], [gradients[i] for i in tensors])
                for i, weight in zip(tensors, moved):
                    result[i] = weight
        return result


class Lookahead:
    """Algorithm 1 of the paper: k steps of the inner optimizer from the slow weights, then a slow step."""

    def __init__(self, inner, k, alpha=0.5):
        self.inner, self.k, self.alpha, self.slow, self.made = inner, k, alpha, None, 0

    def step(self, weights, gradients):
        if self.slow is None:
            self.slow = list(weights)
        fast = self.inner.step(weights, gradients)
        self.made += 1
        if self.made == self.k:
            self.made = 0
            self.slow = [(1 - self.alpha) * s + self.alpha * f for s, f in zip(self.slow, fast)]
            return list(self.slow)
        return fast


class MultiSteps:
    """optax.MultiSteps around an optax optimizer: a step of the mean gradient in every kth."""

    def __init__(self, optimizer, k):
        self.rule = optax.MultiSteps(optimizer, k, accumulator_dtype=jnp.float64)
        self.state, self.k, self.made = None, k, 0

    def step(self, weights, gradients):
        weights, gradients = [[jnp.asarray(array) for array in arrays] for arrays in (weights, gradients)]
        self.state = self.state or self.rule.init(weights)
        update, self.state = self.rule.update(gradients, self.state, weights)
        self.made += 1
        if self.made % self.k != 0:
            return None
        return [np.asarray(weight) for weight in optax.apply_updates(weights, update)]


class Scaled:
    """torch.amp.GradScaler around a torch optimizer. The gradients come as the host makes them: scaled by `scale`."""

    def __init__(self, rule, **arguments):
        self.rule, self.scaler = rule, torch.amp.GradScaler(device="cpu", **arguments)
        self.scaler.scale(torch.zeros(1))                        # makes the scale come to be
        self.scale = self.scaler.get_scale()

    def step(self, weights, gradients):
        stepped = []

        def take():
            unscaled = [parameter.grad.numpy() for parameter in ours]
            stepped.append(self.rule.step(weights, unscaled))

        ours = [torch.nn.Parameter(torch.tensor(weight)) for weight in weights]
        optimizer = torch.optim.SGD(ours)
        optimizer.step = take
        for parameter, gradient in zip(ours, gradients):
            parameter.grad = torch.tensor(gradient)
        self.scaler.step(optimizer)
        self.scaler.update()
        self.scale = self.scaler.get_scale()
        return stepped[0] if stepped else None


class OnPlateau:
    """torch.optim.lr_scheduler.ReduceLROnPlateau over SGD; it is told of an epoch before the step that counts it."""

    def __init__(self, lr, losses, **arguments):
        self.optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
        self.scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(self.optimizer, eps=0.0, **arguments)
        self.losses, self.steps = losses, 0

    def step(self, weights, gradients):
        if self.losses[self.steps] is not None:
            self.scheduler.step(self.losses[self.steps])
        self.steps += 1
        lr = self.optimizer.param_groups[0]["lr"]
        return [weight - lr * gradient for weight, gradient in zip(weights, gradients)]


# ---------------------------------------------------------------- transforms

class Transform:
    def before(self, weights, gradients):
        return gradients

    def after(self, old, proposed, gradients):
        return proposed


class OfOptax(Transform):
    """A gradient transformation of optax, for some of the tensors; by default, for all."""

    def __init__(self, rule, only=None):
        self.rule, self.only = rule, only

    def before(self, weights, gradients):
        only = range(len(weights)) if self.only is None else self.only
        ours, theirs = [jnp.asarray(weights[i]) for i in only], [jnp.asarray(gradients[i]) for i in only]
        update, _ = self.rule.update(theirs, self.rule.init(ours), ours)
        result = list(gradients)
        for i, array in zip(only, update):
            result[i] = np.asarray(array)
        return result


class Transposed(Transform):
    """One whose units are columns, for units that are rows."""

    def __init__(self, transform):
        self.transform = transform

    def before(self, weights, gradients):
        turned = self.transform.before([weight.T for weight in weights], [gradient.T for gradient in gradients])
        return [gradient.T for gradient in turned]


class PerTensor(Transform):
    """before(weight, gradient) of one tensor, for some of the tensors; by default, for all."""

    def __init__(self, rule, only=None):
        self.rule, self.only = rule, only

    def before(self, weights, gradients):
        return [self.rule(weight, gradient) if self.only is None or i in self.only else gradient
                for i, (weight, gradient) in enumerate(zip(weights, gradients))]


class Afterwards(Transform):
    """after(old, proposed, gradient) of one tensor, for some of the tensors; by default, for all."""

    def __init__(self, rule, only=None):
        self.rule, self.only = rule, only

    def after(self, old, proposed, gradients):
        return [self.rule(*tensor) if self.only is None or i in self.only else tensor[1]
                for i, tensor in enumerate(zip(old, proposed, gradients))]


def cautious(min_share):
    def mask(old, proposed, gradient):
        change = proposed - old
        assert np.all((np.abs(change) > 1e-6) | (gradient == 0)), "a sign hangs by a rounding: change the seed"
        agrees = (change * gradient < 0).astype(float)
        return old + change * agrees / max(np.mean(agrees), min_share)
    return mask


def prune(limit):
    def cut(old, proposed, gradient):
        assert np.all(np.abs(np.abs(proposed) - limit) > 1e-5), "a comparison hangs by a rounding: change the seed"
        return np.where(np.abs(proposed) < limit, 0.0, proposed)
    return cut


class Decay(Transform):
    """Takes a share of the weights away, one for each step where it is a list."""

    def __init__(self, share, only=None):
        self.share, self.only, self.steps = share, only, 0

    def after(self, old, proposed, gradients):
        share = self.share[self.steps] if isinstance(self.share, list) else self.share
        self.steps += 1
        return [new - share * before if self.only is None or i in self.only else new
                for i, (before, new) in enumerate(zip(old, proposed))]


class Mars(Transform):
    def __init__(self, gamma, beta):
        self.factor, self.previous = gamma * beta / (1 - beta), None

    def before(self, weights, gradients):
        previous = self.previous or [np.zeros_like(gradient) for gradient in gradients]
        self.previous = gradients
        corrected = [g + self.factor * (g - before) for g, before in zip(gradients, previous)]
        return [c / norm([c]) if norm([c]) > 1 else c for c in corrected]


class Accumulate(Transform):
    def __init__(self, count, average=True):
        self.count, self.average, self.gathered = count, average, []

    def before(self, weights, gradients):
        self.gathered.append(gradients)
        if len(self.gathered) < self.count:
            return None
        total = [sum(arrays) for arrays in zip(*self.gathered)]
        self.gathered = []
        return [array / self.count for array in total] if self.average else total


class SkipNonfinite(Transform):
    def before(self, weights, gradients):
        return gradients if is_finite(gradients) else None


class Unscale(Transform):
    def __init__(self, scale):
        self.scale = scale

    def before(self, weights, gradients):
        return [gradient / self.scale for gradient in gradients] if is_finite(gradients) else None


class DynamicScale(Transform):
    """The rules of torch.amp.GradScaler, for what stands in the middle of a pipe."""

    def __init__(self, scale, interval):
        self.scale, self.interval, self.good = scale, interval, 0

    def before(self, weights, gradients):
        scale = self.scale
        if not is_finite(gradients):
            self.scale, self.good = scale / 2, 0
            return None
        self.good += 1
        if self.good == self.interval:
            self.scale, self.good = 2 * scale, 0
        return [gradient / scale for gradient in gradients]


class Average(Transform):
    """torch.optim.swa_utils.AveragedModel of what the pipe has come to. `is_due` of the step, counted from 1. With
    `starts`, the weights before the first step count as the first average."""

    def __init__(self, average, is_due=lambda step: True, starts=True):
        self.average, self.is_due, self.starts, self.steps, self.model = average, is_due, starts, 0, None

    def after(self, old, proposed, gradients):
        if self.model is None:
            self.ours = torch.nn.ParameterList([torch.nn.Parameter(torch.tensor(weight)) for weight in old])
            self.model = AveragedModel(self.ours, multi_avg_fn=self.average)
            if self.starts:
                self.model.update_parameters(self.ours)
        with torch.no_grad():
            for parameter, weight in zip(self.ours, proposed):
                parameter.copy_(torch.tensor(np.asarray(weight)))
        self.steps += 1
        if self.is_due(self.steps):
            self.model.update_parameters(self.ours)
        return proposed

    def shown(self, weights):
        if self.model is None or int(self.model.n_averaged) == 0:
            return weights
        return [parameter.detach().numpy().copy() for parameter in self.model.module]


def ema(decay):
    return Average(get_ema_multi_avg_fn(decay))


def mean(**arguments):
    return Average(None, starts=False, **arguments)


class WarmEma(Transform):
    """Decay min(δ, (1 + t)/(10 + t)): an average over a tenth of the steps at first."""

    def __init__(self, decay):
        self.decay, self.steps, self.averages = decay, 0, None

    def after(self, old, proposed, gradients):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        self.averages = [decay * u + (1 - decay) * w for u, w in zip(self.averages or old, proposed)]
        return proposed

    def shown(self, weights):
        return self.averages or weights
