// Numbering the columns.
#include "compiler/formation/ValueTables.h"

#include "compiler/formation/GroupBuffers.h"
#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

ValueTables::ValueTables(ir::OptimizerOp rule) : context(rule.getContext()) {
  for (auto [index, hyper] : llvm::enumerate(rule.declared<ir::HyperOp>()))
    if (hyper.getSet() == ir::HyperSet::Tensor)
      hypers[hyper.getSymName()] =
          add(false, sweep::ValueKind::Hyper, hyper.getSymNameAttr(), static_cast<uint32_t>(index));
  for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
    if (ir::FieldType type = state.getFieldType(); type.isScalar())
      states[state.getSymName()] = add(type.getSet() == IndexSet::Model, sweep::ValueKind::State,
                                       state.getSymNameAttr(), static_cast<uint32_t>(index));
  rule.walk([&](Operation *op) {
    if (!isReduction(op) || isa<ir::RearrangeOp>(op) || memberSetOf(op).isOfGroups())
      return;
    unsigned number = numberOf(op);
    reductions[number] =
        add(isOverModel(op), sweep::ValueKind::Reduction, StringAttr::get(context, describe(op)), number);
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
