// The codes of Codes.def, and files of the source tree, for tests about all of them.
#pragma once

#include "compiler/diagnostics/Diagnostic.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ravine::test {

inline constexpr std::array allCodes = {
#define RAVINE_CODE(name, text) Code::name,
#include "compiler/diagnostics/Codes.def"
#undef RAVINE_CODE
};

/// The titles, in the order of allCodes.
inline constexpr std::array<std::string_view, allCodes.size()> allTitles = {
#define RAVINE_CODE(name, text) text,
#include "compiler/diagnostics/Codes.def"
#undef RAVINE_CODE
};

inline std::filesystem::path sourceFile(std::string_view relative) {
  return std::filesystem::path(RAVINE_SOURCE_DIR) / relative;
}

/// The whole text; empty if there is no such file.
inline std::string readFile(const std::filesystem::path &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace ravine::test
