"""Optimizers with penalties, sets and masks, from the formulas of their papers in NumPy, float64; operators are
pyproximal's where it has them.

A rule has step(weights, gradients), as in composition_references.py. What is taken from ordered numbers must not hang by
a rounding of float32: numbers that are told apart have to be told apart clearly.
"""

import numpy as np
import pyproximal

from composition_references import Transform, norm


def soft(by):
    """Soft thresholding."""
    def prox(w, tau):
        return w if tau == 0 else pyproximal.L1(by).prox(w.reshape(-1), tau).reshape(w.shape)
    return prox


def hard(price):
    def prox(w, tau):
        cut = np.sqrt(2 * tau * price)
        assert np.all(np.abs(np.abs(w) - cut) > 1e-5 * cut), "a comparison hangs by a rounding: change the seed"
        return pyproximal.L0(cut).prox(w.reshape(-1).copy(), 1.0).reshape(w.shape)
    return prox


def by_group(weight, members, prox, tau):
    """An operator of vectors, applied to each group; `members` gives the groups of a shape as sets of flat indices."""
    result = weight.reshape(-1).copy()
    for indices in members(weight.shape):
        result[indices] = prox(result[indices], tau)
    return result.reshape(weight.shape)


def group_lasso(members, by):
    return lambda w, tau: by_group(w, members, lambda x, t: pyproximal.Euclidean(by).prox(x, t) if np.any(x) else x, tau)


def rows_of(shape):
    return list(np.arange(np.prod(shape)).reshape(shape[0], -1))


def channels_of(shape):
    places = np.arange(np.prod(shape)).reshape(shape[0], shape[1], -1)
    return [places[:, channel].reshape(-1) for channel in range(shape[1])]


def tensor_of(shape):
    return [np.arange(np.prod(shape))]


def over(members, prox):
    """An operator of vectors, prox(x, τ), over groups."""
    return lambda w, tau: by_group(w, members, prox, tau)


# ---------------------------------------------------------------- rules

class Splitting:
    """RVSM, and with `sphere` RVSCGD. `prox` is an operator, or one for each tensor."""

    def __init__(self, prox, lr=0.1, beta=1.0, sphere=False):
        self.prox = prox if isinstance(prox, list) else None
        self.same, self.lr, self.beta, self.sphere = prox, lr, beta, sphere

    def shrink(self, arrays):
        operators = self.prox or [self.same] * len(arrays)
        return [operator(array, 1 / self.beta) for operator, array in zip(operators, arrays)]

    def step(self, weights, gradients):
        self.u = self.shrink(weights)
        moved = [w - self.lr * (g + self.beta * (w - u)) for w, g, u in zip(weights, gradients, self.u)]
        if self.sphere:
            moved = [v / norm([v]) if np.any(v) else v for v in moved]
        return moved

    def shown(self, weights):
        return self.u

    def gap(self, weights):
        return norm([w - u for w, u in zip(weights, self.u)])

    def zero_share(self):
        return sum(np.sum(u == 0) for u in self.u) / sum(u.size for u in self.u)


class Admm(Splitting):
    """Boyd et al. 2011 with the multiplier λ = ρ·(scaled dual), one gradient step for the minimization over w."""

    def step(self, weights, gradients):
        if not hasattr(self, "dual"):
            self.u, self.dual = self.shrink(weights), [np.zeros_like(w) for w in weights]
        moved = [w - self.lr * (g + self.beta * (w - u + d)) for w, g, u, d in
                 zip(weights, gradients, self.u, self.dual)]
        self.u = self.shrink([w + d for w, d in zip(moved, self.dual)])
        self.dual = [d + w - u for d, w, u in zip(self.dual, moved, self.u)]
        return moved


class ProximalGradient:
    def __init__(self, prox, lr=1e-3):
        self.prox, self.lr = prox, lr

    def step(self, weights, gradients):
        return [self.prox(w - self.lr * g, self.lr) for w, g in zip(weights, gradients)]


class Fista:
    """Beck & Teboulle 2009 in the numbers t_k, with the gradient restart of O'Donoghue & Candès 2015."""

    def __init__(self, prox, lr=1e-3, restart=True):
        self.prox, self.lr, self.restart, self.t, self.x = prox, lr, restart, 1.0, None

    def step(self, weights, gradients):
        before = self.x or weights
        self.x = [self.prox(w - self.lr * g, self.lr) for w, g in zip(weights, gradients)]
        uphill = sum(np.sum((y - x) * (x - old)) for y, x, old in zip(weights, self.x, before))
        scale = sum(np.sum(np.abs((y - x) * (x - old))) for y, x, old in zip(weights, self.x, before))
        assert scale == 0 or abs(uphill) > 1e-3 * scale, "a restart hangs by a rounding: change the seed"
        if self.restart and uphill > 0:
            self.t = 1.0
        following = (1 + np.sqrt(1 + 4 * self.t**2)) / 2
        share, self.t = (self.t - 1) / following, following
        return [x + share * (x - old) for x, old in zip(self.x, before)]

    def shown(self, weights):
        return self.x


class MirrorDescent:
    """In the logarithms of the weights."""

    def __init__(self, lr=0.1, total=1.0, per_row=False):
        self.lr, self.total, self.per_row = lr, total, per_row

    def step(self, weights, gradients):
        return [self.moved(w, g) for w, g in zip(weights, gradients)]

    def moved(self, weight, gradient):
        axes = tuple(range(1, weight.ndim)) if self.per_row and weight.ndim > 1 else None
        with np.errstate(divide="ignore"):
            score = np.log(weight) - self.lr * gradient
        share = np.exp(score - np.max(score, axis=axes, keepdims=True))
        return self.total * share / np.sum(share, axis=axes, keepdims=True)


class ExponentiatedGradient:
    def __init__(self, lr=0.1):
        self.lr = lr

    def step(self, weights, gradients):
        return [w * np.exp(-self.lr * g) for w, g in zip(weights, gradients)]


def kept(scores, share, per_tensor):
    """Masks of the share of the largest, over all tensors or each."""
    if per_tensor:
        return [kept([score], share, False)[0] for score in scores]
    everything = np.concatenate([score.reshape(-1) for score in scores])
    count = int(np.rint(share * everything.size))
    order = np.argsort(-everything, kind="stable")
    if 0 < count < everything.size:
        least, next_one = everything[order[count - 1]], everything[order[count]]
        assert least == next_one or least - next_one > 1e-5 * least, "an order hangs by a rounding: change the seed"
    mask = np.zeros(everything.size, dtype=bool)
    mask[order[:count]] = True
    ends = np.cumsum([score.size for score in scores])[:-1]
    return [part.reshape(score.shape) for part, score in zip(np.split(mask, ends), scores)]


class Prune:
    """By |w|, or with `by_product` by |w·g|. `share` of the step, counted from 1."""

    def __init__(self, share, per_tensor=False, by_product=False):
        self.share, self.per_tensor, self.by_product, self.steps = share, per_tensor, by_product, 0

    def step(self, weights, gradients):
        self.steps += 1
        scores = [np.abs(w * g if self.by_product else w) for w, g in zip(weights, gradients)]
        masks = kept(scores, self.share(self.steps), self.per_tensor)
        return [np.where(mask, w, 0.0) for mask, w in zip(masks, weights)]


class PrunePercentile:
    def __init__(self, share, per_tensor=False):
        self.share, self.per_tensor, self.steps = share, per_tensor, 0

    def step(self, weights, gradients):
        share = self.share[self.steps]
        self.steps += 1
        sizes = [np.abs(w) for w in weights]
        whole = np.concatenate([size.reshape(-1) for size in sizes])
        limits = [np.quantile(size if self.per_tensor else whole, share) for size in sizes]
        for size, limit in zip(sizes, limits):
            far = np.abs(size - limit) > 1e-5 * limit
            assert np.all(far | (size == limit)), "a comparison hangs by a rounding: change the seed"
        return [np.where(size < limit, 0.0, w) for size, limit, w in zip(sizes, limits, weights)]


class BrainDamage:
    def __init__(self, phases, batches, share, per_tensor=False):
        self.phases, self.batches, self.share, self.per_tensor, self.steps = phases, batches, share, per_tensor, 0

    def step(self, weights, gradients):
        phase = self.phases[self.steps]
        if self.steps == 0:
            self.squares = [np.zeros_like(w) for w in weights]
        self.steps += 1
        if phase == "measure":
            self.squares = [h + g**2 for h, g in zip(self.squares, gradients)]
            return list(weights)
        saliency = [0.5 * h / self.batches * w**2 for h, w in zip(self.squares, weights)]
        return [np.where(mask, w, 0.0) for mask, w in zip(kept(saliency, self.share, self.per_tensor), weights)]


# ---------------------------------------------------------------- transforms

class WeightMask(Transform):
    def after(self, old, proposed, gradients):
        self.masks = getattr(self, "masks", None) or [w != 0 for w in old]
        return [np.where(mask, w, 0.0) for mask, w in zip(self.masks, proposed)]


class GradientMask(Transform):
    def before(self, weights, gradients):
        self.masks = getattr(self, "masks", None) or [w != 0 for w in weights]
        return [np.where(mask, g, 0.0) for mask, g in zip(self.masks, gradients)]


class Consolidation(Transform):
    """Measures in some steps, counted from 1, which are skipped."""

    def __init__(self, strength, measured, batches):
        self.strength, self.measured, self.batches, self.steps = strength, measured, batches, 0

    def before(self, weights, gradients):
        self.steps += 1
        if self.steps == 1:
            self.fisher, self.anchor = [np.zeros_like(w) for w in weights], weights
        if self.steps in self.measured:
            self.fisher = [f + g**2 / self.batches for f, g in zip(self.fisher, gradients)]
            self.anchor = weights
            return None
        return [g + self.strength * f * (w - a) for g, f, w, a in zip(gradients, self.fisher, weights, self.anchor)]


class Projection(Transform):
    """Records in some steps, counted from 1, which are skipped. What is recorded spans the subspace, onto whose complement
    gradients are projected by least squares."""

    def __init__(self, recorded, most=4):
        self.recorded, self.most, self.steps, self.spans = recorded, most, 0, None

    def before(self, weights, gradients):
        self.steps += 1
        self.spans = self.spans or [np.zeros((w.size, 0)) for w in weights]
        rest = []
        for i, gradient in enumerate(gradients):
            flat = gradient.reshape(-1)
            along = self.spans[i] @ np.linalg.lstsq(self.spans[i], flat, rcond=None)[0] if self.spans[i].size else 0
            rest.append((flat - along).reshape(gradient.shape))
        if self.steps not in self.recorded:
            return rest
        for i, (gradient, left) in enumerate(zip(gradients, rest)):
            share = norm([left]) / max(norm([gradient]), 1e-300)
            assert not 1e-4 < share < 1e-2, "what is left hangs by a rounding: change the seed"
            if share > 1e-3 and self.spans[i].shape[1] < self.most:
                self.spans[i] = np.column_stack([self.spans[i], gradient.reshape(-1)])
        return None
