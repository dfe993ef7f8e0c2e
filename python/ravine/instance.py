"""An optimizer at work, as the contract has it: tensors are addresses. Arrays and torch tensors build on it."""

import ctypes
import weakref
from dataclasses import dataclass

import numpy as np

from ravine import contract
from ravine.errors import Error, Status


@dataclass(frozen=True)
class Layout:
    """A parameter tensor as it stays for the life of an optimizer. Strides are in elements; the gradient's dtype is the
    parameter's."""

    name: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: str
    group: int

    def to_contract(self):
        rank = len(self.shape)
        dtype = contract.DTYPE_NUMBERS[self.dtype]
        return contract.Tensor(name=self.name.encode(), shape=contract.array(ctypes.c_int64, self.shape),
                               strides=contract.array(ctypes.c_int64, self.strides), rank=rank, group=self.group,
                               parameter_dtype=dtype, gradient_dtype=dtype)


@dataclass(frozen=True)
class Setting:
    """A value for one hyper; `group` None means every group, a string is an enum's choice."""

    group: int | None
    name: str
    value: float | int | bool | str

    def to_contract(self):
        group = contract.ALL_GROUPS if self.group is None else self.group
        if self.group is not None and not 0 <= self.group < contract.ALL_GROUPS:
            raise Error(Status.ARGUMENT, f"there is no group {self.group}")
        if isinstance(self.value, str):
            return contract.Setting(name=self.name.encode(), group=group, choice=self.value.encode())
        return contract.Setting(name=self.name.encode(), group=group, value=float(self.value))


class Instance:
    """Owns one `ravine_optimizer`, which ends with it or at `close`."""

    def __init__(self, table, optimizer, layouts, group_count, settings):
        self._table = table
        self._layouts = layouts
        tensors = contract.array(contract.Tensor, [layout.to_contract() for layout in layouts])
        values = contract.array(contract.Setting, [setting.to_contract() for setting in settings])
        arguments = contract.CreateArgs(abi_version=contract.ABI_VERSION, group_count=group_count,
                                        optimizer=optimizer.encode(), tensors=tensors, tensor_count=len(layouts),
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
        """The number that stands for a hyper's value."""
        value = ctypes.c_double()
        call(self._table.read_setting, self._living(), name.encode(), group, value)
        return value.value

    def step(self, parameters, gradients):
        """One step. Both are lists of addresses, one per tensor; None leaves a tensor out."""
        arguments = contract.StepArgs(parameters=contract.array(ctypes.c_void_p, parameters),
                                      gradients=contract.array(ctypes.c_void_p, gradients))
        call(self._table.step, self._living(), arguments)

    def view_state(self, tensor, name):
        """A NumPy view of a state of one tensor, given by its index; None if that state does not exist.

        A state that varies over elements has the tensor's shape, any other is flat. The view keeps this object alive.
        """
        view = contract.StateView()
        call(self._table.view_state, self._living(), tensor, name.encode(), view)
        if not view.exists:
            return None
        dtype = np.dtype(contract.DTYPE_NAMES[view.dtype])
        shape = self._layouts[tensor].shape
        if view.count != np.prod(shape, dtype=int):
            shape = (view.count,)
        if not view.count:
            return np.empty(shape, dtype)
        memory = (ctypes.c_byte * (view.count * dtype.itemsize)).from_address(view.data)
        memory.owner = self
        return np.frombuffer(memory, dtype).reshape(shape)

    def steps(self):
        """Steps that were committed."""
        return self._progress(0).steps

    def tensor_steps(self, tensor):
        """Steps in which one tensor took part."""
        return self._progress(tensor).tensor_steps

    def restore_progress(self, tensor, steps, tensor_steps):
        """Sets the steps of the optimizer and of one tensor, to go on from states that were saved."""
        progress = contract.Progress(steps=steps, tensor_steps=tensor_steps)
        call(self._table.restore_progress, self._living(), tensor, progress)

    def _progress(self, tensor):
        progress = contract.Progress()
        call(self._table.read_progress, self._living(), tensor, progress)
        return progress

    def _living(self):
        if not self._end.alive:
            raise Error(Status.ARGUMENT, "the optimizer was closed")
        return self._handle


def call(function, *arguments):
    """Calls a function of the contract, whose last argument takes the error; raises what it reports. Structs and
    results are handed over by reference."""
    error = contract.ErrorRecord()
    status = function(*arguments, error)
    if status:
        raise Error(status, error.message.decode(errors="replace"))
