// The verbs of the `ravine` command, one file each.
#pragma once

#include "compiler/driver/Options.h"

namespace ravine::driver {

/// `ravine build FILE…`: a shared library with its header and manifest, or one stage on the way there.
int build(const Options &options);

/// `ravine check FILE…`: says what is wrong with each of the files and nothing else.
int check(const Options &options);

/// `ravine doc FILE…`: a page for each optimizer, written from its source.
int doc(const Options &options);

/// `ravine explain FILE…`: what a step costs in memory traffic, with `--html` beside its machine code; `ravine explain
/// E0301`: what a message means.
int explain(const Options &options);

} // namespace ravine::driver
