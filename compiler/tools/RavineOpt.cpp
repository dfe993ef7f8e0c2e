// ravine-opt: runs passes and pipelines by name on MLIR text, for tests and for looking at one step at a time.
#include "compiler/codegen/Compile.h"
#include "compiler/pipelines/Pipelines.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

int main(int argc, char **argv) {
  DialectRegistry registry;
  registry.insert<ravine::ir::RavineDialect, ravine::sweep::SweepDialect, arith::ArithDialect, math::MathDialect,
                  func::FuncDialect, memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect,
                  cf::ControlFlowDialect, LLVM::LLVMDialect, ub::UBDialect>();
  registerCanonicalizerPass();
  registerCSEPass();
  ravine::registerPipelines();
  return asMainReturnCode(MlirOptMain(argc, argv, "ravine-opt: passes and pipelines of Ravine\n", registry));
}
