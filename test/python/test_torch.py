"""`ravine.torch.Optimizer` against the optimizers of PyTorch: steps, hypers, views, metrics and refusals.

    RAVINE_TEST_LIBRARIES=folder/of/lib*.so python test_torch.py
"""

import copy
import io
import pickle
import unittest

from torch_support import NumbersCase, RefusalCase, give_gradients, parameters, step_along, torch

import numpy as np

from support import VECTORS, RoundingBudget, composition, library, ravine, reference, run_readme, stages
from ravine import Status
from ravine.torch import Optimizer


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


class Refusals(RefusalCase):
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


class Numbers(NumbersCase):
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

    def test_views_as_new_tensors(self):
        self.step()
        self.assertEqual(self.optimizer.steps, 1)
        before = [parameter.detach().clone() for parameter in self.params]
        shown = self.optimizer.read_view("shifted")
        self.assertTrue(torch.equal(shown[0], before[0] + 32))
        for parameter, values, view in zip(self.params, before, shown, strict=True):
            self.assertTrue(torch.equal(parameter, values))
            self.assertFalse(view.requires_grad)
        with self.optimizer.view("shifted"):
            for parameter, view in zip(self.params, shown, strict=True):
                self.assertTrue(torch.equal(parameter, view))
        self.refuse(Status.NAME, self.optimizer.read_view, "evel")

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


class Precisions(RefusalCase):
    """Parameters of several dtypes, on the sample library of a composed rule."""

    DTYPES = (torch.float32, torch.float64, torch.bfloat16, torch.float16)

    def test_mixes(self):
        params = [torch.nn.Parameter(torch.full((2, 2), 2.0, dtype=dtype)) for dtype in self.DTYPES]
        optimizer = Optimizer(params, composition(), "lenient", every=1)
        step_along(optimizer, 1.0)
        for parameter in params:  # lr = 1 and warm = 0.25
            self.assertTrue(torch.equal(parameter, torch.full_like(parameter, 1.75)), parameter)
        states = optimizer.state_dict()["state"]
        self.assertEqual(states[2]["hidden.b"].dtype, torch.bfloat16)
        self.assertEqual(states[2]["master"].dtype, torch.float32)
        self.assertNotIn("master", states[1])

    def test_dtypes_that_the_library_lacks(self):
        for dtype, name in ((torch.bfloat16, "bf16"), (torch.float16, "f16")):
            parameter = torch.nn.Parameter(torch.zeros(4, dtype=dtype))
            message = self.refuse(Status.PRECISION, Optimizer, [("weight", parameter)], stages(), "recomputed")
            self.assertIn(f'tensor "weight" has parameter {name} and gradient {name}', message)
            self.assertIn(f"--precision=f32,{name}", message)

    def test_gradients_become_zero(self):
        parameter = torch.nn.Parameter(torch.full((2, 2), 2.0, dtype=torch.bfloat16))
        optimizer = Optimizer([parameter], composition(), "lenient", every=2)
        step_along(optimizer, 1.0)
        self.assertTrue(torch.equal(parameter.grad, torch.zeros_like(parameter)))
        self.assertGreater(parameter.grad._version, 0)
        self.assertEqual((optimizer.skipped, optimizer.state_dict()["steps"]), (1, 0))
        step_along(optimizer, 3.0)
        self.assertTrue(torch.equal(parameter, torch.full_like(parameter, 1.5)))
        self.assertTrue(torch.equal(parameter.grad, torch.zeros_like(parameter)))
        parameter.grad = torch.ones(()).to(torch.bfloat16).expand(2, 2)
        self.refuse(Status.TENSOR, optimizer.step)

    def test_shared_gradients_are_refused(self):
        params = [torch.nn.Parameter(torch.zeros(2, 2)) for _ in range(2)]
        optimizer = Optimizer(params, composition(), "lenient")
        params[0].grad = params[1].grad = torch.ones(2, 2)
        self.assertIn("overlaps", self.refuse(Status.OVERLAP, optimizer.step))


class Schedules(RefusalCase):
    def setUp(self):
        self.parameter = torch.nn.Parameter(torch.full((2, 2), 2.0))
        self.optimizer = Optimizer([self.parameter], composition(), "lenient", every=1, **{"hidden.momentum": 0.0})

    def test_follow_until_a_value_is_set(self):
        group = self.optimizer.param_groups[0]
        self.assertIsNone(group["hidden.lr"])
        self.assertEqual((group["hidden.momentum"], group["peak"]), (0.0, 1.0))
        step_along(self.optimizer, 1.0)
        self.assertEqual(self.optimizer.setting("hidden.lr"), 0.5)
        group["hidden.lr"] = 2.0
        self.assertEqual(self.optimizer.setting("hidden.lr"), 2.0)
        step_along(self.optimizer, 1.0)  # 1.75 - 2*0.5
        self.assertTrue(torch.equal(self.parameter, torch.full((2, 2), 0.75)))
        group["hidden.lr"] = None
        self.assertEqual(self.optimizer.setting("hidden.lr"), 1 / 3)

    def test_leading_out_of_range(self):
        self.optimizer.param_groups[0]["peak"] = 8.0
        message = self.refuse(Status.RANGE, self.optimizer.step)
        self.assertEqual(message, "hidden.lr = 8 is outside [0, 4] at step 1, where its schedule leads")

    def test_are_only_where_the_rule_has_them(self):
        self.optimizer.param_groups[0]["peak"] = None
        self.assertIn("peak = nan", self.refuse(Status.RANGE, self.optimizer.setting, "peak"))

    def test_groups_with_names(self):
        params = [torch.nn.Parameter(torch.ones(2, 2)) for _ in range(2)]
        groups = [{"params": [params[0]]}, {"params": [params[1]], "name": "frozen head", "peak": 4.0}]
        optimizer = Optimizer(groups, composition(), "lenient", every=1)
        step_along(optimizer, 1.0)
        self.assertTrue(torch.equal(params[0], torch.full((2, 2), 0.75)))
        self.assertTrue(torch.equal(params[1], torch.ones(2, 2)))


if __name__ == "__main__":
    unittest.main()
