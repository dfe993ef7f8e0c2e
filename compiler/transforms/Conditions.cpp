// Collecting the conditions of a rule and the outcomes that they can have.
#include "compiler/transforms/Specialize.h"

#include "mlir/IR/OperationSupport.h"

using namespace mlir;
using namespace ravine;

namespace {

/// One condition as the search for outcomes sees it.
struct Condition {
  /// Conditions that have to hold before this one is asked, as bits.
  uint32_t under = 0;
  std::optional<uint32_t> choice;
};

/// The conditions of a list of cases, as bits.
uint32_t bitsOf(std::optional<ArrayAttr> under, const Conditions &conditions) {
  uint32_t bits = 0;
  if (under)
    for (auto name : under->getAsRange<FlatSymbolRefAttr>())
      bits |= 1u << conditions.ofCase.lookup(name.getValue());
  return bits;
}

bool isSame(Region &left, Region &right) {
  return OperationEquivalence::isRegionEquivalentTo(&left, &right, OperationEquivalence::IgnoreLocations);
}

class Outcomes {
public:
  explicit Outcomes(ArrayRef<Condition> conditions) : conditions(conditions) {}

  SmallVector<uint32_t> find() {
    decide(0, 0);
    llvm::sort(found);
    return std::move(found);
  }

private:
  /// Goes through all that the conditions from `index` on can come to after the earlier ones came to `outcome`.
  void decide(size_t index, uint32_t outcome) {
    if (found.size() > Conditions::mostOutcomes)
      return;
    if (index == conditions.size()) {
      found.push_back(outcome);
      return;
    }
    const Condition &condition = conditions[index];
    bool isAsked = (condition.under & ~outcome) == 0;
    bool isTaken = condition.choice && anyOfChoice(*condition.choice, 0, index, outcome);
    bool isLast = condition.choice && !anyOfChoice(*condition.choice, index + 1, conditions.size(), ~0u);
    if (!isAsked || isTaken || !isLast)
      decide(index + 1, outcome);
    if (isAsked && !isTaken)
      decide(index + 1, outcome | 1u << index);
  }

  /// Whether one of the conditions `from` … `to` − 1 belongs to the choice and is set in `outcome`.
  bool anyOfChoice(uint32_t choice, size_t from, size_t to, uint32_t outcome) const {
    for (size_t i = from; i < to; ++i)
      if (conditions[i].choice == choice && Conditions::holds(i, outcome))
        return true;
    return false;
  }

  ArrayRef<Condition> conditions;
  SmallVector<uint32_t> found;
};

} // namespace

Conditions ravine::collectConditions(ir::OptimizerOp optimizer) {
  Conditions result;
  SmallVector<Condition> conditions;
  for (ir::CaseOp op : optimizer.declared<ir::CaseOp>()) {
    Condition condition{bitsOf(op.getUnder(), result), op.getChoice()};
    // Two branches of one choice are two conditions, whatever they ask.
    auto isKnown = [&](size_t i) {
      return conditions[i].under == condition.under && !(conditions[i].choice && condition.choice) &&
             isSame(result.cases[i].getCondition(), op.getCondition());
    };
    auto numbers = llvm::seq<size_t>(0, conditions.size());
    auto known = llvm::find_if(numbers, isKnown);
    result.ofCase[op.getSymName()] = static_cast<uint32_t>(known - numbers.begin());
    if (known == numbers.end()) {
      result.cases.push_back(op);
      conditions.push_back(condition);
    } else if (condition.choice) {
      conditions[*known].choice = condition.choice;
    }
  }
  result.outcomes = Outcomes(conditions).find();
  for (ir::StateOp state : optimizer.declared<ir::StateOp>())
    result.ofState.push_back({state.getMaster(), bitsOf(state.getUnder(), result)});
  return result;
}

bool Conditions::allHold(std::optional<ArrayAttr> under, uint32_t outcome) const {
  return (bitsOf(under, *this) & ~outcome) == 0;
}

bool Conditions::exists(size_t state, uint32_t outcome, bool isNarrow) const {
  return (isNarrow || !ofState[state].isMaster) && (ofState[state].needed & ~outcome) == 0;
}
