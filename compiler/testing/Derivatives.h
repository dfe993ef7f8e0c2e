// The derivatives of the elementary functions of the language.
#pragma once

#include "compiler/frontend/AST.h"
#include "compiler/testing/Tape.h"

namespace ravine::testing {

/// A function of one element and its slopes. A slope that does not exist, at a kink or a jump or where it is infinite,
/// counts as 0; where arguments of `min` or `max` are equal, the first of them counts as chosen.
[[nodiscard]] Tape::Local evaluate(ast::Function function, std::span<const double> x);
/// The same for `+ - * / ^`, comparisons and logical operators, which have the slope 0.
[[nodiscard]] Tape::Local evaluate(ast::BinaryOp op, double x, double y);
/// The same for a fold of all of `x`. The greatest of no numbers is −∞, their mean is NaN.
[[nodiscard]] Tape::Local fold(ast::ReductionKind kind, std::span<const double> x);

} // namespace ravine::testing
