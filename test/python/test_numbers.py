"""Numbers per tensor and for the model, metrics, views, guards and files, on the sample library of stages.

    RAVINE_TEST_LIBRARIES=build/dev/stdlib /usr/bin/python3 test_numbers.py
"""

import math
import pickle
import re
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support import ravine, stages
from ravine import Group, Status


def ones(*sizes):
    return {f"t{number}": np.ones(size, np.float32) for number, size in enumerate(sizes)}


def twos(*sizes):
    return [np.full(size, 2, np.float32) for size in sizes]


class Refusing(unittest.TestCase):
    def refuse(self, status, call, *arguments, **settings):
        with self.assertRaises(ravine.Error) as caught:
            call(*arguments, **settings)
        self.assertEqual(caught.exception.status, status, caught.exception)
        return caught.exception.message


class Description(unittest.TestCase):
    def test_index_sets(self):
        description = stages().describe("recomputed")
        self.assertEqual({name: hyper.index_set for name, hyper in description.hypers.items()},
                         {"lr": "group", "first": "model", "scale": "tensor"})
        self.assertEqual({name: state.index_set for name, state in description.states.items()},
                         {"u": "element", "n": "tensor", "total": "model"})
        self.assertEqual({name: metric.index_set for name, metric in description.metrics.items()},
                         {"depth": "tensor", "norm": "model", "low": "tensor", "elements": "model"})
        self.assertEqual(list(description.views), ["eval", "shifted"])
        self.assertEqual([one.nonfinite for one in stages().optimizers.values()], ["skips", "refuses", "propagates"])


class Numbers(Refusing):
    def setUp(self):
        self.tensors = ones((4, 4), 3)
        self.optimizer = stages().optimizer("recomputed", self.tensors, first=7)
        self.addCleanup(self.optimizer.close)

    def test_states_of_tensors_and_the_model(self):
        self.optimizer.step(twos((4, 4), 3))
        self.assertEqual(self.optimizer.state("t0", "u").shape, (4, 4))
        self.assertIsNone(self.optimizer.state("t1", "u"))
        n = self.optimizer.state("t0", "n")
        self.assertEqual((n.shape, n.dtype, float(n)), ((), np.float64, 32))
        total = self.optimizer.state(None, "total")
        self.assertEqual(float(total), 7 + 19 * 4)
        total[...] = 0
        self.optimizer.step(twos((4, 4), 3))
        self.assertEqual(float(total), 19 * 4)
        self.refuse(Status.ARGUMENT, self.optimizer.state, 5, "n")
        self.refuse(Status.ARGUMENT, self.optimizer.state, None, "n")

    def test_hypers_of_tensors(self):
        self.optimizer.set(scale=0.5)
        self.optimizer.set(tensor="t1", scale=0.25)
        self.assertEqual([self.optimizer.setting("scale", tensor=name) for name in self.tensors], [0.5, 0.25])
        self.assertEqual(self.optimizer.setting("lr", tensor=0), 0.5)
        with self.assertRaisesRegex(ravine.Error, "scale is a hyper per tensor: name the tensor, tensor=…") as caught:
            self.optimizer.setting("scale")
        self.assertEqual(caught.exception.status, Status.ARGUMENT)
        self.refuse(Status.ARGUMENT, self.optimizer.set, tensor="t0", lr=1)
        self.refuse(Status.NAME, self.optimizer.set, tensor="t7", scale=1)
        self.refuse(Status.RANGE, self.optimizer.set, tensor="t0", scale=-1)
        self.refuse(Status.ARGUMENT, self.optimizer.set, group=0, first=1)
        with stages().optimizer("recomputed", [Group(ones(9), scale=3)]) as grouped:
            self.assertEqual(grouped.setting("scale", tensor="t0"), 3)

    def test_metrics(self):
        self.assertTrue(math.isnan(self.optimizer.metrics["norm"]))
        self.optimizer.step({"t0": twos((4, 4))[0]})
        metrics = self.optimizer.metrics
        self.assertEqual((metrics["norm"], metrics["elements"], metrics["depth"]["t0"]), (8, 16, 16))
        self.assertTrue(math.isnan(metrics["depth"]["t1"]))
        self.assertNotIn("elemnts", metrics)
        for name, hint in (("elemnts", 'did you mean "elements"?'), ("speed", "it has depth, norm, low, elements")):
            with self.assertRaisesRegex(ravine.Error, re.escape(f'recomputed has no metric "{name}"; {hint}')) as caught:
                _ = metrics[name]
            self.assertEqual(caught.exception.status, Status.NAME)
        self.assertEqual(str(pickle.loads(pickle.dumps(metrics))), str(metrics))

    def test_skipped_steps(self):
        bad = twos((4, 4), 3)
        bad[1][0] = np.inf
        self.optimizer.step(bad)
        self.assertEqual((self.optimizer.skipped, self.optimizer.steps), (1, 0))
        with stages().optimizer("carried", self.tensors) as refusing:
            self.assertIn("t1", self.refuse(Status.NONFINITE, refusing.step, bad))
        np.testing.assert_array_equal(self.tensors["t1"], np.ones(3, np.float32))

    def test_views(self):
        own = self.optimizer.read_view("shifted")  # there are no states to shift by yet
        np.testing.assert_array_equal(own["t0"], self.tensors["t0"])
        self.optimizer.step(twos((4, 4), 3))
        before = {name: array.copy() for name, array in self.tensors.items()}
        shifted = self.optimizer.read_view("shifted")
        np.testing.assert_array_equal(shifted["t0"], before["t0"] + 32)
        with self.optimizer.view("shifted"):
            np.testing.assert_array_equal(self.tensors["t0"], shifted["t0"])
            self.refuse(Status.BUSY, self.optimizer.step, twos((4, 4), 3))
            self.refuse(Status.BUSY, self.optimizer.read_view, "eval")
        for name, array in self.tensors.items():
            np.testing.assert_array_equal(array, before[name])
        with self.assertRaises(ZeroDivisionError), self.optimizer.view("shifted"):
            raise ZeroDivisionError
        np.testing.assert_array_equal(self.tensors["t0"], before["t0"])
        self.assertIn("eval", self.refuse(Status.NAME, self.optimizer.read_view, "evel"))
        self.optimizer.step(twos((4, 4), 3))
        self.tensors["t0"].shape = 16
        self.refuse(Status.TENSOR, self.optimizer.read_view, "shifted")

    def test_files(self):
        self.optimizer.set(tensor="t0", scale=0.5)
        self.optimizer.step(twos((4, 4), 3))
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "optimizer.safetensors"
            self.optimizer.save(path)
            twins = {name: array.copy() for name, array in self.tensors.items()}
            with stages().optimizer("recomputed", twins) as other:
                other.load(path)
                for optimizer in (self.optimizer, other):
                    optimizer.step(twos((4, 4), 3))
                self.assertEqual(other.metrics, self.optimizer.metrics)
                self.assertEqual(other.setting("scale", tensor="t0"), 0.5)
            for name, array in self.tensors.items():
                np.testing.assert_array_equal(array, twins[name])
            self.refuse(Status.FILE, self.optimizer.load, Path(scratch) / "nothing")
        self.refuse(Status.FILE, self.optimizer.save, "a\0b")


class Boundaries(Refusing):
    """What C would wrap around or cut short."""

    def test_groups(self):
        with stages().optimizer("recomputed", ones(9)) as optimizer:
            for group in (2 ** 32, 2 ** 32 - 1, -1):
                self.refuse(Status.ARGUMENT, optimizer.set, group=group, lr=1)
                self.refuse(Status.ARGUMENT, optimizer.setting, "lr", group=group)

    def test_names(self):
        self.refuse(Status.NAME, stages().optimizer, "recomputed", {"a\0b": np.ones(3, np.float32)})
        self.refuse(Status.NAME, stages().optimizer, "recomputed", ones(9), **{"lr\0x": 1})
        with stages().optimizer("recomputed", ones(9)) as optimizer:
            self.refuse(Status.NAME, optimizer.set, **{"lr\0x": 1})
            self.refuse(Status.NAME, optimizer.setting, "lr\0x")
            self.refuse(Status.NAME, optimizer.state, 0, "u\0x")
            self.refuse(Status.NAME, optimizer.read_view, "eval\0x")


if __name__ == "__main__":
    unittest.main()
