// Compiled libraries on disk, by what they were made from.
#include "compiler/embed/LibraryCache.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

using namespace llvm;
using namespace ravine;
namespace fs = llvm::sys::fs;

namespace {

constexpr size_t digestSize = 32;
/// What a process that was killed while it wrote has left is nobody's after this time.
constexpr std::chrono::hours partsAreStaleAfter(1);

std::array<uint8_t, digestSize> digestOf(StringRef key, StringRef library) {
  SHA256 hash;
  hash.update(key);
  hash.update(library);
  return hash.final();
}

/// $RAVINE_CACHE_DIR, else $XDG_CACHE_HOME/ravine, else ~/.cache/ravine; empty if there is none of them.
std::string defaultDirectory() {
  auto variable = [](const char *name) -> StringRef {
    const char *value = std::getenv(name);
    return value ? value : "";
  };
  if (StringRef own = variable("RAVINE_CACHE_DIR"); !own.empty())
    return own.str();
  // The XDG base directory specification has relative paths ignored.
  if (StringRef caches = variable("XDG_CACHE_HOME"); sys::path::is_absolute(caches))
    return (caches + "/ravine").str();
  if (StringRef home = variable("HOME"); sys::path::is_absolute(home))
    return (home + "/.cache/ravine").str();
  return "";
}

class Descriptor {
public:
  explicit Descriptor(int number) : number(number) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (number >= 0)
      ::close(number);
  }
  const int number;
};

/// Libraries are code: only files that nobody but this user, or the superuser, can have written are read.
bool canBeTrusted(const struct stat &file) {
  bool isOwn = file.st_uid == geteuid() || file.st_uid == 0;
  return S_ISREG(file.st_mode) && isOwn && (file.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

std::optional<SmallString<0>> readAll(int descriptor, size_t size) {
  SmallString<0> contents;
  contents.resize_for_overwrite(size);
  for (size_t done = 0; done < size;) {
    ssize_t count = ::read(descriptor, contents.data() + done, size - done);
    if (count == 0 || (count < 0 && errno != EINTR))
      return std::nullopt;
    done += count < 0 ? 0 : static_cast<size_t>(count);
  }
  return contents;
}

/// Writes a file that is complete, and on the disk, before it has its name.
std::error_code writeDurably(const std::string &path, ArrayRef<StringRef> parts) {
  int descriptor = -1;
  SmallString<128> part;
  if (std::error_code problem = fs::createUniqueFile(path + ".%%%%%%%%.part", descriptor, part, fs::OF_None,
                                                     fs::owner_read | fs::owner_write))
    return problem;
  raw_fd_ostream stream(descriptor, /*shouldClose=*/false);
  for (StringRef contents : parts)
    stream << contents;
  stream.flush();
  std::error_code problem = stream.error();
  stream.clear_error();
  if (!problem && ::fsync(descriptor) != 0)
    problem = std::error_code(errno, std::generic_category());
  ::close(descriptor);
  if (!problem)
    problem = fs::rename(part, path);
  if (problem)
    (void)::unlink(part.c_str());
  return problem;
}

} // namespace

Expected<LibraryCache> LibraryCache::open(const Cache &options) {
  std::string directory = options.directory.empty() ? defaultDirectory() : options.directory;
  if (directory.empty())
    return createStringError("there is no folder for it: none of RAVINE_CACHE_DIR, XDG_CACHE_HOME and HOME is set");
  if (std::error_code problem = fs::create_directories(directory, /*IgnoreExisting=*/true, fs::owner_all))
    return createStringError(problem, "cannot make the folder `" + directory + "`: " + problem.message());
  return LibraryCache(std::move(directory), options.limit);
}

std::optional<SmallString<0>> LibraryCache::find(StringRef key) const {
  // Without O_NONBLOCK, a FIFO that somebody put there would be waited for.
  Descriptor file(::open(pathOf(key).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status;
  if (file.number < 0 || ::fstat(file.number, &status) != 0 || !canBeTrusted(status))
    return std::nullopt;
  auto size = static_cast<size_t>(status.st_size);
  if (size <= digestSize)
    return std::nullopt;
  std::optional<SmallString<0>> contents = readAll(file.number, size);
  if (!contents)
    return std::nullopt;
  StringRef library = contents->str().drop_back(digestSize);
  if (toStringRef(digestOf(key, library)) != contents->str().take_back(digestSize))
    return std::nullopt;
  (void)::futimens(file.number, nullptr); // used now
  contents->truncate(library.size());
  return contents;
}

llvm::Error LibraryCache::store(StringRef key, StringRef library) const {
  std::string path = pathOf(key);
  if (std::error_code problem = writeDurably(path, {library, toStringRef(digestOf(key, library))}))
    return createStringError(problem, "cannot write `" + path + "`: " + problem.message());
  prune();
  return llvm::Error::success();
}

void LibraryCache::prune() const {
  struct Entry {
    std::string path;
    sys::TimePoint<> used;
    uint64_t size;
  };
  std::vector<Entry> entries;
  uint64_t total = 0;
  std::error_code problem;
  for (fs::directory_iterator at(directory, problem), end; at != end && !problem; at.increment(problem)) {
    StringRef extension = sys::path::extension(at->path());
    ErrorOr<fs::basic_file_status> status = at->status();
    if (!status || status->type() != fs::file_type::regular_file)
      continue; // another process has removed it, or it is none of ours
    sys::TimePoint<> used = status->getLastModificationTime();
    if (extension == ".part" && used + partsAreStaleAfter < std::chrono::system_clock::now())
      (void)::unlink(at->path().c_str());
    if (extension != ".so")
      continue;
    entries.push_back({at->path(), used, status->getSize()});
    total += status->getSize();
  }
  std::ranges::sort(entries, {}, &Entry::used);
  for (const Entry &entry : entries) {
    if (total <= limit)
      return;
    (void)::unlink(entry.path.c_str());
    total -= entry.size;
  }
}
