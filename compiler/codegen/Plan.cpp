// The plan: what a library leaves for the runtime core, as constant data.
#include "compiler/codegen/Plan.h"

#include "compiler/codegen/DescriptionData.h"
#include "compiler/codegen/ProgramData.h"

using namespace ravine;
using llvm::Constant;
using llvm::SmallVector;
using llvm::StringRef;

void ravine::emitPlan(llvm::Module &module, const LibraryDescription &library, llvm::ArrayRef<StringRef> targetSuffixes,
                      StringRef manifest) {
  ConstantData data(module);
  SmallVector<Constant *> targets, names, descriptions, plans;
  for (uint32_t target : library.targets)
    targets.push_back(data.i32(target));
  for (const std::string &name : library.targetNames)
    names.push_back(data.string(name));
  for (OptimizerDescription optimizer : library.optimizers) {
    descriptions.push_back(optimizerInfo(data, optimizer, library.precisions));
    plans.push_back(optimizerPlan(data, optimizer, targetSuffixes));
  }
  Constant *plan = data.structure<ravine_plan_library>({
      {offsetof(ravine_plan_library, name), data.string(library.name)},
      {offsetof(ravine_plan_library, compiler), data.string(compilerVersion())},
      {offsetof(ravine_plan_library, source_hash), data.string(library.sourceHash)},
      {offsetof(ravine_plan_library, manifest), data.string(manifest)},
      {offsetof(ravine_plan_library, targets), data.array(targets)},
      {offsetof(ravine_plan_library, target_names), data.array(names)},
      {offsetof(ravine_plan_library, target_count), data.i32(static_cast<int64_t>(targets.size()))},
      {offsetof(ravine_plan_library, optimizer_count), data.i32(static_cast<int64_t>(plans.size()))},
      {offsetof(ravine_plan_library, descriptions), data.array(descriptions)},
      {offsetof(ravine_plan_library, optimizers), data.array(plans)},
  });
  auto *global = new llvm::GlobalVariable(module, plan->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::ExternalLinkage, plan, RAVINE_PLAN_SYMBOL);
  global->setVisibility(llvm::GlobalValue::HiddenVisibility);
}
