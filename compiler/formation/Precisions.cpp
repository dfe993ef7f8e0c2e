// Which precisions a rule is compiled for.
#include "compiler/formation/Precisions.h"

using namespace mlir;
using namespace ravine;

ir::OptimizerOp ravine::wideFormOf(ir::OptimizerOp rule) {
  FlatSymbolRefAttr name = rule.getWideAttr();
  return name ? SymbolTable::lookupNearestSymbolFrom<ir::OptimizerOp>(rule->getParentOp(), name) : nullptr;
}

llvm::SmallVector<RulePrecision> ravine::precisionsOf(ir::OptimizerOp rule) {
  llvm::SmallVector<RulePrecision> precisions;
  for (ir::OptimizerOp form : {rule, wideFormOf(rule)})
    if (form)
      for (ir::PrecisionAttr storage : form.getStorage())
        precisions.push_back({form, storage});
  return precisions;
}

bool ravine::isWideForm(ir::OptimizerOp rule) {
  return llvm::any_of(rule->getParentRegion()->getOps<ir::OptimizerOp>(), [&](ir::OptimizerOp other) {
    return other.getWideAttr() && other.getWideAttr().getAttr() == rule.getSymNameAttr();
  });
}
