// Two analyses of one expression tree: what sign a value surely has, and whether it is 0 where gradients and states
// are.
#include "compiler/frontend/Vanishing.h"

#include "compiler/frontend/Constants.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// How far lets and primes are followed, and how much work one divisor may cost: lets that use lets can make the tree
/// that they stand for much larger than the source. Whoever runs out is not warned.
constexpr unsigned deepest = 64;
constexpr unsigned mostWork = 4096;

} // namespace

Vanishing::Vanishing(const OptimizerDecl &optimizer) {
  for (const Equation &equation : optimizer.equations)
    if (const auto *state = std::get_if<const StateDecl *>(&equation.symbol))
      equations.emplace(*state, equation.value.get());
}

bool Vanishing::isLikely(const Expr &value, std::span<const Expr *const> asked) {
  budget = mostWork;
  conditions = asked;
  return vanishes(value, /*inRoot=*/false);
}

const StateDecl *Vanishing::missingPrime(const Expr &value) {
  const Expr *inner = &meaning(value);
  for (const auto *call = inner->as<Call>(); call && call->arguments.size() == 1; call = inner->as<Call>())
    inner = &meaning(*call->arguments.front());
  const auto *name = inner->as<Name>();
  const auto *state = name && !name->isPrimed ? std::get_if<const StateDecl *>(&name->symbol) : nullptr;
  if (!state || !equations.contains(*state))
    return nullptr;
  budget = mostWork;
  conditions = {};
  return vanishes(*equations.at(*state), /*inRoot=*/true) || budget == 0 ? nullptr : *state;
}

const Expr *Vanishing::nextValue(const Name &name) const {
  const auto *state = name.isPrimed ? std::get_if<const StateDecl *>(&name.symbol) : nullptr;
  auto found = state ? equations.find(*state) : equations.end();
  return found == equations.end() ? nullptr : found->second;
}

const Expr &Vanishing::meaning(const Expr &written) const {
  const Expr *meant = &written;
  for (unsigned step = 0; step < deepest; ++step) {
    const auto *name = meant->as<Name>();
    const auto *let = name ? std::get_if<const LetDecl *>(&name->symbol) : nullptr;
    const Expr *next = name ? nextValue(*name) : nullptr;
    if (let)
      meant = (*let)->value.get();
    else if (next)
      meant = next;
    else if (const auto *block = meant->as<Block>())
      meant = block->value.get();
    else
      break;
  }
  return *meant;
}

bool Vanishing::spend() {
  if (budget == 0)
    return false;
  --budget;
  return true;
}

Vanishing::Sign Vanishing::signOf(const Expr &written, unsigned depth) {
  if (depth > deepest || !spend())
    return Sign::Unknown;
  const Expr &expr = meaning(written);
  if (std::optional<double> value = constantValue(expr))
    return *value > 0 ? Sign::Positive : *value == 0 ? Sign::NonNegative : Sign::Unknown;
  if (const auto *name = expr.as<Name>())
    return signOfName(*name);
  if (const auto *binary = expr.as<Binary>())
    return signOfBinary(*binary, depth + 1);
  if (const auto *call = expr.as<Call>())
    return signOfCall(*call, depth + 1);
  if (const auto *reduction = expr.as<Reduction>())
    return signOfReduction(*reduction, depth + 1);
  if (const auto *choice = expr.as<If>())
    return std::min(signOf(*choice->thenValue, depth + 1), signOf(*choice->elseValue, depth + 1));
  if (const auto *choice = expr.as<Case>())
    return std::min(signOf(*choice->thenValue, depth + 1), signOf(*choice->elseValue, depth + 1));
  return Sign::Unknown;
}

Vanishing::Sign Vanishing::signOfName(const Name &name) const {
  if (const auto *hyper = std::get_if<const HyperDecl *>(&name.symbol)) {
    const Bound &lower = (*hyper)->lower;
    if (lower.value > 0 || (lower.value == 0 && lower.isOpen))
      return Sign::Positive;
    return lower.value == 0 ? Sign::NonNegative : Sign::Unknown;
  }
  const auto *predefined = std::get_if<Predefined>(&name.symbol);
  bool isCount = predefined && *predefined != Predefined::Parameter && *predefined != Predefined::Gradient;
  return isCount ? Sign::Positive : Sign::Unknown;
}

Vanishing::Sign Vanishing::signOfBinary(const Binary &binary, unsigned depth) {
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

Vanishing::Sign Vanishing::signOfCall(const Call &call, unsigned depth) {
  Sign first = signOf(*call.arguments.front(), depth);
  switch (*call.function) {
  case Function::Sqrt:
  case Function::Abs:
    return first == Sign::Positive ? Sign::Positive : Sign::NonNegative;
  case Function::Exp:
    return Sign::Positive;
  case Function::Max:
  case Function::Min: {
    bool isMax = *call.function == Function::Max;
    Sign sign = first;
    for (const ExprPtr &argument : call.arguments)
      sign = isMax ? std::max(sign, signOf(*argument, depth)) : std::min(sign, signOf(*argument, depth));
    return sign;
  }
  case Function::Clamp:
    return signOf(*call.arguments[1], depth);
  default:
    return Sign::Unknown;
  }
}

Vanishing::Sign Vanishing::signOfReduction(const Reduction &reduction, unsigned depth) {
  const Expr &first = *reduction.arguments.front();
  switch (reduction.kind) {
  case ReductionKind::Norm:
  case ReductionKind::Norm1:
  case ReductionKind::NormInf:
    return signOf(first, depth) == Sign::Positive ? Sign::Positive : Sign::NonNegative;
  case ReductionKind::Count:
    return Sign::NonNegative;
  case ReductionKind::SimplexThreshold:
  case ReductionKind::Difference:
    return Sign::Unknown;
  case ReductionKind::Dot:
    return isSameExpression(first, *reduction.arguments[1])
               ? Sign::NonNegative
               : std::min(signOf(first, depth), signOf(*reduction.arguments[1], depth));
  default:
    return signOf(first, depth);
  }
}

bool Vanishing::vanishes(const Expr &written, bool inRoot, unsigned depth) {
  if (depth > deepest || !spend() || isAsked(written))
    return false;
  const Expr &expr = meaning(written);
  if (isAsked(expr) || signOf(expr) == Sign::Positive)
    return false;
  if (const auto *name = expr.as<Name>())
    return nameVanishes(*name, inRoot, depth + 1);
  if (const auto *unary = expr.as<Unary>())
    return vanishes(*unary->operand, inRoot, depth + 1);
  if (const auto *binary = expr.as<Binary>())
    return binaryVanishes(*binary, inRoot, depth + 1);
  if (const auto *call = expr.as<Call>())
    return callVanishes(*call, inRoot, depth + 1);
  if (const auto *reduction = expr.as<Reduction>())
    return reductionVanishes(*reduction, inRoot, depth + 1);
  if (const auto *byShape = expr.as<Case>())
    return vanishes(*byShape->thenValue, inRoot, depth + 1) || vanishes(*byShape->elseValue, inRoot, depth + 1);
  // Who chooses by something that differs between elements has chosen the divisor; a hyper chooses between variants.
  const auto *choice = expr.as<If>();
  auto branchVanishes = [&](const Expr &branch) {
    return !mentions(*choice->condition, branch) && vanishes(branch, inRoot, depth + 1);
  };
  return choice && choice->condition->type.set != IndexSet::Element &&
         (branchVanishes(*choice->thenValue) || branchVanishes(*choice->elseValue));
}

bool Vanishing::nameVanishes(const Name &name, bool inRoot, unsigned depth) {
  if (const auto *predefined = std::get_if<Predefined>(&name.symbol))
    return *predefined == Predefined::Gradient || (*predefined == Predefined::Parameter && inRoot);
  const auto *state = std::get_if<const StateDecl *>(&name.symbol);
  if (!state)
    return false;
  // One that starts at the parameter is 0 where that is.
  const Expr &initial = *(*state)->initial;
  if (std::optional<double> value = constantValue(initial))
    return *value == 0;
  return inRoot && signOf(initial, depth) != Sign::Positive;
}

bool Vanishing::binaryVanishes(const Binary &binary, bool inRoot, unsigned depth) {
  auto left = [&] { return vanishes(*binary.left, inRoot, depth); };
  auto right = [&] { return vanishes(*binary.right, inRoot, depth); };
  bool areElements = binary.left->type.set == IndexSet::Element && binary.right->type.set == IndexSet::Element;
  switch (binary.op) {
  case BinaryOp::Multiply:
    return left() || right();
  case BinaryOp::Add:
    return left() && right();
  case BinaryOp::Subtract:
    return (inRoot && areElements) || (left() && right());
  case BinaryOp::Divide:
  case BinaryOp::Power:
    return left();
  default:
    return false;
  }
}

bool Vanishing::callVanishes(const Call &call, bool inRoot, unsigned depth) {
  auto argumentVanishes = [&](const ExprPtr &argument) { return vanishes(*argument, inRoot, depth); };
  switch (*call.function) {
  case Function::Sqrt:
  case Function::Abs:
    return vanishes(*call.arguments.front(), /*inRoot=*/true, depth);
  case Function::Max:
    return std::ranges::all_of(call.arguments, argumentVanishes);
  case Function::Min:
    return std::ranges::any_of(call.arguments, argumentVanishes);
  case Function::Clamp:
    return argumentVanishes(call.arguments.front());
  default:
    return false;
  }
}

bool Vanishing::reductionVanishes(const Reduction &reduction, bool inRoot, unsigned depth) {
  const Expr &first = *reduction.arguments.front();
  switch (reduction.kind) {
  case ReductionKind::Norm:
  case ReductionKind::Norm1:
  case ReductionKind::NormInf:
    return vanishes(first, /*inRoot=*/true, depth);
  case ReductionKind::Dot:
    return vanishes(first, /*inRoot=*/true, depth) || vanishes(*reduction.arguments[1], /*inRoot=*/true, depth);
  case ReductionKind::Count:
    return true;
  case ReductionKind::SimplexThreshold:
    return false;
  case ReductionKind::Difference:
    return inRoot || vanishes(first, inRoot, depth);
  default:
    return vanishes(first, inRoot, depth);
  }
}

bool Vanishing::isAsked(const Expr &expr) {
  return std::ranges::any_of(conditions, [&](const Expr *condition) { return mentions(*condition, expr); });
}

bool Vanishing::mentions(const Expr &condition, const Expr &part, unsigned depth) {
  if (depth > deepest || !spend())
    return false;
  if (isSameExpression(condition, part) || isSameExpression(condition, meaning(part)))
    return true;
  // A let, but not a prime: who asks about `v'` has not asked about `g`.
  const auto *name = condition.as<Name>();
  const auto *let = name ? std::get_if<const LetDecl *>(&name->symbol) : nullptr;
  if (let)
    return mentions(*(*let)->value, part, depth + 1);
  bool found = false;
  forEachChild(condition, [&](const Expr &child) { found = found || mentions(child, part, depth + 1); });
  return found;
}

} // namespace ravine
