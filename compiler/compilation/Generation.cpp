// From the sweeps of a compilation to the files of a library.
#include "compiler/compilation/Generation.h"

#include "compiler/codegen/Header.h"
#include "compiler/codegen/Link.h"
#include "compiler/codegen/Manifest.h"
#include "compiler/pipelines/Pipelines.h"

#include <shared_mutex>

using namespace ravine;
using llvm::SmallString;
using llvm::StringRef;

/// lld keeps its state in globals, so one thread links at a time; and it resets LLVM's command-line options, which code
/// generation reads, so no other thread generates code meanwhile.
static std::shared_mutex &linkerAndItsOptions() {
  static std::shared_mutex mutex;
  return mutex;
}

bool Generation::vectorize() {
  kernelModule = compilation.module().clone();
  return compilation.run(*kernelModule, "vectorisation", addVectorPipeline);
}

bool Generation::translate() {
  mlir::OwningOpRef<mlir::ModuleOp> scalars(compilation.module().clone());
  if (!compilation.run(*scalars, "lowering of scalar programs", addScalarPipeline) ||
      !compilation.run(*scalars, "lowering of scalar programs", addLLVMPipeline) ||
      !compilation.run(*kernelModule, "lowering of kernels", addLLVMPipeline))
    return false;
  if (keepsSourceLines && !compilation.run(*kernelModule, "keeping source lines", addSourceLinePipeline))
    return false;
  std::shared_lock lock(linkerAndItsOptions());
  llvm::Expected<MachineModules> created = MachineModules::create(*kernelModule, *scalars, compilation.library());
  if (!created)
    return compilation.failInternally(llvm::toString(created.takeError()));
  modules = std::make_unique<MachineModules>(std::move(*created));
  return true;
}

bool Generation::showWidest(llvm::function_ref<void(llvm::Module &, const ObjectEmitter &)> show) {
  const CpuTarget &target = *findCpuTarget(compilation.library().targetNames.back());
  llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(target);
  if (!emitter)
    return compilation.failInternally(llvm::toString(emitter.takeError()));
  show(*modules->kernelsFor(target, *emitter), *emitter);
  return true;
}

bool Generation::emitObjects(llvm::SmallVectorImpl<SmallString<0>> &objects) {
  std::shared_lock lock(linkerAndItsOptions());
  for (const std::string &name : compilation.library().targetNames) {
    const CpuTarget &target = *findCpuTarget(name);
    llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(target);
    if (!emitter)
      return compilation.failInternally(llvm::toString(emitter.takeError()));
    objects.push_back(emitter->emit(*modules->kernelsFor(target, *emitter), MachineCode::Object));
  }
  llvm::Expected<ObjectEmitter> plain = ObjectEmitter::create(cpuTargets().front());
  if (!plain)
    return compilation.failInternally(llvm::toString(plain.takeError()));
  objects.push_back(plain->emit(modules->shared(), MachineCode::Object));
  return true;
}

bool Generation::failToLink(llvm::Error problem) {
  bool isSystemError = false;
  llvm::Error rest = llvm::handleErrors(std::move(problem), [&](std::unique_ptr<llvm::StringError> error) {
    isSystemError = error->convertToErrorCode() != llvm::inconvertibleErrorCode();
    return llvm::Error(std::move(error));
  });
  std::string message = llvm::toString(std::move(rest));
  return isSystemError ? compilation.fail(Code::E0803, message) : compilation.failInternally(message);
}

std::optional<LibraryFiles> Generation::link(StringRef soname) {
  const LibraryDescription &description = compilation.library();
  llvm::SmallVector<SmallString<0>> objects;
  if (!emitObjects(objects))
    return std::nullopt;
  std::unique_lock lock(linkerAndItsOptions());
  llvm::Expected<SmallString<0>> library = linkLibrary(objects, description.name, soname);
  if (!library) {
    failToLink(library.takeError());
    return std::nullopt;
  }
  return LibraryFiles{std::move(*library), writeHeader(description), writeManifest(description)};
}
