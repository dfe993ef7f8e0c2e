#!/usr/bin/env python3
"""Writes the vectors that the tests of the training library compare with.

    python3 generate.py          (needs torch and numpy; the tests themselves do not)

Convolution and cross-entropy are PyTorch's, in f64. Random numbers are Philox 4x32-10 written here from the paper
(Salmon et al., SC 2011), normal ones by way of the quantile function of Python's statistics module.

A line is: name, rank, extents, values.
"""
import pathlib
import statistics

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)


def write(name, tensors):
    lines = []
    for key, tensor in tensors.items():
        array = numpy.asarray(tensor.detach() if torch.is_tensor(tensor) else tensor, dtype=numpy.float64)
        extents = [str(extent) for extent in array.shape]
        values = [repr(float(value)) for value in array.ravel()]
        lines.append(" ".join([key, str(array.ndim), *extents, *values]))
    (FOLDER / name).write_text("\n".join(lines) + "\n")


def convolutions():
    """(inputs, outputs, kernel, stride, padding, height, width): the gradients are those of sum(slope * y)."""
    geometries = {"plain": (2, 3, 3, 1, 0, 5, 6), "padded": (1, 2, 5, 1, 2, 4, 7),
                  "strided": (3, 2, 2, 3, 1, 7, 5), "wide_padding": (1, 1, 2, 2, 3, 3, 2)}
    tensors = {}
    for key, (inputs, outputs, kernel, stride, padding, height, width) in geometries.items():
        x = torch.randn(2, inputs, height, width, requires_grad=True)
        weight = torch.randn(outputs, inputs, kernel, kernel, requires_grad=True)
        bias = torch.randn(outputs, requires_grad=True)
        y = torch.nn.functional.conv2d(x, weight, bias, stride=stride, padding=padding)
        slope = torch.randn_like(y)
        (slope * y).sum().backward()
        geometry = [inputs, outputs, kernel, stride, padding]
        for field, value in dict(geometry=geometry, x=x, weight=weight, bias=bias, y=y, slope=slope, x_gradient=x.grad,
                                 weight_gradient=weight.grad, bias_gradient=bias.grad).items():
            tensors[f"{key}.{field}"] = value
    write("conv2d.txt", tensors)


def cross_entropy():
    logits = torch.tensor([[0.5, -1.25, 3.0, 0.0], [2.0, 2.0, 2.0, 2.0], [1000.0, 0.0, -1000.0, 999.0],
                           [-5e4, -5e4 + 1, -5e4 - 2, -5e4]], requires_grad=True)
    targets = torch.tensor([2, 1, 3, 0])
    losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
    losses.mean().backward()
    write("cross_entropy.txt", {"logits": logits, "targets": targets, "losses": losses, "gradient": logits.grad})


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        left, right = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [right >> 32 ^ c[1] ^ k[0], right & 0xFFFFFFFF, left >> 32 ^ c[3] ^ k[1], left & 0xFFFFFFFF]
        k = [k[0] + 0x9E3779B9 & 0xFFFFFFFF, k[1] + 0xBB67AE85 & 0xFFFFFFFF]
    return c


def stream(seed, purpose, number):
    """64-bit words of a stream: two to each block of Philox."""
    place = 0
    while True:
        words = philox([place & 0xFFFFFFFF, place >> 32, number, purpose], [seed & 0xFFFFFFFF, seed >> 32])
        yield words[0] | words[1] << 32
        yield words[2] | words[3] << 32
        place += 1


def random_numbers():
    seed = 0x123456789ABCDEF
    fan_in, fan_out = 3, 4
    # The weight is the first parameter of its list, so its stream is number 0; initialisation is purpose 1.
    words = [word for word, _ in zip(stream(seed, 1, 0), range(fan_in * fan_out))]
    uniform = numpy.array([((word >> 12) + 0.5) / 2**52 for word in words]).reshape(fan_out, fan_in)
    normal = numpy.array([statistics.NormalDist().inv_cdf(p) for p in uniform.ravel()]).reshape(fan_out, fan_in)
    he, xavier = (2 / fan_in) ** 0.5, (2 / (fan_in + fan_out)) ** 0.5
    # The order of an epoch: Fisher and Yates from the end, on stream `epoch` of purpose 2. The chance that a word has to
    # be drawn again is below 1e-17, so no rejection is needed here.
    orders = {}
    for epoch in (1, 2):
        order, words = list(range(20)), stream(seed, 2, epoch)
        for i in range(20, 1, -1):
            j = next(words) % i
            order[i - 1], order[j] = order[j], order[i - 1]
        orders[f"order_of_epoch_{epoch}"] = order
    probabilities = [2.0**-53, 1e-12, 1e-5, 0.02, 0.074, 0.076, 0.3, 0.5, 0.75, 0.924, 0.926, 1 - 1e-9]
    words = [int(p * 2**52) << 12 for p in probabilities]
    exact = [((word >> 12) + 0.5) / 2**52 for word in words]
    # A word of 64 bits is more than a double holds: its upper half and its lower half.
    write("random.txt", {
        "he_uniform": 3**0.5 * he * (2 * uniform - 1), "he_normal": he * normal,
        "xavier_uniform": 3**0.5 * xavier * (2 * uniform - 1), "xavier_normal": xavier * normal,
        "quantile_words": [[word >> 32, word & 0xFFFFFFFF] for word in words],
        "quantiles": [statistics.NormalDist().inv_cdf(p) for p in exact], **orders})


if __name__ == "__main__":
    torch.manual_seed(1)
    convolutions()
    cross_entropy()
    random_numbers()
