# How lit runs the text tests. The paths come from lit.site.cfg.py, which CMake writes.
import os

import lit.formats

config.name = "ravine"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".rvn", ".test"]
config.excludes = ["rules", "vectors", "compositions", "Inputs"]
config.test_source_root = config.ravine_source + "/test"
config.test_exec_root = config.ravine_build + "/test/text"

config.environment["PATH"] = os.pathsep.join(
    [config.ravine_build + "/bin", config.llvm_tools, config.environment["PATH"]]
)
config.substitutions += [
    ("%stdlib", config.ravine_source + "/stdlib"),
    ("%source", config.ravine_source),
    ("%build", config.ravine_build),
    ("%libraries", config.ravine_build + "/stdlib"),
    ("%examples", config.ravine_build + "/bin/examples"),
]
if config.ravine_sanitizers:
    config.available_features.add("sanitizers")
if os.path.isdir("/usr/share/datasets/fashion-mnist"):
    config.available_features.add("fashion-mnist")
