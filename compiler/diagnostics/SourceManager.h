// The source files of one run of the compiler and the way from a byte to a line and a column.
#pragma once

#include "compiler/diagnostics/Diagnostic.h"

#include <deque>

namespace ravine {

/// A place as people count it: lines and columns from 1, columns in characters (UTF-8 code points), not bytes.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

/// Owns every source text. Files are numbered from 0 in the order they are added; texts never move.
class SourceManager {
public:
  /// Adds a text under the name that messages use for it and returns its number.
  uint32_t add(std::string name, std::string text);

  [[nodiscard]] std::string_view name(uint32_t file) const { return files[file].name; }
  [[nodiscard]] std::string_view text(uint32_t file) const { return files[file].text; }
  [[nodiscard]] std::string_view text(SourceSpan span) const;
  [[nodiscard]] size_t size() const { return files.size(); }

  [[nodiscard]] LineColumn position(uint32_t file, uint32_t offset) const;
  /// The text of a line counted from 1, without its line break.
  [[nodiscard]] std::string_view line(uint32_t file, uint32_t line) const;

private:
  struct File {
    std::string name;
    std::string text;
    std::vector<uint32_t> lineStarts;
  };
  std::deque<File> files;
};

} // namespace ravine
