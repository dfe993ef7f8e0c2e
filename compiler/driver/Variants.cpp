// The outcomes of an optimizer's conditions that are worth showing.
#include "compiler/driver/Variants.h"

#include "compiler/transforms/Specialize.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::driver;

/// The same number, whatever it varies over.
static Value narrowed(Value value) {
  while (auto broadcast = value.getDefiningOp<ir::BroadcastOp>())
    value = broadcast.getOperand();
  return value;
}

/// Whether two conditions, or parts of them, are written the same way.
static bool isSame(Value left, Value right) {
  Operation *one = narrowed(left).getDefiningOp(), *other = narrowed(right).getDefiningOp();
  return one->getName() == other->getName() && one->getAttrDictionary() == other->getAttrDictionary() &&
         llvm::equal(one->getOperands(), other->getOperands(), isSame);
}

/// What has to hold for the condition to hold.
static void addParts(Value condition, SmallVectorImpl<Value> &parts) {
  auto both = narrowed(condition).getDefiningOp<ir::AndOp>();
  if (both) {
    addParts(both.getLhs(), parts);
    addParts(both.getRhs(), parts);
  } else {
    parts.push_back(condition);
  }
}

static SmallVector<Value> partsOf(Region &condition) {
  SmallVector<Value> parts;
  addParts(cast<ir::YieldOp>(condition.front().getTerminator()).getValue(), parts);
  return parts;
}

/// Whether all parts of one condition are parts of the other.
static bool follows(Region &weaker, Region &stronger) {
  SmallVector<Value> wanted = partsOf(weaker), given = partsOf(stronger);
  return llvm::all_of(
      wanted, [&](Value part) { return llvm::any_of(given, [&](Value other) { return isSame(part, other); }); });
}

/// Whether one condition would hold although another does not that it contains. Of conditions that belong to a choice
/// or are under others, the compiler knows by itself what cannot be.
static bool isImpossible(const Conditions &conditions, uint32_t outcome) {
  auto numbers = llvm::seq<size_t>(0, conditions.cases.size());
  auto regionOf = [&](size_t number) -> Region & { return ir::CaseOp(conditions.cases[number]).getCondition(); };
  auto isFree = [&](size_t number) {
    ir::CaseOp condition = conditions.cases[number];
    return !condition.getChoice() && !condition.getUnder();
  };
  return llvm::any_of(numbers, [&](size_t held) {
    return Conditions::holds(held, outcome) && llvm::any_of(numbers, [&](size_t missing) {
             return !Conditions::holds(missing, outcome) && isFree(missing) &&
                    follows(regionOf(missing), regionOf(held));
           });
  });
}

static bool asksForShape(ir::CaseOp condition) {
  auto isShape = [](ir::ClockOp clock) {
    return clock.getKind() != ir::ClockKind::T && clock.getKind() != ir::ClockKind::Step;
  };
  return condition
      .walk([&](ir::ClockOp clock) { return isShape(clock) ? WalkResult::interrupt() : WalkResult::advance(); })
      .wasInterrupted();
}

std::vector<ShownVariant> ravine::driver::shownVariants(const OptimizerDescription &optimizer, size_t precision) {
  Conditions conditions = collectConditions(optimizer.rule);
  // Branches of a selection say themselves which tensors they are for.
  bool hasBranches = llvm::any_of(conditions.cases, [](ir::CaseOp condition) { return condition.getChoice(); });
  bool ofShape = !hasBranches && llvm::any_of(conditions.cases, asksForShape);
  uint32_t chosen = defaultVariant(optimizer.rule);
  std::vector<VariantTraffic> traffic = measureTraffic(optimizer.rule, optimizer.program);
  std::vector<ShownVariant> shown;
  for (auto [number, outcome] : llvm::enumerate(conditions.outcomes))
    if (!isImpossible(conditions, outcome))
      shown.push_back({std::move(traffic[precision * conditions.outcomes.size() + number]), number == chosen, ofShape});
  return shown;
}

// ---- what makes no difference

using Answers = std::vector<std::pair<std::string, bool>>;

/// The only condition that two variants answer differently, by its place; none where it is not one, or where they are
/// not asked the same.
static std::optional<size_t> onlyDifference(const Answers &one, const Answers &other) {
  std::optional<size_t> different;
  if (one.size() != other.size())
    return std::nullopt;
  for (size_t place = 0; place < one.size(); ++place) {
    if (one[place] == other[place])
      continue;
    if (different || one[place].first != other[place].first)
      return std::nullopt;
    different = place;
  }
  return different;
}

std::vector<ShownVariant>
ravine::driver::mergedVariants(std::vector<ShownVariant> variants,
                               llvm::function_ref<std::string(const VariantTraffic &)> detailsOf) {
  std::vector<std::string> details;
  for (const ShownVariant &variant : variants)
    details.push_back(detailsOf(variant.traffic));
  // What was merged may be merged again with others of its kind, so that each is compared with all once more.
  for (size_t kept = 0; kept < variants.size();) {
    Answers &answers = variants[kept].traffic.conditions;
    std::optional<size_t> difference;
    size_t other = kept + 1;
    for (; other < variants.size(); ++other)
      if (details[other] == details[kept] && (difference = onlyDifference(answers, variants[other].traffic.conditions)))
        break;
    if (!difference) {
      ++kept;
      continue;
    }
    answers.erase(answers.begin() + static_cast<ptrdiff_t>(*difference));
    variants[kept].isDefault |= variants[other].isDefault;
    variants.erase(variants.begin() + static_cast<ptrdiff_t>(other));
    details.erase(details.begin() + static_cast<ptrdiff_t>(other));
    kept = 0;
  }
  return variants;
}
