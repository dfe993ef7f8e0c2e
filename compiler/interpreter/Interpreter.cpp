// The interpreter: walks the operations of a step in order and computes each for every element.
#include "compiler/interpreter/Interpreter.h"

#include "compiler/interpreter/Elementary.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace ravine;

namespace {

/// A value of the dialect: one number for a scalar, one for each element otherwise. Truth values are 0 and 1.
using Numbers = std::vector<double>;

/// What an operation may ask about its surroundings.
struct Environment {
  const llvm::StringMap<double> &hypers;
  const llvm::StringMap<bool> &exists;
  InterpretedTensor &tensor;
  std::span<const double> gradient;
  int64_t step;
};

/// Evaluates the operations of one block.
class Evaluator {
public:
  Evaluator(const Environment &environment, Arithmetic arithmetic) : environment(environment), arithmetic(arithmetic) {}

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
        .Case([&](ir::CurrentOp current) { return environment.tensor.states[current.getState().str()]; })
        .Case([&](ir::HyperValueOp hyper) { return Numbers{environment.hypers.at(hyper.getHyper())}; })
        .Case([&](ir::ExistsOp query) { return Numbers{environment.exists.at(query.getState()) ? 1.0 : 0.0}; })
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
    FlushSubnormals flush(arithmetic == Arithmetic::Rounded && !type.isScalar());
    double value = isRounded(type) ? static_cast<double>(static_cast<float>(scalar.front())) : scalar.front();
    return Numbers(length(type), value);
  }

  Numbers elementwise(Operation &op, ir::FieldType type) {
    // Comparisons are made in the precision of what they compare.
    auto computed = op.getNumOperands() > 0 ? cast<ir::FieldType>(op.getOperands().back().getType()) : type;
    FlushSubnormals flush(arithmetic == Arithmetic::Rounded && !type.isScalar());
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
  llvm::DenseMap<Value, Numbers> values;
};

/// What the region of a state or a requirement yields.
Numbers yielded(Region &region, const Environment &environment, Arithmetic arithmetic) {
  Evaluator evaluator(environment, arithmetic);
  evaluator.run(region.front());
  return evaluator[cast<ir::YieldOp>(region.front().getTerminator()).getValue()];
}

} // namespace

Interpreter::Interpreter(ir::OptimizerOp optimizer, Arithmetic arithmetic, const std::map<std::string, double> &given)
    : optimizer(optimizer), arithmetic(arithmetic) {
  for (ir::HyperOp hyper : optimizer.declared<ir::HyperOp>())
    hypers[hyper.getSymName()] = hyper.getDefaultValue().convertToDouble();
  for (const auto &[name, value] : given)
    hypers[name] = value;
}

static bool holds(Region &condition, const llvm::StringMap<double> &hypers) {
  InterpretedTensor none;
  return yielded(condition, Environment{hypers, {}, none, {}, 0}, Arithmetic::Exact).front() != 0;
}

bool Interpreter::exists(StringRef name) const {
  auto state = const_cast<ir::OptimizerOp &>(optimizer).lookupSymbol<ir::StateOp>(name);
  return state && (!state.isOptional() || holds(state.getCondition(), hypers));
}

bool Interpreter::requirementsHold() const {
  auto requirements = const_cast<ir::OptimizerOp &>(optimizer).declared<ir::RequirementOp>();
  return llvm::all_of(requirements, [&](ir::RequirementOp op) { return holds(op.getCondition(), hypers); });
}

void Interpreter::step(InterpretedTensor &tensor, std::span<const double> gradient, int64_t step) const {
  ir::OptimizerOp rule = optimizer;
  llvm::StringMap<bool> existing;
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    existing[state.getSymName()] = exists(state.getSymName());

  Environment environment{hypers, existing, tensor, gradient, step};
  ++tensor.t;
  if (tensor.t == 1)
    for (ir::StateOp state : rule.declared<ir::StateOp>())
      if (existing.at(state.getSymName()))
        tensor.states[state.getSymName().str()] = yielded(state.getInitial(), environment, arithmetic);

  // A state that does not exist is read by nothing that is chosen; it still needs a number for each element.
  InterpretedTensor before = tensor;
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    if (!existing.at(state.getSymName()))
      before.states[state.getSymName().str()] = Numbers(tensor.parameter.size(), std::nan(""));
  Environment asItBegan{hypers, existing, before, gradient, step};
  Evaluator evaluator(asItBegan, arithmetic);
  Block &body = rule.getStep().getBody().front();
  evaluator.run(body);
  for (Operation &op : body) {
    if (auto update = dyn_cast<ir::UpdateOp>(op))
      tensor.parameter = evaluator[update.getValue()];
    else if (auto next = dyn_cast<ir::NextOp>(op); next && existing.at(next.getState()))
      tensor.states[next.getState().str()] = evaluator[next.getValue()];
  }
}
