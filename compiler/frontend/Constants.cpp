// Evaluates scalar expressions in f64.
#include "compiler/frontend/Constants.h"

#include "compiler/frontend/Vocabulary.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ravine {

using namespace ast;

namespace {

double valueOfCall(Function function, const std::vector<double> &x) {
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

bool isCondition(const Expr &expr) {
  if (const auto *block = expr.as<Block>())
    return isCondition(*block->value);
  if (const auto *choice = expr.as<If>())
    return isCondition(*choice->thenValue);
  const auto *unary = expr.as<Unary>();
  const auto *binary = expr.as<Binary>();
  return expr.as<Boolean>() || (unary && unary->op == UnaryOp::Not) || (binary && binary->op >= BinaryOp::Less);
}

class Evaluator {
public:
  explicit Evaluator(const NameValue &nameValue) : nameValue(nameValue) {}

  std::optional<double> operator()(const Expr &expr) {
    return std::visit([&](const auto &node) { return evaluate(node); }, expr.node);
  }

private:
  static std::optional<double> evaluate(const Number &number) { return number.value; }
  static std::optional<double> evaluate(const Boolean &boolean) { return boolean.value ? 1 : 0; }

  std::optional<double> evaluate(const Name &name) {
    if (name.text == "pi" && !name.isPrimed)
      return std::numbers::pi;
    for (auto let = lets.rbegin(); let != lets.rend(); ++let)
      if (let->first == name.text)
        return let->second;
    return nameValue(name);
  }

  std::optional<double> evaluate(const Unary &unary) {
    bool takesCondition = unary.op == UnaryOp::Not;
    std::optional<double> operand = (*this)(*unary.operand);
    if (!operand || isCondition(*unary.operand) != takesCondition)
      return std::nullopt;
    return unary.op == UnaryOp::Negate ? -*operand : *operand == 0;
  }

  std::optional<double> evaluate(const Binary &binary) {
    std::optional<double> left = (*this)(*binary.left);
    std::optional<double> right = (*this)(*binary.right);
    bool takesConditions = isLogical(binary.op);
    if (!left || !right || isCondition(*binary.left) != takesConditions ||
        isCondition(*binary.right) != takesConditions)
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
    case BinaryOp::Less:
      return *left < *right;
    case BinaryOp::LessEqual:
      return *left <= *right;
    case BinaryOp::Greater:
      return *left > *right;
    case BinaryOp::GreaterEqual:
      return *left >= *right;
    case BinaryOp::Equal:
      return *left == *right;
    case BinaryOp::NotEqual:
      return *left != *right;
    case BinaryOp::And:
      return *left != 0 && *right != 0;
    case BinaryOp::Or:
      return *left != 0 || *right != 0;
    }
    return std::nullopt;
  }

  std::optional<double> evaluate(const If &choice) {
    std::optional<double> condition = (*this)(*choice.condition);
    if (!condition)
      return std::nullopt;
    return (*this)(*condition != 0 ? *choice.thenValue : *choice.elseValue);
  }

  std::optional<double> evaluate(const Block &block) {
    size_t outer = lets.size();
    for (const auto &let : block.lets)
      lets.emplace_back(let->name, (*this)(*let->value));
    std::optional<double> value = (*this)(*block.value);
    lets.resize(outer);
    return value;
  }

  std::optional<double> evaluate(const Call &call) {
    const FunctionInfo *info = findFunction(call.callee);
    if (!info || call.arguments.size() < info->leastArguments || call.arguments.size() > info->mostArguments)
      return std::nullopt;
    std::vector<double> values;
    for (const ExprPtr &argument : call.arguments) {
      std::optional<double> value = (*this)(*argument);
      if (!value || isCondition(*argument))
        return std::nullopt;
      values.push_back(*value);
    }
    return valueOfCall(info->function, values);
  }

  template <typename Node> static std::optional<double> evaluate(const Node &) { return std::nullopt; }

  const NameValue &nameValue;
  /// Of the blocks around the current expression.
  std::vector<std::pair<std::string_view, std::optional<double>>> lets;
};

} // namespace

std::optional<double> valueOf(const Expr &expr, const NameValue &nameValue) {
  return Evaluator(nameValue)(expr);
}

static std::optional<double> valueWithoutNames(const Expr &expr) {
  static const NameValue none = [](const Name &) { return std::optional<double>(); };
  return valueOf(expr, none);
}

std::optional<double> constantValue(const Expr &expr) {
  return isCondition(expr) ? std::nullopt : valueWithoutNames(expr);
}

static bool isSubstituted(const Expr &expr) {
  const auto *number = expr.as<Number>();
  bool found = number && number->isSubstituted;
  forEachChild(expr, [&](const Expr &child) { found = found || isSubstituted(child); });
  return found;
}

bool isWrittenZero(const Expr &expr) {
  return constantValue(expr) == 0 && !isSubstituted(expr);
}

std::optional<bool> constantTruth(const Expr &expr) {
  std::optional<double> value = isCondition(expr) ? valueWithoutNames(expr) : std::nullopt;
  return value ? std::optional(*value != 0) : std::nullopt;
}

} // namespace ravine
