"""An optimizer at work, as the contract has it: tensors are addresses. Arrays and torch tensors build on it."""

import ctypes
import difflib
import math
import numbers
import os
import weakref
from dataclasses import dataclass

import numpy as np

from ravine import contract
from ravine.errors import Error, Status


@dataclass(frozen=True)
class Layout:
    """A parameter tensor as it stays for the life of an optimizer. Strides are in elements; `gradient` is the gradient's
    dtype; `row_axes` is how many of the leading axes make up the rows, 0 for one."""

    name: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: str
    gradient: str
    group: int
    row_axes: int = 0

    def to_contract(self):
        rank = len(self.shape)
        return contract.Tensor(name=encoded(self.name), shape=contract.array(ctypes.c_int64, self.shape),
                               strides=contract.array(ctypes.c_int64, self.strides), rank=rank, group=self.group,
                               parameter_dtype=contract.DTYPE_NUMBERS[self.dtype],
                               gradient_dtype=contract.DTYPE_NUMBERS[self.gradient],
                               row_axes=whole_number(self.row_axes, f'row_axes of tensor "{self.name}"'))


@dataclass(frozen=True)
class Setting:
    """A value for one hyper, or None for one that follows its schedule; `group` None means every group, a string is an
    enum's choice, `tensor` is the name of the one tensor that is meant, for a hyper per tensor."""

    group: int | None
    name: str
    value: float | int | bool | str | None
    tensor: str | None = None

    def to_contract(self):
        setting = contract.Setting(name=encoded(self.name), group=contract.ALL_GROUPS)
        if self.group is not None:
            setting.group = group_number(self.group)
        if self.tensor is not None:
            setting.tensor = encoded(self.tensor)
        if isinstance(self.value, str):
            setting.choice = encoded(self.value)
        elif self.value is None:
            setting.value = math.nan
        else:
            setting.value = self.number()
        return setting

    def number(self):
        """The value as a number. The contract's sign for a schedule is NaN, which a host that says so has not meant."""
        value = float(self.value)
        if math.isnan(value):
            raise Error(Status.RANGE, f"{self.name} = nan is no value; None returns a hyper to its schedule")
        return value


class Metrics(dict):
    """Metrics by name. A name that there is not is refused as the library refuses names."""

    def __init__(self, owner, values):
        super().__init__(values)
        self.owner = owner

    def __missing__(self, name):
        near = difflib.get_close_matches(str(name), self, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else f"; it has {', '.join(self)}" if self else ""
        raise Error(Status.NAME, f'{self.owner} has no metric "{name}"{hint}')


class Instance:
    """Owns one `ravine_optimizer`, which ends with it or at `close`."""

    def __init__(self, table, description, layouts, group_names, settings):
        self._table = table
        self._description = description
        self._layouts = layouts
        tensors = contract.array(contract.Tensor, [layout.to_contract() for layout in layouts])
        values = contract.array(contract.Setting, [setting.to_contract() for setting in settings])
        names = contract.array(ctypes.c_char_p, [encoded(name) for name in group_names])
        arguments = contract.CreateArgs(abi_version=contract.ABI_VERSION, group_count=len(group_names), group_names=names,
                                        optimizer=encoded(description.name), tensors=tensors, tensor_count=len(layouts),
                                        settings=values, setting_count=len(settings))
        handle = ctypes.c_void_p()
        call(table.create, arguments, handle)
        self._handle = handle
        self._end = weakref.finalize(self, table.destroy, handle)

    def close(self):
        """Frees the optimizer and its states. Views of them must not be used any more."""
        self._end()

    def configure(self, settings):
        """Sets hypers from the next step on: all of them, or on an error none."""
        values = contract.array(contract.Setting, [setting.to_contract() for setting in settings])
        call(self._table.configure, self._living(), values, len(settings))

    def read_setting(self, name, group):
        """The number that stands for the value of a hyper in a group that the next step will use."""
        value = ctypes.c_double()
        call(self._table.read_setting, self._living(), encoded(name), group_number(group), value)
        return value.value

    def read_following(self, name, group):
        """Whether a hyper of a group follows its schedule."""
        follows = ctypes.c_int32()
        call(self._table.read_following, self._living(), encoded(name), group_number(group), follows)
        return bool(follows.value)

    def read_tensor_setting(self, name, tensor):
        """The number that stands for a hyper's value for one tensor, given by its index."""
        value = ctypes.c_double()
        call(self._table.read_tensor_setting, self._living(), encoded(name), tensor, value)
        return value.value

    def metrics(self, by_name=True):
        """Every metric as the last committed step left it, by name: a number for one of the model; otherwise one for each
        tensor, in a dict by the tensor's name or in a list. NaN before the first step, and for a tensor that sat it out."""
        values = {}
        for name, metric in self._description.metrics.items():
            if metric.index_set == "model":
                values[name] = self._read_metric(name, 0)
                continue
            numbers = [self._read_metric(name, tensor) for tensor in range(len(self._layouts))]
            values[name] = dict(zip((layout.name for layout in self._layouts), numbers)) if by_name else numbers
        return Metrics(self._description.name, values)

    def _read_metric(self, name, tensor):
        value = ctypes.c_double()
        call(self._table.read_metric, self._living(), encoded(name), tensor, value)
        return value.value

    def read_view(self, name, outputs, parameters):
        """Computes a view into memory. Both are lists of addresses, one per tensor; an output of None leaves a tensor
        out."""
        call(self._table.read_view, self._living(), encoded(name), contract.array(ctypes.c_void_p, parameters),
             contract.array(ctypes.c_void_p, outputs))

    def save(self, path):
        """Writes settings, counters and states to a file, which appears complete or not at all."""
        call(self._table.save, self._living(), encoded_path(path))

    def load(self, path):
        """Takes up where `save` left off; on an error nothing changes."""
        call(self._table.load, self._living(), encoded_path(path))

    def step(self, parameters, gradients):
        """One step. Both are lists of addresses, one per tensor; None leaves a tensor out."""
        arguments = contract.StepArgs(parameters=contract.array(ctypes.c_void_p, parameters),
                                      gradients=contract.array(ctypes.c_void_p, gradients))
        call(self._table.step, self._living(), arguments)

    def find_state(self, tensor, name):
        """Where a state of one tensor is, given by its index: its memory, the name of its dtype and its shape; None if that
        state does not exist. The index is ignored for a state of the model.

        A state that varies over elements has the tensor's shape, one that varies over rows, columns, channels or blocks has
        one axis, a single number has none. The memory, None for no elements, keeps this object alive.
        """
        view = contract.StateView()
        call(self._table.view_state, self._living(), tensor, encoded(name), view)
        if not view.exists:
            return None
        dtype = contract.DTYPE_NAMES[view.dtype]
        index_set = self._description.states[name].index_set
        shape = (self._layouts[tensor].shape if index_set == "element" else
                 () if index_set in ("tensor", "model") else (view.count,))
        if not view.count:
            return None, dtype, shape
        memory = (ctypes.c_byte * (view.count * contract.ELEMENT_BYTES[dtype])).from_address(view.data)
        memory.owner = self
        return memory, dtype, shape

    def view_state(self, tensor, name):
        """A NumPy view of a state, as `find_state` finds it. NumPy has no bfloat16: such a state shows its bits, as
        uint16."""
        found = self.find_state(tensor, name)
        if found is None:
            return None
        memory, dtype, shape = found
        dtype = np.dtype("uint16" if dtype == "bfloat16" else dtype)
        return np.empty(shape, dtype) if memory is None else np.frombuffer(memory, dtype).reshape(shape)

    def steps(self):
        """Steps that were committed."""
        return self._progress(0).steps

    def skipped(self):
        """Steps that the rule ended early."""
        return self._progress(0).skipped

    def initialized(self, tensor):
        """Whether the states of one tensor have values, and whether those of the model have."""
        progress = self._progress(tensor)
        return bool(progress.tensor_initialized), bool(progress.model_initialized)

    def tensor_steps(self, tensor):
        """Steps in which one tensor took part."""
        return self._progress(tensor).tensor_steps

    def restore_progress(self, tensor, steps, tensor_steps, skipped, tensor_initialized, model_initialized):
        """Sets the steps of the optimizer and of one tensor, to go on from states that were saved."""
        progress = contract.Progress(steps=steps, tensor_steps=tensor_steps, skipped=skipped,
                                     tensor_initialized=tensor_initialized, model_initialized=model_initialized)
        call(self._table.restore_progress, self._living(), tensor, progress)

    def _progress(self, tensor):
        progress = contract.Progress()
        call(self._table.read_progress, self._living(), tensor, progress)
        return progress

    def _living(self):
        if not self._end.alive:
            raise Error(Status.ARGUMENT, "the optimizer was closed")
        return self._handle


def encoded(name):
    """A string as C reads it, which ends at the first NUL."""
    if "\0" in name:
        raise Error(Status.NAME, f"the name {name!r} holds a NUL character")
    return name.encode()


def encoded_path(path):
    encoded_name = os.fsencode(path)
    if b"\0" in encoded_name:
        raise Error(Status.FILE, f"the path {path!r} holds a NUL character")
    return encoded_name


def group_number(group):
    """Checks that the number of a group is one; C would wrap it around."""
    if not 0 <= group < contract.ALL_GROUPS:
        raise Error(Status.ARGUMENT, f"there is no group {group}")
    return group


def whole_number(value, what):
    """Checks that a number is one that C can count with."""
    if value != int(value) or not 0 <= value < 2 ** 32:
        raise Error(Status.ARGUMENT, f"{what} is {value}")
    return int(value)


def row_axes_of(row_axes, rank):
    """What the `row_axes` of a group are for a tensor of some rank, as a Layout has them. A tensor with fewer than two axes,
    such as a bias, has no rows, whatever its group says."""
    if not isinstance(row_axes, numbers.Real) or isinstance(row_axes, bool):
        raise TypeError(f"row_axes is {row_axes!r}, not a whole number: how many of the leading axes make up the rows")
    if row_axes < 1 or not float(row_axes).is_integer():
        raise Error(Status.ARGUMENT, f"row_axes is {row_axes}: at least one axis, as a whole, makes up the rows")
    return int(row_axes) if rank > 1 and row_axes > 1 else 0


def call(function, *arguments):
    """Calls a function of the contract, whose last argument takes the error; raises what it reports. Structs and
    results are handed over by reference."""
    error = contract.ErrorRecord()
    status = function(*arguments, error)
    if status:
        raise Error(status, error.message.decode(errors="replace"))
