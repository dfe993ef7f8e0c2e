// What needs all elements of a row, a tensor or the model at once: reductions, searches and rearrangements.
#include "compiler/interpreter/Elementary.h"
#include "compiler/interpreter/Evaluator.h"
#include "compiler/interpreter/Folding.h"
#include "compiler/interpreter/Layout.h"
#include "compiler/interpreter/Searches.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ravine;

static constexpr StringRef NumberAttr = "ravine.gathering";

void ravine::numberGatherings(ir::OptimizerOp rule) {
  int64_t count = 0;
  Builder builder(rule.getContext());
  rule.walk([&](Operation *op) {
    if (ir::gatheredOver(*op))
      op->setAttr(NumberAttr, builder.getI64IntegerAttr(count++));
  });
}

static int64_t numberOf(Operation &op) {
  return op.getAttrOfType<IntegerAttr>(NumberAttr).getInt();
}

std::map<int64_t, Rows> Evaluator::gatheredOverModel() const {
  std::map<int64_t, Rows> known;
  for (const auto &[value, rows] : values)
    if (Operation &op = *value.getDefiningOp(); ir::gatheredOver(op) == IndexSet::Model)
      known[numberOf(op)] = rows;
  return known;
}

Rows Evaluator::gather(Operation &op) const {
  if (ir::gatheredOver(op) == IndexSet::Model)
    if (auto known = scope.gathered.find(numberOf(op)); known != scope.gathered.end())
      return known->second;
  return llvm::TypeSwitch<Operation *, Rows>(&op)
      .Case([&](ir::ReduceOp reduction) { return reduce(reduction); })
      .Case([&](ir::SearchOp search) { return this->search(search); })
      .Case([&](ir::RearrangeOp rearrangement) { return rearrange(rearrangement); });
}

void Evaluator::adjust(Operation &op, Rows &result) const {
  if (ir::gatheredOver(op) == IndexSet::Model && scope.gathered.contains(numberOf(op)))
    return; // was adjusted when it was gathered
  SmallVector<const Rows *> operands;
  for (Value operand : op.getOperands())
    operands.push_back(&values.at(operand));
  (*scope.adjustment)(op, scope.participants, operands, result);
}

std::vector<bool> Evaluator::partsUnder(std::optional<ArrayAttr> under) const {
  std::vector<bool> parts;
  for (const Participant &participant : scope.participants)
    parts.push_back(allApply(under, scope, *participant.tensor));
  return parts;
}

// ---- reductions

/// Members are folded in the order of memory, tensors in the order of creation. Sums carry their error along (see
/// Folding), so that the order in which compiled code adds makes a difference in the last places alone.
Rows Evaluator::reduce(ir::ReduceOp op) const {
  IndexSet from = op.getOperand().getType().getSet(), to = op.getType().getSet();
  const Rows &operand = values.at(op.getOperand());
  if (to == IndexSet::Model) {
    Folding folding(op.getKind());
    for (auto [participant, numbers, isPart] : llvm::zip_equal(scope.participants, operand, partsUnder(op.getUnder())))
      if (isPart && participant.tensor->size() > 0)
        folding.add(numbers);
    return {{folding.result()}};
  }
  Rows rows;
  for (auto [participant, numbers] : llvm::zip_equal(scope.participants, operand)) {
    Layout layout(*participant.tensor);
    std::vector<Folding> foldings(layout.count(to), Folding(op.getKind()));
    for (size_t member = 0; member < numbers.size(); ++member)
      foldings[layout.enclosing(from, member, to)].add({&numbers[member], 1});
    std::vector<double> &results = rows.emplace_back();
    for (const Folding &folding : foldings)
      results.push_back(folding.result());
  }
  return rows;
}

// ---- searches and rearrangements

/// The elements of each member of an index set, in the order of memory.
static Rows elementsOfMembers(const InterpretedTensor &tensor, std::span<const double> elements, IndexSet set) {
  Layout layout(tensor);
  Rows members(layout.count(set));
  for (size_t element = 0; element < elements.size(); ++element)
    members[layout.enclosing(IndexSet::Element, element, set)].push_back(elements[element]);
  return members;
}

/// The elements of all tensors that are part of something, one after another.
static std::vector<double> joined(const Rows &rows, const std::vector<bool> &parts) {
  std::vector<double> all;
  for (auto [elements, isPart] : llvm::zip_equal(rows, parts))
    if (isPart)
      all.insert(all.end(), elements.begin(), elements.end());
  return all;
}

/// Undoes `joined`; 0 for the elements of those that are no part.
static Rows divided(std::span<const double> all, const Rows &rows, const std::vector<bool> &parts) {
  Rows result;
  for (auto [elements, isPart] : llvm::zip_equal(rows, parts)) {
    std::vector<double> &own = result.emplace_back(elements.size());
    if (isPart)
      std::copy_n(all.begin(), own.size(), own.begin());
    all = all.subspan(isPart ? own.size() : 0);
  }
  return result;
}

Rows Evaluator::search(ir::SearchOp op) const {
  IndexSet set = op.getType().getSet();
  const Rows &operand = values.at(op.getOperand());
  if (set == IndexSet::Model) {
    double argument = values.at(op.getArgument()).front().front();
    return {{ravine::search(op.getKind(), joined(operand, partsUnder(op.getUnder())), argument)}};
  }
  Rows rows;
  for (auto [row, participant] : llvm::enumerate(scope.participants)) {
    std::vector<double> &results = rows.emplace_back();
    Rows members = elementsOfMembers(*participant.tensor, operand[row], set);
    for (auto [elements, argument] : llvm::zip_equal(members, spread(op.getArgument(), row, set)))
      results.push_back(ravine::search(op.getKind(), elements, argument));
  }
  return rows;
}

Rows Evaluator::rearrange(ir::RearrangeOp op) const {
  IndexSet set = op.getSet().getValue();
  const Rows &operand = values.at(op.getOperand());
  FlushSubnormals flush(isFlushed(op.getType()));
  auto rearranged = [&](std::span<const double> elements, double argument) {
    std::vector<double> results = ravine::rearrange(op.getKind(), elements, argument);
    if (isRounded(op.getType()))
      for (double &result : results)
        result = static_cast<double>(static_cast<float>(result));
    return results;
  };
  if (set == IndexSet::Model) {
    std::vector<bool> parts = partsUnder(op.getUnder());
    double argument = values.at(op.getArgument()).front().front();
    return divided(rearranged(joined(operand, parts), argument), operand, parts);
  }
  Rows rows;
  for (auto [row, participant] : llvm::enumerate(scope.participants)) {
    std::vector<double> &results = rows.emplace_back();
    // One member after another: blocks, rows and tensors are consecutive elements.
    Rows members = elementsOfMembers(*participant.tensor, operand[row], set);
    for (auto [elements, argument] : llvm::zip_equal(members, spread(op.getArgument(), row, set))) {
      std::vector<double> own = rearranged(elements, argument);
      results.insert(results.end(), own.begin(), own.end());
    }
  }
  return rows;
}
