// Measuring the traffic of rules that a test writes in the ravine dialect.
#pragma once

#include "compiler/formation/Passes.h"
#include "compiler/formation/Report.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

namespace ravine {

class TrafficTest : public testing::Test {
protected:
  TrafficTest() { context.loadDialect<ir::RavineDialect, sweep::SweepDialect>(); }

  /// The traffic of each variant of the rule that is called `name`.
  std::vector<VariantTraffic> measure(const std::string &text, const std::string &name) {
    mlir::OwningOpRef<mlir::ModuleOp> module =
        mlir::parseSourceString<mlir::ModuleOp>(text, mlir::ParserConfig(&context));
    mlir::PassManager passes(&context);
    passes.addPass(createFormSweeps());
    if (!module || failed(passes.run(*module))) {
      ADD_FAILURE() << "the rule does not compile";
      return {};
    }
    return measureTraffic(module->lookupSymbol<ir::OptimizerOp>(name),
                          module->lookupSymbol<sweep::ProgramOp>(name + ".program"));
  }

  mlir::MLIRContext context;
};

} // namespace ravine
