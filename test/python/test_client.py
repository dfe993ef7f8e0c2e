"""The Python client against compiled standard optimizers, and those against independent references.

    RAVINE_TEST_LIBRARIES=folder/of/lib*.so /usr/bin/python3 test_client.py
"""

import math
import unittest

import numpy as np

from support import VECTORS, RoundingBudget, library, ravine, reference, run_readme
from ravine import Group, Status


def numbers(*shape, seed=1):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


class Description(unittest.TestCase):
    def test_hypers(self):
        hypers = library("adamw").optimizers["adamw"].hypers
        self.assertEqual(list(hypers), ["lr", "beta1", "beta2", "eps", "weight_decay"])
        self.assertEqual([hyper.default for hyper in hypers.values()], [1e-3, 0.9, 0.999, 1e-8, 0.01])
        beta1, eps = hypers["beta1"], hypers["eps"]
        self.assertEqual((beta1.lower, beta1.upper, beta1.lower_open, beta1.upper_open), (0, 1, False, True))
        self.assertEqual((eps.lower, eps.upper, eps.lower_open), (0, math.inf, True))
        self.assertIn("β1", beta1.doc)

    def test_bool_hypers(self):
        nesterov = library("sgd").optimizers["sgd"].hypers["nesterov"]
        self.assertEqual((nesterov.kind, nesterov.default), ("bool", False))
        self.assertIs(type(nesterov.default), bool)

    def test_states(self):
        states = library("rmsprop").optimizers["rmsprop"].states
        self.assertEqual({name: state.condition for name, state in states.items()},
                         {"v": "", "m": "centered", "b": "momentum > 0"})
        self.assertEqual({state.index_set for state in states.values()}, {"element"})

    def test_requirements(self):
        self.assertEqual(library("sgd").describe().requirements,
                         ("not nesterov or (momentum > 0 and dampening == 0)",))

    def test_precisions(self):
        dtypes = [(one.parameter, one.gradient, one.compute) for one in library("adamw").describe().precisions]
        self.assertIn(("float32", "float32", "float32"), dtypes)

    def test_library(self):
        adamw = library("adamw")
        self.assertIn("decoupled weight decay", adamw.describe().doc)
        self.assertIn("Loshchilov & Hutter 2019", adamw.describe().citation)
        self.assertRegex(adamw.source_hash, "^[0-9a-f]{64}$")
        self.assertTrue(adamw.targets)
        self.assertIsInstance(adamw.manifest, dict)


class Trajectories(unittest.TestCase):
    """Every elementwise entry of the standard library, 20 steps, a fresh gradient array at each. The elements of the
    reference are laid out 61 times in a row, so that each of them meets every lane of a vector and the tail as well."""

    COPIES = 61

    def test_against_references(self):
        self.assertTrue(VECTORS)
        for path in VECTORS:
            content = reference(path)
            for case in content["cases"] if content else []:
                gradients = np.array(case.get("g", content["g"]))
                with self.subTest(optimizer=content["optimizer"], case=case["name"]):
                    self.compare(library(content["optimizer"]), gradients, case)

    def compare(self, compiled, gradients, case):
        spread = lambda elements: np.tile(elements, self.COPIES)
        w = spread(case["w0"]).astype(np.float32)
        budget = RoundingBudget(spread(case["w0"]))
        with compiled.optimizer(None, [w], **case["hypers"]) as optimizer:
            for step, (gradient, row) in enumerate(zip(gradients, case["w"], strict=True), 1):
                optimizer.step([spread(gradient).astype(np.float32)])
                expected = spread(row)
                excess = np.abs(w - expected) - budget.after(expected)
                self.assertLessEqual(excess.max(), 0, f"step {step}, element {excess.argmax()}")


class Steps(unittest.TestCase):
    def test_absent_gradient_stops_a_tensors_clock(self):
        present, absent = numbers(100, seed=1), numbers(50, seed=2)
        twin = absent.copy()
        gradients = [numbers(50, seed=10 + step) for step in range(4)]
        with library("adamw").optimizer("adamw", {"present": present, "absent": absent}) as optimizer:
            for step, gradient in enumerate(gradients):
                optimizer.step({"present": numbers(100, seed=step), "absent": None if step in (1, 2) else gradient})
            self.assertEqual(optimizer.steps, 4)
            self.assertEqual(optimizer.tensor_steps("present"), 4)
            self.assertEqual(optimizer.tensor_steps("absent"), 2)
        with library("adamw").optimizer("adamw", [twin]) as optimizer:
            optimizer.step([gradients[0]])
            optimizer.step([gradients[3]])
        np.testing.assert_array_equal(absent, twin)

    def test_absent_gradient_leaves_everything(self):
        w = numbers(20)
        before = w.copy()
        with library("adamw").optimizer("adamw", {"w": w}) as optimizer:
            optimizer.step({})
            np.testing.assert_array_equal(w, before)
            self.assertEqual((optimizer.steps, optimizer.tensor_steps("w")), (1, 0))

    def test_groups_have_their_own_settings(self):
        weights = [numbers(33), numbers(33)]
        twins = [numbers(33), numbers(33)]
        groups = [Group({"a": weights[0]}, lr=0.1), Group({"b": weights[1]}, lr=0.01, momentum=0.5)]
        with library("sgd").optimizer("sgd", groups, weight_decay=0.1) as optimizer:
            self.assertIsNone(optimizer.state("a", "b"))
            for step in range(3):
                if step == 2:
                    optimizer.set(group=1, lr=0.5)
                optimizer.step({"a": numbers(33, seed=step), "b": numbers(33, seed=step)})
            self.assertEqual([optimizer.setting("lr", group=group) for group in (0, 1)], [0.1, 0.5])
        for twin, rates, momentum in zip(twins, [(0.1, 0.1, 0.1), (0.01, 0.01, 0.5)], [0, 0.5]):
            with library("sgd").optimizer("sgd", [twin], weight_decay=0.1, momentum=momentum) as optimizer:
                for step, rate in enumerate(rates):
                    optimizer.set(lr=rate)
                    optimizer.step([numbers(33, seed=step)])
        np.testing.assert_array_equal(weights, twins)

    def test_shapes(self):
        tensors = {"scalar": np.array(2.0, np.float32), "empty": np.zeros((0, 4), np.float32),
                   "cube": numbers(3, 4, 5)}
        gradients = {name: np.ones_like(tensor) for name, tensor in tensors.items()}
        expected = {name: tensor - np.float32(0.5) for name, tensor in tensors.items()}
        with library("sgd").optimizer("sgd", tensors, lr=0.5, momentum=0.9) as optimizer:
            optimizer.step(gradients)
            for name, tensor in tensors.items():
                np.testing.assert_array_equal(tensor, expected[name])
                self.assertEqual(optimizer.state(name, "b").shape, tensor.shape)


class States(unittest.TestCase):
    def test_view_is_the_states_memory(self):
        w, g = numbers(40), numbers(40, seed=2)
        with library("heavy_ball").optimizer("heavy_ball", {"w": w}, lr=1, beta=0.5) as optimizer:
            optimizer.step({"w": g})
            velocity = optimizer.state("w", "p")
            np.testing.assert_array_equal(velocity, g)
            velocity[:] = 8
            before = w.copy()
            optimizer.step({"w": np.zeros_like(g)})
            np.testing.assert_array_equal(velocity, np.full_like(g, 4))
            np.testing.assert_array_equal(w, before - 4)

    def test_view_keeps_the_optimizer_alive(self):
        velocity = None
        optimizer = library("heavy_ball").optimizer("heavy_ball", [numbers(1000)])
        optimizer.step([np.ones(1000, np.float32)])
        velocity = optimizer.state(0, "p")
        del optimizer
        np.testing.assert_array_equal(velocity, np.ones(1000, np.float32))

    def test_optional_state(self):
        with library("sgd").optimizer("sgd", [numbers(4)]) as optimizer:
            self.assertIsNone(optimizer.state(0, "b"))
        with library("sgd").optimizer("sgd", [numbers(4)], momentum=0.9) as optimizer:
            self.assertEqual(optimizer.state(0, "b").shape, (4,))


class RefusedCreation(unittest.TestCase):
    def refuse(self, status, name, tensors, /, optimizer=None, **settings):
        with self.assertRaises(ravine.Error) as caught:
            library(name).optimizer(optimizer, tensors, **settings)
        self.assertEqual(caught.exception.status, status)
        self.assertTrue(caught.exception.message)
        return caught.exception.message

    def test_dtypes(self):
        self.refuse(Status.TENSOR, "sgd", [np.zeros(4, np.int32)])
        self.refuse(Status.TENSOR, "sgd", [np.zeros(4, ">f4")])
        self.refuse(Status.PRECISION, "sgd", [np.zeros(4, np.float16)])

    def test_memory(self):
        self.refuse(Status.TENSOR, "sgd", [numbers(8)[::2]])
        self.refuse(Status.TENSOR, "sgd", [numbers(3, 4).T])
        read_only = numbers(4)
        read_only.flags.writeable = False
        self.refuse(Status.TENSOR, "sgd", [read_only])

    def test_names(self):
        self.assertIn("adam", self.refuse(Status.NAME, "sgd", [numbers(4)], optimizer="adam"))
        self.assertIn("rate", self.refuse(Status.NAME, "sgd", [numbers(4)], rate=0.1))
        self.refuse(Status.TENSOR, "sgd", [Group({"w": numbers(4)}), Group({"w": numbers(4)})])
        self.refuse(Status.TENSOR, "sgd", {"": numbers(4)})

    def test_values(self):
        for value in (-1e-9, math.inf, math.nan):
            self.assertIn("lr", self.refuse(Status.RANGE, "sgd", [numbers(4)], lr=value))
        self.refuse(Status.RANGE, "adamw", [numbers(4)], eps=0)
        self.refuse(Status.RANGE, "adamw", [numbers(4)], beta1=1)
        self.refuse(Status.RANGE, "sgd", [numbers(4)], nesterov=0.5)
        self.refuse(Status.REQUIREMENT, "sgd", [numbers(4)], nesterov=True)
        self.refuse(Status.REQUIREMENT, "sgd", [numbers(4)], nesterov=True, momentum=0.9, dampening=0.1)

    def test_what_is_no_array(self):
        for tensors in (numbers(4), [1.0, 2.0], {"w": [1.0]}):
            with self.assertRaises(TypeError):
                library("sgd").optimizer("sgd", tensors)

    def test_what_is_no_library(self):
        with self.assertRaises(ravine.Error) as caught:
            ravine.load(np.random.mtrand.__file__)
        self.assertEqual(caught.exception.status, Status.VERSION)
        with self.assertRaises(OSError):
            ravine.load("/no/such/library.so")


class RefusedCalls(unittest.TestCase):
    """Every refused call on an optimizer at work leaves weights, states, counters and settings as they were."""

    def setUp(self):
        self.weights = {"a": numbers(6, 4, seed=1), "b": numbers(10, seed=2)}
        self.gradients = {"a": numbers(6, 4, seed=3), "b": numbers(10, seed=4)}
        self.optimizer = library("sgd").optimizer("sgd", self.weights, momentum=0.9)
        self.addCleanup(self.optimizer.close)
        self.optimizer.step(self.gradients)

    def everything(self):
        hypers = self.optimizer.description.hypers
        return ([weight.tobytes() for weight in self.weights.values()],
                [self.optimizer.state(name, "b").tobytes() for name in self.weights],
                [self.optimizer.steps, *map(self.optimizer.tensor_steps, self.weights)],
                [self.optimizer.setting(name) for name in hypers])

    def refuse(self, status, call, *arguments, **settings):
        before = self.everything()
        with self.assertRaises(ravine.Error) as caught:
            call(*arguments, **settings)
        self.assertEqual(caught.exception.status, status, caught.exception)
        self.assertTrue(caught.exception.message)
        self.assertEqual(self.everything(), before)

    def refuse_gradient(self, status, gradient):
        self.refuse(status, self.optimizer.step, {**self.gradients, "b": gradient})

    def test_gradients(self):
        self.refuse_gradient(Status.TENSOR, numbers(10).astype(np.float64))
        self.refuse_gradient(Status.TENSOR, numbers(20)[::2])
        self.refuse_gradient(Status.TENSOR, numbers(11))
        self.refuse_gradient(Status.TENSOR, numbers(10, 1))
        self.refuse(Status.NAME, self.optimizer.step, {**self.gradients, "c": numbers(4)})
        self.refuse(Status.ARGUMENT, self.optimizer.step, [self.gradients["a"]])

    def test_overlap(self):
        self.refuse_gradient(Status.OVERLAP, self.weights["b"])
        self.refuse_gradient(Status.OVERLAP, self.weights["a"].reshape(-1)[5:15])
        self.refuse_gradient(Status.OVERLAP, self.optimizer.state("b", "b"))

    def test_shared_parameters(self):
        memory = numbers(12)
        with self.assertRaises(ravine.Error) as caught:
            with library("sgd").optimizer("sgd", [memory[:8], memory[7:]]) as optimizer:
                optimizer.step([numbers(8), numbers(5)])
        self.assertEqual(caught.exception.status, Status.OVERLAP)
        np.testing.assert_array_equal(memory, numbers(12))

    def test_changed_weight(self):
        self.weights["a"].shape = (4, 6)
        self.refuse(Status.TENSOR, self.optimizer.step, self.gradients)

    def test_settings(self):
        change = self.optimizer.set
        self.refuse(Status.NAME, change, rate=1)
        self.refuse(Status.RANGE, change, lr=-1)
        self.refuse(Status.RANGE, change, lr=0.5, weight_decay=-1)
        self.refuse(Status.RANGE, change, maximize=2)
        self.refuse(Status.REQUIREMENT, change, lr=0.5, dampening=0.5, nesterov=True)
        self.refuse(Status.FIXED, change, lr=0.5, momentum=0)
        self.refuse(Status.ARGUMENT, change, group=1, lr=0.5)
        self.refuse(Status.ARGUMENT, change, group=-1, lr=0.5)

    def test_names(self):
        self.refuse(Status.NAME, self.optimizer.setting, "rate")
        self.refuse(Status.NAME, self.optimizer.state, "a", "velocity")
        self.refuse(Status.NAME, self.optimizer.state, "c", "b")
        self.refuse(Status.ARGUMENT, self.optimizer.state, 2, "b")

    def test_closed(self):
        self.optimizer.close()
        for call in (lambda: self.optimizer.step(self.gradients), lambda: self.optimizer.set(lr=1),
                     lambda: self.optimizer.state("a", "b"), lambda: self.optimizer.steps):
            with self.assertRaises(ravine.Error) as caught:
                call()
            self.assertEqual(caught.exception.status, Status.ARGUMENT)


class Readme(unittest.TestCase):
    def test_examples(self):
        printed, promised = run_readme(["NumPy", "Errors"])
        self.assertTrue(promised)
        self.assertEqual(printed, promised)


if __name__ == "__main__":
    unittest.main()
