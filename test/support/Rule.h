// A .rvn file as the interpreter takes it.
#pragma once

#include "compiler/compilation/LibraryCompilation.h"
#include "compiler/interpreter/Interpreter.h"
#include "compiler/lowering/Precision.h"

namespace ravine::test {

/// The optimizers of a source file in the ravine dialect, with their numbers fixed as for compiled code.
class Rule {
public:
  /// Throws std::runtime_error with the rendered diagnostics if the file is not right. `precisions`: f32 where none are
  /// given.
  explicit Rule(const std::string &path, std::vector<Precision> precisions = {});

  [[nodiscard]] ir::OptimizerOp optimizer(const std::string &name);

private:
  LibraryCompilation compilation;
};

} // namespace ravine::test
