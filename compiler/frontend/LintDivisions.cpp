// Divisions in which one element that is 0 makes a NaN or an infinity: `m/sqrt(v)` without a stabiliser.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Constants.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

enum class Sign : uint8_t { Unknown, NonNegative, Positive };

/// Follows lets to what they stand for, as far as anyone would when reading.
constexpr int furthest = 8;

const Expr &meaning(const Expr &expr) {
  const Expr *meant = &expr;
  for (int step = 0; step < furthest; ++step) {
    const auto *name = meant->as<Name>();
    const auto *let = name ? std::get_if<const LetDecl *>(&name->symbol) : nullptr;
    const auto *block = meant->as<Block>();
    if (let)
      meant = (*let)->value.get();
    else if (block)
      meant = block->value.get();
    else
      break;
  }
  return *meant;
}

Sign signOf(const Expr &written, int depth = 0);

Sign signOfHyper(const HyperDecl &hyper) {
  if (hyper.lower.value > 0 || (hyper.lower.value == 0 && hyper.lower.isOpen))
    return Sign::Positive;
  return hyper.lower.value == 0 ? Sign::NonNegative : Sign::Unknown;
}

Sign signOfBinary(const Binary &binary, int depth) {
  Sign left = signOf(*binary.left, depth);
  Sign right = signOf(*binary.right, depth);
  switch (binary.op) {
  case BinaryOp::Add:
    return left == Sign::Unknown || right == Sign::Unknown ? Sign::Unknown : std::max(left, right);
  case BinaryOp::Multiply:
  case BinaryOp::Divide:
    return std::min(left, right);
  case BinaryOp::Power: {
    std::optional<double> exponent = constantValue(*binary.right);
    bool isSquare = exponent && *exponent == 2;
    return isSquare && left == Sign::Unknown ? Sign::NonNegative : left;
  }
  default:
    return Sign::Unknown;
  }
}

Sign signOfCall(const Call &call, int depth) {
  Sign first = signOf(*call.arguments.front(), depth);
  switch (*call.function) {
  case Function::Sqrt:
  case Function::Abs:
    return first == Sign::Positive ? Sign::Positive : Sign::NonNegative;
  case Function::Exp:
    return Sign::Positive;
  case Function::Max: {
    Sign greatest = first;
    for (const ExprPtr &argument : call.arguments)
      greatest = std::max(greatest, signOf(*argument, depth));
    return greatest;
  }
  case Function::Clamp:
    return signOf(*call.arguments[1], depth);
  default:
    return Sign::Unknown;
  }
}

Sign signOf(const Expr &written, int depth) {
  const Expr &expr = meaning(written);
  // Lets that use lets can make this tree much larger than the source.
  if (depth > furthest)
    return Sign::Unknown;
  if (std::optional<double> value = constantValue(expr))
    return *value > 0 ? Sign::Positive : *value == 0 ? Sign::NonNegative : Sign::Unknown;
  if (const auto *name = expr.as<Name>()) {
    const auto *hyper = std::get_if<const HyperDecl *>(&name->symbol);
    const auto *predefined = std::get_if<Predefined>(&name->symbol);
    bool isCount = predefined && *predefined != Predefined::Parameter && *predefined != Predefined::Gradient;
    return hyper ? signOfHyper(**hyper) : isCount ? Sign::Positive : Sign::Unknown;
  }
  if (const auto *binary = expr.as<Binary>())
    return signOfBinary(*binary, depth + 1);
  if (const auto *call = expr.as<Call>())
    return signOfCall(*call, depth + 1);
  if (const auto *choice = expr.as<If>())
    return std::min(signOf(*choice->thenValue, depth + 1), signOf(*choice->elseValue, depth + 1));
  return Sign::Unknown;
}

/// Whether the expression is of a form that is 0 for ordinary data: a state that starts at 0, a gradient of 0, a
/// difference of equals, their root, absolute value, power or product. A sum is not: something has been added.
bool canVanish(const Expr &written, int depth = 0) {
  const Expr &expr = meaning(written);
  if (depth > furthest || expr.type.set != IndexSet::Element || signOf(expr) == Sign::Positive)
    return false;
  if (const auto *name = expr.as<Name>())
    return !std::holds_alternative<const LetDecl *>(name->symbol);
  if (const auto *unary = expr.as<Unary>())
    return canVanish(*unary->operand, depth + 1);
  if (const auto *binary = expr.as<Binary>()) {
    if (binary->op == BinaryOp::Subtract)
      return true;
    if (binary->op == BinaryOp::Multiply)
      return canVanish(*binary->left, depth + 1) || canVanish(*binary->right, depth + 1);
    return (binary->op == BinaryOp::Divide || binary->op == BinaryOp::Power) && canVanish(*binary->left, depth + 1);
  }
  const auto *call = expr.as<Call>();
  bool isRoot = call && (call->function == Function::Sqrt || call->function == Function::Abs);
  return isRoot && canVanish(*call->arguments.front(), depth + 1);
}

/// Whether `part` or what it means occurs in `expr`.
bool mentions(const Expr &expr, const Expr &part) {
  if (isSameExpression(expr, part) || isSameExpression(expr, meaning(part)))
    return true;
  bool found = false;
  forEachChild(expr, [&](const Expr &child) { found = found || mentions(child, part); });
  return found;
}

class DivisionLint {
public:
  explicit DivisionLint(CheckContext &context) : context(context) {}

  void visit(const Expr &expr) {
    if (const auto *choice = expr.as<If>()) {
      visit(*choice->condition);
      conditions.push_back(choice->condition.get());
      visit(*choice->thenValue);
      visit(*choice->elseValue);
      conditions.pop_back();
      return;
    }
    if (const auto *binary = expr.as<Binary>(); binary && binary->op == BinaryOp::Divide)
      checkDivisor(*binary->right);
    forEachChild(expr, [&](const Expr &child) { visit(child); });
  }

private:
  void checkDivisor(const Expr &divisor) {
    // Who asks about the divisor first has thought of it.
    auto asks = [&](const Expr *condition) { return mentions(*condition, divisor); };
    if (!canVanish(divisor) || std::ranges::any_of(conditions, asks))
      return;
    context.report(Code::W0105, divisor.span, "this divisor can be 0", "one element that is 0 makes NaN or infinity",
                   "add something positive, such as a hyper `eps` with the range `(0, inf)`");
  }

  CheckContext &context;
  std::vector<const Expr *> conditions;
};

} // namespace

void lintDivisions(CheckContext &context) {
  DivisionLint lint(context);
  forEachRoot(context.optimizer, [&](Expr &expr) { lint.visit(expr); });
}

} // namespace ravine
