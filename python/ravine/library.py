"""Opening a compiled library and reading what it says of itself."""

import ctypes
import json
import os

from ravine import contract
from ravine.arrays import Optimizer
from ravine.description import describe_optimizer, text
from ravine.errors import Error, Status


def load(path):
    """Opens the shared library at `path`. Raises OSError if it cannot be loaded, Error if it is not one of Ravine's."""
    return Library(path)


class Library:
    """A compiled library.

    path         where it was found
    name         its name
    compiler     the version of the compiler that wrote it
    source_hash  SHA-256 of the source text
    targets      the instruction sets it has kernels for, from plain to wide
    manifest     the whole description as the compiler wrote it, parsed from JSON
    optimizers   an OptimizerDescription for each optimizer, by name
    """

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.table = read_table(self.path)
        self.name = text(self.table.name)
        self.compiler = text(self.table.compiler)
        self.source_hash = text(self.table.source_hash)
        self.targets = tuple(text(self.table.targets[index]) for index in range(self.table.target_count))
        self.manifest = json.loads(text(self.table.manifest))
        described = [describe_optimizer(info) for info in self.table.optimizers[:self.table.optimizer_count]]
        self.optimizers = {description.name: description for description in described}

    def __repr__(self):
        return f"<ravine.Library {self.name}: {', '.join(self.optimizers)}>"

    def describe(self, name=None):
        """The description of one optimizer; the name may be left out where there is only one."""
        if name is None and len(self.optimizers) == 1:
            return next(iter(self.optimizers.values()))
        if name not in self.optimizers:
            asked = "say which" if name is None else f'not "{name}"'
            raise Error(Status.NAME, f"{self.name} holds the optimizers {', '.join(self.optimizers)}: {asked}")
        return self.optimizers[name]

    def optimizer(self, name, tensors, /, **settings):
        """Makes an optimizer for NumPy arrays, which it will update in place.

        `tensors` is a dict of arrays by name, a list of arrays (then named "0", "1", …), or a list of `Group`s, each
        with settings of its own. `settings` are hypers that differ from their defaults, for all groups. `name` may be
        None where the library holds one optimizer.
        """
        return Optimizer(self.table, self.describe(name), tensors, settings)


def read_table(path):
    """Looks up the one entry point and checks that this package can read what it returns."""
    try:
        entry = ctypes.CDLL(path)[contract.ENTRY_POINT]
    except AttributeError:
        raise Error(Status.VERSION, f"{path} has no {contract.ENTRY_POINT}: it is not a Ravine library, "
                                    "or one of another version") from None
    entry.restype = ctypes.POINTER(contract.LibraryTable)
    table = entry().contents
    if table.abi_version != contract.ABI_VERSION:
        raise Error(Status.VERSION, f"{path} speaks version {table.abi_version} of the contract, "
                                    f"this package version {contract.ABI_VERSION}")
    if table.struct_size < ctypes.sizeof(contract.LibraryTable):
        raise Error(Status.VERSION, f"{path} is older than what this package needs of it")
    return table
