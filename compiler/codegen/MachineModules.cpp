// From the LLVM dialect to LLVM IR that is ready to become machine code.
#include "compiler/codegen/MachineModules.h"

#include "compiler/codegen/Manifest.h"
#include "compiler/codegen/Plan.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace ravine;

/// Functions that the plan refers to are seen by the other objects of the library only.
static void hideFunctions(llvm::Module &module, llvm::StringRef suffix) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration() || !function.hasExternalLinkage())
      continue;
    function.setName(function.getName() + suffix);
    function.setVisibility(llvm::GlobalValue::HiddenVisibility);
  }
}

llvm::Expected<MachineModules> MachineModules::create(ModuleOp kernels, ModuleOp scalars,
                                                      const LibraryDescription &library) {
  MachineModules modules;
  modules.context = std::make_unique<llvm::LLVMContext>();
  modules.kernelModule = translateModuleToLLVMIR(kernels, *modules.context);
  modules.sharedModule = translateModuleToLLVMIR(scalars, *modules.context);
  if (!modules.kernelModule || !modules.sharedModule)
    return llvm::createStringError("cannot translate to LLVM IR");

  llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(cpuTargets().front());
  if (!emitter)
    return emitter.takeError();
  emitter->prepare(*modules.sharedModule);
  SmallVector<StringRef> suffixes;
  for (const std::string &name : library.targetNames)
    suffixes.push_back(findCpuTarget(name)->suffix);
  emitPlan(*modules.sharedModule, library, suffixes, writeManifest(library));
  hideFunctions(*modules.sharedModule, "");
  emitter->optimize(*modules.sharedModule);
  return modules;
}

std::unique_ptr<llvm::Module> MachineModules::kernelsFor(const CpuTarget &target, const ObjectEmitter &emitter) const {
  std::unique_ptr<llvm::Module> module = llvm::CloneModule(*kernelModule);
  hideFunctions(*module, target.suffix);
  emitter.prepare(*module);
  emitter.optimize(*module);
  return module;
}
