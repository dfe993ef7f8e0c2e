"""What the tests of `ravine.torch` share; they are skipped where PyTorch is not installed."""

import sys
import unittest

try:
    import torch
except ImportError:
    print("SKIP: PyTorch is not installed: ./dev test --full brings it, "
          "or RAVINE_TORCH_PYTHON names a Python that has it")
    sys.exit(0)

from support import ravine, stages
from ravine.torch import Optimizer


def parameters(*shapes, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]


def give_gradients(params, seed):
    generator = torch.Generator().manual_seed(seed)
    for parameter in params:
        parameter.grad = torch.randn(parameter.shape, generator=generator).to(parameter.dtype)


def step_along(optimizer, gradient):
    """A step in which every element of every gradient is the same number."""
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = torch.full_like(parameter, gradient)
    optimizer.step()


class RefusalCase(unittest.TestCase):
    def refuse(self, status, call, *arguments, **settings):
        """What the library says when it refuses a call, as it has to."""
        with self.assertRaises(ravine.Error) as caught:
            call(*arguments, **settings)
        self.assertEqual(caught.exception.status, status, caught.exception)
        return caught.exception.message


class NumbersCase(RefusalCase):
    """Two parameters and an optimizer of the sample library of stages, which has numbers per tensor and of the model."""

    def setUp(self):
        self.params = [torch.nn.Parameter(torch.ones(4, 4)), torch.nn.Parameter(torch.ones(3))]
        self.optimizer = Optimizer(self.params, stages(), "recomputed", first=7)

    def step(self, *optimizers, gradient=2.0):
        for optimizer in optimizers or [self.optimizer]:
            step_along(optimizer, gradient)
