"""A compiled Ravine optimizer as a `torch.optim.Optimizer`.

    from ravine.torch import Optimizer

    optimizer = Optimizer(model.parameters(), "libadamw.so", lr=3e-4)

Parameter groups, closures, learning-rate schedulers and state dicts work as with the optimizers of PyTorch; hypers go
by the names that the .rvn file gives them. Parameters have to be dense, contiguous and in main memory. The states are
the library's: `state_dict` copies them out, `state` stays empty.
"""

import contextlib
import statistics

import torch

from ravine.errors import Error, Status
from ravine.instance import Instance, Layout, Setting, row_axes_of
from ravine.library import Library, load

DTYPES = {torch.float32: "float32", torch.float64: "float64", torch.bfloat16: "bfloat16", torch.float16: "float16"}
TORCH_DTYPES = {name: dtype for dtype, name in DTYPES.items()}


class Optimizer(torch.optim.Optimizer):
    """Updates the parameters of a model with an optimizer of a compiled library.

    params     as for every torch optimizer: tensors, named tensors, or dicts with "params" and hypers of their own
    library    a `ravine.Library`, or the path of one
    optimizer  which optimizer of the library; may be left out where there is only one
    hypers     values that differ from the defaults, for all groups that do not set their own

    The groups are fixed at creation; a rule may ask for a group's "name", and "row_axes" says how many of the leading axes
    of its parameters make up the rows, for rules that speak of rows, columns or channels: 1 unless given, and fewer than the
    axes of each parameter that has two or more (a bias has no rows). A hyper that is changed in `param_groups` counts from
    the next step on. One that follows a schedule of the rule is None there; a value takes its place, and None gives it back.
    """

    def __init__(self, params, library, optimizer=None, **hypers):
        self._library = library if isinstance(library, Library) else load(library)
        self._description = self._library.describe(optimizer)
        self._instance = None
        self._own = {}
        self._shown = None
        self._refuse_unknown(hypers)
        defaults = {name: None if hyper.schedule else hyper.default for name, hyper in self._description.hypers.items()}
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
        """One step over every parameter that has a gradient, which becomes 0 if the rule says so. `closure`, if any, is
        called once before it, and what it returns is returned."""
        self._require_parameters()
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        self._configure()
        rows = list(zip(self._layouts, self._parameters(), strict=True))
        self._instance.step([address_of_same(layout, parameter, "parameter") for layout, parameter in rows],
                            [gradient_address(layout, parameter.grad) for layout, parameter in rows])
        taking_part = [one for one in self._parameters() if one.grad is not None]
        mark_written(taking_part)
        if self._description.writes_gradient:
            mark_written([one.grad for one in taking_part])
        return loss

    def setting(self, name, group=0):
        """The value of a hyper that the next step will use, in a group: also of one that follows its schedule."""
        self._configure()
        return self._description.hypers[name].value_of(self._instance.read_setting(name, group))

    def follows(self, name, group=0):
        """Whether a hyper of a group follows its schedule, because no value has been set."""
        self._configure()
        return self._instance.read_following(name, group)

    @property
    def steps(self):
        """Steps that were committed."""
        return self._instance.steps()

    @property
    def metrics(self):
        """What the last committed step measured, by name: a number, or one for each parameter, in a dict by name if the
        parameters were given with names, else in a list. NaN before the first step, and for a parameter that sat it out."""
        return self._instance.metrics(by_name="param_names" in self.param_groups[0])

    @property
    def skipped(self):
        """Steps that the rule ended early: with gradients that were infinite or NaN, or while it gathered them."""
        return self._instance.skipped()

    def set_for(self, parameter, **hypers):
        """Sets hypers per tensor for one parameter, from the next step on. A value in `param_groups` is for the others."""
        index = next((number for number, one in enumerate(self._parameters()) if one is parameter), None)
        if index is None:
            raise Error(Status.ARGUMENT, "the tensor is no parameter of this optimizer")
        own = {(index, name): plain(value) for name, value in hypers.items()}
        self._instance.configure([self._own_setting(key, value) for key, value in own.items()])
        self._own |= own

    @torch.no_grad()
    def read_view(self, name):
        """A view as new tensors, one for each parameter, in their order. A parameter that has taken no step yet shows its
        own values."""
        self._require_parameters()
        self._configure()
        rows = list(zip(self._layouts, self._parameters(), strict=True))
        shown = [torch.empty_like(parameter, memory_format=torch.contiguous_format) for _, parameter in rows]
        self._instance.read_view(name, [tensor.data_ptr() for tensor in shown],
                                 [address_of_same(layout, parameter, "parameter") for layout, parameter in rows])
        return shown

    @contextlib.contextmanager
    def view(self, name):
        """Puts a view in the place of the parameters, for the time of a `with` block; afterwards they are what they were,
        bit for bit. A step inside the block is refused."""
        self._require_parameters()
        parameters = self._parameters()
        addresses = [address_of_same(layout, parameter, "parameter")
                     for layout, parameter in zip(self._layouts, parameters, strict=True)]
        with torch.no_grad():
            saved = [parameter.clone() for parameter in parameters]
            self._configure()
            self._instance.read_view(name, addresses, addresses)
            mark_written(parameters)
        self._shown = name
        try:
            yield self
        finally:
            self._shown = None
            with torch.no_grad():
                for parameter, values in zip(parameters, saved, strict=True):
                    parameter.copy_(values)

    def save(self, path):
        """Writes settings, counters and states to a file in the safetensors format, which appears complete or not at
        all. `state_dict` is what other tools of PyTorch expect."""
        self._configure()
        self._instance.save(path)

    def load(self, path):
        """Takes up where `save` left off, on parameters of the same names and shapes. On an error nothing has changed."""
        self._instance.load(path)
        self._own = {}
        for name, hyper in self._description.hypers.items():
            if hyper.index_set == "tensor":
                self._take_per_tensor(name, hyper)
                continue
            for number, group in enumerate(self.param_groups):
                follows = self._instance.read_following(name, number)
                group[name] = None if follows else hyper.value_of(self._instance.read_setting(name, number))
        self._sent = self._current_settings()

    def state_dict(self):
        """As for every torch optimizer, with a copy of each state under its own name, and "step", which counts the
        steps that a parameter took part in; "steps" counts those of the optimizer, "skipped" those that ended early,
        "model" holds the states of the model, "own_hypers" what `set_for` has set."""
        for index, parameter in enumerate(self._parameters()):
            if self._instance.initialized(index)[0]:
                states = {name: state.clone() for name, state in self._states(index)}
                self.state[parameter] = {"step": self._instance.tensor_steps(index), **states}
        steps = self._instance.steps()
        has_model = self._instance.initialized(0)[1]
        model = {name: state.clone() for name, state in self._model_states()} if has_model else {}
        own = [(index, name, value) for (index, name), value in self._own.items()]
        try:
            return {**super().state_dict(), "steps": steps, "skipped": self._instance.skipped(), "model": model,
                    "own_hypers": own}
        finally:
            self.state.clear()

    def load_state_dict(self, state_dict):
        """Takes up where a `state_dict` of the same model and optimizer left off. On an error nothing has changed."""
        kept = self.param_groups, self._instance, self._layouts, self._sent, self._own
        saved = {}

        def look(_, final):
            """Sees what the user's own hooks have made of the state dict, before torch rounds states to the dtype of
            their parameter."""
            self._require_own(final)
            saved.update(final)

        try:
            with self.register_load_state_dict_pre_hook(look):
                super().load_state_dict(state_dict)
            self._own = {(index, name): value for index, name, value in saved.get("own_hypers", [])}
            self._instance = self._new_instance()
            self._restore(saved)
        except BaseException:
            self.param_groups, self._instance, self._layouts, self._sent, self._own = kept
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
        model = dict(self._model_states()) if saved["steps"] or saved.get("model") else {}
        counts = saved["steps"], saved.get("skipped", 0), bool(model)
        keys = [key for group in saved["param_groups"] for key in group["params"]]
        for index, (layout, key) in enumerate(zip(self._layouts, keys, strict=True)):
            states = saved["state"].get(key)
            if states is None:  # The parameter has taken part in no step yet.
                self._restore_progress(index, 0, False, counts)
                continue
            views = dict(self._states(index))
            required = {"step", *views}
            if states.keys() != required:
                name = min(states.keys() ^ required)
                raise Error(Status.NAME, f'the saved states of parameter "{layout.name}" '
                                         f'{"lack" if name in required else "hold an unknown"} {name}')
            self._restore_progress(index, states["step"], True, counts)
            for name, view in views.items():
                copy_state(view, states[name], f'the saved state {name} of parameter "{layout.name}"')
        for name, view in model.items():
            if name not in saved.get("model", {}):
                raise Error(Status.NAME, f"the state dict lacks the state {name} of the model")
            copy_state(view, saved["model"][name], f"the saved state {name} of the model")

    def _restore_progress(self, index, tensor_steps, is_initialized, counts):
        steps, skipped, has_model = counts
        self._instance.restore_progress(index, steps, tensor_steps, skipped, is_initialized, has_model)

    def _refuse_unknown(self, hypers):
        """Lets the library refuse hypers that the optimizer does not have: it knows which one was meant."""
        unknown = [Setting(None, name, 0) for name in hypers if name not in self._description.hypers]
        if unknown:
            Instance(self._library.table, self._description, [], [""], unknown).close()

    def _new_instance(self):
        self._layouts = [layout_of(name, parameter, number, group.get("row_axes", 1), self._description)
                         for number, group in enumerate(self.param_groups)
                         for name, parameter in named_parameters(group, number)]
        self._sent = self._current_settings()
        own = [self._own_setting(key, value) for key, value in self._own.items()]
        names = [str(group.get("name", "")) for group in self.param_groups]
        return Instance(self._library.table, self._description, self._layouts, names, self._sent + own)

    def _configure(self):
        """Tells the library of every hyper that was changed in `param_groups` since it was last told."""
        current = self._current_settings()
        changed = [new for new, old in zip(current, self._sent, strict=True) if new != old]
        if changed:
            own = [self._own_setting(key, value) for key, value in self._own.items()]
            self._instance.configure(changed + own)
            self._sent = current

    def _current_settings(self):
        """Every hyper of every group. A learning rate that is kept in a tensor is read now: it may change in place."""
        settings = []
        for name, hyper in self._description.hypers.items():
            values = [plain(group[name]) for group in self.param_groups]
            if hyper.index_set != "model":
                settings += [Setting(number, name, value) for number, value in enumerate(values)]
            elif all(value == values[0] for value in values):
                settings.append(Setting(None, name, values[0]))
            else:
                raise Error(Status.ARGUMENT, f"{name} has one value for the model, but the groups say "
                                             f"{', '.join(map(str, values))}")
        return settings

    def _take_per_tensor(self, name, hyper):
        """Reads a hyper per tensor from the library: what most parameters of a group have becomes the group's value, the
        others keep one of their own."""
        values = {index: hyper.value_of(self._instance.read_tensor_setting(name, index))
                  for index in range(len(self._layouts))}
        for number, group in enumerate(self.param_groups):
            members = {index: value for index, value in values.items() if self._layouts[index].group == number}
            if members:
                group[name] = statistics.mode(members.values())
                self._own |= {(index, name): value for index, value in members.items() if value != group[name]}

    def _own_setting(self, key, value):
        index, name = key
        return Setting(None, name, value, self._layouts[index].name)

    def _require_parameters(self):
        if self._shown is not None:
            raise Error(Status.BUSY, f"the view {self._shown} stands in the place of the parameters")

    def _parameters(self):
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def _states(self, index):
        """The states of one parameter that exist, as (name, view)."""
        return self._existing(index, lambda state: state.index_set != "model")

    def _model_states(self):
        """The states of the model that exist, as (name, view)."""
        return self._existing(0, lambda state: state.index_set == "model")

    def _existing(self, index, is_wanted):
        found = [(name, self._instance.find_state(index, name))
                 for name, state in self._description.states.items() if is_wanted(state)]
        return [(name, tensor_over(*place)) for name, place in found if place is not None]


def mark_written(parameters):
    """Autograd does not see what is written behind its back; a graph that still needs an old value must notice."""
    torch.autograd.graph.increment_version(parameters)


def tensor_over(memory, dtype, shape):
    """A tensor over the memory of a state."""
    dtype = TORCH_DTYPES[dtype]
    return torch.empty(shape, dtype=dtype) if memory is None else torch.frombuffer(memory, dtype=dtype).reshape(shape)


def copy_state(view, saved, what):
    """Takes over a saved state of the same shape and dtype: with another dtype the next step would give other bits."""
    if saved.shape != view.shape:
        raise Error(Status.TENSOR, f"{what} has the shape {tuple(saved.shape)}, not {tuple(view.shape)}")
    if saved.dtype != view.dtype:
        raise Error(Status.TENSOR, f"{what} is {saved.dtype}, not {view.dtype}")
    view.copy_(saved)


def plain(value):
    return value.item() if isinstance(value, torch.Tensor) else value


def named_parameters(group, number):
    names = group.get("param_names") or [f"{number}.{index}" for index in range(len(group["params"]))]
    return zip(names, group["params"], strict=True)


def layout_of(name, parameter, group, row_axes, description):
    require_usable(parameter, f'parameter "{name}"')
    if parameter.dtype not in DTYPES:
        raise Error(Status.TENSOR, f'parameter "{name}" is {parameter.dtype}, which no optimizer can update')
    dtype = DTYPES[parameter.dtype]
    gradient = description.gradient_dtype(dtype)
    return Layout(name, tuple(parameter.shape), parameter.stride(), dtype, gradient, group,
                  row_axes_of(row_axes, parameter.dim()))


def require_usable(tensor, what):
    if tensor.layout != torch.strided:
        raise Error(Status.TENSOR, f"{what} is {tensor.layout}, not dense")
    if tensor.device.type != "cpu":
        raise Error(Status.TENSOR, f"{what} is on {tensor.device}, not in main memory")
    if not tensor.is_contiguous():
        raise Error(Status.TENSOR, f"{what} is not contiguous")


def gradient_address(layout, gradient):
    if gradient is None:
        return None
    return address_of_same(layout, gradient, "the gradient of parameter", layout.gradient)


def address_of_same(layout, tensor, what, dtype=None):
    """Modules replace, move and cast their parameters' memory, so it is looked at anew at every step."""
    what = f'{what} "{layout.name}"'
    dtype = dtype or layout.dtype
    require_usable(tensor, what)
    if tensor.shape != layout.shape or DTYPES.get(tensor.dtype) != dtype:
        raise Error(Status.TENSOR, f"{what} is {tensor.dtype} of shape {tuple(tensor.shape)}, "
                                   f"not {dtype} of shape {layout.shape} as at creation")
    return tensor.data_ptr()
