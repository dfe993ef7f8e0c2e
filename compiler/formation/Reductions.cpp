// Numbering reductions, and finding the same ones in the two forms of a rule.
#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

/// Where a reduction's number is kept. Discardable: only formation reads it.
static constexpr StringRef NumberAttr = "ravine.number";

static void setNumber(ir::ReduceOp reduce, int64_t number) {
  reduce->setAttr(NumberAttr, IntegerAttr::get(IntegerType::get(reduce.getContext(), 64), number));
}

void formation::numberReductions(ir::OptimizerOp rule) {
  int64_t count = 0;
  rule.getStep().walk([&](ir::ReduceOp reduce) { setNumber(reduce, count++); });
}

unsigned formation::numberOf(ir::ReduceOp reduce) {
  return static_cast<unsigned>(reduce->getAttrOfType<IntegerAttr>(NumberAttr).getInt());
}

bool formation::isOverModel(ir::ReduceOp reduce) {
  return reduce.getResult().getType().getSet() == ir::IndexSet::Model;
}

SmallVector<ir::ReduceOp, 2> formation::reductionsBehind(Value scalar) {
  SmallVector<ir::ReduceOp, 2> reductions;
  llvm::SmallPtrSet<Operation *, 8> seen;
  SmallVector<Operation *> pending;
  auto visit = [&](Value value) {
    if (Operation *op = value.getDefiningOp(); op && seen.insert(op).second)
      pending.push_back(op);
  };
  visit(scalar);
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (auto reduce = dyn_cast<ir::ReduceOp>(op))
      reductions.push_back(reduce);
    else
      llvm::for_each(op->getOperands(), visit);
  }
  llvm::sort(reductions, [](ir::ReduceOp a, ir::ReduceOp b) { return numberOf(a) < numberOf(b); });
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
    // Scalars are f64 in both forms.
    bool isScalar = cast<ir::FieldType>(left.getResult().getType()).isScalar();
    if (!one || !other || isScalar)
      return left.getValue() == right.getValue();
    auto rounded = [](FloatAttr number) { return static_cast<float>(number.getValueAsDouble()); };
    return rounded(one) == rounded(other);
  }

  llvm::DenseMap<std::pair<Value, Value>, bool> answers;
};

SmallVector<ir::ReduceOp> reductionsOf(ir::OptimizerOp rule) {
  SmallVector<ir::ReduceOp> reductions;
  rule.getStep().walk([&](ir::ReduceOp reduce) { reductions.push_back(reduce); });
  return reductions;
}

ir::ReduceOp copyBehind(ir::ReduceOp reduce) {
  OpBuilder builder(reduce.getContext());
  builder.setInsertionPointAfter(reduce);
  return cast<ir::ReduceOp>(builder.clone(*reduce));
}

} // namespace

LogicalResult formation::numberReductionsAlike(ir::OptimizerOp wide, ir::OptimizerOp rule) {
  FormComparison forms;
  SmallVector<ir::ReduceOp> candidates = reductionsOf(wide);
  llvm::SmallPtrSet<Operation *, 8> numbered;
  for (ir::ReduceOp reduce : reductionsOf(rule)) {
    auto isSame = [&](ir::ReduceOp other) { return forms.isSame(reduce.getResult(), other.getResult()); };
    auto isFree = [&](ir::ReduceOp other) { return !numbered.contains(other) && isSame(other); };
    auto *same = llvm::find_if(candidates, isFree);
    if (same == candidates.end())
      same = llvm::find_if(candidates, isSame);
    if (same == candidates.end())
      return (wide.emitError("does not fold what '") << rule.getSymName() << "' folds").attachNote(reduce.getLoc())
             << "here";
    setNumber(numbered.insert(*same).second ? *same : copyBehind(*same), numberOf(reduce));
  }
  for (ir::ReduceOp candidate : candidates)
    if (!numbered.contains(candidate))
      return candidate.emitError("has no counterpart in '") << rule.getSymName() << "'";
  return success();
}
