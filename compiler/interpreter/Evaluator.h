// Evaluates the operations of one block for all tensors that take part.
#pragma once

#include "compiler/interpreter/Model.h"
#include "dialect/ravine/Ravine.h"

#include "llvm/ADT/DenseMap.h"

#include <functional>
#include <span>

namespace ravine {

enum class Arithmetic {
  /// Everything in f64: what the rule means.
  Exact,
  /// Elements rounded to their type after every operation, subnormals flushed as kernels flush them: what compiled code
  /// computes, bit for bit where an operation is exactly defined. Sums are accurate in both modes (see Folding).
  Rounded,
};

/// One tensor for which values are computed.
struct Participant {
  const InterpretedTensor *tensor = nullptr;
  /// Empty where there is none: outside of steps.
  std::span<const double> gradient;
  /// What the clock says: steps in which the tensor took part, the one at hand included.
  int64_t t = 0;
};

/// A value of the dialect: a list of numbers for each participant, or a single list if it varies over the model. A list
/// holds one number for each element of its tensor or each group of elements (see Layout), or only one if the value is
/// a scalar.
using Rows = std::vector<std::vector<double>>;

/// Changes what an operation has come to for some participants, given its operands: to find out how far results depend
/// on the last digits of others, and to plant faults for tests of tests.
using Adjustment = std::function<void(mlir::Operation &op, llvm::ArrayRef<Participant> participants,
                                      llvm::ArrayRef<const Rows *> operands, Rows &result)>;

/// What operations may ask about their surroundings. Numbers of elements are such as memory holds.
struct Surroundings {
  ir::OptimizerOp optimizer;
  /// How parameters and gradients are stored.
  ir::PrecisionAttr precision;
  /// Of every hyper, where no tensor says otherwise; NaN for those that follow their schedules.
  const std::map<std::string, double> &hypers;
  /// The states of the model.
  const std::map<std::string, double> &states;
  std::vector<Participant> participants;
  /// What the clock says: committed steps, the one at hand included, and elements of all tensors that take part in it.
  int64_t step = 1, modelSize = 0;
  /// What has come of all that is gathered over the model, by number (see numberGatherings), as far as it is known; the
  /// rest is gathered from the participants.
  std::map<int64_t, Rows> gathered = {};
  /// Not owned; null for none.
  const Adjustment *adjustment = nullptr;
};

/// Numbers the reductions, searches and rearrangements of a rule, so that those over the model are known again in its
/// specialised copies.
void numberGatherings(ir::OptimizerOp rule);

class Evaluator {
public:
  Evaluator(Surroundings scope, Arithmetic arithmetic);

  void run(mlir::Block &block);

  /// A value of a block that was run.
  const Rows &operator[](mlir::Value value) const { return values.at(value); }

  /// What was gathered over the model in a block that was run, by number.
  [[nodiscard]] std::map<int64_t, Rows> gatheredOverModel() const;

  /// Runs the region of a declaration and returns what it yields.
  Rows yielded(mlir::Region &region);

private:
  Rows evaluate(mlir::Operation &op);
  /// Numbers as they are computed with, given as memory holds them.
  std::vector<double> loaded(std::span<const double> numbers, mlir::Type stored, mlir::Type computed) const;
  void adjust(mlir::Operation &op, Rows &result) const;
  Rows forEach(ir::FieldType type, llvm::function_ref<double(const Participant &)> scalar) const;
  Rows current(ir::CurrentOp op) const;
  Rows hyper(ir::HyperValueOp op) const;
  Rows outcome(ir::ExistsOp op) const;
  double clock(ir::ClockKind kind, const Participant &participant) const;
  Rows broadcast(ir::BroadcastOp op) const;
  Rows elementwise(mlir::Operation &op) const;

  // What gathers elements or groups of them, in Gathering.cpp.
  Rows gather(mlir::Operation &op) const;
  Rows reduce(ir::ReduceOp op) const;
  Rows search(ir::SearchOp op) const;
  Rows rearrange(ir::RearrangeOp op) const;
  /// Which participants are part of what is gathered over the model under these cases.
  [[nodiscard]] std::vector<bool> partsUnder(std::optional<mlir::ArrayAttr> under) const;
  /// A value over `set`, or over something coarser, for each member that `set` has in a participant's tensor.
  [[nodiscard]] std::vector<double> spread(mlir::Value value, size_t row, IndexSet set) const;

  /// How many numbers a list has: one for each member of the value's index set in the participant's tensor.
  size_t length(ir::FieldType type, size_t row) const;
  size_t rowCount(ir::FieldType type) const;
  bool isRounded(ir::FieldType type) const;
  bool isFlushed(ir::FieldType type) const;

  Surroundings scope;
  Arithmetic arithmetic;
  llvm::DenseMap<mlir::Value, Rows> values;
};

/// Whether the condition of a case or requirement holds for a tensor with these hypers.
[[nodiscard]] bool holds(mlir::Region &condition, const Surroundings &scope, const InterpretedTensor &tensor);

/// Whether a case, and all that it is under, holds for a tensor with these hypers.
[[nodiscard]] bool applies(ir::CaseOp choice, const Surroundings &scope, const InterpretedTensor &tensor);
/// The same for all cases that something is under.
[[nodiscard]] bool allApply(std::optional<mlir::ArrayAttr> under, const Surroundings &scope,
                            const InterpretedTensor &tensor);

/// How memory holds the numbers of a state of the optimizer.
[[nodiscard]] mlir::Type storageOf(ir::StateOp state, ir::OptimizerOp optimizer);

/// Whether numbers that are subnormal count as zero.
[[nodiscard]] bool flushesSubnormals(ir::OptimizerOp optimizer, Arithmetic arithmetic);

} // namespace ravine
