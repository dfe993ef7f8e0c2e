// Contexts to compile in, and running one pipeline on one module.
#include "compiler/pipelines/RunPipeline.h"

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

using namespace mlir;

void ravine::registerDialects(DialectRegistry &registry) {
  registry.insert<ir::RavineDialect, sweep::SweepDialect, arith::ArithDialect, math::MathDialect, func::FuncDialect,
                  memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect, cf::ControlFlowDialect,
                  LLVM::LLVMDialect, ub::UBDialect>();
}

std::unique_ptr<MLIRContext> ravine::createContext() {
  DialectRegistry registry;
  registerDialects(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  // One small program at a time: threads would cost more to start than they save.
  auto context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}

LogicalResult ravine::runPipeline(ModuleOp module, void (*addPasses)(OpPassManager &)) {
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  addPasses(passes);
  return passes.run(module);
}
