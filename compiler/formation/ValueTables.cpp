// Numbering the columns.
#include "compiler/formation/ValueTables.h"

#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

/// How a reduction is called towards people: "sum[model] at line 12"; "sum[model] at std/transforms/unscale.rvn:13"
/// where it stands in another file than the rule.
static std::string describe(ir::ReduceOp reduce) {
  std::string text = (ir::stringifyReductionKind(reduce.getKind()) + "[" +
                      ir::stringifyIndexSet(reduce.getResult().getType().getSet()) + "]")
                         .str();
  auto ofRule = reduce->getParentOfType<ir::OptimizerOp>()->getLoc()->findInstanceOf<FileLineColLoc>();
  if (auto place = dyn_cast<FileLineColLoc>(reduce.getLoc())) {
    bool isElsewhere = ofRule && ofRule.getFilename() != place.getFilename();
    text += (isElsewhere ? " at " + place.getFilename().str() + ":" : " at line ") + std::to_string(place.getLine());
  }
  return text;
}

ValueTables::ValueTables(ir::OptimizerOp rule) : context(rule.getContext()) {
  for (auto [index, hyper] : llvm::enumerate(rule.declared<ir::HyperOp>()))
    if (hyper.getSet() == ir::IndexSet::Tensor)
      hypers[hyper.getSymName()] =
          add(false, sweep::ValueKind::Hyper, hyper.getSymNameAttr(), static_cast<uint32_t>(index));
  for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
    if (ir::FieldType type = state.getFieldType(); type.isScalar())
      states[state.getSymName()] = add(type.getSet() == ir::IndexSet::Model, sweep::ValueKind::State,
                                       state.getSymNameAttr(), static_cast<uint32_t>(index));
  rule.getStep().walk([&](ir::ReduceOp reduce) {
    unsigned number = numberOf(reduce);
    reductions[number] =
        add(isOverModel(reduce), sweep::ValueKind::Reduction, StringAttr::get(context, describe(reduce)), number);
  });
  for (ir::CaseOp choice : rule.declared<ir::CaseOp>())
    choice.walk([&](ir::MatchesOp matches) { patternSet.insert(patternOf(matches)); });
}

sweep::PatternAttr ValueTables::patternOf(ir::MatchesOp matches) {
  return sweep::PatternAttr::get(matches.getContext(), matches.getPatternAttr(), matches.getOfGroup());
}

int32_t ValueTables::ofPattern(ir::MatchesOp matches) const {
  return static_cast<int32_t>(llvm::find(patternSet, patternOf(matches)) - patternSet.begin());
}

Column ValueTables::add(bool isOfModel, sweep::ValueKind kind, StringAttr name, uint32_t index) {
  SmallVector<Attribute> &table = isOfModel ? modelValues : tensorValues;
  table.push_back(sweep::ValueAttr::get(context, kind, name, index));
  return {isOfModel, static_cast<int32_t>(table.size() - 1)};
}

ArrayAttr ValueTables::ofTensors() const {
  return ArrayAttr::get(context, tensorValues);
}

ArrayAttr ValueTables::ofModel() const {
  return ArrayAttr::get(context, modelValues);
}

ArrayAttr ValueTables::patterns() const {
  return ArrayAttr::get(context, patternSet.getArrayRef());
}
