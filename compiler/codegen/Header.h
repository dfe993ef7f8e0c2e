// The C header beside a library.
#pragma once

#include "compiler/codegen/Description.h"

namespace ravine {

/// What `ravine.h` is to every library, the generated header is to one: its entry point under a name of its own, so
/// that several libraries can be linked into one program, and the names of its optimizers, hypers, states, metrics and
/// views as macros, so that a typing error does not compile.
[[nodiscard]] std::string writeHeader(const LibraryDescription &library);

/// The library's own name for its entry point, such as "ravine_adamw_v1".
[[nodiscard]] std::string entryPointAlias(llvm::StringRef libraryName);

} // namespace ravine
