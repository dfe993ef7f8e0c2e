// Files that appear together or not at all.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace ravine::driver {

/// Collects files and puts them in their places at the end: each is written beside its place first and renamed when all
/// are there, so that a failure leaves what was there before. A symbolic link is followed; what is no regular file,
/// such as a device or a pipe, is written to and stays what it is.
class OutputFiles {
public:
  void add(llvm::StringRef path, llvm::StringRef contents, bool isExecutable = false) {
    files.push_back({path.str(), contents.str(), isExecutable});
  }

  /// Puts every file in its place.
  llvm::Error commit() const;

private:
  struct File {
    std::string path;
    std::string contents;
    bool isExecutable;
  };
  std::vector<File> files;
};

} // namespace ravine::driver
