// Optimizers for tests, written in the ravine dialect.
#pragma once

#include "compiler/interpreter/Interpreter.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

#include <stdexcept>

namespace ravine::test {

/// Shorthands for the types that rules are written in.
inline constexpr llvm::StringRef typeAliases = R"(
!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!row = !ravine.field<f64, row>
!col = !ravine.field<f64, col>
!channel = !ravine.field<f64, channel>
!tensor = !ravine.field<f64, tensor>
!group = !ravine.field<f64, group>
!model = !ravine.field<f64, model>
)";

/// One optimizer and the context it lives in.
class RuleText {
public:
  explicit RuleText(llvm::StringRef text) {
    context.loadDialect<ir::RavineDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>((typeAliases + text).str(), &context);
    if (!module)
      throw std::runtime_error("not in the ravine dialect");
  }

  [[nodiscard]] ir::OptimizerOp optimizer() { return *module->getOps<ir::OptimizerOp>().begin(); }

private:
  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// A tensor of any shape.
inline InterpretedTensor shaped(std::vector<int64_t> shape, std::vector<double> numbers, int64_t rowAxes = 1) {
  InterpretedTensor tensor;
  tensor.shape = std::move(shape);
  tensor.parameter = std::move(numbers);
  tensor.rowAxes = rowAxes;
  return tensor;
}

/// A tensor with one axis.
inline InterpretedTensor row(std::vector<double> numbers) {
  InterpretedTensor tensor;
  tensor.shape = {static_cast<int64_t>(numbers.size())};
  tensor.parameter = std::move(numbers);
  return tensor;
}

} // namespace ravine::test
