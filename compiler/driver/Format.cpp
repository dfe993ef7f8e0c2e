// `ravine fmt`: lays out files in place.
#include "compiler/formatter/Format.h"
#include "compiler/diagnostics/Render.h"
#include "compiler/diagnostics/RenderJson.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/Verbs.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace ravine;
using namespace ravine::driver;

namespace {

/// One run on all files of the command line.
class Formatting {
public:
  explicit Formatting(const Options &options) : options(options) {}

  int run() {
    for (const std::string &path : options.inputs)
      formatFile(path);
    llvm::raw_ostream &out = options.json && !isStandardOutputTaken ? llvm::outs() : llvm::errs();
    out << (options.json ? renderJson(sources, diagnostics)
                         : render(sources, diagnostics, out.has_colors() ? Colour::On : Colour::Off));
    return diagnostics.hasErrors() || wouldChange ? Failure : Success;
  }

private:
  void formatFile(const std::string &path) {
    bool isStandardInput = path == "-";
    auto buffer = isStandardInput ? llvm::MemoryBuffer::getSTDIN() : llvm::MemoryBuffer::getFile(path);
    if (std::error_code problem = buffer.getError())
      return fail(Code::E0801, "cannot read `" + path + "`: " + problem.message());
    std::string before = (*buffer)->getBuffer().str();
    uint32_t file = sources.add(isStandardInput ? "<stdin>" : path, before);
    Diagnostics found;
    std::optional<std::string> after = formatter::format(sources, file, found);
    for (const Diagnostic &diagnostic : found.all())
      diagnostics.add(diagnostic);
    if (!after)
      return;
    if (options.check)
      return compare(file, *after);
    if (isStandardInput) {
      llvm::outs() << *after;
      isStandardOutputTaken = true;
    } else if (*after != before) {
      rewrite(path, *after);
    }
  }

  void rewrite(const std::string &path, const std::string &text) {
    llvm::ErrorOr<llvm::sys::fs::perms> permissions = llvm::sys::fs::getPermissions(path);
    OutputFiles files;
    files.add(path, text);
    if (llvm::Error problem = files.commit())
      return fail(Code::E0803, llvm::toString(std::move(problem)));
    // The file is another one now, and who may read it is not for this to change.
    if (permissions)
      (void)llvm::sys::fs::setPermissions(path, *permissions);
  }

  void compare(uint32_t file, const std::string &after) {
    if (sources.text(file) == after)
      return;
    wouldChange = true;
    llvm::errs() << sources.name(file) << " is not formatted\n";
  }

  void fail(Code code, std::string message) {
    diagnostics.add({code, SourceSpan::nowhere(), std::move(message), "", "", {}});
  }

  const Options &options;
  SourceManager sources;
  Diagnostics diagnostics;
  bool isStandardOutputTaken = false;
  bool wouldChange = false;
};

} // namespace

int ravine::driver::format(const Options &options) {
  return Formatting(options).run();
}
