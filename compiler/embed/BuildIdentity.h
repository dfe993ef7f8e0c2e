// Which compiler this is, to the bit.
#pragma once

#include <optional>
#include <string>

namespace ravine {

/// The build ids (the linker's hashes of contents) of the library that holds this function and of the LLVM and MLIR
/// that it runs on, in hexadecimal: two compilers of the same identity generate the same code. Nothing where one has no
/// id.
[[nodiscard]] std::optional<std::string> buildIdentity();

} // namespace ravine
