"""What the Python tests share: where things are, the reference trajectories, and how near is near enough."""

import json
import os
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import ravine  # noqa: E402

VECTORS = sorted((ROOT / "test" / "stdlib" / "vectors").glob("*.json"))


def library(name):
    """The compiled library of one standard optimizer, in the folder that RAVINE_TEST_LIBRARIES names."""
    return ravine.load(Path(os.environ["RAVINE_TEST_LIBRARIES"]) / f"lib{name}.so")


def reference(path):
    """A file of reference trajectories: the optimizer's name, the gradients and the cases."""
    content = json.loads(path.read_text())
    return content["optimizer"], np.array(content["g"]), content["cases"]


class RoundingBudget:
    """Says how far a float32 trajectory may be from the float64 one.

    A step rounds the new weight once and the update a few times; each rounding is at most 2^-24 of what is rounded. So
    an element that has reached the magnitude M in its weights and updates may be off by ROUNDINGS·2^-24·M per step. The
    gradients are given, so that no error feeds on itself.
    """

    ROUNDINGS = 4

    def __init__(self, w0):
        self.reached = np.abs(w0)
        self.previous = w0
        self.steps = 0

    def after(self, w):
        """The budget of each element after the next step, which leads to the weights `w`."""
        self.reached = np.maximum.reduce([self.reached, np.abs(w), np.abs(w - self.previous)])
        self.previous = w
        self.steps += 1
        return self.ROUNDINGS * self.steps * 2.0 ** -24 * self.reached
