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

/// `ravine test FILE…`: runs the tests of each of the files.
int test(const Options &options);

/// `ravine fmt FILE…`: lays out files in place; with `--check`, says which are not.
int format(const Options &options);

/// `ravine new NAME…`: a file to start from.
int createNew(const Options &options);

/// `ravine info FILE…`: what is in a source file or in a library.
int info(const Options &options);

} // namespace ravine::driver
