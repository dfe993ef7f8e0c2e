"""State dicts and files of `ravine.torch.Optimizer`.

    RAVINE_TEST_LIBRARIES=folder/of/lib*.so python test_torch_state.py
"""

import io
import tempfile
import unittest
from pathlib import Path

from torch_support import NumbersCase, RefusalCase, give_gradients, parameters, step_along, torch

import numpy as np

from support import composition, library, ravine, stages
from ravine import Status
from ravine.torch import Optimizer


class StateDicts(unittest.TestCase):
    HYPERS = {"adamw": {"lr": 0.01}, "sgd": {"lr": 0.01, "momentum": 0.9}, "rmsprop": {"centered": True}}

    def train(self, optimizer, params, steps):
        for step in steps:
            give_gradients(params, seed=step)
            if step % 3 == 1:
                params[1].grad = None
            optimizer.step()

    def test_round_trip(self):
        for name, hypers in self.HYPERS.items():
            with self.subTest(optimizer=name):
                uninterrupted = parameters((4, 5), (9,))
                optimizer = Optimizer(uninterrupted, library(name), **hypers)
                self.train(optimizer, uninterrupted, range(1, 6))

                file = io.BytesIO()
                torch.save((uninterrupted, optimizer.state_dict()), file)
                self.train(optimizer, uninterrupted, range(6, 11))

                file.seek(0)
                resumed, saved = torch.load(file)
                successor = Optimizer(resumed, library(name), **hypers)
                successor.load_state_dict(saved)
                self.train(successor, resumed, range(6, 11))
                for first, second in zip(uninterrupted, resumed):
                    self.assertTrue(torch.equal(first, second))

    def test_content(self):
        params = parameters((4,), (3,))
        optimizer = Optimizer(params, library("adamw"))
        self.train(optimizer, params, [1, 2])
        saved = optimizer.state_dict()
        self.assertEqual(saved["steps"], 2)
        self.assertEqual([saved["state"][index]["step"] for index in (0, 1)], [2, 1])
        self.assertEqual(set(saved["state"][0]), {"step", "m", "v"})
        kept = saved["state"][0]["m"].clone()
        self.train(optimizer, params, [3])
        self.assertTrue(torch.equal(saved["state"][0]["m"], kept), "a state dict is a snapshot")

    def test_hypers_are_restored(self):
        params = parameters((4,))
        optimizer = Optimizer(params, library("adamw"), lr=0.5)
        saved = optimizer.state_dict()
        successor = Optimizer(params, library("adamw"))
        successor.load_state_dict(saved)
        self.assertEqual(successor.param_groups[0]["lr"], 0.5)

    def test_states_keep_their_precision(self):
        """Torch rounds what it loads to the dtype of the parameter; a state may be finer than that."""
        params = parameters((4,))
        optimizer = Optimizer(params, library("adamw"))
        self.train(optimizer, params * 2, [2])
        saved = optimizer.state_dict()
        kept = saved["state"][0]["m"].clone()

        def cast(dtype):
            params[0].data = params[0].data.to(dtype)

        optimizer.register_load_state_dict_pre_hook(lambda _, seen: cast(torch.float16))
        optimizer.register_load_state_dict_post_hook(lambda _: cast(torch.float32))
        optimizer.load_state_dict(saved)
        self.assertTrue(torch.equal(optimizer.state_dict()["state"][0]["m"], kept))

    def test_hooks_are_heard(self):
        params = parameters((4,))
        optimizer = Optimizer(params, library("adamw"))

        def double(_, saved):
            return {**saved, "state": {0: {**saved["state"][0], "m": 2 * saved["state"][0]["m"]}}}

        self.train(optimizer, params * 2, [2])
        saved = optimizer.state_dict()
        optimizer.register_load_state_dict_pre_hook(double)
        optimizer.load_state_dict(saved)
        self.assertTrue(torch.equal(optimizer.state_dict()["state"][0]["m"], 2 * saved["state"][0]["m"]))

    def test_state_stays_empty(self):
        params = parameters((4,))
        optimizer = Optimizer(params, library("adamw"))
        self.train(optimizer, params * 2, [2])
        optimizer.load_state_dict(optimizer.state_dict())
        self.assertFalse(optimizer.state)


class RefusedStateDicts(unittest.TestCase):
    """What cannot be loaded leaves the optimizer as it was, down to the next step it makes."""

    def setUp(self):
        self.params = parameters((4, 2), seed=3)
        self.optimizer = Optimizer([("layer.weight", self.params[0])], library("adamw"), lr=0.25)
        self.step(self.optimizer)

    def step(self, optimizer):
        give_gradients(self.params, seed=2)
        optimizer.step()

    def refuse(self, kind, saved):
        before, groups = self.optimizer.state_dict(), self.optimizer.param_groups
        with self.assertRaises(kind) as caught:
            self.optimizer.load_state_dict(saved)
        after = self.optimizer.state_dict()
        self.assertIs(self.optimizer.param_groups, groups)
        self.assertEqual((before["steps"], before["param_groups"]), (after["steps"], after["param_groups"]))
        for name, value in before["state"][0].items():
            self.assertTrue(torch.equal(torch.as_tensor(value), torch.as_tensor(after["state"][0][name])))
        self.step(self.optimizer)
        self.assertEqual(self.optimizer.state_dict()["steps"], before["steps"] + 1)
        return caught.exception

    def refuse_as(self, status, saved):
        error = self.refuse(ravine.Error, saved)
        self.assertEqual(error.status, status)
        return error.message

    def test_of_torch(self):
        twin = torch.optim.AdamW(self.params)
        self.step(twin)
        self.assertEqual(self.refuse_as(Status.ARGUMENT, twin.state_dict()),
                         'the state dict lacks "steps": it was not saved by a ravine.torch.Optimizer')

    def test_of_another_optimizer(self):
        other = Optimizer(self.params, library("rmsprop"))
        self.step(other)
        self.assertEqual(self.refuse_as(Status.NAME, other.state_dict()),
                         "the state dict is not one of adamw: its group 0 lacks the hyper beta1")

    def test_of_another_model(self):
        other = Optimizer(parameters((4, 2), (3,)), library("adamw"))
        self.assertIn("size", str(self.refuse(ValueError, other.state_dict())))
        saved = self.optimizer.state_dict()
        saved["state"][0]["v"] = torch.zeros(8)
        self.assertEqual(self.refuse_as(Status.TENSOR, saved),
                         'the saved state v of parameter "layer.weight" has the shape (8,), not (4, 2)')

    def test_states(self):
        lacking, surplus = self.optimizer.state_dict(), self.optimizer.state_dict()
        del lacking["state"][0]["v"]
        surplus["state"][0]["vmax"] = torch.zeros(4, 2)
        self.assertEqual(self.refuse_as(Status.NAME, lacking), 'the saved states of parameter "layer.weight" lack v')
        self.assertEqual(self.refuse_as(Status.NAME, surplus),
                         'the saved states of parameter "layer.weight" hold an unknown vmax')
        surplus["state"][0] = {"step": 1}
        self.refuse_as(Status.NAME, surplus)
        surplus["state"][0] = {}
        self.refuse_as(Status.NAME, surplus)

    def test_values(self):
        saved = self.optimizer.state_dict()
        saved["param_groups"][0]["lr"] = -1.0
        self.assertIn("lr", self.refuse_as(Status.RANGE, saved))
        saved = self.optimizer.state_dict()
        saved["steps"] = -1
        self.refuse_as(Status.ARGUMENT, saved)


class Numbers(NumbersCase):
    def test_state_dict_holds_numbers(self):
        self.optimizer.set_for(self.params[0], scale=0.5)
        self.step()
        self.step(gradient=float("nan"))
        saved = self.optimizer.state_dict()
        self.assertEqual((saved["steps"], saved["skipped"]), (1, 1))
        self.assertEqual(saved["model"], {"total": torch.tensor(7 + 19 * 4, dtype=torch.float64)})
        self.assertEqual(saved["state"][0]["n"], torch.tensor(32, dtype=torch.float64))
        self.assertEqual(set(saved["state"][1]), {"step", "n"})
        stream = io.BytesIO()
        torch.save(saved, stream)
        stream.seek(0)
        twins = [torch.nn.Parameter(parameter.detach().clone()) for parameter in self.params]
        other = Optimizer(twins, stages(), "recomputed")
        other.load_state_dict(torch.load(stream))
        self.assertEqual(other.param_groups[0]["first"], 7)
        self.assertEqual(other.skipped, 1)
        self.step(self.optimizer, other)
        self.assertEqual(other.metrics, self.optimizer.metrics)
        for parameter, twin in zip(self.params, twins):
            self.assertTrue(torch.equal(parameter, twin))

    def test_incomplete_state_dicts_are_refused(self):
        self.step()
        for change in (lambda saved: saved.pop("model"), lambda saved: saved["state"][1].pop("n"),
                       lambda saved: saved["model"].update(total=torch.zeros(2))):
            saved = self.optimizer.state_dict()
            change(saved)
            before = self.optimizer.state_dict()
            with self.assertRaises(ravine.Error):
                self.optimizer.load_state_dict(saved)
            self.assertEqual(str(self.optimizer.state_dict()), str(before))

    def test_files(self):
        self.optimizer.set_for(self.params[0], scale=0.5)
        self.optimizer.param_groups[0]["lr"] = 0.25
        self.step()
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "optimizer.safetensors"
            self.optimizer.save(path)
            twins = [torch.nn.Parameter(parameter.detach().clone()) for parameter in self.params]
            other = Optimizer(twins, stages(), "recomputed")
            other.load(path)
        self.assertEqual((other.param_groups[0]["lr"], other.param_groups[0]["first"]), (0.25, 7))
        self.step(self.optimizer, other)
        self.assertEqual(other.metrics, self.optimizer.metrics)
        for parameter, twin in zip(self.params, twins):
            self.assertTrue(torch.equal(parameter, twin))

    def test_hypers_of_tensors_in_files(self):
        """What was the group's value is the group's again, and moves with it; what was a parameter's own stays."""
        params = [torch.nn.Parameter(torch.ones(3)) for _ in range(3)]
        optimizer = Optimizer(params, stages(), "recomputed", scale=2.0)
        optimizer.set_for(params[1], scale=0.0)
        self.step(optimizer)
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "optimizer.safetensors"
            optimizer.save(path)
            twins = [torch.nn.Parameter(parameter.detach().clone()) for parameter in params]
            other = Optimizer(twins, stages(), "recomputed")
            other.load(path)
        self.assertEqual(other.param_groups[0]["scale"], 2.0)
        for one in (optimizer, other):
            one.param_groups[0]["scale"] = 4.0
        self.step(optimizer, other)
        for parameter, twin in zip(params, twins, strict=True):
            self.assertTrue(torch.equal(parameter, twin))


class Composed(RefusalCase):
    """A rule that gathers gradients over three steps and follows schedules, resumed after any step."""

    def make(self):
        params = [torch.nn.Parameter(torch.full((2, 2), 2.0, dtype=dtype)) for dtype in (torch.bfloat16, torch.float64)]
        return params, Optimizer(params, composition(), "lenient", every=3, **{"hidden.momentum": 0.5})

    def run_both(self, resume):
        for stop in range(6):
            with self.subTest(stop=stop):
                whole, uninterrupted = self.make()
                params, optimizer = self.make()
                for step in range(stop):
                    step_along(uninterrupted, step + 1.0)
                    step_along(optimizer, step + 1.0)
                twins, other = self.make()
                with torch.no_grad():
                    for twin, parameter in zip(twins, params):
                        twin.copy_(parameter)
                resume(optimizer, other)
                self.assertEqual(str(other.state_dict()), str(optimizer.state_dict()))
                for step in range(stop, 7):
                    step_along(uninterrupted, step + 1.0)
                    step_along(other, step + 1.0)
                for twin, parameter in zip(twins, whole):
                    self.assertTrue(torch.equal(twin, parameter))
                self.assertEqual(other.skipped, uninterrupted.skipped)
                self.assertIsNone(other.param_groups[0]["hidden.lr"])
                self.assertEqual(other.param_groups[0]["hidden.momentum"], 0.5)

    def test_state_dicts(self):
        def resume(optimizer, other):
            stream = io.BytesIO()
            torch.save(optimizer.state_dict(), stream)
            stream.seek(0)
            other.load_state_dict(torch.load(stream))

        self.run_both(resume)

    def test_files(self):
        with tempfile.TemporaryDirectory() as scratch:
            def resume(optimizer, other):
                optimizer.save(Path(scratch) / "state.safetensors")
                other.load(Path(scratch) / "state.safetensors")

            self.run_both(resume)

    def test_other_dtypes_are_refused(self):
        _, optimizer = self.make()
        step_along(optimizer, 1.0)
        saved = optimizer.state_dict()
        saved["state"][0]["master"] = saved["state"][0]["master"].to(torch.bfloat16)
        message = self.refuse(Status.TENSOR, optimizer.load_state_dict, saved)
        self.assertEqual(message, 'the saved state master of parameter "0.0" is torch.bfloat16, not torch.float32')


if __name__ == "__main__":
    unittest.main()
