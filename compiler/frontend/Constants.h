// Expressions whose value the compiler knows.
#pragma once

#include "compiler/frontend/AST.h"

namespace ravine {

/// The value of an expression of numbers, `pi`, operators and functions, in f64; nothing where it depends on anything
/// else or is a condition. It needs no resolved names.
[[nodiscard]] std::optional<double> constantValue(const ast::Expr &expr);

} // namespace ravine
