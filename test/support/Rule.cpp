// A .rvn file as the interpreter takes it.
#include "test/support/Rule.h"

#include "compiler/diagnostics/Render.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/lowering/Lowering.h"
#include "compiler/pipelines/Pipelines.h"
#include "compiler/pipelines/RunPipeline.h"

#include <fstream>
#include <sstream>

namespace ravine::test {

Rule::Rule(const std::string &path) : context(createContext()) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  SourceManager sources;
  Diagnostics diagnostics;
  ast::Module source = parse(sources, sources.add(path, text.str()), diagnostics);
  check(sources, source, diagnostics);
  if (!file || diagnostics.hasErrors())
    throw std::runtime_error(path + ":\n" + render(sources, diagnostics));
  const ast::Module *sourcePointer = &source;
  module = lower(*context, sources, sourcePointer, mlir::Float32Type::get(context.get()));
  if (failed(runPipeline(*module, addSimplifyPipeline)))
    throw std::runtime_error(path + ": simplification failed");
}

ir::OptimizerOp Rule::optimizer(const std::string &name) {
  auto optimizer = module->lookupSymbol<ir::OptimizerOp>(name);
  if (!optimizer)
    throw std::runtime_error("no optimizer named " + name);
  return optimizer;
}

} // namespace ravine::test
