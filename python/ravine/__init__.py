"""Ravine optimizers in Python.

`ravine build adamw.rvn` writes a shared library; this package, which needs ctypes and NumPy alone, opens it:

    import numpy as np
    import ravine

    adamw = ravine.load("libadamw.so")
    weight = np.ones((512, 512), np.float32)
    with adamw.optimizer("adamw", {"weight": weight}, lr=3e-4) as optimizer:
        optimizer.step({"weight": gradient})        # weight is updated in place

Under PyTorch, `ravine.torch.Optimizer` is a `torch.optim.Optimizer` like any other.
"""

from ravine.arrays import Group, Optimizer
from ravine.description import Hyper, Metric, OptimizerDescription, Precision, State, View
from ravine.errors import Error, Status
from ravine.library import Library, load

__all__ = ["Error", "Group", "Hyper", "Library", "Metric", "Optimizer", "OptimizerDescription", "Precision", "State",
           "Status", "View", "load"]
