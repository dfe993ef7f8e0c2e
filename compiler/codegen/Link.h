// Objects in, shared library out, in process.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"

namespace ravine {

/// Links object files with the runtime core, which the compiler carries, into the shared library `output`. The library
/// exports the entry point under its two names and nothing else, and needs only libc and libm.
[[nodiscard]] llvm::Error linkLibrary(llvm::ArrayRef<llvm::SmallString<0>> objects, llvm::StringRef libraryName,
                                      llvm::StringRef soname, llvm::StringRef output);

} // namespace ravine
