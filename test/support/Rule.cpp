// A .rvn file as the interpreter takes it.
#include "test/support/Rule.h"

#include "compiler/diagnostics/Render.h"

#include <stdexcept>

namespace ravine::test {

Rule::Rule(const std::string &path, std::vector<Precision> precisions) {
  compilation.setPrecisions(precisionsInOrder(std::move(precisions)));
  if (!compilation.addFile(path) || !compilation.check())
    throw std::runtime_error(path + ":\n" + render(compilation.sources(), compilation.diagnostics()));
  compilation.lower();
  if (!compilation.simplify())
    throw std::runtime_error(path + ": simplification failed");
}

ir::OptimizerOp Rule::optimizer(const std::string &name) {
  auto optimizer = compilation.module().lookupSymbol<ir::OptimizerOp>(name);
  if (!optimizer)
    throw std::runtime_error("no optimizer named " + name);
  return optimizer;
}

} // namespace ravine::test
