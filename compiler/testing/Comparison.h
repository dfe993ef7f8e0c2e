// When two values count as equal, or one as less than the other.
#pragma once

#include "compiler/testing/Case.h"

namespace ravine::testing {

/// How a comparison of two arrays has come out, element by element.
struct Comparison {
  bool holds = true;
  /// The element at which it fails by most, and how far apart the two are there; meaningless where it holds.
  size_t worst = 0;
  double difference = 0;
};

/// What an expectation allows: what it says itself or else, relatively, 8 units in the last place of what elements are
/// computed in, or one of what parameters, or the states that it names, are stored in where that is more.
[[nodiscard]] ast::Tolerance toleranceOf(const ast::TestExpectation &expectation, const Case &tried);

/// Compares elements one by one; a single number is compared with each. Two infinities of one sign are equal, and so
/// are two NaN, which otherwise compare as nothing does.
[[nodiscard]] Comparison compare(ast::BinaryOp op, const Array &left, const Array &right,
                                 const ast::Tolerance &tolerance);

} // namespace ravine::testing
