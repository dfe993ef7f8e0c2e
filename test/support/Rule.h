// A .rvn file as the interpreter takes it.
#pragma once

#include "compiler/interpreter/Interpreter.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace ravine::test {

/// The optimizers of a source file in the ravine dialect, with their numbers fixed as for compiled code.
class Rule {
public:
  /// Throws std::runtime_error with the rendered diagnostics if the file is not right.
  explicit Rule(const std::string &path);

  [[nodiscard]] ir::OptimizerOp optimizer(const std::string &name);

private:
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

} // namespace ravine::test
