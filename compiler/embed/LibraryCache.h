// Compiled libraries on disk, by what they were made from.
#pragma once

#include "compiler/embed/ravine_compile.hpp"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"

#include <optional>

namespace ravine {

/// A folder of files <key>.so: the bytes of a library, and behind them, where the loader does not look, a digest of key
/// and bytes. Any number of processes use it at once without locks: a file appears complete, by renaming, and what a
/// reader gets is checked against the digest. A key names everything that the library depends on, so two writers of one
/// key write the same, and a file never has to be replaced unless it was damaged.
class LibraryCache {
public:
  /// Opens the folder, which is made if need be. An error is a reason to do without.
  [[nodiscard]] static llvm::Expected<LibraryCache> open(const Cache &options);

  /// The library of that key, which counts as used now; nothing if there is none, or none that can be trusted: the file
  /// was altered, cut short, or is another user's to write.
  [[nodiscard]] std::optional<llvm::SmallString<0>> find(llvm::StringRef key) const;

  /// Keeps a library, and removes the least recently used ones beyond the limit.
  [[nodiscard]] llvm::Error store(llvm::StringRef key, llvm::StringRef library) const;

private:
  LibraryCache(std::string directory, uint64_t limit) : directory(std::move(directory)), limit(limit) {}
  [[nodiscard]] std::string pathOf(llvm::StringRef key) const { return directory + "/" + key.str() + ".so"; }
  void prune() const;

  std::string directory;
  uint64_t limit;
};

} // namespace ravine
