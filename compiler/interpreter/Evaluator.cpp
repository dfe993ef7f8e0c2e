// Evaluates one operation after another, each for every tensor and element.
#include "compiler/interpreter/Evaluator.h"

#include "compiler/interpreter/Elementary.h"
#include "compiler/interpreter/Folding.h"
#include "compiler/interpreter/Patterns.h"
#include "compiler/interpreter/Storage.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace ravine;

int64_t InterpretedTensor::size() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

Evaluator::Evaluator(Surroundings scope, Arithmetic arithmetic) : scope(std::move(scope)), arithmetic(arithmetic) {}

void Evaluator::run(Block &block) {
  for (Operation &op : block)
    if (op.getNumResults() == 1) {
      Rows result = evaluate(op);
      if (scope.adjustment)
        adjust(op, result);
      values[op.getResult(0)] = std::move(result);
    }
}

Rows Evaluator::yielded(Region &region) {
  run(region.front());
  return values.at(cast<ir::YieldOp>(region.front().getTerminator()).getValue());
}

bool ravine::holds(Region &condition, const Surroundings &scope, const InterpretedTensor &tensor) {
  Surroundings alone = scope;
  alone.participants = {{&tensor, {}, 0}};
  alone.adjustment = nullptr;
  return Evaluator(alone, Arithmetic::Exact).yielded(condition).front().front() != 0;
}

bool ravine::applies(ir::CaseOp choice, const Surroundings &scope, const InterpretedTensor &tensor) {
  return allApply(choice.getUnder(), scope, tensor) && holds(choice.getCondition(), scope, tensor);
}

bool ravine::allApply(std::optional<ArrayAttr> under, const Surroundings &scope, const InterpretedTensor &tensor) {
  return !under || llvm::all_of(under->getAsRange<FlatSymbolRefAttr>(), [&](FlatSymbolRefAttr name) {
    return applies(SymbolTable::lookupNearestSymbolFrom<ir::CaseOp>(scope.optimizer, name), scope, tensor);
  });
}

// ---- memory

Type ravine::storageOf(ir::StateOp state, ir::OptimizerOp optimizer) {
  return state.getStore().value_or(Type(optimizer.getComputeType()));
}

bool ravine::flushesSubnormals(ir::OptimizerOp optimizer, Arithmetic arithmetic) {
  return arithmetic == Arithmetic::Rounded && !optimizer.getKeepsSubnormals();
}

std::vector<double> Evaluator::loaded(std::span<const double> elements, Type stored) const {
  std::vector<double> result(elements.begin(), elements.end());
  auto optimizer = scope.optimizer;
  FloatType computed = optimizer.getComputeType();
  if (arithmetic == Arithmetic::Rounded)
    for (double &element : result)
      element = convert(element, stored, computed, flushesSubnormals(optimizer, arithmetic));
  return result;
}

// ---- rows

size_t Evaluator::rowCount(ir::FieldType type) const {
  return type.getSet() == ir::IndexSet::Model ? 1 : scope.participants.size();
}

size_t Evaluator::length(ir::FieldType type, size_t row) const {
  return type.isScalar() ? 1 : static_cast<size_t>(scope.participants[row].tensor->size());
}

Rows Evaluator::forEach(ir::FieldType type, llvm::function_ref<double(const Participant &)> number) const {
  static const InterpretedTensor none;
  Rows rows;
  for (size_t row = 0; row < rowCount(type); ++row) {
    bool isOfModel = type.getSet() == ir::IndexSet::Model;
    Participant participant = isOfModel ? Participant{&none, {}, 0} : scope.participants[row];
    rows.emplace_back(length(type, row), number(participant));
  }
  return rows;
}

bool Evaluator::isRounded(ir::FieldType type) const {
  return arithmetic == Arithmetic::Rounded && type.getNumber().isF32();
}

bool Evaluator::isFlushed(ir::FieldType type) const {
  return !type.isScalar() && flushesSubnormals(scope.optimizer, arithmetic);
}

// ---- operations

static double number(Attribute attribute) {
  if (auto truth = dyn_cast<BoolAttr>(attribute))
    return truth.getValue() ? 1.0 : 0.0;
  return cast<FloatAttr>(attribute).getValue().convertToDouble();
}

Rows Evaluator::evaluate(Operation &op) {
  auto type = cast<ir::FieldType>(op.getResult(0).getType());
  return llvm::TypeSwitch<Operation *, Rows>(&op)
      .Case([&](ir::ParameterOp) {
        Rows rows;
        for (const Participant &participant : scope.participants)
          rows.push_back(loaded(participant.tensor->parameter, scope.precision.getParameter()));
        return rows;
      })
      .Case([&](ir::GradientOp) {
        Rows rows;
        for (const Participant &participant : scope.participants)
          rows.push_back(loaded(participant.gradient, scope.precision.getGradient()));
        return rows;
      })
      .Case([&](ir::CurrentOp current) { return this->current(current); })
      .Case([&](ir::HyperValueOp hyper) { return this->hyper(hyper); })
      .Case([&](ir::ExistsOp exists) { return outcome(exists); })
      .Case([&](ir::MatchesOp matches) {
        return forEach(type, [&](const Participant &participant) {
          const InterpretedTensor &tensor = *participant.tensor;
          return isLike(matches.getOfGroup() ? tensor.group : tensor.name, matches.getPattern()) ? 1.0 : 0.0;
        });
      })
      .Case([&](ir::ClockOp clock) {
        return forEach(type, [&](const Participant &participant) { return this->clock(clock.getKind(), participant); });
      })
      .Case([&](ir::ConstantOp constant) {
        return forEach(type, [&](const Participant &) { return number(constant.getValue()); });
      })
      .Case([&](ir::BroadcastOp broadcast) { return this->broadcast(broadcast); })
      .Case([&](ir::ReduceOp reduction) { return reduce(reduction); })
      .Default([&](Operation *) { return elementwise(op); });
}

Rows Evaluator::current(ir::CurrentOp op) const {
  auto type = cast<ir::FieldType>(op.getResult().getType());
  std::string name = op.getState().str();
  if (type.getSet() == ir::IndexSet::Model)
    return {{scope.states.at(name)}};
  auto state = SymbolTable::lookupNearestSymbolFrom<ir::StateOp>(scope.optimizer, op.getStateAttr());
  Rows rows;
  for (auto [row, participant] : llvm::enumerate(scope.participants)) {
    auto known = participant.tensor->states.find(name);
    // A state that does not exist is read only where that read is not chosen; any number will do.
    if (known == participant.tensor->states.end())
      rows.emplace_back(length(type, row));
    else
      rows.push_back(type.isScalar() ? known->second : loaded(known->second, storageOf(state, scope.optimizer)));
  }
  return rows;
}

Rows Evaluator::hyper(ir::HyperValueOp op) const {
  std::string name = op.getHyper().str();
  auto declaration = SymbolTable::lookupNearestSymbolFrom<ir::HyperOp>(scope.optimizer, op.getHyperAttr());
  return forEach(cast<ir::FieldType>(op.getResult().getType()), [&](const Participant &participant) {
    auto own = participant.tensor->hypers.find(name);
    double value = own != participant.tensor->hypers.end() ? own->second : scope.hypers.at(name);
    if (!std::isnan(value))
      return value;
    Surroundings alone = scope;
    alone.participants = {participant};
    return Evaluator(alone, arithmetic).yielded(declaration.getSchedule()).front().front();
  });
}

Rows Evaluator::outcome(ir::ExistsOp op) const {
  auto choice = SymbolTable::lookupNearestSymbolFrom<ir::CaseOp>(scope.optimizer, op.getConditionAttr());
  return forEach(op.getResult().getType(), [&](const Participant &participant) {
    return applies(choice, scope, *participant.tensor) ? 1.0 : 0.0;
  });
}

/// The extent of the first axis and those of the others multiplied; 0 where there are fewer than two axes.
static int64_t rowsOf(const InterpretedTensor &tensor) {
  return tensor.shape.size() < 2 ? 0 : tensor.shape.front();
}

static int64_t colsOf(const InterpretedTensor &tensor) {
  if (tensor.shape.size() < 2)
    return 0;
  return std::accumulate(tensor.shape.begin() + 1, tensor.shape.end(), int64_t{1}, std::multiplies<>());
}

double Evaluator::clock(ir::ClockKind kind, const Participant &participant) const {
  switch (kind) {
  case ir::ClockKind::T:
    return static_cast<double>(participant.t);
  case ir::ClockKind::Step:
    return static_cast<double>(scope.step);
  case ir::ClockKind::Size:
    return static_cast<double>(participant.tensor->size());
  case ir::ClockKind::Rank:
    return static_cast<double>(participant.tensor->shape.size());
  case ir::ClockKind::ModelSize:
    return static_cast<double>(scope.modelSize);
  case ir::ClockKind::Rows:
    return static_cast<double>(rowsOf(*participant.tensor));
  case ir::ClockKind::Cols:
    return static_cast<double>(colsOf(*participant.tensor));
  }
  llvm_unreachable("every entry of the clock is listed");
}

Rows Evaluator::broadcast(ir::BroadcastOp op) const {
  auto from = cast<ir::FieldType>(op.getOperand().getType()), to = cast<ir::FieldType>(op.getResult().getType());
  const Rows &scalars = values.at(op.getOperand());
  FlushSubnormals flush(isFlushed(to));
  Rows rows;
  for (size_t row = 0; row < rowCount(to); ++row) {
    double scalar = scalars[from.getSet() == ir::IndexSet::Model ? 0 : row].front();
    rows.emplace_back(length(to, row), isRounded(to) ? static_cast<double>(static_cast<float>(scalar)) : scalar);
  }
  return rows;
}

static constexpr StringRef NumberAttr = "ravine.reduction";

void ravine::numberReductions(ir::OptimizerOp rule) {
  int64_t count = 0;
  Builder builder(rule.getContext());
  rule.walk([&](ir::ReduceOp op) { op->setAttr(NumberAttr, builder.getI64IntegerAttr(count++)); });
}

static int64_t numberOf(ir::ReduceOp op) {
  return op->getAttrOfType<IntegerAttr>(NumberAttr).getInt();
}

std::map<int64_t, double> Evaluator::modelReductions() const {
  std::map<int64_t, double> known;
  for (const auto &[value, rows] : values)
    if (auto op = value.getDefiningOp<ir::ReduceOp>(); op && op.getType().getSet() == ir::IndexSet::Model)
      known[numberOf(op)] = rows.front().front();
  return known;
}

Rows Evaluator::reduce(ir::ReduceOp op) const {
  const Rows &elements = values.at(op.getOperand());
  if (op.getType().getSet() == ir::IndexSet::Model) {
    if (auto known = scope.reductions.find(numberOf(op)); known != scope.reductions.end())
      return {{known->second}};
    Folding folding(op.getKind());
    for (auto [participant, row] : llvm::zip_equal(scope.participants, elements))
      if (allApply(op.getUnder(), scope, *participant.tensor))
        folding.add(row);
    return {{folding.result()}};
  }
  Rows rows;
  for (const std::vector<double> &row : elements) {
    Folding folding(op.getKind());
    folding.add(row);
    rows.push_back({folding.result()});
  }
  return rows;
}

void Evaluator::adjust(Operation &op, Rows &result) const {
  auto reduction = dyn_cast<ir::ReduceOp>(op);
  if (reduction && scope.reductions.contains(numberOf(reduction)))
    return; // was adjusted when it was folded
  SmallVector<const Rows *> operands;
  for (Value operand : op.getOperands())
    operands.push_back(&values.at(operand));
  (*scope.adjustment)(op, operands, result);
}

Rows Evaluator::elementwise(Operation &op) const {
  auto type = cast<ir::FieldType>(op.getResult(0).getType());
  // Comparisons are made in the precision of what they compare, and a number is widened from what it was.
  auto computed = cast<ir::FieldType>(op.getOperands().back().getType());
  FlushSubnormals flush(isFlushed(type));
  ElementFunction function = isRounded(computed) ? elementFunction<float>(op) : elementFunction<double>(op);
  SmallVector<const Rows *, 3> operands;
  for (Value operand : op.getOperands())
    operands.push_back(&values.at(operand));
  Rows rows;
  std::array<double, 3> element{};
  for (size_t row = 0; row < rowCount(type); ++row) {
    std::vector<double> results(length(type, row));
    for (size_t i = 0; i < results.size(); ++i) {
      for (auto [index, operand] : llvm::enumerate(operands))
        element[index] = (*operand)[row][i];
      results[i] = function(element);
    }
    rows.push_back(std::move(results));
  }
  return rows;
}
