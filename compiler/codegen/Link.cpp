// Objects in, shared library out: lld as a library.
#include "compiler/codegen/Link.h"

#include "compiler/codegen/Header.h"
#include "compiler/codegen/RuntimeCore.h"
#include "runtime/abi/ravine.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <utility>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace {

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
      return errorCodeToError(std::error_code(errno, std::generic_category()));
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

/// The file that the linker writes to. It insists on a place in a folder, so this one is in the temporary folder, and
/// gone when this goes out of scope or the process is interrupted.
class ScratchFile {
public:
  static Expected<ScratchFile> create(uint64_t expectedSize) {
    ScratchFile file;
    SmallString<128> folder;
    sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
    // The linker maps its output into memory, where a full disk would be a signal instead of an error.
    ErrorOr<sys::fs::space_info> space = sys::fs::disk_space(folder);
    if (space && space->available < expectedSize)
      return createStringError(std::make_error_code(std::errc::no_space_on_device),
                               "cannot write to the temporary folder `" + folder.str().str() + "`: no space left");
    if (std::error_code problem = sys::fs::createTemporaryFile("ravine", "so", file.path))
      return createStringError(problem, "cannot write to the temporary folder `" + folder.str().str() +
                                            "`: " + problem.message());
    (void)sys::RemoveFileOnSignal(file.path);
    return file;
  }
  ScratchFile(ScratchFile &&other) noexcept : path(std::move(other.path)) { other.path.clear(); }
  ~ScratchFile() {
    if (path.empty())
      return;
    (void)sys::fs::remove(path);
    sys::DontRemoveFileOnSignal(path);
  }

  SmallString<128> path;

private:
  ScratchFile() = default;
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

  uint64_t size = runtimeCoreArchive().size();
  for (const SmallString<0> &object : objects)
    size += object.size();
  Expected<ScratchFile> output = ScratchFile::create(size);
  if (!output)
    return output.takeError();

  std::vector<std::string> arguments = {
      "ld.lld", "-shared", "--no-undefined", "--gc-sections", "--as-needed", "--hash-style=gnu", "-znow",
      // The output is in memory as well, which the linker cannot know.
      "--no-mmap-output-file", "-zrelro", "--undefined=" RAVINE_ENTRY_POINT, "--version-script=" + *exports,
      "-soname=" + soname.str(), "-o", std::string(output->path)};
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
  ErrorOr<std::unique_ptr<MemoryBuffer>> library = MemoryBuffer::getFile(output->path);
  if (!library)
    return errorCodeToError(library.getError());
  return SmallString<0>((*library)->getBuffer());
}
