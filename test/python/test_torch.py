"""`ravine.torch.Optimizer` against the optimizers of PyTorch; skipped where PyTorch is not installed.

    RAVINE_TEST_LIBRARIES=folder/of/lib*.so python test_torch.py
"""

import copy
import io
import pickle
import sys
import tempfile
import unittest
from pathlib import Path

try:
    import torch
except ImportError:
    print("SKIP: PyTorch is not installed: ./dev test --full brings it, "
          "or RAVINE_TORCH_PYTHON names a Python that has it")
    sys.exit(0)

import numpy as np

from support import VECTORS, RoundingBudget, library, ravine, reference, run_readme, stages
from ravine import Status
from ravine.torch import Optimizer


def parameters(*shapes, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]


def give_gradients(params, seed):
    generator = torch.Generator().manual_seed(seed)
    for parameter in params:
        parameter.grad = torch.randn(parameter.shape, generator=generator).to(parameter.dtype)


class AgreementWithTorch(unittest.TestCase):
    """Our optimizer in float32 beside torch's in float64, on the same gradients."""

    SHAPES = ((7, 5), (11,), ())

    def run_both(self, ours, theirs, params, twins, steps=20, between=lambda step: None, absent=()):
        budgets = [RoundingBudget(twin.detach().numpy().copy()) for twin in twins]
        for step in range(1, steps + 1):
            ours.zero_grad(set_to_none=True)
            theirs.zero_grad(set_to_none=True)
            give_gradients(params, seed=step)
            for index, (parameter, twin) in enumerate(zip(params, twins)):
                twin.grad = parameter.grad.double()
                if (step, index) in absent:
                    parameter.grad = twin.grad = None
            ours.step()
            theirs.step()
            between(step)
            for index, (parameter, twin, budget) in enumerate(zip(params, twins, budgets)):
                expected = twin.detach().numpy().copy()
                excess = np.abs(parameter.detach().numpy() - expected) - budget.after(expected)
                self.assertLessEqual(excess.max(), 0, f"step {step}, parameter {index}")

    def twins_of(self, params):
        return [torch.nn.Parameter(parameter.detach().double()) for parameter in params]

    def test_adamw(self):
        params = parameters(*self.SHAPES)
        twins = self.twins_of(params)
        self.run_both(Optimizer(params, library("adamw"), lr=0.01),
                      torch.optim.AdamW(twins, lr=0.01), params, twins)

    def test_sgd_nesterov(self):
        params = parameters(*self.SHAPES)
        twins = self.twins_of(params)
        hypers = {"lr": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}
        self.run_both(Optimizer(params, library("sgd"), **hypers), torch.optim.SGD(twins, **hypers), params, twins)

    def test_absent_gradients(self):
        params = parameters(*self.SHAPES)
        twins = self.twins_of(params)
        self.run_both(Optimizer(params, library("adamw")), torch.optim.AdamW(twins), params, twins,
                      absent={(1, 0), (2, 1), (3, 1), (7, 0), (7, 1), (7, 2)})

    def test_groups(self):
        params = parameters(*self.SHAPES)
        twins = self.twins_of(params)
        groups = lambda of: [{"params": of[:1]}, {"params": of[1:], "lr": 0.1, "weight_decay": 0.0}]
        self.run_both(Optimizer(groups(params), library("adamw"), lr=0.01),
                      torch.optim.AdamW(groups(twins), lr=0.01), params, twins)

    def test_schedulers(self):
        params = parameters(*self.SHAPES)
        twins = self.twins_of(params)
        ours = Optimizer(params, library("adamw"), lr=0.01)
        theirs = torch.optim.AdamW(twins, lr=0.01)
        schedulers = [torch.optim.lr_scheduler.CosineAnnealingLR(one, T_max=8) for one in (ours, theirs)]
        self.run_both(ours, theirs, params, twins, between=lambda step: [one.step() for one in schedulers])

    def test_changed_group(self):
        params = parameters(*self.SHAPES)
        twins = self.twins_of(params)
        ours = Optimizer(params, library("sgd"), lr=0.01, momentum=0.9)
        theirs = torch.optim.SGD(twins, lr=0.01, momentum=0.9)

        def between(step):
            for one in (ours, theirs):
                one.param_groups[0]["lr"] = 0.01 / step
                one.param_groups[0]["weight_decay"] = 0.1 * (step > 5)

        self.run_both(ours, theirs, params, twins, between=between)

    def test_learning_rate_in_a_tensor(self):
        params = parameters(*self.SHAPES)
        twins = self.twins_of(params)
        rates = [torch.tensor(0.01, dtype=torch.float64) for _ in range(2)]
        ours, theirs = Optimizer(params, library("adamw"), lr=rates[0]), torch.optim.AdamW(twins, lr=rates[1])
        self.run_both(ours, theirs, params, twins, between=lambda step: [rate.mul_(0.9) for rate in rates])

    def test_closure(self):
        target = torch.linspace(-1, 1, 6)
        [parameter] = parameters((6,))
        twin = torch.nn.Parameter(parameter.detach().double())
        ours, theirs = Optimizer([parameter], library("sgd"), lr=0.1), torch.optim.SGD([twin], lr=0.1)

        def closure_of(one, optimizer):
            def closure():
                optimizer.zero_grad()
                loss = ((one - target) ** 2).sum() / 2
                loss.backward()
                return loss
            return closure

        for _ in range(20):
            first, second = ours.step(closure_of(parameter, ours)), theirs.step(closure_of(twin, theirs))
            self.assertAlmostEqual(first.item(), second.item(), delta=1e-6 * second.item())
        # The error contracts with the step's own map, so a few roundings are all that remains.
        np.testing.assert_allclose(parameter.detach().numpy(), twin.detach().numpy(), rtol=0, atol=8 * 2.0 ** -24)

    def test_references(self):
        """The trajectories that the NumPy client is held to as well."""
        self.assertTrue(VECTORS)
        for path in VECTORS:
            content = reference(path)
            for case in content["cases"] if content else []:
                gradients = np.array(case.get("g", content["g"]))
                with self.subTest(optimizer=content["optimizer"], case=case["name"]):
                    parameter = torch.nn.Parameter(torch.tensor(case["w0"], dtype=torch.float32))
                    optimizer = Optimizer([parameter], library(content["optimizer"]), **case["hypers"])
                    budget = RoundingBudget(np.array(case["w0"]))
                    for gradient, expected in zip(gradients, np.array(case["w"]), strict=True):
                        parameter.grad = torch.tensor(gradient, dtype=torch.float32)
                        optimizer.step()
                        excess = np.abs(parameter.detach().numpy() - expected) - budget.after(expected)
                        self.assertLessEqual(excess.max(), 0)


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


class Refusals(unittest.TestCase):
    def refuse(self, status, call):
        with self.assertRaises(ravine.Error) as caught:
            call()
        self.assertEqual(caught.exception.status, status)
        return caught.exception.message

    def test_parameters(self):
        create = lambda parameter: Optimizer([parameter], library("sgd"))
        self.refuse(Status.TENSOR, lambda: create(torch.nn.Parameter(torch.zeros(3, 4).T)))
        self.refuse(Status.TENSOR, lambda: create(torch.nn.Parameter(torch.zeros(8)[::2])))
        self.refuse(Status.TENSOR, lambda: create(torch.nn.Parameter(torch.zeros(4, device="meta"))))
        self.refuse(Status.TENSOR, lambda: create(torch.nn.Parameter(torch.zeros(4, dtype=torch.complex64))))
        self.refuse(Status.PRECISION, lambda: create(torch.nn.Parameter(torch.zeros(4, dtype=torch.bfloat16))))

    def test_copies(self):
        optimizer = Optimizer(parameters((3,)), library("sgd"))
        for attempt in (copy.copy, copy.deepcopy, pickle.dumps, lambda one: torch.save(one, io.BytesIO())):
            with self.assertRaisesRegex(TypeError, r"^a ravine\.torch\.Optimizer cannot be copied .* state_dict\(\)"):
                attempt(optimizer)

    def test_parameters_go_by_their_names(self):
        layer = torch.nn.Linear(4, 3)
        wrong = [("layer.weight", torch.nn.Parameter(torch.zeros(3, 4).T))]
        self.assertIn('"layer.weight"', self.refuse(Status.TENSOR, lambda: Optimizer(wrong, library("sgd"))))
        optimizer = Optimizer(layer.named_parameters(), library("sgd"))
        layer.bias.grad = layer.bias.detach()
        self.assertIn('"bias"', self.refuse(Status.OVERLAP, optimizer.step))
        layer.bias.grad = torch.zeros(6)[::2]
        self.assertIn('"bias"', self.refuse(Status.TENSOR, optimizer.step))
        layer.weight.data = torch.zeros(2, 2)
        self.assertIn('"weight"', self.refuse(Status.TENSOR, optimizer.step))

    def test_unknown_hypers(self):
        params = parameters((3,))
        message = self.refuse(Status.NAME, lambda: Optimizer(params, library("adamw"), beta3=0.9))
        self.assertEqual(message, 'adamw has no hyper "beta3"; did you mean "beta1"?')
        with self.assertRaises(ravine.Error) as caught:
            library("adamw").optimizer("adamw", [np.zeros(3, np.float32)], beta3=0.9)
        self.assertEqual(message, caught.exception.message)

    def test_gradients(self):
        [parameter] = parameters((3, 4))
        before = parameter.detach().clone()
        optimizer = Optimizer([parameter], library("sgd"))
        parameter.grad = torch.zeros(4, 3).T
        self.refuse(Status.TENSOR, optimizer.step)
        parameter.grad = torch.ones(3, 4).to_sparse()
        self.refuse(Status.TENSOR, optimizer.step)
        self.assertTrue(torch.equal(parameter, before))

    def test_moved_parameter(self):
        [parameter] = parameters((3, 4))
        optimizer = Optimizer([parameter], library("sgd"), lr=1.0)
        parameter.data = torch.ones(3, 4)
        parameter.grad = torch.ones(3, 4)
        optimizer.step()
        self.assertTrue(torch.equal(parameter, torch.zeros(3, 4)))
        parameter.grad = None
        parameter.data = torch.ones(4, 3)
        self.refuse(Status.TENSOR, optimizer.step)

    def test_values(self):
        [parameter] = parameters((3,))
        optimizer = Optimizer([parameter], library("sgd"))
        self.refuse(Status.RANGE, lambda: Optimizer([parameter], library("sgd"), lr=-1.0))
        give_gradients([parameter], seed=1)
        before = parameter.detach().clone()
        optimizer.param_groups[0]["lr"] = -1.0
        self.refuse(Status.RANGE, optimizer.step)
        optimizer.param_groups[0]["lr"] = 0.1
        optimizer.param_groups[0]["momentum"] = 0.9
        self.refuse(Status.FIXED, optimizer.step)
        self.assertTrue(torch.equal(parameter, before))

    def test_new_group(self):
        optimizer = Optimizer(parameters((3,)), library("sgd"))
        self.refuse(Status.FIXED, lambda: optimizer.add_param_group({"params": parameters((3,))}))

    def test_autograd_notices_the_write(self):
        [parameter] = parameters((3,))
        optimizer = Optimizer([parameter], library("sgd"))
        loss = (parameter ** 2).sum()
        give_gradients([parameter], seed=1)
        optimizer.step()
        with self.assertRaisesRegex(RuntimeError, "modified by an inplace operation"):
            loss.backward()


class Readme(unittest.TestCase):
    def test_example(self):
        printed, promised = run_readme(["PyTorch"])
        self.assertTrue(promised)
        self.assertEqual(printed, promised)


class Numbers(unittest.TestCase):
    """States and hypers per tensor and of the model, metrics and views, on the sample library of stages."""

    def setUp(self):
        self.params = [torch.nn.Parameter(torch.ones(4, 4)), torch.nn.Parameter(torch.ones(3))]
        self.optimizer = Optimizer(self.params, stages(), "recomputed", first=7)

    def step(self, *optimizers, gradient=2.0):
        for optimizer in optimizers or [self.optimizer]:
            for parameter in optimizer.param_groups[0]["params"]:
                parameter.grad = torch.full_like(parameter, gradient)
            optimizer.step()

    def refuse(self, status, call, *arguments, **settings):
        with self.assertRaises(ravine.Error) as caught:
            call(*arguments, **settings)
        self.assertEqual(caught.exception.status, status, caught.exception)

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

    def test_hypers_of_tensors_and_the_model(self):
        self.optimizer.set_for(self.params[0], scale=0.0)
        self.step()
        self.assertTrue(torch.equal(self.params[0], torch.ones(4, 4)))
        self.optimizer.param_groups[0]["scale"] = 3.0  # for those that have none of their own
        self.step()
        self.assertTrue(torch.equal(self.params[0], torch.ones(4, 4)))
        self.refuse(Status.ARGUMENT, self.optimizer.set_for, self.params[0], lr=1.0)
        self.refuse(Status.ARGUMENT, self.optimizer.set_for, torch.zeros(3), scale=1.0)
        groups = [{"params": [self.params[0]], "first": 1.0}, {"params": [self.params[1]]}]
        self.refuse(Status.ARGUMENT, Optimizer, groups, stages(), "recomputed")

    def test_views(self):
        self.step()
        before = [parameter.detach().clone() for parameter in self.params]
        version = self.params[0]._version
        with self.optimizer.view("shifted"):
            self.assertTrue(torch.equal(self.params[0], before[0] + 32))
            self.refuse(Status.BUSY, self.optimizer.step)
            self.assertGreater(self.params[0]._version, version)
        for parameter, values in zip(self.params, before):
            self.assertTrue(torch.equal(parameter, values))
            self.assertTrue(parameter.requires_grad)
        self.refuse(Status.NAME, self.optimizer.view("evel").__enter__)

    def test_views_of_parameters_that_have_moved(self):
        """They are read where they are, not where the last step found them."""
        self.step()
        with self.optimizer.view("shifted"):
            shown = self.params[1].detach().clone()
        self.params[1].data = self.params[1].data.clone()
        with self.optimizer.view("shifted"):
            self.assertTrue(torch.equal(self.params[1], shown))

    def test_metrics(self):
        self.assertTrue(np.isnan(self.optimizer.metrics["norm"]))
        self.step()
        self.assertEqual(self.optimizer.metrics["depth"], [16, 3])
        self.assertEqual(self.optimizer.metrics["elements"], 19)
        with self.assertRaisesRegex(ravine.Error, 'recomputed has no metric "dept"; did you mean "depth"'):
            self.optimizer.metrics["dept"]

    def test_metrics_by_name(self):
        named = [("first", self.params[0]), ("second", self.params[1])]
        optimizer = Optimizer(named, stages(), "recomputed")
        self.step(optimizer)
        self.assertEqual(optimizer.metrics["depth"], {"first": 16, "second": 3})
        self.assertEqual(optimizer.metrics["elements"], 19)


if __name__ == "__main__":
    unittest.main()
