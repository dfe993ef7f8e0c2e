// LLVM IR in, machine code out, for one instruction set.
#include "compiler/codegen/cpu/ObjectEmitter.h"

#include "runtime/abi/plan.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace ravine;

ArrayRef<CpuTarget> ravine::cpuTargets() {
  static constexpr CpuTarget targets[] = {
      {RAVINE_TARGET_X86_64_V3, "x86-64-v3", "_v3"},
      {RAVINE_TARGET_X86_64_V4, "x86-64-v4", "_v4"},
  };
  return targets;
}

const CpuTarget *ravine::findCpuTarget(StringRef name) {
  const CpuTarget *found = find_if(cpuTargets(), [&](const CpuTarget &target) { return target.name == name; });
  return found == cpuTargets().end() ? nullptr : found;
}

Expected<ObjectEmitter> ObjectEmitter::create(const CpuTarget &target) {
  static const bool isInitialized = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    return true;
  }();
  (void)isInitialized;

  Triple triple("x86_64-unknown-linux-gnu");
  std::string problem;
  const Target *llvmTarget = TargetRegistry::lookupTarget(triple, problem);
  if (!llvmTarget)
    return createStringError(problem);
  TargetOptions options;
  options.FunctionSections = true;
  options.AllowFPOpFusion = FPOpFusion::Strict;
  return ObjectEmitter(std::unique_ptr<TargetMachine>(llvmTarget->createTargetMachine(
      triple, target.name, /*Features=*/"", options, Reloc::PIC_, CodeModel::Small, CodeGenOptLevel::Default)));
}

void ObjectEmitter::prepare(Module &module) const {
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());
}

void ObjectEmitter::optimize(Module &module) const {
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.LoopInterleaving = false;
  tuning.LoopUnrolling = false;
  tuning.SLPVectorization = false;
  PassBuilder builder(machine.get(), tuning);
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  // Calls of the C library stay as they are: rewriting pow(x, 2) would give other bits than the interpreter's.
  functions.registerPass([&] {
    TargetLibraryInfoImpl library(machine->getTargetTriple());
    library.disableAllFunctions();
    return TargetLibraryAnalysis(library);
  });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O2).run(module, modules);
}

SmallString<0> ObjectEmitter::emit(Module &module, MachineCode kind) const {
  SmallString<0> code;
  raw_svector_ostream stream(code);
  legacy::PassManager passes;
  auto fileType = kind == MachineCode::Object ? CodeGenFileType::ObjectFile : CodeGenFileType::AssemblyFile;
  [[maybe_unused]] bool isUnsupported = machine->addPassesToEmitFile(passes, stream, nullptr, fileType);
  passes.run(module);
  return code;
}
