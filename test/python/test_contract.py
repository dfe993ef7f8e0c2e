"""The ctypes structs of the client against the C compiler's reading of runtime/abi/ravine.h.

    /usr/bin/python3 test_contract.py
"""

import ctypes
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

from ravine import contract, errors  # noqa: E402

HEADER = ROOT / "runtime" / "abi" / "ravine.h"
# Services that the host may bring; the client brings none and passes a null pointer.
UNUSED = {"ravine_host"}
NAMES = {"ravine_error": "ErrorRecord", "ravine_library": "LibraryTable"}

COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang", "clang-22"))), None)
if COMPILER is None:
    print("SKIP: there is no C compiler")
    sys.exit(0)


def structs_of_the_header():
    return re.findall(r"^typedef struct (\w+) \{$", HEADER.read_text(), re.MULTILINE)


def python_name(struct):
    """ravine_hyper_info is HyperInfo."""
    return NAMES.get(struct) or "".join(word.capitalize() for word in struct.split("_")[1:])


def compiled(expressions):
    """What C makes of some integer expressions over the header."""
    lines = "".join(f'  printf("%lld\\n", (long long)({one}));\n' for one in expressions)
    program = f'#include "ravine.h"\n#include <stdio.h>\nint main(void) {{\n{lines}  return 0;\n}}\n'
    with tempfile.TemporaryDirectory() as scratch:
        source, binary = Path(scratch) / "probe.c", Path(scratch) / "probe"
        source.write_text(program)
        subprocess.run([COMPILER, "-std=c11", "-I", HEADER.parent, source, "-o", binary], check=True)
        printed = subprocess.run([binary], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in printed.split()]


class Contract(unittest.TestCase):
    def test_structs(self):
        structs = structs_of_the_header()
        self.assertGreater(len(structs), 10)
        mirrored = {python_name(one) for one in structs} - {python_name(one) for one in UNUSED}
        ours = {name for name, kind in vars(contract).items()
                if isinstance(kind, type) and issubclass(kind, contract.Struct) and kind is not contract.Struct}
        self.assertEqual(ours, mirrored)

    def test_layouts(self):
        expected = {}
        for struct in structs_of_the_header():
            if struct in UNUSED:
                continue
            kind = getattr(contract, python_name(struct))
            expected[f"sizeof({struct})"] = ctypes.sizeof(kind)
            for name, *_ in kind._fields_:
                field = getattr(kind, name)
                expected[f"offsetof({struct}, {name})"] = field.offset
                expected[f"sizeof((({struct} *)0)->{name})"] = field.size
        questions = list(expected)
        self.assertEqual(dict(zip(questions, compiled(questions), strict=True)), expected)

    def test_numbers(self):
        expected = {"RAVINE_ABI_VERSION": contract.ABI_VERSION, "RAVINE_ALL_GROUPS": contract.ALL_GROUPS}
        expected |= {f"RAVINE_ERROR_{status.name}": status.value for status in errors.Status}
        for prefix, names in (("RAVINE_HYPER_", contract.HYPER_KINDS), ("RAVINE_PER_", contract.INDEX_SETS)):
            expected |= {prefix + name.upper(): number for number, name in names.items()}
        short = {"compute": "DTYPE_COMPUTE", "float32": "F32", "float64": "F64", "bfloat16": "BF16", "float16": "F16"}
        expected |= {"RAVINE_" + short[name]: number for number, name in contract.DTYPE_NAMES.items()}
        expected |= {f"RAVINE_{word.upper()}_NONFINITE": number for number, word in contract.NONFINITE.items()}
        questions = list(expected)
        self.assertEqual(dict(zip(questions, compiled(questions), strict=True)), expected)
        pattern = r"\b(RAVINE_(?:ERROR_|PER_|HYPER_)\w+|RAVINE_[A-Z]+_NONFINITE) = "
        constants = set(re.findall(pattern, HEADER.read_text()))
        self.assertLessEqual(constants, set(expected))


if __name__ == "__main__":
    unittest.main()
