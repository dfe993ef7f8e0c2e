// The files and texts that a compilation is made from, and finding what they import by a path.
#pragma once

#include "compiler/frontend/Program.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ravine {

class FilesRead {
public:
  /// A text that is no file. It is found by its name, and imports only what has been added.
  void addText(const std::string &name);
  /// Reads a file, "-" for standard input, whose imports are relative to the current folder.
  [[nodiscard]] llvm::Expected<SourceText> addFile(const std::string &path);

  /// The file or text that `importer`, by its name, means by `path`. The same source has the same name, however it is
  /// reached. Nothing where there is none, or where it cannot be read.
  [[nodiscard]] std::optional<SourceText> find(std::string_view importer, std::string_view path);

  /// The paths of all files that were read.
  [[nodiscard]] std::span<const std::string> paths() const { return filePaths; }

private:
  [[nodiscard]] bool isText(std::string_view name) const;

  std::vector<std::string> texts;
  std::vector<std::string> filePaths;
};

} // namespace ravine
