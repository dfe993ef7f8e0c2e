// Writing beside the old file and renaming.
#include "runtime/core/ReplacedFile.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ravine::core {

namespace {

/// What the system follows before it calls them a loop (path_resolution(7)).
constexpr int mostLinks = 40;
constexpr unsigned permissions = 0777;

void makeProcessPath(int file, char (&path)[32]) {
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", file);
}

/// Waits until a file is on disk.
bool flush(int file) {
  int result;
  do
    result = fsync(file);
  while (result != 0 && errno == EINTR);
  return result == 0;
}

} // namespace

ReplacedFile::~ReplacedFile() {
  if (isNamed_)
    unlinkat(folder_, temporaryName_, 0);
  for (int descriptor : {file_, folder_})
    if (descriptor >= 0)
      close(descriptor);
}

bool ReplacedFile::open(const char *path) {
  if (!findFolder(path))
    return false;
  struct stat old;
  if (fstatat(folder_, name_, &old, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT)
      return fail("it cannot be looked at");
    return create(permissions & 0666);
  }
  if (!S_ISREG(old.st_mode)) {
    problem_ << "there is something else than a file of that name";
    return false;
  }
  if (!create(old.st_mode & permissions))
    return false;
  return fchmod(file_, old.st_mode & permissions) == 0 || fail("its permissions cannot be set");
}

bool ReplacedFile::findFolder(const char *path) {
  if (!follow(path))
    return false;
  for (int links = 0; links < mostLinks; ++links) {
    char target[PATH_MAX];
    ssize_t length = readlinkat(folder_, name_, target, sizeof target - 1);
    if (length < 0)
      return true; // no link, or nothing there yet
    target[length] = '\0';
    if (!follow(target))
      return false;
  }
  errno = ELOOP;
  return fail("it cannot be found");
}

/// Goes from the folder that a path is relative to, to the one that it ends in.
bool ReplacedFile::follow(const char *path) {
  const char *slash = std::strrchr(path, '/');
  const char *name = slash == nullptr ? path : slash + 1;
  size_t folderLength = static_cast<size_t>(name - path);
  if (*name == '\0' || std::strlen(name) > longestName || folderLength >= PATH_MAX) {
    errno = *name == '\0' ? EISDIR : ENAMETOOLONG;
    return fail("that is no name of a file");
  }
  // The working folder may be closed to us, which an absolute path does not care about.
  bool isFirst = folder_ < 0;
  if (folderLength > 0 || isFirst) {
    char folder[PATH_MAX] = ".";
    if (folderLength > 0) {
      std::memcpy(folder, path, folderLength);
      folder[folderLength] = '\0';
    }
    int found = openat(isFirst ? AT_FDCWD : folder_, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (found < 0)
      return fail("its folder cannot be opened");
    if (!isFirst)
      close(folder_);
    folder_ = found;
  }
  std::strcpy(name_, name);
  return true;
}

bool ReplacedFile::create(unsigned mode) {
  file_ = openat(folder_, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  if (file_ >= 0) {
    // It can be given a name only through /proc, which may be missing.
    char path[32];
    struct stat ignored;
    makeProcessPath(file_, path);
    if (stat(path, &ignored) == 0)
      return true;
    close(file_);
  }
  do {
    chooseTemporaryName();
    file_ = openat(folder_, temporaryName_, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
  } while (file_ < 0 && errno == EEXIST);
  isNamed_ = file_ >= 0;
  return isNamed_ || fail("no file can be made in its folder");
}

void ReplacedFile::chooseTemporaryName() {
  static std::atomic<unsigned> count = 0;
  std::snprintf(temporaryName_, sizeof temporaryName_, ".ravine-%ld-%u", static_cast<long>(getpid()), count++);
}

bool ReplacedFile::append(std::span<iovec> pieces) {
  while (!pieces.empty()) {
    ssize_t written = writev(file_, pieces.data(), static_cast<int>(std::min<size_t>(pieces.size(), IOV_MAX)));
    if (written < 0) {
      if (errno == EINTR)
        continue;
      return fail("it cannot be written");
    }
    auto rest = static_cast<size_t>(written);
    while (!pieces.empty() && rest >= pieces.front().iov_len) {
      rest -= pieces.front().iov_len;
      pieces = pieces.subspan(1);
    }
    if (!pieces.empty()) {
      pieces.front().iov_base = static_cast<char *>(pieces.front().iov_base) + rest;
      pieces.front().iov_len -= rest;
    }
  }
  return true;
}

bool ReplacedFile::finish() {
  if (!flush(file_))
    return fail("it cannot be written to disk");
  if (!isNamed_ && !giveName())
    return false;
  if (renameat(folder_, temporaryName_, folder_, name_) != 0)
    return fail("it cannot be put in its place");
  isNamed_ = false;
  // Some file systems cannot flush a folder and say EINVAL: theirs is on disk when the rename returns, or never.
  return flush(folder_) || errno == EINVAL || fail("it is complete, but its folder cannot be written to disk");
}

bool ReplacedFile::giveName() {
  char path[32];
  makeProcessPath(file_, path);
  int result;
  do {
    chooseTemporaryName();
    result = linkat(AT_FDCWD, path, folder_, temporaryName_, AT_SYMLINK_FOLLOW);
  } while (result != 0 && errno == EEXIST);
  isNamed_ = result == 0;
  return isNamed_ || fail("it cannot be given a name");
}

bool ReplacedFile::fail(const char *what) {
  const char *reason = strerrordesc_np(errno);
  problem_ << what << ": " << (reason != nullptr ? reason : "unknown error");
  return false;
}

} // namespace ravine::core
