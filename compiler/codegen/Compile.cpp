// From a checked module of optimizers to the parts of a library.
#include "compiler/codegen/Compile.h"

#include "compiler/codegen/Manifest.h"
#include "compiler/codegen/Plan.h"
#include "compiler/codegen/cpu/Passes.h"
#include "compiler/pipelines/Pipelines.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace ravine;

std::unique_ptr<MLIRContext> ravine::createContext() {
  DialectRegistry registry;
  registry.insert<ir::RavineDialect, sweep::SweepDialect, arith::ArithDialect, math::MathDialect, func::FuncDialect,
                  memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect, cf::ControlFlowDialect,
                  LLVM::LLVMDialect, ub::UBDialect>();
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

FailureOr<OwningOpRef<ModuleOp>> ravine::compileKernels(ModuleOp formed) {
  OwningOpRef<ModuleOp> kernels(formed.clone());
  if (failed(runPipeline(*kernels, addVectorPipeline)))
    return failure();
  return kernels;
}

static llvm::Expected<std::unique_ptr<llvm::Module>> translate(ModuleOp module, llvm::LLVMContext &context) {
  if (succeeded(runPipeline(module, addLLVMPipeline)))
    if (std::unique_ptr<llvm::Module> translated = translateModuleToLLVMIR(module, context))
      return translated;
  return llvm::createStringError("cannot lower to LLVM");
}

llvm::Expected<MachineModules> MachineModules::create(ModuleOp formed, ModuleOp kernels,
                                                      const LibraryDescription &library) {
  MachineModules modules;
  modules.context = std::make_unique<llvm::LLVMContext>();
  auto kernelModule = translate(kernels, *modules.context);
  if (!kernelModule)
    return kernelModule.takeError();
  modules.kernelModule = std::move(*kernelModule);

  OwningOpRef<ModuleOp> scalars(formed.clone());
  if (failed(runPipeline(*scalars, addScalarPipeline)))
    return llvm::createStringError("cannot lower scalar programs");
  auto sharedModule = translate(*scalars, *modules.context);
  if (!sharedModule)
    return sharedModule.takeError();
  modules.sharedModule = std::move(*sharedModule);

  SmallVector<StringRef> suffixes;
  for (const std::string &name : library.targetNames)
    suffixes.push_back(findCpuTarget(name)->suffix);
  emitPlan(*modules.sharedModule, library, suffixes, writeManifest(library));

  // Functions that the plan refers to are seen by the other objects of the library only.
  for (llvm::Function &function : *modules.sharedModule)
    if (!function.isDeclaration() && function.hasExternalLinkage())
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
  llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(cpuTargets().front());
  if (!emitter)
    return emitter.takeError();
  emitter->prepare(*modules.sharedModule);
  emitter->optimize(*modules.sharedModule);
  return modules;
}

std::unique_ptr<llvm::Module> MachineModules::kernelsFor(const CpuTarget &target, const ObjectEmitter &emitter) const {
  std::unique_ptr<llvm::Module> module = llvm::CloneModule(*kernelModule);
  for (llvm::Function &function : *module) {
    if (function.isDeclaration() || !function.hasExternalLinkage())
      continue;
    function.setName(function.getName() + target.suffix);
    function.setVisibility(llvm::GlobalValue::HiddenVisibility);
  }
  emitter.prepare(*module);
  emitter.optimize(*module);
  return module;
}
