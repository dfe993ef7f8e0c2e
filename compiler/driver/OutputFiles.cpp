// Files that appear together or not at all.
#include "compiler/driver/OutputFiles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace ravine::driver;

namespace {

Error cannotWrite(StringRef path, std::error_code problem) {
  return createStringError(problem, "cannot write `" + path + "`: " + problem.message());
}

/// Whether there is something at a path that must not be replaced by a file, but can be written to.
bool isSpecial(StringRef path) {
  sys::fs::file_status status;
  return !sys::fs::status(path, status) && !sys::fs::is_regular_file(status) && !sys::fs::is_directory(status);
}

/// Writes to an open file and closes it.
std::error_code writeAll(int descriptor, StringRef contents) {
  raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
  stream << contents;
  stream.close();
  std::error_code problem = stream.error();
  stream.clear_error();
  return problem;
}

/// A file written beside its place. Unless it was put there, it is gone when this goes out of scope or the process is
/// interrupted.
class StagedFile {
public:
  StagedFile(const StagedFile &) = delete;
  StagedFile(StagedFile &&other) noexcept : staged(std::move(other.staged)), path(std::move(other.path)) {
    other.staged.clear();
  }
  ~StagedFile() {
    if (staged.empty())
      return;
    (void)sys::fs::remove(staged);
    sys::DontRemoveFileOnSignal(staged);
  }

  static Expected<StagedFile> write(StringRef path, StringRef contents, bool isExecutable) {
    if (sys::fs::is_directory(path))
      return cannotWrite(path, std::make_error_code(std::errc::is_a_directory));
    SmallString<128> real;
    if (sys::fs::real_path(path, real))
      real = path; // nothing there yet
    unsigned mode = sys::fs::all_read | sys::fs::all_write | (isExecutable ? unsigned(sys::fs::all_exe) : 0u);
    for (unsigned attempt = 0;; ++attempt) {
      std::string staged = (real + "." + Twine(sys::Process::getProcessId()) + "-" + Twine(attempt) + ".part").str();
      int descriptor = -1;
      std::error_code problem =
          sys::fs::openFileForWrite(staged, descriptor, sys::fs::CD_CreateNew, sys::fs::OF_None, mode);
      if (problem == std::errc::file_exists)
        continue;
      if (problem)
        return cannotWrite(path, problem);
      StagedFile file(std::move(staged), std::string(real));
      if (std::error_code failed = writeAll(descriptor, contents))
        return cannotWrite(path, failed);
      return file;
    }
  }

  std::error_code putInPlace() {
    if (std::error_code problem = sys::fs::rename(staged, path))
      return problem;
    sys::DontRemoveFileOnSignal(staged);
    staged.clear();
    return {};
  }

private:
  StagedFile(std::string staged, std::string path) : staged(std::move(staged)), path(std::move(path)) {
    (void)sys::RemoveFileOnSignal(this->staged);
  }

  std::string staged;
  std::string path;
};

} // namespace

Error OutputFiles::commit() const {
  std::vector<StagedFile> staged;
  for (const File &file : files) {
    if (isSpecial(file.path))
      continue;
    Expected<StagedFile> written = StagedFile::write(file.path, file.contents, file.isExecutable);
    if (!written)
      return written.takeError();
    staged.push_back(std::move(*written));
  }
  for (const File &file : files) {
    int descriptor = -1;
    if (!isSpecial(file.path))
      continue;
    std::error_code problem = sys::fs::openFileForWrite(file.path, descriptor, sys::fs::CD_OpenExisting);
    if (!problem)
      problem = writeAll(descriptor, file.contents);
    if (problem)
      return cannotWrite(file.path, problem);
  }
  for (auto [index, file] : enumerate(staged))
    if (std::error_code problem = file.putInPlace())
      return cannotWrite(files[index].path, problem);
  return Error::success();
}
