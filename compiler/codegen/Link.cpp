// Objects in, shared library out: lld as a library.
#include "compiler/codegen/Link.h"

#include "compiler/codegen/Header.h"
#include "compiler/codegen/RuntimeCore.h"
#include "runtime/abi/ravine.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/Path.h"

#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <thread>
#include <utility>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace {

/// What the system has refused, such as one more open file.
Error systemError() {
  std::error_code problem(errno, std::generic_category());
  return createStringError(problem, "cannot link: " + problem.message());
}

/// A file that exists in memory only: nothing to clean up, whatever happens to this process.
class MemoryFile {
public:
  static Expected<MemoryFile> create(const char *name, StringRef contents) {
    MemoryFile file(memfd_create(name, MFD_CLOEXEC));
    while (file.descriptor >= 0 && !contents.empty()) {
      ssize_t written = write(file.descriptor, contents.data(), contents.size());
      if (written < 0 && errno != EINTR)
        break;
      contents = contents.drop_front(written < 0 ? 0 : static_cast<size_t>(written));
    }
    if (file.descriptor < 0 || !contents.empty())
      return systemError();
    return file;
  }
  MemoryFile(MemoryFile &&other) noexcept : descriptor(std::exchange(other.descriptor, -1)) {}
  MemoryFile &operator=(MemoryFile &&) = delete;
  ~MemoryFile() {
    if (descriptor >= 0)
      close(descriptor);
  }

  /// A name under which the linker can open it.
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor); }

private:
  explicit MemoryFile(int descriptor) : descriptor(descriptor) {}
  int descriptor;
};

/// What the linker writes to: a pipe, because for a file it would make a temporary one beside it and take over the
/// signals of this process to remove it. A thread of its own takes what comes out.
class OutputPipe {
public:
  OutputPipe() {
    int ends[2] = {-1, -1};
    isOpen = pipe2(ends, O_CLOEXEC) == 0;
    readEnd = ends[0];
    writeEnd = ends[1];
    allIsWritten = isOpen ? eventfd(0, EFD_CLOEXEC) : -1;
    isOpen = allIsWritten >= 0;
    try {
      if (isOpen)
        reader = std::thread([this] { collect(); });
    } catch (const std::system_error &) { // this process may have no more threads
      isOpen = false;
      errno = EAGAIN;
    }
  }
  OutputPipe(const OutputPipe &) = delete;
  OutputPipe &operator=(const OutputPipe &) = delete;
  ~OutputPipe() {
    finish();
    for (int descriptor : {readEnd, writeEnd, allIsWritten})
      if (descriptor >= 0)
        close(descriptor);
  }

  explicit operator bool() const { return isOpen; }
  /// A name under which the linker can open it.
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(writeEnd); }

  /// All that was written, after the linker has ended.
  [[nodiscard]] SmallString<0> take() {
    finish();
    return std::move(contents);
  }

private:
  void finish() {
    if (!reader.joinable())
      return;
    eventfd_write(allIsWritten, 1);
    reader.join();
  }

  /// Takes what comes until the linker has ended. Not until the end of file: a process that another thread has forked
  /// meanwhile may keep the pipe open for ever.
  void collect() {
    pollfd waiting[] = {{readEnd, POLLIN, 0}, {allIsWritten, POLLIN, 0}};
    do {
      if (poll(waiting, 2, /*timeout=*/-1) > 0 && waiting[0].revents != 0)
        collectSome();
    } while (waiting[1].revents == 0);
    // What came after that poll had looked at the pipe and before it looked at the end.
    while (poll(waiting, 1, /*timeout=*/0) > 0 && waiting[0].revents != 0)
      collectSome();
  }

  void collectSome() {
    char some[1 << 16];
    ssize_t count = read(readEnd, some, sizeof some);
    contents.append(StringRef(some, count < 0 ? 0 : static_cast<size_t>(count)));
  }

  int readEnd = -1, writeEnd = -1, allIsWritten = -1;
  bool isOpen = false;
  std::thread reader;
  SmallString<0> contents;
};

/// The C library's parts as this process has loaded them: a compiler that runs has them, development files or not.
std::vector<std::string> systemLibraries() {
  std::vector<std::string> paths;
  dl_iterate_phdr(
      [](dl_phdr_info *info, size_t, void *context) {
        StringRef path(info->dlpi_name);
        if (StringRef name = sys::path::filename(path); name == "libc.so.6" || name == "libm.so.6")
          static_cast<std::vector<std::string> *>(context)->push_back(path.str());
        return 0;
      },
      &paths);
  return paths;
}

} // namespace

Expected<SmallString<0>> ravine::linkLibrary(ArrayRef<SmallString<0>> objects, StringRef libraryName,
                                             StringRef soname) {
  std::vector<MemoryFile> files;
  auto add = [&](const char *name, StringRef contents) -> Expected<std::string> {
    Expected<MemoryFile> file = MemoryFile::create(name, contents);
    if (!file)
      return file.takeError();
    files.push_back(std::move(*file));
    return files.back().path();
  };
  std::vector<std::string> inputs;
  for (const SmallString<0> &object : objects) {
    Expected<std::string> path = add("object", object);
    if (!path)
      return path.takeError();
    inputs.push_back(*path);
  }
  Expected<std::string> core = add("core", runtimeCoreArchive());
  if (!core)
    return core.takeError();
  inputs.push_back(*core);
  std::string alias = entryPointAlias(libraryName);
  Expected<std::string> exports = add("exports", "{ global: " RAVINE_ENTRY_POINT "; " + alias + "; local: *; };\n");
  if (!exports)
    return exports.takeError();

  OutputPipe output;
  if (!output)
    return systemError();

  std::vector<std::string> arguments = {
      "ld.lld", "-shared", "--no-undefined", "--gc-sections", "--as-needed", "--hash-style=gnu", "-znow",
      // A program that embeds the compiler may fork: threads of the linker would be missing in its child.
      "--threads=1", "-zrelro", std::string("--undefined=") + RAVINE_ENTRY_POINT, "--version-script=" + *exports,
      "-soname=" + soname.str(), "-o", output.path()};
  // A library named "library" has its alias already.
  if (alias != RAVINE_ENTRY_POINT)
    arguments.push_back("--defsym=" + alias + "=" RAVINE_ENTRY_POINT);
  append_range(arguments, inputs);
  append_range(arguments, systemLibraries());
  auto pointers = map_to_vector(arguments, [](const std::string &argument) { return argument.c_str(); });

  std::string messages;
  raw_string_ostream stream(messages);
  lld::Result result = lld::lldMain(pointers, stream, stream, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError("cannot link: " + StringRef(messages).trim());
  return output.take();
}
