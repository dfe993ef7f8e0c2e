"""Optimizers over NumPy arrays."""

import contextlib
from collections.abc import Mapping

import numpy as np

from ravine import contract
from ravine.errors import Error, Status
from ravine.instance import Instance, Layout, Setting, row_axes_of


class Group:
    """Arrays that share settings: `Group({"bias": bias}, lr=1e-2, weight_decay=0)`. A rule may ask for the group's name:
    `Group({"head": head}, "frozen")`. `row_axes` is how many of the leading axes make up the rows, for rules that speak of
    rows, columns or channels: fewer than the axes of each tensor that has two or more. Vectors have no rows."""

    def __init__(self, tensors, name="", /, *, row_axes=1, **settings):
        self.tensors = tensors
        self.name = name
        self.row_axes = row_axes
        self.settings = settings


class Optimizer:
    """An optimizer at work on arrays, made by `Library.optimizer`. A context manager: leaving it frees the states.

    description  what the library says of this optimizer
    tensors      the arrays by name, groups one after another; they are updated in place
    """

    def __init__(self, table, description, tensors, settings):
        self.description = description
        self.tensors, self._layouts, group_names, group_settings = lay_out(tensors, description)
        everywhere = [Setting(None, name, value) for name, value in settings.items()]
        self._instance = Instance(table, description, self._layouts, group_names, everywhere + group_settings)
        self._shown = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Frees the states. Views of them must not be used any more."""
        self._instance.close()

    def step(self, gradients):
        """Advances every array that has a gradient by one step. Where `description.writes_gradient` says so, gradients
        become 0.

        `gradients` is a list in the order of `tensors`, or a dict by name. They may be other arrays at every step. None,
        or a name that the dict lacks, leaves that array, its states and its `t` as they are.
        """
        self._require_parameters()
        rows = list(zip(self._layouts, self._in_order(gradients), strict=True))
        are_written = self.description.writes_gradient
        self._instance.step(self._addresses(), [gradient_address(*row, are_written) for row in rows])

    def set(self, *, group=None, tensor=None, **settings):
        """Sets hypers from the next step on, in one group or in all, or for the one tensor of that name or index: all of
        them, or on an error none. None returns a hyper that has a schedule to that. A name with a dot is given as
        `**{"hidden.lr": 0.1}`."""
        if tensor is not None:
            tensor = self._layouts[self._index(tensor)].name
        self._instance.configure([Setting(group, name, value, tensor) for name, value in settings.items()])

    def setting(self, name, *, group=0, tensor=None):
        """The value of a hyper that the next step will use, in a group, or for the one tensor of that name or index:
        which a hyper per tensor asks for."""
        if tensor is None:
            if getattr(self.description.hypers.get(name), "index_set", None) == "tensor":
                raise Error(Status.ARGUMENT, f"{name} is a hyper per tensor: name the tensor, tensor=…")
            number = self._instance.read_setting(name, group)
        else:
            number = self._instance.read_tensor_setting(name, self._index(tensor))
        return self.description.hypers[name].value_of(number)

    def follows(self, name, *, group=0):
        """Whether a hyper of a group follows its schedule: it has one, and no value was set."""
        return self._instance.read_following(name, group)

    def state(self, tensor, name):
        """A NumPy view of a state, to read or (between steps) to overwrite; None if it does not exist. `tensor` is a
        name or an index, or None for a state of the model. One per element has the tensor's shape, one per row, column,
        channel or block has one axis, a single number has none. The view is good until `close`. An initial value other
        than 0 is set by the tensor's first step, and what was written before is lost then. A state in bfloat16 shows its
        bits, as uint16."""
        of_model = tensor is None and getattr(self.description.states.get(name), "index_set", None) == "model"
        return self._instance.view_state(0 if of_model else self._index(tensor), name)

    @property
    def metrics(self):
        """What the last committed step measured, by name: a number, or a dict by tensor for a metric per tensor. NaN
        before the first step, and for a tensor that sat it out."""
        return self._instance.metrics()

    def read_view(self, name):
        """A view as new arrays, by tensor. A tensor that has taken no step yet shows its own values."""
        self._require_parameters()
        addresses = self._addresses()
        arrays = {tensor: np.empty_like(array) for tensor, array in self.tensors.items()}
        self._instance.read_view(name, [array.ctypes.data for array in arrays.values()], addresses)
        return arrays

    @contextlib.contextmanager
    def view(self, name):
        """Puts a view in the place of the arrays, for the time of a `with` block; afterwards they are what they were,
        bit for bit. A step inside the block is refused."""
        self._require_parameters()
        addresses = self._addresses()
        saved = [array.copy() for array in self.tensors.values()]
        self._instance.read_view(name, addresses, addresses)
        self._shown = name
        try:
            yield self
        finally:
            self._shown = None
            for array, values in zip(self.tensors.values(), saved, strict=True):
                array[...] = values

    def save(self, path):
        """Writes settings, counters and states to a file in the safetensors format, which appears complete or not at
        all."""
        self._instance.save(path)

    def load(self, path):
        """Takes up where `save` left off, on arrays of the same names and shapes. On an error nothing has changed."""
        self._instance.load(path)

    @property
    def steps(self):
        """Steps that were committed."""
        return self._instance.steps()

    @property
    def skipped(self):
        """Steps that the rule ended early: with gradients that were infinite or NaN, or while it gathered them."""
        return self._instance.skipped()

    def tensor_steps(self, tensor):
        """Steps in which one tensor, given by name or index, took part: its `t`."""
        return self._instance.tensor_steps(self._index(tensor))

    def _require_parameters(self):
        if self._shown is not None:
            raise Error(Status.BUSY, f"the view {self._shown} stands in the place of the parameters")

    def _addresses(self):
        rows = zip(self._layouts, self.tensors.values(), strict=True)
        return [weight_address(layout, array) for layout, array in rows]

    def _in_order(self, gradients):
        if not isinstance(gradients, Mapping):
            if len(gradients) != len(self.tensors):
                raise Error(Status.ARGUMENT, f"{len(gradients)} gradients for {len(self.tensors)} tensors")
            return gradients
        for name in gradients:
            if name not in self.tensors:
                raise Error(Status.NAME, f'there is no tensor "{name}"')
        return [gradients.get(name) for name in self.tensors]

    def _index(self, tensor):
        if isinstance(tensor, str):
            if tensor not in self.tensors:
                raise Error(Status.NAME, f'there is no tensor "{tensor}"')
            return list(self.tensors).index(tensor)
        if tensor is None or not 0 <= tensor < len(self.tensors):
            raise Error(Status.ARGUMENT, f"there is no tensor {tensor}")
        return tensor


def lay_out(tensors, description):
    """Flattens arrays or groups into: arrays by name, their layouts, the groups' names, the groups' settings."""
    groups = list(tensors) if not isinstance(tensors, Mapping) else []
    if not groups or not all(isinstance(group, Group) for group in groups):
        groups = [Group(tensors)]
    arrays, layouts, settings = {}, [], []
    for number, group in enumerate(groups):
        settings += [Setting(number, name, value) for name, value in group.settings.items()]
        for name, array in named(group.tensors, first=len(arrays)):
            if name in arrays:
                raise Error(Status.TENSOR, f'two tensors are named "{name}"')
            arrays[name] = array
            layouts.append(layout_of(name, array, number, group.row_axes, description))
    return arrays, layouts, [group.name for group in groups], settings


def named(tensors, first):
    if isinstance(tensors, np.ndarray):
        raise TypeError("give arrays in a dict or a list; an array by itself would be taken for a list of its rows")
    if isinstance(tensors, Mapping):
        return tensors.items()
    return [(str(number), array) for number, array in enumerate(tensors, first)]


def layout_of(name, array, group, row_axes, description):
    if not isinstance(array, np.ndarray):
        raise TypeError(f'tensor "{name}" is a {type(array).__name__}, not a NumPy array')
    if not array.dtype.isnative or array.dtype.name not in contract.DTYPE_NUMBERS:
        raise Error(Status.TENSOR, f'tensor "{name}" has the dtype {array.dtype}, which no optimizer can update')
    if not array.flags.writeable:
        raise Error(Status.TENSOR, f'tensor "{name}" is read-only')
    if any(stride % array.itemsize for stride in array.strides):
        raise Error(Status.TENSOR, f'tensor "{name}" is not contiguous')
    strides = tuple(stride // array.itemsize for stride in array.strides)
    dtype = array.dtype.name
    return Layout(name, array.shape, strides, dtype, description.gradient_dtype(dtype), group,
                  row_axes_of(row_axes, array.ndim))


def weight_address(layout, array):
    """NumPy lets shape and dtype of an array be changed in place, so they are compared at every step."""
    return address_of_same(layout, array, layout.dtype, "tensor")


def gradient_address(layout, array, is_written):
    if array is None:
        return None
    address = address_of_same(layout, array, layout.gradient, "the gradient of")
    if is_written and not array.flags.writeable:
        raise Error(Status.TENSOR, f'the gradient of "{layout.name}" is read-only, and a step sets it to 0')
    return address


def address_of_same(layout, array, dtype, what):
    if not isinstance(array, np.ndarray):
        raise TypeError(f'{what} "{layout.name}" is a {type(array).__name__}, not a NumPy array')
    if array.dtype.name != dtype or not array.dtype.isnative:
        raise Error(Status.TENSOR, f'{what} "{layout.name}" is {array.dtype}, not {dtype}')
    if array.shape != layout.shape:
        raise Error(Status.TENSOR, f'{what} "{layout.name}" has the shape {array.shape}, '
                                   f"not {layout.shape} as at creation")
    if not array.flags.c_contiguous:
        raise Error(Status.TENSOR, f'{what} "{layout.name}" is not contiguous')
    return array.ctypes.data
