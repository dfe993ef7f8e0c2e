// A file that appears complete or not at all.
#pragma once

#include "runtime/core/Sentence.h"

#include <span>
#include <sys/uio.h>

namespace ravine::core {

/// A new file for a path, which takes the place of the old one when it is complete and on disk. Until then it has no
/// name, so that it is gone, and the old file as it was, whatever happens to the process. (Where a file system knows no
/// files without a name it has one like `.ravine-4711-0` in the same folder: then only a kill leaves it behind.)
///
/// Symbolic links are followed, as by writing: the file they lead to is replaced. The permissions stay those of the
/// replaced file. Each function returns false where it fails, and `problem` says why.
class ReplacedFile {
public:
  ReplacedFile() = default;
  ReplacedFile(const ReplacedFile &) = delete;
  ReplacedFile &operator=(const ReplacedFile &) = delete;
  ~ReplacedFile();

  [[nodiscard]] bool open(const char *path);
  /// Appends the pieces, which it uses up.
  [[nodiscard]] bool append(std::span<iovec> pieces);
  /// Puts the file in its place and waits until both are on disk.
  [[nodiscard]] bool finish();

  [[nodiscard]] const char *problem() const { return problem_.text(); }

private:
  static constexpr size_t longestName = 255;

  [[nodiscard]] bool findFolder(const char *path);
  [[nodiscard]] bool follow(const char *path);
  [[nodiscard]] bool create(unsigned mode);
  [[nodiscard]] bool giveName();
  void chooseTemporaryName();
  /// Says what could not be done, and errno's reason. Returns false.
  bool fail(const char *what);

  int folder_ = -1;
  int file_ = -1;
  char name_[longestName + 1] = "";
  char temporaryName_[40] = "";
  /// Whether the file stands under its temporary name.
  bool isNamed_ = false;
  Sentence problem_;
};

} // namespace ravine::core
