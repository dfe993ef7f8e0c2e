// Evaluates one operation after another, each for every tensor and element.
#include "compiler/interpreter/Evaluator.h"

#include "compiler/interpreter/Elementary.h"
#include "compiler/interpreter/Layout.h"
#include "compiler/interpreter/Patterns.h"
#include "compiler/interpreter/Storage.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace ravine;

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
  Type asComputed =
      state.getFieldType().isOfElements() ? Type(optimizer.getComputeType()) : state.getFieldType().getNumber();
  return state.getStore().value_or(asComputed);
}

bool ravine::flushesSubnormals(ir::OptimizerOp optimizer, Arithmetic arithmetic) {
  return arithmetic == Arithmetic::Rounded && !optimizer.getKeepsSubnormals();
}

std::vector<double> Evaluator::loaded(std::span<const double> numbers, Type stored, Type computed) const {
  std::vector<double> result(numbers.begin(), numbers.end());
  if (arithmetic == Arithmetic::Rounded)
    for (double &number : result)
      number = convert(number, stored, computed, flushesSubnormals(scope.optimizer, arithmetic));
  return result;
}

// ---- rows

size_t Evaluator::rowCount(ir::FieldType type) const {
  return type.getSet() == IndexSet::Model ? 1 : scope.participants.size();
}

size_t Evaluator::length(ir::FieldType type, size_t row) const {
  return type.isScalar() ? 1 : Layout(*scope.participants[row].tensor).count(type.getSet());
}

Rows Evaluator::forEach(ir::FieldType type, llvm::function_ref<double(const Participant &)> number) const {
  static const InterpretedTensor none;
  Rows rows;
  for (size_t row = 0; row < rowCount(type); ++row) {
    bool isOfModel = type.getSet() == IndexSet::Model;
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
          rows.push_back(loaded(participant.tensor->parameter, scope.precision.getParameter(), type.getNumber()));
        return rows;
      })
      .Case([&](ir::GradientOp) {
        Rows rows;
        for (const Participant &participant : scope.participants)
          rows.push_back(loaded(participant.gradient, scope.precision.getGradient(), type.getNumber()));
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
      .Case<ir::ReduceOp, ir::SearchOp, ir::RearrangeOp>([&](Operation *) { return gather(op); })
      .Default([&](Operation *) { return elementwise(op); });
}

Rows Evaluator::current(ir::CurrentOp op) const {
  auto type = cast<ir::FieldType>(op.getResult().getType());
  std::string name = op.getState().str();
  if (type.getSet() == IndexSet::Model)
    return {{scope.states.at(name)}};
  auto state = SymbolTable::lookupNearestSymbolFrom<ir::StateOp>(scope.optimizer, op.getStateAttr());
  Rows rows;
  for (auto [row, participant] : llvm::enumerate(scope.participants)) {
    auto known = participant.tensor->states.find(name);
    // A state that does not exist is read only where that read is not chosen; any number will do.
    if (known == participant.tensor->states.end())
      rows.emplace_back(length(type, row));
    else
      rows.push_back(loaded(known->second, storageOf(state, scope.optimizer), type.getNumber()));
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
    return static_cast<double>(Layout(*participant.tensor).rows());
  case ir::ClockKind::Cols:
    return static_cast<double>(Layout(*participant.tensor).cols());
  case ir::ClockKind::Channels:
    return static_cast<double>(Layout(*participant.tensor).channels());
  }
  llvm_unreachable("every entry of the clock is listed");
}

std::vector<double> Evaluator::spread(Value value, size_t row, IndexSet set) const {
  IndexSet coarse = cast<ir::FieldType>(value.getType()).getSet();
  const std::vector<double> &known = values.at(value)[coarse == IndexSet::Model ? 0 : row];
  Layout layout(*scope.participants[row].tensor);
  std::vector<double> numbers(layout.count(set));
  for (size_t member = 0; member < numbers.size(); ++member)
    numbers[member] = known[coarse == IndexSet::Model ? 0 : layout.enclosing(set, member, coarse)];
  return numbers;
}

Rows Evaluator::broadcast(ir::BroadcastOp op) const {
  auto to = cast<ir::FieldType>(op.getResult().getType());
  FlushSubnormals flush(isFlushed(to));
  Rows rows;
  for (size_t row = 0; row < rowCount(to); ++row) {
    std::vector<double> &numbers = rows.emplace_back(spread(op.getOperand(), row, to.getSet()));
    if (isRounded(to))
      for (double &number : numbers)
        number = static_cast<double>(static_cast<float>(number));
  }
  return rows;
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
