// Every pipeline of the compiler, on one page: which pass, and why it stands where it stands.
#include "compiler/pipelines/Pipelines.h"

#include "compiler/codegen/cpu/Passes.h"
#include "compiler/formation/Passes.h"
#include "compiler/pipelines/ConversionPasses.h"
#include "compiler/transforms/Passes.h"
#include "dialect/ravine/Ravine.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void ravine::addSimplifyPipeline(OpPassManager &passes) {
  // First, while constants still have the precision of scalars: 1/3 is formed in f64 and rounded once.
  passes.addPass(createFormReciprocal());
  // Also turns x^2 into x·x, which the next passes see as a product.
  passes.addPass(createCanonicalizerPass());
  // Before sums are fused: what a reduction folds is then a product in f64 whatever else uses that product.
  passes.addPass(createWidenProducts());
  // Before equal values are merged: to the merging, a*b + c*d and c*d + a*b are the same; here they are not.
  passes.addPass(createFormFma());
  // Shares what is equal and drops products that only a fused sum used. Changes no bit, and nothing after it does.
  passes.addPass(createCSEPass());
  // Last, so that it finds the one sum of squares that several norms and metrics share.
  passes.addNestedPass<ir::OptimizerOp>(createGuardGradients());
}

void ravine::addFormationPipeline(OpPassManager &passes) {
  passes.addPass(createFormSweeps());
  // Several broadcasts of one slot round it several times until here; scalar programs share subexpressions.
  passes.addPass(createCSEPass());
}

void ravine::addVectorPipeline(OpPassManager &passes) {
  passes.addPass(createSweepsToVector());
  // The address arithmetic that the previous pass wrote without looking for what is there already.
  passes.addPass(createCSEPass());
  // Before anything is lowered: the elementary functions of whole vectors, as polynomials.
  passes.addNestedPass<func::FuncOp>(createExpandVectorMath());
  // Behind that, whose own comparisons are written as instructions have them; before LLVM writes five for each.
  passes.addNestedPass<func::FuncOp>(createExpandExtrema());
}

void ravine::addScalarPipeline(OpPassManager &passes) {
  passes.addPass(createScalarsToFunctions());
  passes.addPass(createCSEPass());
}

void ravine::addLLVMPipeline(OpPassManager &passes) {
  addConversionPasses(passes);
  // Needs the lowered signatures.
  passes.addPass(createEmitEntryPoints());
}

void ravine::addSourceLinePipeline(OpPassManager &passes) {
  // Directives alone: nothing of it reaches an object file.
  passes.addPass(LLVM::createDIScopeForLLVMFuncOpPass({LLVM::DIEmissionKind::DebugDirectivesOnly}));
}

void ravine::registerPipelines() {
  registerRavineTransformsPasses();
  registerRavineFormationPasses();
  registerRavineCpuPasses();
  static PassPipelineRegistration<> simplify("ravine-simplify", "fix the numbers of ravine operations",
                                             addSimplifyPipeline);
  static PassPipelineRegistration<> formation("ravine-formation", "from ravine to sweep", addFormationPipeline);
  static PassPipelineRegistration<> vector("ravine-vector", "from sweeps to functions on vectors", addVectorPipeline);
  static PassPipelineRegistration<> scalar("ravine-scalar", "from scalar programs to functions", addScalarPipeline);
  static PassPipelineRegistration<> llvm("ravine-llvm", "from functions to the LLVM dialect", addLLVMPipeline);
}
