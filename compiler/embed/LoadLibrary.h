// From the bytes of a library to a library that can be called.
#pragma once

#include "runtime/abi/ravine.hpp"

#include "llvm/Support/Error.h"

namespace ravine {

/// Loads a library from memory. It is unloaded when the last copy of the result, and the last optimizer made from it,
/// is gone.
[[nodiscard]] llvm::Expected<Library> loadLibrary(llvm::StringRef bytes);

} // namespace ravine
