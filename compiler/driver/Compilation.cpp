// A compilation as the command line asks for it.
#include "compiler/driver/Compilation.h"

#include "compiler/diagnostics/Render.h"
#include "compiler/diagnostics/RenderJson.h"

using namespace ravine;
using namespace ravine::driver;

bool Compilation::loadEach() {
  for (const std::string &path : options.inputs)
    addFile(path);
  return check();
}

bool Compilation::load() {
  bool areAllSound = loadEach();
  // Worth saying even where one of the files has errors of its own, but not where one is missing.
  bool areAllRead = modules().size() == options.inputs.size();
  return areAllRead && checkTogether() && areAllSound;
}

bool Compilation::printsStage() const {
  bool isText = options.stage != Stage::Library && options.stage != Stage::Object;
  return isText && (options.output.empty() || options.output == "-");
}

int Compilation::report() const {
  if (options.json)
    (printsStage() ? llvm::errs() : llvm::outs()) << renderJson(sources(), diagnostics());
  else
    llvm::errs() << render(sources(), diagnostics(), llvm::errs().has_colors() ? Colour::On : Colour::Off);
  return diagnostics().hasErrors() ? Failure : Success;
}
