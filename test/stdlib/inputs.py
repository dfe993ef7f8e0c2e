"""The weights and gradients that the reference trajectories are made with: given numbers, exact in float32.

Gradients do not depend on the weights, so an error of rounding is carried along but never amplified."""

import numpy as np

STEPS = 20


def as_float32(values):
    return np.asarray(values).astype(np.float32).astype(np.float64)


def elements():
    """One tensor of seventeen elements, each a situation that an optimizer meets. Returns [weight] and, for each step,
    [gradient]."""
    random = np.random.default_rng(1847)
    step = np.arange(1, STEPS + 1)
    noise = lambda scale: scale * random.standard_normal(STEPS)
    situations = [
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
    weight = as_float32([weight for weight, _ in situations])
    gradients = as_float32(np.stack([gradient for _, gradient in situations], axis=1))
    return [weight], [[gradient] for gradient in gradients]


def tensors():
    """Five small tensors, for rules with norms over a tensor or the model. Returns a list of weights and, for each
    step, a list of gradients."""
    random = np.random.default_rng(2718)
    step = np.arange(1, STEPS + 1).reshape(-1, 1)
    noise = lambda *shape: random.standard_normal(shape)
    weights = [
        noise(5),
        3.0 * noise(3, 2),
        0.1 * noise(7),
        noise(2),                                                # no gradient at first
        np.zeros(2),                                             # starts at zero
    ]
    gradients = [
        noise(STEPS, 5) * np.where(step % 5 == 0, 10.0, 0.3),    # now and then a large batch of noise
        0.5 * noise(STEPS, 3, 2) + 0.4,
        2.0 * noise(STEPS, 7) / step,                            # dies down
        np.where(step < 4, 0.0, noise(STEPS, 2)),
        0.2 * noise(STEPS, 2) - 0.1,
    ]
    return ([as_float32(weight) for weight in weights],
            [[as_float32(gradient[k]) for gradient in gradients] for k in range(STEPS)])


NAMES = ["embed.weight", "block.weight", "block.bias", "block.norm.weight", "head.weight", "head.bias"]
GROUPS = ["embeddings", "body", "head"]
GROUP_OF = [0, 1, 1, 1, 2, 2]


def model(steps):
    """Six small tensors with the names and groups above, for rules that tell tensors apart. Gradients are well away
    from 0 wherever they are not 0: a rule may ask for their sign. Returns a list of weights and, for each step, a list
    of gradients."""
    random = np.random.default_rng(1618)
    noise = lambda *shape: random.standard_normal(shape)
    weights = [0.3 * noise(3, 2), noise(2, 3), np.zeros(2), np.ones(2), 0.5 * noise(1, 4), np.array([0.5])]
    gradients = []
    for step in range(1, steps + 1):
        size = 4.0 if step % 6 == 0 else 0.4                     # now and then a large batch of noise
        row = [size * noise(*weight.shape) + 0.1 for weight in weights]
        row = [np.where(np.abs(gradient) < 1e-3, 1e-3, gradient) for gradient in row]
        row[0][step % 3] = 0.0                                   # a word that the batch does not have
        gradients.append([as_float32(gradient) for gradient in row])
    return [as_float32(weight) for weight in weights], gradients


def matrices():
    """Four matrices, one of them a kernel with two channels, for rules with rows and channels. Returns a list of weights
    and, for each step, a list of gradients."""
    random = np.random.default_rng(5772)
    shapes = [(4, 6), (3, 2, 2, 2), (5, 1), (2, 7)]
    weights = [random.standard_normal(shape) for shape in shapes]
    weights[0][2] = 0.0                                          # a row of zeros
    weights[1][:, 1] = 0.0                                       # a channel of zeros
    weights[2] *= 3.0
    gradients = [[0.5 * random.standard_normal(shape) + 0.1 for shape in shapes] for _ in range(STEPS)]
    for row in gradients:
        row[0][2] = 0.0
    return ([as_float32(weight) for weight in weights],
            [[as_float32(gradient) for gradient in row] for row in gradients])


def shares():
    """Two tensors of weights that are shares: none below 0, some 0."""
    random = np.random.default_rng(6931)
    weights = [random.uniform(0.05, 1.0, (3, 4)), random.uniform(0.05, 1.0, 5)]
    weights[0][1, 2] = weights[1][0] = 0.0
    gradients = [[random.standard_normal((3, 4)), 2.0 * random.standard_normal(5)] for _ in range(STEPS)]
    return ([as_float32(weight) for weight in weights],
            [[as_float32(gradient) for gradient in row] for row in gradients])


def magnitudes():
    """Four matrices with elements of many magnitudes, zeros, pairs of equal size, a row and a channel of zeros, for
    operators that are applied once. Returns a list of weights and, for one step, a list of gradients."""
    random = np.random.default_rng(1202)
    shapes = [(4, 6), (3, 2, 2, 2), (5, 1), (2, 7)]
    weights = [random.choice([-1.0, 1.0], shape) * 10.0**random.uniform(-2, 0.6, shape) for shape in shapes]
    weights[0][2] = 0.0                                          # a row of zeros
    weights[0][3, :4] = [0.0, 1.5, -1.5, 1.5]                    # equal in size
    weights[1][:, 1] = 0.0                                       # a channel of zeros
    return [as_float32(weight) for weight in weights], [[np.zeros(shape) for shape in shapes]]
