// The interpreter: walks the operations of a step in order and computes each for every element.
#include "compiler/interpreter/Interpreter.h"

#include "compiler/interpreter/Elementary.h"
#include "compiler/transforms/Specialize.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace ravine;

namespace {

/// A value of the dialect: one number for a scalar, one for each element otherwise. Truth values are 0 and 1.
using Numbers = std::vector<double>;

/// What an operation may ask about its surroundings.
struct Environment {
  const llvm::StringMap<double> &hypers;
  const InterpretedTensor &tensor;
  std::span<const double> gradient;
  int64_t step;
};

/// Evaluates the operations of one block.
class Evaluator {
public:
  /// `flushes`: subnormals of elements count as zero in arithmetic.
  Evaluator(const Environment &environment, Arithmetic arithmetic, bool flushes)
      : environment(environment), arithmetic(arithmetic), flushes(flushes) {}

  void run(Block &block) {
    for (Operation &op : block)
      if (op.getNumResults() == 1)
        values[op.getResult(0)] = evaluate(op);
  }

  const Numbers &operator[](Value value) const { return values.at(value); }

private:
  Numbers evaluate(Operation &op) {
    auto type = cast<ir::FieldType>(op.getResult(0).getType());
    return llvm::TypeSwitch<Operation *, Numbers>(&op)
        .Case([&](ir::ParameterOp) { return environment.tensor.parameter; })
        .Case([&](ir::GradientOp) { return Numbers(environment.gradient.begin(), environment.gradient.end()); })
        .Case([&](ir::CurrentOp current) { return environment.tensor.states.at(current.getState().str()); })
        .Case([&](ir::HyperValueOp hyper) { return Numbers{environment.hypers.at(hyper.getHyper())}; })
        .Case([&](ir::ClockOp clock) { return Numbers{read(clock.getKind())}; })
        .Case([&](ir::ConstantOp constant) { return Numbers(length(type), number(constant.getValue())); })
        .Case([&](ir::BroadcastOp broadcast) { return spread(values.at(broadcast.getOperand()), type); })
        .Default([&](Operation *) { return elementwise(op, type); });
  }

  double read(ir::ClockKind kind) const {
    switch (kind) {
    case ir::ClockKind::T:
      return static_cast<double>(environment.tensor.t);
    case ir::ClockKind::Step:
      return static_cast<double>(environment.step);
    case ir::ClockKind::Size:
      return static_cast<double>(environment.tensor.parameter.size());
    }
    llvm_unreachable("every entry of the clock is listed");
  }

  static double number(Attribute attribute) {
    if (auto truth = dyn_cast<BoolAttr>(attribute))
      return truth.getValue() ? 1.0 : 0.0;
    return cast<FloatAttr>(attribute).getValue().convertToDouble();
  }

  size_t length(ir::FieldType type) const { return type.isScalar() ? 1 : environment.tensor.parameter.size(); }

  bool isRounded(ir::FieldType type) const { return arithmetic == Arithmetic::Rounded && type.getNumber().isF32(); }

  Numbers spread(const Numbers &scalar, ir::FieldType type) const {
    FlushSubnormals flush(flushes && !type.isScalar());
    double value = isRounded(type) ? static_cast<double>(static_cast<float>(scalar.front())) : scalar.front();
    return Numbers(length(type), value);
  }

  Numbers elementwise(Operation &op, ir::FieldType type) {
    // Comparisons are made in the precision of what they compare.
    auto computed = op.getNumOperands() > 0 ? cast<ir::FieldType>(op.getOperands().back().getType()) : type;
    FlushSubnormals flush(flushes && !type.isScalar());
    ElementFunction function = isRounded(computed) ? elementFunction<float>(op) : elementFunction<double>(op);
    std::array<const Numbers *, 3> operands{};
    for (auto [index, operand] : llvm::enumerate(op.getOperands()))
      operands[index] = &values.at(operand);
    Numbers result(length(type));
    std::array<double, 3> element{};
    for (size_t i = 0; i < result.size(); ++i) {
      for (size_t index = 0; index < op.getNumOperands(); ++index)
        element[index] = (*operands[index])[i];
      result[i] = function(element);
    }
    return result;
  }

  const Environment &environment;
  Arithmetic arithmetic;
  bool flushes;
  llvm::DenseMap<Value, Numbers> values;
};

/// What the region of a state or a requirement yields.
Numbers yielded(Region &region, Evaluator evaluator) {
  evaluator.run(region.front());
  return evaluator[cast<ir::YieldOp>(region.front().getTerminator()).getValue()];
}

bool holds(Region &condition, const llvm::StringMap<double> &hypers) {
  InterpretedTensor none;
  Environment environment{hypers, none, {}, 0};
  return yielded(condition, Evaluator(environment, Arithmetic::Exact, /*flushes=*/false)).front() != 0;
}

} // namespace

Interpreter::Interpreter(ir::OptimizerOp optimizer, Arithmetic arithmetic, const std::map<std::string, double> &given)
    : optimizer(optimizer), arithmetic(arithmetic) {
  for (ir::HyperOp hyper : optimizer.declared<ir::HyperOp>())
    hypers[hyper.getSymName()] = hyper.getDefaultValue().convertToDouble();
  for (const auto &[name, value] : given)
    hypers[name] = value;
  specialized =
      std::make_shared<OwningOpRef<ir::OptimizerOp>>(specialize(optimizer, collectConditions(optimizer), variant()));
}

uint32_t Interpreter::variant() const {
  uint32_t result = 0;
  for (auto [index, condition] : llvm::enumerate(collectConditions(optimizer).regions))
    result |= holds(*condition, hypers) ? 1u << index : 0u;
  return result;
}

bool Interpreter::requirementsHold() const {
  return llvm::all_of(optimizer.declared<ir::RequirementOp>(),
                      [&](ir::RequirementOp op) { return holds(op.getCondition(), hypers); });
}

void Interpreter::step(InterpretedTensor &tensor, std::span<const double> gradient, int64_t step) const {
  ir::OptimizerOp rule = **specialized;
  ++tensor.t;
  Environment environment{hypers, tensor, gradient, step};
  Evaluator evaluator(environment, arithmetic, arithmetic == Arithmetic::Rounded && !rule.getKeepsSubnormals());
  if (tensor.t == 1) {
    std::map<std::string, Numbers> initial;
    for (ir::StateOp state : rule.declared<ir::StateOp>())
      if (!state.isOptional() || holds(state.getCondition(), hypers))
        initial[state.getSymName().str()] = yielded(state.getInitial(), evaluator);
    tensor.states = std::move(initial);
  }

  // All next values are computed from what the step began with before any is stored.
  Block &body = rule.getStep().getBody().front();
  evaluator.run(body);
  for (Operation &op : body) {
    if (auto update = dyn_cast<ir::UpdateOp>(op))
      tensor.parameter = evaluator[update.getValue()];
    else if (auto next = dyn_cast<ir::NextOp>(op))
      tensor.states[next.getState().str()] = evaluator[next.getValue()];
  }
}
