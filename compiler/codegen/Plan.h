// The plan: what a library leaves for the runtime core, as constant data.
#pragma once

#include "compiler/codegen/Description.h"

#include "llvm/IR/Module.h"

namespace ravine {

/// Adds the `ravine_plan_library` of plan.h to a module, under its hidden symbol. Kernels and scalar functions are
/// referred to by name; `targetSuffixes` are appended to the names of kernels, one for each target.
void emitPlan(llvm::Module &module, const LibraryDescription &library, llvm::ArrayRef<llvm::StringRef> targetSuffixes,
              llvm::StringRef manifest);

} // namespace ravine
