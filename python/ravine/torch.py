"""A compiled Ravine optimizer as a `torch.optim.Optimizer`.

    from ravine.torch import Optimizer

    optimizer = Optimizer(model.parameters(), "libadamw.so", lr=3e-4)

Parameter groups, closures, learning-rate schedulers and state dicts work as with the optimizers of PyTorch; hypers go
by the names that the .rvn file gives them. Parameters have to be dense, contiguous and in main memory. The states are
the library's: `state_dict` copies them out, `state` stays empty.
"""

import torch

from ravine.errors import Error, Status
from ravine.instance import Instance, Layout, Setting
from ravine.library import Library, load

DTYPES = {torch.float32: "float32", torch.float64: "float64", torch.bfloat16: "bfloat16", torch.float16: "float16"}


class Optimizer(torch.optim.Optimizer):
    """Updates the parameters of a model with an optimizer of a compiled library.

    params     as for every torch optimizer: tensors, named tensors, or dicts with "params" and hypers of their own
    library    a `ravine.Library`, or the path of one
    optimizer  which optimizer of the library; may be left out where there is only one
    hypers     values that differ from the defaults, for all groups that do not set their own

    The groups are fixed at creation. A hyper that is changed in `param_groups` counts from the next step on.
    """

    def __init__(self, params, library, optimizer=None, **hypers):
        self._library = library if isinstance(library, Library) else load(library)
        self._description = self._library.describe(optimizer)
        self._instance = None
        self._refuse_unknown(hypers)
        defaults = {name: hyper.default for name, hyper in self._description.hypers.items()}
        super().__init__(params, {**defaults, **hypers})
        self._instance = self._new_instance()

    def __reduce_ex__(self, protocol):
        """What `copy` and `pickle` ask. The states are memory of the library, out of their sight."""
        raise TypeError("a ravine.torch.Optimizer cannot be copied or pickled: save its state_dict(), and load that "
                        "into a new Optimizer with load_state_dict")

    def add_param_group(self, param_group):
        """Only what the constructor was given: a library lays out its states once."""
        if self._instance is not None:
            raise Error(Status.FIXED, "parameter groups cannot be added once the optimizer exists")
        super().add_param_group(param_group)

    @torch.no_grad()
    def step(self, closure=None):
        """One step over every parameter that has a gradient. `closure`, if any, is called once before it, and what it
        returns is returned."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        self._configure()
        rows = list(zip(self._layouts, self._parameters(), strict=True))
        self._instance.step([address_of_same(layout, parameter, "parameter") for layout, parameter in rows],
                            [gradient_address(layout, parameter.grad) for layout, parameter in rows])
        # Autograd does not see what is written behind its back; a graph that still needs an old value must notice.
        torch.autograd.graph.increment_version([one for one in self._parameters() if one.grad is not None])
        return loss

    def state_dict(self):
        """As for every torch optimizer, with a copy of each state under its own name, and "step", which counts the
        steps that a parameter took part in; "steps" counts those of the optimizer."""
        for index, parameter in enumerate(self._parameters()):
            count = self._instance.tensor_steps(index)
            if count:
                states = {name: torch.from_numpy(view.copy()) for name, view in self._states(index)}
                self.state[parameter] = {"step": count, **states}
        try:
            return {**super().state_dict(), "steps": self._instance.steps()}
        finally:
            self.state.clear()

    def load_state_dict(self, state_dict):
        """Takes up where a `state_dict` of the same model and optimizer left off. On an error nothing has changed."""
        groups, instance, layouts, sent = self.param_groups, self._instance, self._layouts, self._sent
        saved = {}

        def look(_, final):
            """Sees what the user's own hooks have made of the state dict, before torch rounds states to the dtype of
            their parameter."""
            self._require_own(final)
            saved.update(final)

        try:
            with self.register_load_state_dict_pre_hook(look):
                super().load_state_dict(state_dict)
            self._instance = self._new_instance()
            self._restore(saved)
        except BaseException:
            self.param_groups, self._instance, self._layouts, self._sent = groups, instance, layouts, sent
            raise
        finally:
            self.state.clear()

    def _require_own(self, saved):
        """Refuses what another optimizer has saved."""
        if "steps" not in saved:
            raise Error(Status.ARGUMENT, 'the state dict lacks "steps": it was not saved by a ravine.torch.Optimizer')
        for number, group in enumerate(saved["param_groups"]):
            for name in self._description.hypers:
                if name not in group:
                    raise Error(Status.NAME, f"the state dict is not one of {self._description.name}: "
                                             f"its group {number} lacks the hyper {name}")

    def _restore(self, saved):
        """Writes saved counters and states into the library's."""
        keys = [key for group in saved["param_groups"] for key in group["params"]]
        for index, (layout, key) in enumerate(zip(self._layouts, keys, strict=True)):
            states = saved["state"].get(key)
            if states is None:  # The parameter has taken part in no step yet.
                self._instance.restore_progress(index, saved["steps"], 0)
                continue
            views = dict(self._states(index))
            required = {"step", *views}
            if states.keys() != required:
                name = min(states.keys() ^ required)
                raise Error(Status.NAME, f'the saved states of parameter "{layout.name}" '
                                         f'{"lack" if name in required else "hold an unknown"} {name}')
            self._instance.restore_progress(index, saved["steps"], states["step"])
            for name, view in views.items():
                if tuple(states[name].shape) != view.shape:
                    raise Error(Status.TENSOR, f'the saved state {name} of parameter "{layout.name}" has the shape '
                                               f"{tuple(states[name].shape)}, not {view.shape}")
                torch.from_numpy(view).copy_(states[name])

    def _refuse_unknown(self, hypers):
        """Lets the library refuse hypers that the optimizer does not have: it knows which one was meant."""
        unknown = [Setting(None, name, 0) for name in hypers if name not in self._description.hypers]
        if unknown:
            Instance(self._library.table, self._description.name, [], 1, unknown).close()

    def _new_instance(self):
        self._layouts = [layout_of(name, parameter, number)
                         for number, group in enumerate(self.param_groups)
                         for name, parameter in named_parameters(group, number)]
        self._sent = self._current_settings()
        return Instance(self._library.table, self._description.name, self._layouts, len(self.param_groups), self._sent)

    def _configure(self):
        """Tells the library of every hyper that was changed in `param_groups` since it was last told."""
        current = self._current_settings()
        changed = [new for new, old in zip(current, self._sent, strict=True) if new != old]
        if changed:
            self._instance.configure(changed)
            self._sent = current

    def _current_settings(self):
        """Every hyper of every group. A learning rate that is kept in a tensor is read now: it may change in place."""
        return [Setting(number, name, plain(group[name]))
                for number, group in enumerate(self.param_groups) for name in self._description.hypers]

    def _parameters(self):
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def _states(self, index):
        """The states of one parameter that exist, as (name, view)."""
        views = ((name, self._instance.view_state(index, name)) for name in self._description.states)
        return [(name, view) for name, view in views if view is not None]


def plain(value):
    return value.item() if isinstance(value, torch.Tensor) else value


def named_parameters(group, number):
    names = group.get("param_names") or [f"{number}.{index}" for index in range(len(group["params"]))]
    return zip(names, group["params"], strict=True)


def layout_of(name, parameter, group):
    require_usable(parameter, f'parameter "{name}"')
    if parameter.dtype not in DTYPES:
        raise Error(Status.TENSOR, f'parameter "{name}" is {parameter.dtype}, which no optimizer can update')
    return Layout(name, tuple(parameter.shape), parameter.stride(), DTYPES[parameter.dtype], group)


def require_usable(tensor, what):
    if tensor.layout != torch.strided:
        raise Error(Status.TENSOR, f"{what} is {tensor.layout}, not dense")
    if tensor.device.type != "cpu":
        raise Error(Status.TENSOR, f"{what} is on {tensor.device}, not in main memory")
    if not tensor.is_contiguous():
        raise Error(Status.TENSOR, f"{what} is not contiguous")


def gradient_address(layout, gradient):
    return None if gradient is None else address_of_same(layout, gradient, "the gradient of parameter")


def address_of_same(layout, tensor, what):
    """Modules replace, move and cast their parameters' memory, so it is looked at anew at every step."""
    what = f'{what} "{layout.name}"'
    require_usable(tensor, what)
    if tensor.shape != layout.shape or DTYPES.get(tensor.dtype) != layout.dtype:
        raise Error(Status.TENSOR, f"{what} is {tensor.dtype} of shape {tuple(tensor.shape)}, "
                                   f"not {layout.dtype} of shape {layout.shape} as at creation")
    return tensor.data_ptr()
