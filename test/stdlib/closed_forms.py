"""Update rules written from their papers in NumPy, for what no other library computes. Runners as in references.py."""

import numpy as np


def present(row):
    return [gradient for gradient in row if gradient is not None]


def norm(arrays):
    return np.sqrt(sum(np.sum(array**2) for array in arrays))


def elementwise(rule):
    """A runner for a rule on one array: rule(weight, gradients, hypers) returns the weight after each step."""
    def run(weights, gradients, hypers):
        each = [rule(weight, np.stack([row[i] for row in gradients]), hypers) for i, weight in enumerate(weights)]
        return {"w": [list(row) for row in zip(*each)]}
    return run


def means(gradients, beta):
    """Row k is Σ_{i≤k} (1 − β) β^{k−i} g_i."""
    count = len(gradients)
    age = np.arange(count)[:, None] - np.arange(count)[None, :]
    weights = np.where(age >= 0, (1 - beta) * np.power(float(beta), np.maximum(age, 0)), 0.0)
    return np.tensordot(weights, gradients, axes=1)


@elementwise
def sgdm(weight, gradients, hypers):
    """w_k = w_0 − η Σ_{j≤k} c_j Σ_{i≤j} (1 − β) β^{j−i} g_i, with c_j = 1/(1 − β^j) when debiased, else 1."""
    lr, beta, debias = hypers.get("lr", 1e-3), hypers.get("beta", 0.9), hypers.get("debias", False)
    step = np.arange(1, len(gradients) + 1)
    correction = 1 / (1 - beta**step) if debias else np.ones(len(gradients))
    summed = np.tril(np.ones((len(gradients), len(gradients))))
    return list(weight - lr * (summed @ (correction[:, None] * means(gradients, beta))))


@elementwise
def adam_lecture(weight, gradients, hypers):
    lr, beta1, beta2 = hypers.get("lr", 1e-3), hypers.get("beta1", 0.9), hypers.get("beta2", 0.999)
    kappa = hypers.get("kappa", 1e-8)
    coupled, decoupled = hypers.get("coupled_weight_decay", 0.0), hypers.get("decoupled_weight_decay", 0.0)
    seen, trajectory = [], []
    for t, gradient in enumerate(gradients, start=1):
        seen.append(gradient + coupled * weight)
        mean = means(np.stack(seen), beta1)[-1] / (1 - beta1**t)
        square = means(np.stack(seen)**2, beta2)[-1] / (1 - beta2**t)
        step_size = lr / np.sqrt(kappa**2 + square)
        weight = (1 - decoupled * step_size) * weight - step_size * mean
        trajectory.append(weight)
    return trajectory


def run_normalized(weights, gradients, hypers, averaged):
    lr, eps, beta = hypers.get("lr", 1e-3), hypers.get("eps", 1e-8), hypers.get("beta", 0.9)
    per_tensor = hypers.get("per_tensor", False)
    if averaged:
        columns = [means(np.stack(column), beta) for column in zip(*gradients)]
        gradients = [list(row) for row in zip(*columns)]
    trajectory = []
    for row in gradients:
        sizes = [norm([gradient]) if per_tensor else norm(row) for gradient in row]
        weights = [w - lr * gradient / (size + eps) for w, gradient, size in zip(weights, row, sizes)]
        trajectory.append(weights)
    return {"w": trajectory}


def normalized_sgd(weights, gradients, hypers):
    return run_normalized(weights, gradients, hypers, averaged=False)


def normalized_sgdm(weights, gradients, hypers):
    return run_normalized(weights, gradients, hypers, averaged=True)


def adagrad_norm(weights, gradients, hypers):
    """S is the sum or the mean over the steps; the safeguard is t·S_t = max over s ≤ t of s·S_s, said step by step."""
    lr, beta, eps = hypers.get("lr", 1e-2), hypers.get("beta", 0.99), hypers.get("eps", 1e-8)
    form = hypers.get("form", "sum")
    total, trajectory = 0.0, []
    for t, row in enumerate(gradients, start=1):
        square = norm(present(row))**2
        before = total
        total = total + square if form == "sum" else beta * total + (1 - beta) * square
        if form == "safeguarded":
            total = max(total, before * (t - 1) / t)
        scale = lr / np.sqrt((1 if form == "sum" else t) * total + eps**2)
        weights = [w if gradient is None else w - scale * gradient for w, gradient in zip(weights, row)]
        trajectory.append(weights)
    return {"w": trajectory}


def lars(weights, gradients, hypers):
    """The local rate of the paper, ‖w‖/(‖g‖ + λ‖w‖) and 1 where a norm vanishes, with the learning rate inside the
    momentum, as in TensorFlow's and the paper's algorithm."""
    lr, mu, decay = hypers.get("lr", 1.0), hypers.get("momentum", 0.9), hypers.get("weight_decay", 0.0)
    trust, nesterov = hypers.get("trust_coefficient", 1e-3), hypers.get("nesterov", False)
    weights, velocity, trajectory = list(weights), [np.zeros_like(w) for w in weights], []
    for row in gradients:
        for i, gradient in enumerate(row):
            w, g = norm([weights[i]]), norm([gradient])
            local = trust * w / (g + decay * w) if w > 0 and g > 0 else 1.0
            step = lr * local * (gradient + decay * weights[i])
            velocity[i] = mu * velocity[i] + step
            weights[i] = weights[i] - (mu * velocity[i] + step if nesterov else velocity[i])
        trajectory.append(list(weights))
    return {"w": trajectory}


@elementwise
def adopt(weight, gradients, hypers):
    """Algorithm 2 of the paper with the clipping and the decoupled decay of the authors' code, which leaves the first
    step out of the decay."""
    lr, beta1, beta2 = hypers.get("lr", 1e-3), hypers.get("beta1", 0.9), hypers.get("beta2", 0.9999)
    eps, decay = hypers.get("eps", 1e-6), hypers.get("weight_decay", 0.0)
    assert hypers["decoupled_weight_decay"] and hypers.get("clip", True)
    square, momentum, trajectory = gradients[0]**2, np.zeros_like(weight), [weight]
    for k, gradient in enumerate(gradients[1:], start=1):
        weight = weight - lr * decay * weight
        normalised = np.clip(gradient / np.maximum(np.sqrt(square), eps), -k**0.25, k**0.25)
        momentum = beta1 * momentum + (1 - beta1) * normalised
        weight = weight - lr * momentum
        square = beta2 * square + (1 - beta2) * gradient**2
        trajectory.append(weight)
    return trajectory


def mars(weights, gradients, hypers):
    """Algorithm 2 of the paper with the approximate gradient difference, g₋ = 0 at first as in the authors' code."""
    lr, beta1, beta2 = hypers.get("lr", 3e-3), hypers.get("beta1", 0.95), hypers.get("beta2", 0.99)
    gamma, eps, decay = hypers.get("gamma", 0.025), hypers.get("eps", 1e-8), hypers.get("weight_decay", 0.0)
    results = []
    for weight, *column in zip(weights, *gradients):
        corrected, trajectory = [], []
        for t, (gradient, previous) in enumerate(zip(column, [np.zeros_like(weight), *column]), start=1):
            c = gradient + gamma * beta1 / (1 - beta1) * (gradient - previous)
            corrected.append(c / norm([c]) if norm([c]) > 1 else c)
            mean = means(np.stack(corrected), beta1)[-1] / (1 - beta1**t)
            square = means(np.stack(corrected)**2, beta2)[-1] / (1 - beta2**t)
            weight = weight - lr * (mean / (np.sqrt(square) + eps) + decay * weight)
            trajectory.append(weight)
        results.append(trajectory)
    return {"w": [list(row) for row in zip(*results)]}


def prodigy(weights, gradients, hypers):
    """Algorithm 4 of the paper, with the options of the authors' code that matter here."""
    d = hypers.get("d0", 1e-6)
    lr, beta1, beta2 = hypers.get("lr", 1.0), hypers.get("beta1", 0.9), hypers.get("beta2", 0.999)
    beta3, eps, decay = np.sqrt(beta2), hypers.get("eps", 1e-8), hypers.get("weight_decay", 0.0)
    start = weights
    m, v, s = ([np.zeros_like(w) for w in weights] for _ in range(3))
    r, trajectory = 0.0, []
    for row in gradients:
        # The authors scale r and s by 1/(d0·(1 − β3)): their quotient is the same.
        r = beta3 * r + (1 - beta3) * lr * d**2 * sum(np.sum(g * (p - w)) for g, p, w in zip(row, start, weights))
        m = [beta1 * x + (1 - beta1) * d * g for x, g in zip(m, row)]
        v = [beta2 * x + (1 - beta2) * d**2 * g**2 for x, g in zip(v, row)]
        s = [beta3 * x + (1 - beta3) * lr * d**2 * g for x, g in zip(s, row)]
        weights = [w - lr * d * (a / (np.sqrt(b) + d * eps) + decay * w) for w, a, b in zip(weights, m, v)]
        d = max(d, r / sum(np.sum(np.abs(x)) for x in s))
        trajectory.append(weights)
    return {"w": trajectory}
