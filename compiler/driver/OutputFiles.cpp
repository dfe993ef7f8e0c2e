// Files that appear together or not at all.
#include "compiler/driver/OutputFiles.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace ravine::driver;

static Error cannotWrite(StringRef path, std::error_code problem) {
  return createStringError(problem, "cannot write `" + path + "`: " + problem.message());
}

OutputFiles::~OutputFiles() {
  for (const File &file : files) {
    (void)sys::fs::remove(file.staged);
    sys::DontRemoveFileOnSignal(file.staged);
  }
}

Expected<std::string> OutputFiles::stage(StringRef path) {
  if (sys::fs::is_directory(path))
    return cannotWrite(path, std::make_error_code(std::errc::is_a_directory));
  SmallString<128> staged;
  int descriptor = -1;
  auto permissions = static_cast<sys::fs::perms>(sys::fs::all_read | sys::fs::all_write);
  // createUniqueFile applies the process's umask to these permissions, as a plain open does.
  if (std::error_code problem =
          sys::fs::createUniqueFile(path + ".%%%%%%", descriptor, staged, sys::fs::OF_None, permissions))
    return cannotWrite(path, problem);
  sys::fs::file_t handle = sys::fs::convertFDToNativeFile(descriptor);
  (void)sys::fs::closeFile(handle);
  // Gone as well if the compiler is interrupted.
  (void)sys::RemoveFileOnSignal(staged);
  files.push_back({std::string(staged), path.str()});
  return std::string(staged);
}

Error OutputFiles::add(StringRef path, StringRef contents) {
  Expected<std::string> staged = stage(path);
  if (!staged)
    return staged.takeError();
  std::error_code problem;
  raw_fd_ostream stream(*staged, problem);
  stream << contents;
  stream.close();
  if (stream.has_error())
    problem = stream.error();
  stream.clear_error();
  return problem ? cannotWrite(path, problem) : Error::success();
}

Error OutputFiles::commit() {
  for (const File &file : files)
    if (std::error_code problem = sys::fs::rename(file.staged, file.path))
      return cannotWrite(file.path, problem);
  for (const File &file : files)
    sys::DontRemoveFileOnSignal(file.staged);
  files.clear();
  return Error::success();
}
