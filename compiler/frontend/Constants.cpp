// Evaluates constant expressions in f64.
#include "compiler/frontend/Constants.h"

#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ravine {

using namespace ast;

namespace {

std::optional<double> evaluate(const Number &number) {
  return number.value;
}

std::optional<double> evaluate(const Name &name) {
  return name.text == "pi" && !name.isPrimed ? std::optional(std::numbers::pi) : std::nullopt;
}

std::optional<double> evaluate(const Unary &unary) {
  std::optional<double> operand = constantValue(*unary.operand);
  return unary.op == UnaryOp::Negate && operand ? std::optional(-*operand) : std::nullopt;
}

std::optional<double> evaluate(const Binary &binary) {
  std::optional<double> left = constantValue(*binary.left);
  std::optional<double> right = constantValue(*binary.right);
  if (!left || !right)
    return std::nullopt;
  switch (binary.op) {
  case BinaryOp::Add:
    return *left + *right;
  case BinaryOp::Subtract:
    return *left - *right;
  case BinaryOp::Multiply:
    return *left * *right;
  case BinaryOp::Divide:
    return *left / *right;
  case BinaryOp::Power:
    return std::pow(*left, *right);
  default:
    return std::nullopt;
  }
}

double valueOf(Function function, const std::vector<double> &x) {
  switch (function) {
  case Function::Abs:
    return std::abs(x[0]);
  case Function::Sign:
    return x[0] > 0 ? 1 : x[0] < 0 ? -1 : x[0];
  case Function::Sqrt:
    return std::sqrt(x[0]);
  case Function::Exp:
    return std::exp(x[0]);
  case Function::Log:
    return std::log(x[0]);
  case Function::Log1p:
    return std::log1p(x[0]);
  case Function::Expm1:
    return std::expm1(x[0]);
  case Function::Sin:
    return std::sin(x[0]);
  case Function::Cos:
    return std::cos(x[0]);
  case Function::Tan:
    return std::tan(x[0]);
  case Function::Asin:
    return std::asin(x[0]);
  case Function::Acos:
    return std::acos(x[0]);
  case Function::Atan:
    return std::atan(x[0]);
  case Function::Sinh:
    return std::sinh(x[0]);
  case Function::Cosh:
    return std::cosh(x[0]);
  case Function::Tanh:
    return std::tanh(x[0]);
  case Function::Erf:
    return std::erf(x[0]);
  case Function::Floor:
    return std::floor(x[0]);
  case Function::Ceil:
    return std::ceil(x[0]);
  case Function::Round:
    return std::nearbyint(x[0]);
  case Function::Min:
    return *std::ranges::min_element(x);
  case Function::Max:
    return *std::ranges::max_element(x);
  case Function::Clamp:
    return std::min(std::max(x[0], x[1]), x[2]);
  }
  return 0;
}

std::optional<double> evaluate(const Call &call) {
  const FunctionInfo *info = findFunction(call.callee);
  if (!info || call.arguments.size() < info->leastArguments || call.arguments.size() > info->mostArguments)
    return std::nullopt;
  std::vector<double> values;
  for (const ExprPtr &argument : call.arguments) {
    std::optional<double> value = constantValue(*argument);
    if (!value)
      return std::nullopt;
    values.push_back(*value);
  }
  return valueOf(info->function, values);
}

template <typename Node> std::optional<double> evaluate(const Node &) {
  return std::nullopt;
}

} // namespace

std::optional<double> constantValue(const Expr &expr) {
  return std::visit([](const auto &node) { return evaluate(node); }, expr.node);
}

} // namespace ravine
