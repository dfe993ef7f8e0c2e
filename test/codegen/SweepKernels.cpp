// Kernels of sweeps, generated as for a library and loaded into this process.
#include "test/codegen/SweepKernels.h"

#include "compiler/codegen/cpu/Passes.h"
#include "compiler/pipelines/Pipelines.h"
#include "compiler/pipelines/RunPipeline.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Target/LLVMIR/Export.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

#include <algorithm>
#include <functional>
#include <xmmintrin.h>

using namespace mlir;
using llvm::cantFail;

namespace ravine::test {

/// A program that holds the sweeps and whatever else the verifier asks for.
static std::string moduleSource(const std::vector<SweepSource> &sweeps, const std::string &groups) {
  std::string values;
  for (int value = 0; value < 8; ++value)
    values += (value == 0 ? "" : ", ") + ("#sweep.value<reduction, \"r\", " + std::to_string(value) + ">");
  std::string source = "sweep.program @test.program optimizer @test conditions 0 outcomes [0] precisions 1 "
                       "states [] : [] requirements 0 tensor_values [] model_values [" +
                       values + "] exits [] patterns [] ranks [0] groups [" + groups +
                       "] fields 0 {\n"
                       "sweep.scalars @conditions conditions {}\n"
                       "sweep.scalars @requirements requirements {}\n"
                       "sweep.scalars @initial_tensor initial_tensor {}\n"
                       "sweep.scalars @end_tensor end_tensor {}\n"
                       "sweep.scalars @initial_model initial_model {}\n"
                       "sweep.scalars @end_model end_model {}\n"
                       "sweep.scalars @none slots {}\n";
  std::string names, runs;
  for (const SweepSource &sweep : sweeps) {
    source += "sweep.sweep @" + sweep.name + " step variant 0 " + (sweep.over.empty() ? "" : "over " + sweep.over) +
              " scalars @none buffers [" + sweep.buffers + "] reductions [" + sweep.reductions + "] {\n" + sweep.body +
              "\n}\n";
    names += (names.empty() ? "@" : ", @") + sweep.name;
    if (!sweep.isPass)
      runs += (runs.empty() ? "" : ", ") + std::string("1");
  }
  auto passes = std::count_if(sweeps.begin(), sweeps.end(), std::mem_fn(&SweepSource::isPass));
  if (passes > 0)
    runs += (runs.empty() ? "" : ", ") + std::to_string(passes);
  return source + "sweep.stage step variant 0 sweeps [" + names + "] tiles [" + runs + "] resident [] tiles []\n}\n";
}

std::vector<const CpuTarget *> runnableTargets() {
  auto features = llvm::sys::getHostCPUFeatures();
  bool hasAvx512 = features.lookup("avx512bw") && features.lookup("avx512dq") && features.lookup("avx512vl");
  std::vector<const CpuTarget *> targets;
  for (const CpuTarget &target : cpuTargets())
    if (hasAvx512 || target.id != RAVINE_TARGET_X86_64_V4)
      targets.push_back(&target);
  return targets;
}

SweepKernels::SweepKernels(const std::vector<SweepSource> &sweeps, const CpuTarget &target, const std::string &groups) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto context = createContext();
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(moduleSource(sweeps, groups), context.get());
  if (!module || failed(runPipeline(*module, addVectorPipeline)) || failed(runPipeline(*module, addLLVMPipeline)))
    llvm::report_fatal_error("the sweeps do not lower");

  llvm::LLVMContext llvmContext;
  auto llvmModule = translateModuleToLLVMIR(*module, llvmContext);
  ObjectEmitter emitter = cantFail(ObjectEmitter::create(target));
  emitter.prepare(*llvmModule);
  emitter.optimize(*llvmModule);
  llvm::SmallString<0> object = emitter.emit(*llvmModule, MachineCode::Object);
  // Kernels call nothing: what is not in the object is an error here.
  jit = cantFail(llvm::orc::LLJITBuilder()
                     .setLinkProcessSymbolsByDefault(false)
                     .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                     .create());
  cantFail(jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(object)));
}

SweepKernels::SweepKernels(SweepKernels &&) noexcept = default;
SweepKernels::~SweepKernels() = default;

ravine_kernel_function SweepKernels::find(const std::string &sweep) const {
  return cantFail(jit->lookup(entryName(functionName("test", sweep)))).toPtr<ravine_kernel_function>();
}

ravine_tile_function SweepKernels::findTiles(const std::string &sweep) const {
  return cantFail(jit->lookup(entryName(functionName("test", sweep)))).toPtr<ravine_tile_function>();
}

FlushedSubnormals::FlushedSubnormals() : before(_mm_getcsr()) {
  constexpr unsigned flushToZero = 0x8000, denormalsAreZero = 0x0040;
  _mm_setcsr(before | flushToZero | denormalsAreZero);
}

FlushedSubnormals::~FlushedSubnormals() {
  _mm_setcsr(before);
}

} // namespace ravine::test
