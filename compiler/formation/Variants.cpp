// Making the variants of a rule.
#include "compiler/formation/Variants.h"

#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

Folding VariantSpace::foldingOf(Operation *reduction, size_t variant) const {
  if (!known.empty() && known[variant].contains(numberOf(reduction)))
    return Folding::Known;
  return conditions.allHold(casesOf(reduction), outcomeOf(variant)) ? Folding::Here : Folding::Elsewhere;
}

Folding VariantSpace::foldingOf(Operation *reduction) const {
  auto isKnownTo = [&](const auto &ofVariant) { return ofVariant.contains(numberOf(reduction)); };
  bool isKnown = !known.empty() && llvm::all_of(known, isKnownTo);
  return isKnown ? Folding::Known : Folding::Here;
}

/// The conditions that are the same for all tensors of a model, as bits of an outcome.
static uint32_t conditionsOfModel(const Conditions &conditions) {
  uint32_t mask = 0;
  for (auto [index, choice] : llvm::enumerate(conditions.cases)) {
    auto yield = cast<ir::YieldOp>(ir::CaseOp(choice).getCondition().front().getTerminator());
    if (cast<ir::FieldType>(yield.getValue().getType()).getSet() == IndexSet::Model)
      mask |= 1u << index;
  }
  return mask;
}

static OwningOpRef<ir::OptimizerOp> specializeTo(const VariantSpace &space, size_t variant, ir::OptimizerOp rule) {
  return specialize(rule, space.conditions, space.outcomeOf(variant), space.precisionOf(variant).storage);
}

/// The reductions over the model that a variant needs and has not got.
static llvm::SmallDenseSet<unsigned> neededBy(ir::OptimizerOp specialized, const VariantSpace &space, size_t variant) {
  SmallVector<unsigned> stages(countReductionsOfStep(specialized), 0);
  StepGraph graph(specialized, Memory(space.precisionOf(variant)), stages,
                  [&](Operation *reduction) { return space.foldingOf(reduction, variant); });
  llvm::SmallDenseSet<unsigned> numbers;
  for (Operation *reduction : graph.reductions)
    if (isOverModel(reduction))
      numbers.insert(numberOf(reduction));
  return numbers;
}

/// The variant of a rule in which the given reductions are measured, so that they stay.
static OwningOpRef<ir::OptimizerOp> specializeKeeping(const VariantSpace &space, size_t variant,
                                                      const llvm::SmallDenseSet<unsigned> &kept) {
  ir::OptimizerOp rule = space.precisionOf(variant).rule;
  OwningOpRef<ir::OptimizerOp> copy(rule.clone());
  OpBuilder builder = OpBuilder::atBlockEnd(&copy->getStep().getBody().front());
  for (Operation &op : llvm::make_early_inc_range(copy->getStep().getBody().front()))
    if (isReduction(&op) && kept.contains(numberOf(&op)) && space.foldingOf(&op, variant) == Folding::Here)
      // No metric that people write can have such a name.
      ir::MeasureOp::create(builder, op.getLoc(), "kept." + std::to_string(numberOf(&op)), op.getResult(0));
  return specializeTo(space, variant, *copy);
}

std::vector<Variant> formation::specializeAll(const VariantSpace &space) {
  std::vector<OwningOpRef<ir::OptimizerOp>> rules;
  std::vector<llvm::SmallDenseSet<unsigned>> needed;
  for (size_t variant = 0; variant < space.size(); ++variant) {
    rules.push_back(specializeTo(space, variant, space.precisionOf(variant).rule));
    needed.push_back(neededBy(*rules.back(), space, variant));
  }
  uint32_t shared = conditionsOfModel(space.conditions);
  std::vector<Variant> variants;
  for (size_t variant = 0; variant < rules.size(); ++variant) {
    llvm::SmallDenseSet<unsigned> kept;
    for (size_t other = 0; other < rules.size(); ++other)
      if ((space.outcomeOf(variant) & shared) == (space.outcomeOf(other) & shared))
        kept.insert(needed[other].begin(), needed[other].end());
    if (kept.size() > needed[variant].size())
      rules[variant] = specializeKeeping(space, variant, kept);
    variants.push_back({std::move(rules[variant]), Memory(space.precisionOf(variant))});
  }
  return variants;
}
