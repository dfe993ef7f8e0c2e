// What the processor of this machine can do.
#include "compiler/compilation/NativeTarget.h"

#include "llvm/TargetParser/Host.h"

const ravine::CpuTarget &ravine::nativeTarget() {
  auto features = llvm::sys::getHostCPUFeatures();
  auto has = [&](llvm::StringRef feature) { return features.lookup(feature); };
  bool hasAvx512 = has("avx512f") && has("avx512bw") && has("avx512cd") && has("avx512dq") && has("avx512vl");
  return *findCpuTarget(hasAvx512 ? "x86-64-v4" : "x86-64-v3");
}
