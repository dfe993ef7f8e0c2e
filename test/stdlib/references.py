"""Optimizers of other libraries, each as a function that runs a trajectory.

A runner takes the weights (one array per tensor), the gradients (for each step, one array per tensor, or None) and the
hypers, and returns {"w": …} and perhaps {"eval": …}: for each step, one array per tensor. Everything is float64."""

import jax.numpy as jnp
import numpy as np
import optax
import torch


# ---------------------------------------------------------------- torch and optimizers with its interface

def run_torch(optimizer_class, renamed=None, prepared=None, view=None, **fixed):
    """A runner for a torch optimizer. `renamed` turns our hypers into its arguments, `prepared` gets the optimizer
    before the first step, `view` computes a view from it."""
    def run(weights, gradients, hypers):
        parameters = [torch.tensor(weight, dtype=torch.float64, requires_grad=True) for weight in weights]
        arguments = renamed(dict(hypers)) if renamed else hypers
        optimizer = optimizer_class(parameters, **fixed, **arguments)
        if prepared:
            prepared(optimizer, parameters)
        trajectory = {"w": [], "eval": []} if view else {"w": []}
        for row in gradients:
            for parameter, gradient in zip(parameters, row):
                parameter.grad = None if gradient is None else torch.tensor(gradient, dtype=torch.float64)
            optimizer.step()
            trajectory["w"].append([parameter.detach().numpy().copy() for parameter in parameters])
            if view:
                trajectory["eval"].append(view(optimizer, parameters))
        return trajectory
    return run


def with_betas(default=(0.9, 0.999)):
    """torch wants the betas together."""
    def renamed(hypers):
        names = [f"beta{i + 1}" for i in range(len(default))]
        hypers["betas"] = tuple(hypers.pop(name, value) for name, value in zip(names, default))
        return hypers
    return renamed


def with_momentum(hypers):
    return {"momentum": hypers.pop("beta", 0.9), **hypers}


def with_ranges(hypers):
    """torch.optim.Rprop wants its factors and bounds in pairs."""
    hypers["etas"] = (hypers.pop("eta_minus", 0.5), hypers.pop("eta_plus", 1.2))
    hypers["step_sizes"] = (hypers.pop("step_min", 1e-6), hypers.pop("step_max", 50.0))
    return hypers


def averaged_weights(optimizer, parameters):
    """What torch.optim.ASGD keeps in `ax`."""
    return [optimizer.state[parameter]["ax"].numpy().copy() for parameter in parameters]


def in_training(optimizer, _):
    optimizer.train()


def evaluation_weights(optimizer, parameters):
    """What the parameters of a schedule-free optimizer are after `eval()`; leaves them as they were."""
    before = [parameter.detach().clone() for parameter in parameters]
    optimizer.eval()
    weights = [parameter.detach().numpy().copy() for parameter in parameters]
    optimizer.train()
    with torch.no_grad():
        for parameter, value in zip(parameters, before):
            parameter.copy_(value)
    return weights


def momentum_from_zero(optimizer, parameters):
    """Yogi's momentum starts at 0 in the paper, at the accumulator's initial value in torch_optimizer."""
    for parameter in parameters:
        optimizer.state[parameter] = {
            "step": 0, "exp_avg": torch.zeros_like(parameter),
            "exp_avg_sq": torch.full_like(parameter, optimizer.defaults["initial_accumulator"])}


# ---------------------------------------------------------------- optax

def run_optax(optimizer, per_tensor=False):
    """A runner for the optax optimizer that `optimizer` makes of our hypers. With `per_tensor`, every tensor has one of
    its own, so that norms over the model become norms over the tensor. Absent gradients are left out of both."""
    def run(weights, gradients, hypers):
        alone = [[i] for i in range(len(weights))]
        parameters = [jnp.asarray(weight, dtype=jnp.float64) for weight in weights]
        groups = alone if per_tensor else [list(range(len(weights)))]
        rules = [optimizer(dict(hypers)) for _ in groups]
        states = [rule.init([parameters[i] for i in group]) for rule, group in zip(rules, groups)]
        trajectory = []
        for row in gradients:
            for k, (rule, group) in enumerate(zip(rules, groups)):
                present = [i for i in group if row[i] is not None]
                if not present:
                    continue
                ours = [parameters[i] for i in present]
                update, states[k] = rule.update([jnp.asarray(row[i]) for i in present], states[k], ours)
                for i, value in zip(present, optax.apply_updates(ours, update)):
                    parameters[i] = value
            trajectory.append([np.asarray(parameter) for parameter in parameters])
        return {"w": trajectory}
    return run


def run_polyak(weights, gradients, hypers):
    """optax.polyak_sgd needs the loss of every step. Its `scaling` enters the norm, too, which the
    documentation does not say; here the updates are scaled."""
    rule = optax.polyak_sgd(max_learning_rate=np.inf, f_min=hypers.get("optimum", 0.0), eps=hypers.get("eps", 1e-8),
                            variant="sps+")
    parameters = [jnp.asarray(weight, dtype=jnp.float64) for weight in weights]
    state = rule.init(parameters)
    trajectory = []
    for row, loss in zip(gradients, hypers["loss"]):
        update, state = rule.update([jnp.asarray(gradient) for gradient in row], state, parameters, value=loss)
        update = [hypers.get("lr", 1.0) * array for array in update]
        parameters = optax.apply_updates(parameters, update)
        trajectory.append([np.asarray(parameter) for parameter in parameters])
    return {"w": trajectory}


def lion(hypers):
    return optax.lion(hypers.get("lr", 1e-4), hypers.get("beta1", 0.9), hypers.get("beta2", 0.99),
                      weight_decay=hypers.get("weight_decay", 0.0))


def signsgd(hypers):
    return optax.chain(optax.scale_by_sign(), optax.add_decayed_weights(hypers.get("weight_decay", 0.0)),
                       optax.scale_by_learning_rate(hypers.get("lr", 1e-3)))


def signum(hypers):
    return optax.chain(optax.ema(hypers.get("beta", 0.9), debias=False), signsgd(hypers))


def guarded(run, interpolation):
    """A step along a sign jumps where the sign changes. No element may come so near to that point, other than by being
    exactly there, that float32 could see another sign. `interpolation(hypers)` gives the weight of the mean gradient
    where its sign is taken, and its decay."""
    def guarded_run(weights, gradients, hypers):
        weight, decay = interpolation(hypers)
        mean = [np.zeros_like(w) for w in weights]
        for row in gradients:
            for i, gradient in enumerate(row):
                terms = np.abs(weight * mean[i]) + np.abs((1 - weight) * gradient)
                total = np.abs(weight * mean[i] + (1 - weight) * gradient)
                assert np.all((terms == 0) | (total > 1e-4 * terms)), "a sign hangs by a rounding: change the seed"
                mean[i] = decay * mean[i] + (1 - decay) * gradient
        return run(weights, gradients, hypers)
    return guarded_run


def clipped_sgd(hypers):
    return optax.chain(optax.clip(hypers.get("clip", 1.0)), optax.sgd(hypers.get("lr", 1e-3)))


def norm_clipped_sgd(hypers):
    return optax.chain(optax.clip_by_global_norm(hypers.get("clip", 1.0)), optax.sgd(hypers.get("lr", 1e-3)))


def lars(hypers):
    """Without weight decay, where the two ways to write the ratio agree."""
    return optax.lars(hypers.get("lr", 1.0), trust_coefficient=hypers.get("trust_coefficient", 1e-3),
                      momentum=hypers.get("momentum", 0.9), nesterov=hypers.get("nesterov", False))


def lamb(hypers):
    return optax.lamb(hypers.get("lr", 1e-3), hypers.get("beta1", 0.9), hypers.get("beta2", 0.999),
                      hypers.get("eps", 1e-6), weight_decay=hypers.get("weight_decay", 0.0))


def adopt(hypers):
    return optax.contrib.adopt(hypers.get("lr", 1e-3), hypers.get("beta1", 0.9), hypers.get("beta2", 0.9999),
                               hypers.get("eps", 1e-6), use_clipping=hypers.get("clip", True))
