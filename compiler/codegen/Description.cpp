// What a library says of itself.
#include "compiler/codegen/Description.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace ravine;

std::vector<OptimizerDescription> ravine::describeOptimizers(ModuleOp module) {
  std::vector<OptimizerDescription> optimizers;
  for (auto program : module.getOps<sweep::ProgramOp>())
    optimizers.push_back({module.lookupSymbol<ir::OptimizerOp>(program.getOptimizerAttr()), program});
  return optimizers;
}

std::string ravine::compilerVersion() {
  return "ravine " RAVINE_VERSION;
}

ravine_index_set ravine::indexSet(IndexSet set) {
  switch (set.kind) {
  case IndexSet::Model:
    return RAVINE_PER_MODEL;
  case IndexSet::Group:
    return RAVINE_PER_GROUP;
  case IndexSet::Tensor:
    return RAVINE_PER_TENSOR;
  case IndexSet::Block:
    return RAVINE_PER_BLOCK;
  case IndexSet::Row:
    return RAVINE_PER_ROW;
  case IndexSet::Channel:
    return RAVINE_PER_CHANNEL;
  case IndexSet::Col:
    return RAVINE_PER_COL;
  case IndexSet::Element:
    return RAVINE_PER_ELEMENT;
  }
  llvm_unreachable("every index set is listed");
}

ravine_dtype ravine::storedAs(Type number) {
  if (number.isF64())
    return RAVINE_F64;
  if (number.isBF16())
    return RAVINE_BF16;
  return number.isF16() ? RAVINE_F16 : RAVINE_F32;
}

ravine_dtype ravine::storage(ir::StateOp state) {
  if (state.getFieldType().isScalar())
    return RAVINE_F64;
  return state.getStore() ? storedAs(*state.getStore()) : RAVINE_DTYPE_COMPUTE;
}

/// Adds the cases that have to hold, those that a case is under before the case itself, each once.
static void collectCases(ir::OptimizerOp rule, std::optional<ArrayAttr> under, llvm::SetVector<Operation *> &cases) {
  if (!under)
    return;
  for (auto name : under->getAsRange<FlatSymbolRefAttr>()) {
    auto condition = rule.lookupSymbol<ir::CaseOp>(name);
    collectCases(rule, condition.getUnder(), cases);
    cases.insert(condition);
  }
}

std::string ravine::conditionText(ir::StateOp state) {
  llvm::SetVector<Operation *> cases;
  collectCases(state->getParentOfType<ir::OptimizerOp>(), state.getUnder(), cases);
  SmallVector<std::string> texts;
  for (Operation *condition : cases) {
    StringRef text = cast<ir::CaseOp>(condition).getText();
    // Of what a condition can be made of, only this binds less tightly than the `and` between two of them. What a
    // branch asks is in brackets already.
    bool isLoose = cases.size() > 1 && text.contains(" or ") && !text.starts_with("in branch ");
    texts.push_back(isLoose ? ("(" + text + ")").str() : text.str());
  }
  if (state.getMaster())
    texts.push_back("w is stored in less than f32");
  return llvm::join(texts, " and ");
}

bool ravine::writesGradient(ir::OptimizerOp rule) {
  return !rule.getStep().getBody().getOps<ir::ZeroGradientOp>().empty();
}

llvm::StringRef ravine::scheduleText(ir::HyperOp hyper) {
  return hyper.getScheduleText().value_or("");
}
