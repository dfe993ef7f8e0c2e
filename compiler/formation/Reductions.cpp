// Numbering reductions, and finding the same ones in the two forms of a rule.
#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

// ---- what a reduction is

bool formation::isReduction(Operation *op) {
  return ir::gatheredOver(*op).has_value();
}

bool formation::isOperation(Operation *op) {
  return isa<ir::SearchOp, ir::RearrangeOp>(op);
}

IndexSet formation::memberSetOf(Operation *reduction) {
  return *ir::gatheredOver(*reduction);
}

bool formation::isOverModel(Operation *reduction) {
  return memberSetOf(reduction) == IndexSet::Model;
}

bool formation::isOfTiles(IndexSet set) {
  return set == IndexSet::Row || set.kind == IndexSet::Block;
}

StringRef formation::wordOf(Operation *reduction) {
  if (auto search = dyn_cast<ir::SearchOp>(reduction))
    return ir::stringifySearchKind(search.getKind());
  if (auto rearrange = dyn_cast<ir::RearrangeOp>(reduction))
    return ir::stringifyRearrangementKind(rearrange.getKind());
  return ir::stringifyReductionKind(cast<ir::ReduceOp>(reduction).getKind());
}

Value formation::operandOf(Operation *reduction) {
  return reduction->getOperand(0);
}

Value formation::argumentOf(Operation *reduction) {
  return isOperation(reduction) ? reduction->getOperand(1) : Value();
}

std::optional<ArrayAttr> formation::casesOf(Operation *reduction) {
  if (auto search = dyn_cast<ir::SearchOp>(reduction))
    return search.getUnder();
  if (auto rearrange = dyn_cast<ir::RearrangeOp>(reduction))
    return rearrange.getUnder();
  return cast<ir::ReduceOp>(reduction).getUnder();
}

// ---- numbers

/// Where a reduction's number is kept. Discardable: only formation reads it.
static constexpr StringRef NumberAttr = "ravine.number";

static void setNumber(Operation *reduction, int64_t number) {
  reduction->setAttr(NumberAttr, IntegerAttr::get(IntegerType::get(reduction->getContext(), 64), number));
}

static SmallVector<Operation *> reductionsIn(Region &region) {
  SmallVector<Operation *> reductions;
  region.walk([&](Operation *op) {
    if (isReduction(op))
      reductions.push_back(op);
  });
  return reductions;
}

/// What of a rule can hold reductions, each with the name of what it belongs to: the step, initial values, views.
static SmallVector<std::pair<StringRef, Region *>> placesIn(ir::OptimizerOp rule) {
  SmallVector<std::pair<StringRef, Region *>> places = {{"", &rule.getStep().getBody()}};
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    places.push_back({state.getSymName(), &state.getInitial()});
  for (ir::ViewOp view : rule.declared<ir::ViewOp>())
    places.push_back({view.getSymName(), &view.getValue()});
  return places;
}

void formation::numberReductions(ir::OptimizerOp rule) {
  int64_t count = 0;
  for (auto [name, region] : placesIn(rule))
    for (Operation *reduction : reductionsIn(*region))
      setNumber(reduction, count++);
}

unsigned formation::numberOf(Operation *reduction) {
  return static_cast<unsigned>(reduction->getAttrOfType<IntegerAttr>(NumberAttr).getInt());
}

unsigned formation::countReductionsOfStep(ir::OptimizerOp rule) {
  unsigned count = 0;
  for (Operation *reduction : reductionsIn(rule.getStep().getBody()))
    count = std::max(count, numberOf(reduction) + 1);
  return count;
}

SmallVector<Operation *, 2> formation::reductionsBehind(Value number) {
  SmallVector<Operation *, 2> reductions;
  llvm::SmallPtrSet<Operation *, 8> seen;
  SmallVector<Operation *> pending;
  auto visit = [&](Value value) {
    if (Operation *op = value.getDefiningOp(); op && seen.insert(op).second)
      pending.push_back(op);
  };
  visit(number);
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (isReduction(op))
      reductions.push_back(op);
    else
      llvm::for_each(op->getOperands(), visit);
  }
  llvm::sort(reductions, [](Operation *a, Operation *b) { return numberOf(a) < numberOf(b); });
  return reductions;
}

// ---- the two forms of a rule

namespace {

/// Compares values of two rules that were written as one. The forms differ in what elements are computed in, and so in
/// the digits of constants and in where numbers are widened.
class FormComparison {
public:
  bool isSame(Value left, Value right) {
    left = unwidened(left);
    right = unwidened(right);
    auto [known, isNew] = answers.try_emplace({left, right}, false);
    if (!isNew)
      return known->second;
    bool same = isSameOperation(left.getDefiningOp(), right.getDefiningOp());
    answers[{left, right}] = same;
    return same;
  }

private:
  static Value unwidened(Value value) {
    while (auto widened = value.getDefiningOp<ir::WidenOp>())
      value = widened.getOperand();
    return value;
  }

  bool isSameOperation(Operation *left, Operation *right) {
    auto setOf = [](Operation *op) { return cast<ir::FieldType>(op->getResult(0).getType()).getSet(); };
    if (left->getName() != right->getName() || setOf(left) != setOf(right))
      return false;
    if (auto constant = dyn_cast<ir::ConstantOp>(left))
      return isSameNumber(constant, cast<ir::ConstantOp>(right));
    return left->getPropertiesAsAttribute() == right->getPropertiesAsAttribute() &&
           left->getNumOperands() == right->getNumOperands() &&
           llvm::all_of(llvm::zip(left->getOperands(), right->getOperands()),
                        [&](auto pair) { return isSame(std::get<0>(pair), std::get<1>(pair)); });
  }

  static bool isSameNumber(ir::ConstantOp left, ir::ConstantOp right) {
    auto one = dyn_cast<FloatAttr>(left.getValue()), other = dyn_cast<FloatAttr>(right.getValue());
    // What is coarser than elements is f64 in both forms.
    bool isOfElements = cast<ir::FieldType>(left.getResult().getType()).isOfElements();
    if (!one || !other || !isOfElements)
      return left.getValue() == right.getValue();
    auto rounded = [](FloatAttr number) { return static_cast<float>(number.getValueAsDouble()); };
    return rounded(one) == rounded(other);
  }

  llvm::DenseMap<std::pair<Value, Value>, bool> answers;
};

Operation *copyBehind(Operation *reduction) {
  OpBuilder builder(reduction->getContext());
  builder.setInsertionPointAfter(reduction);
  return builder.clone(*reduction);
}

/// Numbers what lies in one region of the wide form as it is in the region of the rule.
class Matching {
public:
  Matching(ir::OptimizerOp wide, ir::OptimizerOp rule) : wide(wide), rule(rule) {}

  LogicalResult match(Region *ofWide, Region &ofRule) {
    SmallVector<Operation *> candidates = ofWide ? reductionsIn(*ofWide) : SmallVector<Operation *>();
    llvm::SmallPtrSet<Operation *, 8> numbered;
    for (Operation *reduction : reductionsIn(ofRule)) {
      Operation *same = find(candidates, numbered, reduction);
      if (!same)
        return (wide.emitError("does not fold what '") << rule.getSymName() << "' folds")
                   .attachNote(reduction->getLoc())
               << "here";
      setNumber(numbered.insert(same).second ? same : copyBehind(same), numberOf(reduction));
    }
    for (Operation *candidate : candidates)
      if (!numbered.contains(candidate))
        return candidate->emitError("has no counterpart in '") << rule.getSymName() << "'";
    return success();
  }

private:
  /// One that has no number yet, if there is one.
  Operation *find(ArrayRef<Operation *> candidates, const llvm::SmallPtrSetImpl<Operation *> &numbered,
                  Operation *reduction) {
    auto isSame = [&](Operation *other) { return forms.isSame(reduction->getResult(0), other->getResult(0)); };
    auto isFree = [&](Operation *other) { return !numbered.contains(other) && isSame(other); };
    const auto *same = llvm::find_if(candidates, isFree);
    if (same == candidates.end())
      same = llvm::find_if(candidates, isSame);
    return same == candidates.end() ? nullptr : *same;
  }

  ir::OptimizerOp wide, rule;
  FormComparison forms;
};

} // namespace

LogicalResult formation::numberReductionsAlike(ir::OptimizerOp wide, ir::OptimizerOp rule) {
  Matching matching(wide, rule);
  llvm::StringMap<Region *> ofWide;
  for (auto [name, region] : placesIn(wide))
    ofWide[name] = region;
  for (auto [name, region] : placesIn(rule))
    if (failed(matching.match(ofWide.lookup(name), *region)))
      return failure();
  return success();
}
