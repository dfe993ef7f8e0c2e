// The upstream passes from vector, scf, arith, math, memref and func to LLVM. They stand in a file of their own because
// the headers that declare them take twenty seconds to compile.
#pragma once

#include "mlir/Pass/PassManager.h"

namespace ravine {

void addConversionPasses(mlir::OpPassManager &passes);

} // namespace ravine
