// What a library says of itself.
#include "compiler/codegen/Description.h"

using namespace mlir;
using namespace ravine;

std::vector<OptimizerDescription> ravine::describeOptimizers(ModuleOp module) {
  std::vector<OptimizerDescription> optimizers;
  for (auto program : module.getOps<sweep::ProgramOp>())
    optimizers.push_back({module.lookupSymbol<ir::OptimizerOp>(program.getOptimizerAttr()), program});
  return optimizers;
}

std::string ravine::compilerVersion() {
  return "ravine " RAVINE_VERSION;
}

ravine_dtype ravine::storage(ir::FieldType type) {
  return type.isScalar() ? RAVINE_F64 : RAVINE_DTYPE_COMPUTE;
}

llvm::StringRef ravine::dtypeName(ravine_dtype dtype) {
  switch (dtype) {
  case RAVINE_F32:
    return "f32";
  case RAVINE_F64:
    return "f64";
  case RAVINE_BF16:
    return "bf16";
  case RAVINE_F16:
    return "f16";
  default:
    return "compute";
  }
}
