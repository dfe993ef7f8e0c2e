// Objects in, shared library out: lld as a library.
#include "compiler/codegen/Link.h"

#include "compiler/codegen/Header.h"
#include "compiler/codegen/RuntimeCore.h"
#include "runtime/abi/ravine.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <link.h>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace {

/// A directory that is gone, with all that is in it, when this goes out of scope.
class ScratchDirectory {
public:
  static Expected<ScratchDirectory> create() {
    ScratchDirectory directory;
    if (std::error_code problem = sys::fs::createUniqueDirectory("ravine", directory.path))
      return createStringError(problem, "cannot make a temporary directory: " + problem.message());
    return directory;
  }
  ScratchDirectory(ScratchDirectory &&other) noexcept : path(std::move(other.path)) { other.path.clear(); }
  ~ScratchDirectory() {
    if (!path.empty())
      (void)sys::fs::remove_directories(path);
  }

  Expected<std::string> write(StringRef name, StringRef contents) const {
    SmallString<128> file(path);
    sys::path::append(file, name);
    std::error_code problem;
    raw_fd_ostream stream(file, problem);
    stream << contents;
    stream.close();
    if (stream.has_error())
      problem = stream.error();
    stream.clear_error();
    if (problem)
      return createStringError(problem, "cannot write " + Twine(file) + ": " + problem.message());
    return std::string(file);
  }

private:
  ScratchDirectory() = default;
  SmallString<128> path;
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

Error ravine::linkLibrary(ArrayRef<SmallString<0>> objects, StringRef libraryName, StringRef soname, StringRef output) {
  Expected<ScratchDirectory> scratch = ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::vector<std::string> inputs;
  auto addInput = [&](StringRef name, StringRef contents) -> Error {
    Expected<std::string> path = scratch->write(name, contents);
    if (!path)
      return path.takeError();
    inputs.push_back(std::move(*path));
    return Error::success();
  };
  for (auto [index, object] : enumerate(objects))
    if (Error problem = addInput("part" + std::to_string(index) + ".o", object))
      return problem;
  if (Error problem = addInput("core.a", runtimeCoreArchive()))
    return problem;
  std::string alias = entryPointAlias(libraryName);
  Expected<std::string> exports =
      scratch->write("exports", ("{ global: " RAVINE_ENTRY_POINT "; " + alias + "; local: *; };\n"));
  if (!exports)
    return exports.takeError();

  std::vector<std::string> arguments = {"ld.lld",
                                        "-shared",
                                        "--no-undefined",
                                        "--gc-sections",
                                        "--as-needed",
                                        "--hash-style=gnu",
                                        "-znow",
                                        "-zrelro",
                                        "--undefined=" RAVINE_ENTRY_POINT,
                                        "--version-script=" + *exports,
                                        "-soname=" + soname.str(),
                                        "-o",
                                        output.str()};
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
    return createStringError("cannot link " + output + ": " + StringRef(messages).trim());
  return Error::success();
}
