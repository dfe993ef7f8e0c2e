"""Composed rules under NumPy, on the sample library of test/runtime/core/SampleComposition.h: dtypes, schedules, names of
groups, gradients that a step sets to 0.

    RAVINE_TEST_LIBRARIES=build/dev/stdlib /usr/bin/python3 test_composed.py
"""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from support import composition, ravine, stages
from ravine import Status


def weights(*dtypes):
    return [np.full((2, 2), 2, dtype) for dtype in dtypes]


class Refusing(unittest.TestCase):
    def refuse(self, status, call, *arguments, **settings):
        """What the library says when it refuses a call, as it has to."""
        with self.assertRaises(ravine.Error) as caught:
            call(*arguments, **settings)
        self.assertEqual(caught.exception.status, status, caught.exception)
        return caught.exception.message


class Dtypes(Refusing):
    def test_mix(self):
        arrays = weights(np.float32, np.float64, np.float16)
        with composition().optimizer("lenient", arrays, every=1) as optimizer:
            optimizer.step([np.ones_like(array) for array in arrays])
            for array in arrays:  # lr = 1 and warm = 0.25
                np.testing.assert_array_equal(array, np.full_like(array, 1.75))
            self.assertEqual(optimizer.state("2", "master").dtype, np.float32)
            self.assertIsNone(optimizer.state("0", "master"))
            # 1 in bfloat16, which NumPy does not have
            np.testing.assert_array_equal(optimizer.state("0", "hidden.b"), np.full((2, 2), 0x3F80, np.uint16))

    def test_that_the_library_lacks(self):
        message = self.refuse(Status.PRECISION, stages().optimizer, "recomputed", {"head": np.zeros(3, np.float16)})
        self.assertEqual(message, 'tensor "head" has parameter f16 and gradient f16, but recomputed was built for f32: '
                                  "rebuild it with --precision=f32,f16")
        self.refuse(Status.TENSOR, composition().optimizer, "lenient", {"head": np.zeros(3, np.int32)})

    def test_gradients_of_another_dtype(self):
        arrays = weights(np.float64)
        with composition().optimizer("lenient", arrays) as optimizer:
            message = self.refuse(Status.TENSOR, optimizer.step, [np.ones((2, 2), np.float32)])
            self.assertEqual(message, 'the gradient of "0" is float32, not float64')
            self.refuse(Status.TENSOR, optimizer.step, [np.ones((2, 2), ">f8")])

    def test_what_gradients_are_expected(self):
        description = composition().describe("lenient")
        self.assertEqual(description.gradient_dtype("float16"), "float16")
        self.assertEqual(description.gradient_dtype("bfloat16"), "bfloat16")  # of the two that there are
        self.assertTrue(description.writes_gradient)
        self.assertFalse(stages().describe("carried").writes_gradient)


class Gradients(Refusing):
    def setUp(self):
        self.arrays = weights(np.float32, np.float32)
        self.optimizer = composition().optimizer("lenient", self.arrays, every=2)
        self.addCleanup(self.optimizer.close)

    def test_become_zero(self):
        gradients = [np.ones((2, 2), np.float32) for _ in self.arrays]
        self.optimizer.step([gradients[0], None])
        self.assertEqual((self.optimizer.steps, self.optimizer.skipped), (0, 1))
        np.testing.assert_array_equal(gradients[0], np.zeros((2, 2)))
        np.testing.assert_array_equal(gradients[1], np.ones((2, 2)))

    def test_have_to_be_writable(self):
        gradient = np.ones((2, 2), np.float32)
        gradient.flags.writeable = False
        message = self.refuse(Status.TENSOR, self.optimizer.step, [gradient, None])
        self.assertEqual(message, 'the gradient of "0" is read-only, and a step sets it to 0')
        with stages().optimizer("recomputed", {"w": np.ones((2, 2), np.float32)}) as reader:
            reader.step([gradient])

    def test_cannot_be_shared(self):
        gradient = np.ones((2, 2), np.float32)
        self.assertIn("overlaps", self.refuse(Status.OVERLAP, self.optimizer.step, [gradient, gradient]))


class Schedules(Refusing):
    def setUp(self):
        self.arrays = weights(np.float32, np.float64)
        groups = [ravine.Group(self.arrays[:1], peak=2), ravine.Group({"b": self.arrays[1]}, **{"hidden.lr": 0.5})]
        self.optimizer = composition().optimizer("lenient", groups, every=1, **{"hidden.momentum": 0})
        self.addCleanup(self.optimizer.close)

    def step(self):
        self.optimizer.step([np.ones_like(array) for array in self.arrays])

    def test_are_described(self):
        hyper = self.optimizer.description.hypers["hidden.lr"]
        self.assertEqual((hyper.schedule, hyper.default), ("peak/step", 1))
        self.assertEqual(self.optimizer.description.hypers["peak"].schedule, "")

    def test_are_followed_until_a_value_is_set(self):
        self.assertEqual([self.optimizer.setting("hidden.lr", group=group) for group in (0, 1)], [2, 0.5])
        self.step()
        self.assertEqual([self.optimizer.setting("hidden.lr", group=group) for group in (0, 1)], [1, 0.5])
        self.optimizer.set(group=1, **{"hidden.lr": None})
        self.assertEqual(self.optimizer.setting("hidden.lr", tensor="b"), 0.5)
        self.step()
        self.assertEqual(self.optimizer.setting("hidden.lr", tensor="b"), 1 / 3)

    def test_say_whether_they_are_followed(self):
        self.assertEqual([self.optimizer.follows("hidden.lr", group=group) for group in (0, 1)], [True, False])
        self.assertEqual([self.optimizer.follows(name) for name in ("warm", "peak", "hidden.momentum")],
                         [True, False, False])
        self.optimizer.set(group=1, **{"hidden.lr": None})
        self.assertTrue(self.optimizer.follows("hidden.lr", group=1))
        self.assertIn("did you mean", self.refuse(Status.NAME, self.optimizer.follows, "peek"))

    def test_are_kept_in_files(self):
        self.step()
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "state.safetensors"
            self.optimizer.save(path)
            self.optimizer.set(warm=0, **{"hidden.lr": 3})
            self.optimizer.load(path)
        self.assertEqual([self.optimizer.setting("hidden.lr", group=group) for group in (0, 1)], [1, 0.5])
        self.assertEqual(self.optimizer.setting("warm"), 0.5)

    def test_only_exist_where_the_rule_has_them(self):
        self.assertIn("peak = nan", self.refuse(Status.RANGE, self.optimizer.set, peak=None))

    def test_are_not_meant_by_nan(self):
        self.optimizer.set(warm=0.75)
        message = self.refuse(Status.RANGE, self.optimizer.set, warm=float("nan"))
        self.assertEqual(message, "warm = nan is no value; None returns a hyper to its schedule")
        self.assertEqual(self.optimizer.setting("warm"), 0.75)

    def test_may_lead_out_of_range(self):
        self.assertIn("at step 1", self.refuse(Status.RANGE, self.optimizer.set, peak=8))


class Groups(Refusing):
    def test_have_names(self):
        arrays = weights(np.float32, np.float32)
        groups = [ravine.Group({"body": arrays[0]}), ravine.Group({"head": arrays[1]}, "frozen", peak=1)]
        with composition().optimizer("lenient", groups, every=1) as optimizer:
            optimizer.step([np.ones((2, 2), np.float32) for _ in arrays])
            np.testing.assert_array_equal(arrays[0], np.full((2, 2), 1.75))
            np.testing.assert_array_equal(arrays[1], np.full((2, 2), 2))
            self.assertIsNone(optimizer.state("head", "acc"))


if __name__ == "__main__":
    unittest.main()
