"""Rules that speak of rows, columns and channels, under NumPy, on the sample library of test/runtime/core/SampleGroups.h.

    RAVINE_TEST_LIBRARIES=build/dev/stdlib /usr/bin/python3 test_groups.py
"""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from support import groups, ravine
from ravine import Status


def tensor(*shape):
    """Numbers of many sizes and signs."""
    count = int(np.prod(shape))
    return np.sin(np.arange(1, count + 1, dtype=np.float32) * 1.7).reshape(shape) * 3


class States(unittest.TestCase):
    def test_have_a_number_for_each_member(self):
        with groups().optimizer("columns", {"w": tensor(4, 3, 5, 2)}) as optimizer:
            self.assertEqual(optimizer.state("w", "p").shape, (30,))
            self.assertEqual(optimizer.state("w", "q").shape, (3,))
        with groups().optimizer("rows", {"w": tensor(4, 3)}) as optimizer:
            self.assertEqual(optimizer.state("w", "r").shape, (4,))
        described = groups().describe("columns").states
        self.assertEqual([state.index_set for state in described.values()], ["col", "channel", "col"])

    def test_hold_what_the_rule_says(self):
        w, g = tensor(6, 4), tensor(6, 4)[::-1].copy()
        before = w.astype(np.float64)
        with groups().optimizer("rows", {"w": w}) as optimizer:
            optimizer.step({"w": g})
            moved = before - 0.5 * g
            norms = (moved ** 2).sum(1)
            np.testing.assert_allclose(optimizer.state("w", "r"), (before ** 2).sum(1) + norms, rtol=1e-6)
            scales = np.maximum(0, 1 - 0.25 / np.sqrt(norms))
            np.testing.assert_allclose(w, scales[:, None] * moved, rtol=1e-5)
            self.assertAlmostEqual(optimizer.metrics["kept"], scales.sum(), places=6)
            unit = optimizer.read_view("unit")["w"]
            np.testing.assert_allclose((unit ** 2).sum(1), np.ones(6), rtol=1e-6)

    def test_go_to_a_file_and_back(self):
        w, g = tensor(5, 3, 2), tensor(5, 3, 2) + 1
        with tempfile.TemporaryDirectory() as folder, groups().optimizer("columns", {"w": w}) as optimizer:
            path = Path(folder) / "state.safetensors"
            optimizer.step({"w": g})
            optimizer.save(path)
            kept = w.copy()
            optimizer.step({"w": g})
            other = groups().optimizer("columns", {"w": kept})
            other.load(path)
            other.step({"w": g})
            np.testing.assert_array_equal(kept, w)
            for name in ("p", "q"):
                np.testing.assert_array_equal(other.state("w", name), optimizer.state("w", name))
            other.close()


class Rows(unittest.TestCase):
    def test_may_have_several_axes(self):
        group = ravine.Group({"w": tensor(4, 3, 5, 2)}, row_axes=2)
        with groups().optimizer("columns", [group]) as optimizer:
            self.assertEqual(optimizer.state("w", "p").shape, (10,))
            self.assertEqual(optimizer.state("w", "q").shape, (5,))

    def test_may_have_several_axes_beside_a_bias(self):
        group = ravine.Group({"kernel": tensor(4, 3, 5, 2), "bias": tensor(3)}, row_axes=np.int64(2))
        with groups().optimizer("blocks", [group]) as optimizer:
            self.assertEqual(list(optimizer.tensors), ["kernel", "bias"])

    def refuse(self, status, *arguments):
        with self.assertRaises(ravine.Error) as caught:
            groups().optimizer(*arguments)
        self.assertEqual(caught.exception.status, status)
        return caught.exception.message

    def test_need_axes(self):
        message = self.refuse(Status.TENSOR, "rows", {"bias": tensor(3)})
        self.assertIn('tensor "bias" has rank 1', message)
        message = self.refuse(Status.TENSOR, "rows", [ravine.Group({"w": tensor(3, 4)}, row_axes=2)])
        self.assertIn('tensor "w" has rank 2 and row_axes 2', message)
        for count in (1.5, 0, -3, float("nan"), float("inf")):
            message = self.refuse(Status.ARGUMENT, "rows", [ravine.Group({"w": tensor(3, 4)}, row_axes=count)])
            self.assertIn(f"row_axes is {count}: at least one axis", message)

    def test_are_counted(self):
        for count in ("two", None, True, (1, 2)):
            with self.assertRaisesRegex(TypeError, "row_axes is .*, not a whole number"):
                groups().optimizer("rows", [ravine.Group({"w": tensor(3, 4)}, row_axes=count)])


if __name__ == "__main__":
    unittest.main()
