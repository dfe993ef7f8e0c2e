// The derivatives of the elementary functions: the rules of every calculus book.
#include "compiler/testing/Derivatives.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ravine::testing {

using namespace ast;
using Local = Tape::Local;

namespace {

double finiteOrZero(double slope) {
  return std::isfinite(slope) ? slope : 0;
}

Local with(double value, double slope) {
  return {value, {finiteOrZero(slope)}};
}

double signOf(double x) {
  return x > 0 ? 1 : x < 0 ? -1 : x;
}

/// The whole slope belongs to one of the arguments.
Local choose(std::span<const double> x, const double *chosen) {
  Local local{*chosen, std::vector<double>(x.size())};
  local.slopes[static_cast<size_t>(chosen - x.data())] = 1;
  return local;
}

/// As the language has it, `min` and `max` of anything with a NaN are NaN.
Local extreme(std::span<const double> x, bool isMaximum) {
  const double *chosen = x.data();
  for (const double &candidate : x) {
    bool isBeyond = isMaximum ? candidate > *chosen : candidate < *chosen;
    if (std::isnan(candidate) || (isBeyond && !std::isnan(*chosen)))
      chosen = &candidate;
  }
  return choose(x, chosen);
}

Local clamp(std::span<const double> x) {
  // min(max(x, lower), upper)
  const double *raised = std::isnan(x[0]) || x[0] >= x[1] ? &x[0] : &x[1];
  return choose(x, std::isnan(*raised) || *raised <= x[2] ? raised : &x[2]);
}

Local power(double base, double exponent) {
  double value = std::pow(base, exponent);
  double byBase = exponent == 0 ? 0 : exponent * std::pow(base, exponent - 1);
  // x^y as a function of y is x^y·ln x, and 0 where x is.
  double byExponent = base > 0 ? value * std::log(base) : 0;
  return {value, {finiteOrZero(byBase), finiteOrZero(byExponent)}};
}

Local truth(bool value) {
  return {value ? 1.0 : 0.0, {}};
}

/// Numbers that are no truth values count as true unless they are 0.
bool holds(double x) {
  return x != 0;
}

Local sum(std::span<const double> x, double weight) {
  double total = 0;
  for (double number : x)
    total += number;
  return {total * weight, std::vector<double>(x.size(), weight)};
}

Local norm(std::span<const double> x) {
  double greatest = 0;
  for (double number : x)
    greatest = std::max(greatest, std::abs(number));
  bool isPlain = greatest == 0 || !std::isfinite(greatest);
  double scale = isPlain ? 1 : greatest; // squares neither overflow nor vanish
  double squares = 0;
  for (double number : x)
    squares += (number / scale) * (number / scale);
  Local local{scale * std::sqrt(squares), {}};
  for (double number : x)
    local.slopes.push_back(local.value > 0 ? finiteOrZero(number / local.value) : 0);
  return local;
}

Local norm1(std::span<const double> x) {
  Local local{0, {}};
  for (double number : x) {
    local.value += std::abs(number);
    local.slopes.push_back(finiteOrZero(signOf(number)));
  }
  return local;
}

Local normInf(std::span<const double> x) {
  std::vector<double> magnitudes;
  for (double number : x)
    magnitudes.push_back(std::abs(number));
  Local local = fold(ReductionKind::Max, magnitudes);
  for (size_t i = 0; i < x.size(); ++i)
    local.slopes[i] *= finiteOrZero(signOf(x[i]));
  local.value = x.empty() ? 0 : local.value;
  return local;
}

} // namespace

Local evaluate(Function function, std::span<const double> x) {
  constexpr double pi = std::numbers::pi;
  switch (function) {
  case Function::Abs:
    return with(std::abs(x[0]), signOf(x[0]));
  case Function::Sign:
    return with(signOf(x[0]), 0);
  case Function::Sqrt:
    return with(std::sqrt(x[0]), 1 / (2 * std::sqrt(x[0])));
  case Function::Exp:
    return with(std::exp(x[0]), std::exp(x[0]));
  case Function::Log:
    return with(std::log(x[0]), 1 / x[0]);
  case Function::Log1p:
    return with(std::log1p(x[0]), 1 / (1 + x[0]));
  case Function::Expm1:
    return with(std::expm1(x[0]), std::exp(x[0]));
  case Function::Sin:
    return with(std::sin(x[0]), std::cos(x[0]));
  case Function::Cos:
    return with(std::cos(x[0]), -std::sin(x[0]));
  case Function::Tan:
    return with(std::tan(x[0]), 1 + std::tan(x[0]) * std::tan(x[0]));
  case Function::Asin:
    return with(std::asin(x[0]), 1 / std::sqrt(1 - x[0] * x[0]));
  case Function::Acos:
    return with(std::acos(x[0]), -1 / std::sqrt(1 - x[0] * x[0]));
  case Function::Atan:
    return with(std::atan(x[0]), 1 / (1 + x[0] * x[0]));
  case Function::Sinh:
    return with(std::sinh(x[0]), std::cosh(x[0]));
  case Function::Cosh:
    return with(std::cosh(x[0]), std::sinh(x[0]));
  case Function::Tanh:
    return with(std::tanh(x[0]), 1 - std::tanh(x[0]) * std::tanh(x[0]));
  case Function::Erf:
    return with(std::erf(x[0]), 2 / std::sqrt(pi) * std::exp(-x[0] * x[0]));
  case Function::Floor:
    return with(std::floor(x[0]), 0);
  case Function::Ceil:
    return with(std::ceil(x[0]), 0);
  case Function::Round:
    return with(std::nearbyint(x[0]), 0);
  case Function::Min:
    return extreme(x, /*isMaximum=*/false);
  case Function::Max:
    return extreme(x, /*isMaximum=*/true);
  case Function::Clamp:
    return clamp(x);
  }
  return {};
}

Local evaluate(BinaryOp op, double x, double y) {
  switch (op) {
  case BinaryOp::Add:
    return {x + y, {1, 1}};
  case BinaryOp::Subtract:
    return {x - y, {1, -1}};
  case BinaryOp::Multiply:
    return {x * y, {finiteOrZero(y), finiteOrZero(x)}};
  case BinaryOp::Divide:
    return {x / y, {finiteOrZero(1 / y), finiteOrZero(-x / (y * y))}};
  case BinaryOp::Power:
    return power(x, y);
  case BinaryOp::Less:
    return truth(x < y);
  case BinaryOp::LessEqual:
    return truth(x <= y);
  case BinaryOp::Greater:
    return truth(x > y);
  case BinaryOp::GreaterEqual:
    return truth(x >= y);
  case BinaryOp::Equal:
    return truth(x == y);
  case BinaryOp::NotEqual:
    return truth(x != y);
  case BinaryOp::And:
    return truth(holds(x) && holds(y));
  case BinaryOp::Or:
    return truth(holds(x) || holds(y));
  }
  return {};
}

Local fold(ReductionKind kind, std::span<const double> x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (kind) {
  case ReductionKind::Sum:
    return sum(x, 1);
  case ReductionKind::Mean:
    return sum(x, 1 / static_cast<double>(x.size()));
  case ReductionKind::Max:
    return x.empty() ? Local{-infinity, {}} : extreme(x, /*isMaximum=*/true);
  case ReductionKind::Min:
    return x.empty() ? Local{infinity, {}} : extreme(x, /*isMaximum=*/false);
  case ReductionKind::Norm:
    return norm(x);
  case ReductionKind::Norm1:
    return norm1(x);
  case ReductionKind::NormInf:
    return normInf(x);
  case ReductionKind::Any:
    return truth(std::ranges::any_of(x, holds));
  case ReductionKind::All:
    return truth(std::ranges::all_of(x, holds));
  case ReductionKind::Count:
    return {static_cast<double>(std::ranges::count_if(x, holds)), {}};
  case ReductionKind::Dot:
    return sum(x, 1); // of the products
  case ReductionKind::KthLargest:
  case ReductionKind::Quantile:
  case ReductionKind::SimplexThreshold:
  case ReductionKind::Largest:
  case ReductionKind::Difference:
  case ReductionKind::TautString:
    break; // cannot stand in a test
  }
  return {};
}

} // namespace ravine::testing
