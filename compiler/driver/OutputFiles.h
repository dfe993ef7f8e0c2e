// Files that appear together or not at all.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace ravine::driver {

/// Writes beside the final place first and renames at the end, so that a failure leaves what was there before.
class OutputFiles {
public:
  OutputFiles() = default;
  OutputFiles(const OutputFiles &) = delete;
  OutputFiles &operator=(const OutputFiles &) = delete;
  /// Removes what was not committed.
  ~OutputFiles();

  /// A path to write to that will become `path`.
  llvm::Expected<std::string> stage(llvm::StringRef path);

  /// Stages `path` and writes its contents.
  llvm::Error add(llvm::StringRef path, llvm::StringRef contents);

  /// Puts every staged file in its place.
  llvm::Error commit();

private:
  struct File {
    std::string staged;
    std::string path;
  };
  std::vector<File> files;
};

} // namespace ravine::driver
