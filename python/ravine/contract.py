"""The structs and functions of runtime/abi/ravine.h, version 1, as ctypes sees them; what they mean is written there."""

import ctypes
from ctypes import (CFUNCTYPE, POINTER, c_char, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint32, c_void_p,
                    sizeof)

ABI_VERSION = 1
ENTRY_POINT = "ravine_library_v1"
ALL_GROUPS = 0xFFFFFFFF

DTYPE_NAMES = {0: "compute", 1: "float32", 2: "float64", 3: "bfloat16", 4: "float16"}
DTYPE_NUMBERS = {name: number for number, name in DTYPE_NAMES.items() if number}
ELEMENT_BYTES = {"float32": 4, "float64": 8, "bfloat16": 2, "float16": 2}
INDEX_SETS = {0: "model", 1: "group", 2: "tensor", 10: "block", 20: "row", 21: "channel", 22: "col", 100: "element"}
HYPER_KINDS = {0: "real", 1: "int", 2: "bool", 3: "enum"}
NONFINITE = {0: "propagates", 1: "skips", 2: "refuses"}


class Struct(ctypes.Structure):
    """A struct that starts with its own size, as all of the contract do."""

    def __init__(self, **fields):
        super().__init__(struct_size=sizeof(type(self)), **fields)


def struct(name, *fields):
    return type(name, (Struct,), {"_fields_": [("struct_size", c_size_t), *fields], "__module__": __name__})


ErrorRecord = struct("ErrorRecord", ("status", c_int32), ("message", c_char * 500))

# What a library says of itself. These do not grow within a version, so that their arrays can be indexed.

HyperInfo = struct("HyperInfo", ("name", c_char_p), ("doc", c_char_p), ("kind", c_int32), ("default_value", c_double),
                   ("lower", c_double), ("upper", c_double), ("lower_open", c_int32), ("upper_open", c_int32),
                   ("choices", POINTER(c_char_p)), ("choice_count", c_size_t), ("index_set", c_int32),
                   ("schedule", c_char_p))
StateInfo = struct("StateInfo", ("name", c_char_p), ("doc", c_char_p), ("index_set", c_int32), ("storage", c_int32),
                   ("condition", c_char_p), ("block_size", c_uint32))
PrecisionInfo = struct("PrecisionInfo", ("name", c_char_p), ("parameter", c_int32), ("gradient", c_int32),
                       ("compute", c_int32))
RequirementInfo = struct("RequirementInfo", ("condition", c_char_p))
MetricInfo = struct("MetricInfo", ("name", c_char_p), ("doc", c_char_p), ("index_set", c_int32))
ViewInfo = struct("ViewInfo", ("name", c_char_p), ("doc", c_char_p))
OptimizerInfo = struct("OptimizerInfo", ("name", c_char_p), ("doc", c_char_p), ("citation", c_char_p),
                       ("hypers", POINTER(HyperInfo)), ("hyper_count", c_size_t),
                       ("states", POINTER(StateInfo)), ("state_count", c_size_t),
                       ("requirements", POINTER(RequirementInfo)), ("requirement_count", c_size_t),
                       ("precisions", POINTER(PrecisionInfo)), ("precision_count", c_size_t),
                       ("metrics", POINTER(MetricInfo)), ("metric_count", c_size_t),
                       ("views", POINTER(ViewInfo)), ("view_count", c_size_t), ("nonfinite", c_int32),
                       ("writes_gradient", c_int32))

# What the host brings. These grow by appending: a library reads as much as `struct_size` says.

Tensor = struct("Tensor", ("name", c_char_p), ("shape", POINTER(c_int64)), ("strides", POINTER(c_int64)),
                ("rank", c_uint32), ("group", c_uint32), ("parameter_dtype", c_int32), ("gradient_dtype", c_int32),
                ("row_axes", c_uint32))
Setting = struct("Setting", ("name", c_char_p), ("group", c_uint32), ("value", c_double), ("choice", c_char_p),
                 ("tensor", c_char_p))
CreateArgs = struct("CreateArgs", ("abi_version", c_uint32), ("group_count", c_uint32), ("optimizer", c_char_p),
                    ("tensors", POINTER(Tensor)), ("tensor_count", c_size_t),
                    ("settings", POINTER(Setting)), ("setting_count", c_size_t), ("host", c_void_p),
                    ("group_names", POINTER(c_char_p)))
StepArgs = struct("StepArgs", ("parameters", POINTER(c_void_p)), ("gradients", POINTER(c_void_p)),
                  ("tensors", POINTER(Tensor)), ("stream", c_void_p))
StateView = struct("StateView", ("exists", c_int32), ("initialized", c_int32), ("dtype", c_int32), ("data", c_void_p),
                   ("count", c_size_t))
Progress = struct("Progress", ("steps", c_int64), ("tensor_steps", c_int64), ("skipped", c_int64),
                  ("tensor_initialized", c_int32), ("model_initialized", c_int32))

# The library, which grows by appending too. An optimizer at work is an opaque pointer.

ErrorPointer = POINTER(ErrorRecord)
LibraryTable = struct(
    "LibraryTable", ("abi_version", c_uint32), ("name", c_char_p), ("compiler", c_char_p), ("source_hash", c_char_p),
    ("targets", POINTER(c_char_p)), ("target_count", c_size_t), ("manifest", c_char_p),
    ("optimizers", POINTER(OptimizerInfo)), ("optimizer_count", c_size_t),
    ("status_name", CFUNCTYPE(c_char_p, c_int32)),
    ("create", CFUNCTYPE(c_int32, POINTER(CreateArgs), POINTER(c_void_p), ErrorPointer)),
    ("configure", CFUNCTYPE(c_int32, c_void_p, POINTER(Setting), c_size_t, ErrorPointer)),
    ("read_setting", CFUNCTYPE(c_int32, c_void_p, c_char_p, c_uint32, POINTER(c_double), ErrorPointer)),
    ("step", CFUNCTYPE(c_int32, c_void_p, POINTER(StepArgs), ErrorPointer)),
    ("view_state", CFUNCTYPE(c_int32, c_void_p, c_size_t, c_char_p, POINTER(StateView), ErrorPointer)),
    ("read_progress", CFUNCTYPE(c_int32, c_void_p, c_size_t, POINTER(Progress), ErrorPointer)),
    ("restore_progress", CFUNCTYPE(c_int32, c_void_p, c_size_t, POINTER(Progress), ErrorPointer)),
    ("destroy", CFUNCTYPE(None, c_void_p)),
    ("read_tensor_setting", CFUNCTYPE(c_int32, c_void_p, c_char_p, c_size_t, POINTER(c_double), ErrorPointer)),
    ("read_metric", CFUNCTYPE(c_int32, c_void_p, c_char_p, c_size_t, POINTER(c_double), ErrorPointer)),
    ("read_view", CFUNCTYPE(c_int32, c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_void_p), ErrorPointer)),
    ("save", CFUNCTYPE(c_int32, c_void_p, c_char_p, ErrorPointer)),
    ("load", CFUNCTYPE(c_int32, c_void_p, c_char_p, ErrorPointer)),
    ("read_following", CFUNCTYPE(c_int32, c_void_p, c_char_p, c_uint32, POINTER(c_int32), ErrorPointer)))


def array(kind, values):
    """A C array of `values`, or null where there are none."""
    return (kind * len(values))(*values) if values else None
