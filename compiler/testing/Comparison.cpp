// Comparing arrays within a tolerance.
#include "compiler/testing/Comparison.h"

#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ravine::testing {

using namespace ast;

static bool areEqual(double x, double y, const Tolerance &tolerance) {
  if (std::isnan(x) || std::isnan(y))
    return std::isnan(x) && std::isnan(y);
  if (std::isinf(x) || std::isinf(y) || x == y)
    return x == y;
  double difference = std::abs(x - y);
  double greater = std::max(std::abs(x), std::abs(y));
  return difference <= tolerance.absolute.value_or(0) || difference <= tolerance.relative.value_or(0) * greater;
}

static bool holds(BinaryOp op, double x, double y, const Tolerance &tolerance) {
  switch (op) {
  case BinaryOp::Less:
    return x < y;
  case BinaryOp::LessEqual:
    return x <= y;
  case BinaryOp::Greater:
    return x > y;
  case BinaryOp::GreaterEqual:
    return x >= y;
  default:
    return areEqual(x, y, tolerance);
  }
}

static ravine_dtype dtypeOf(Storage storage, const Precision &precision) {
  switch (storage) {
  case Storage::Compute:
    return precision.compute;
  case Storage::F32:
    return RAVINE_F32;
  case Storage::F64:
    return RAVINE_F64;
  case Storage::BF16:
    return RAVINE_BF16;
  case Storage::F16:
    return RAVINE_F16;
  }
  return precision.compute;
}

Tolerance toleranceOf(const TestExpectation &expectation, const Case &tried) {
  if (expectation.tolerance)
    return *expectation.tolerance;
  double relative = std::max(8 * spacing(tried.precision.compute), spacing(tried.precision.parameter));
  for (const Expr *side : {expectation.left.get(), expectation.right.get()})
    forEachName(*side, [&](const Name &name, const Expr &) {
      for (const CaseState &state : tried.states)
        if (state.name == name.text)
          relative = std::max(relative, spacing(dtypeOf(state.storage, tried.precision)));
    });
  return {.absolute = std::nullopt, .relative = relative};
}

Comparison compare(BinaryOp op, const Array &left, const Array &right, const Tolerance &tolerance) {
  Comparison result;
  size_t count = std::max(left.numbers.size(), right.numbers.size());
  for (size_t i = 0; i < count; ++i) {
    if (holds(op, left.at(i), right.at(i), tolerance))
      continue;
    double difference = std::abs(left.at(i) - right.at(i));
    if (std::isnan(difference))
      difference = std::numeric_limits<double>::infinity();
    if (result.holds || difference > result.difference) {
      result.worst = i;
      result.difference = difference;
    }
    result.holds = false;
  }
  return result;
}

} // namespace ravine::testing
