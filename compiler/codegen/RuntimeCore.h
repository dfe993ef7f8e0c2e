// The runtime core as the compiler carries it.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace ravine {

/// The bytes of libravine_core.a, which is linked into every library.
[[nodiscard]] llvm::StringRef runtimeCoreArchive();

} // namespace ravine
