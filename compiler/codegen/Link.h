// Objects in, shared library out, in process.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"

namespace ravine {

/// Links object files with the runtime core, which the compiler carries, into a shared library, and returns its bytes.
/// The library exports the entry point under its two names and nothing else, and needs only libc and libm. An error
/// that has an error code of its own comes from the system, such as too many open files; any other is the
/// linker's.
[[nodiscard]] llvm::Expected<llvm::SmallString<0>> linkLibrary(llvm::ArrayRef<llvm::SmallString<0>> objects,
                                                               llvm::StringRef libraryName, llvm::StringRef soname);

} // namespace ravine
