// Expressions whose value the compiler knows.
#pragma once

#include "compiler/frontend/AST.h"

#include <functional>

namespace ravine {

/// The value of an expression of numbers, `pi`, operators and functions, in f64; nothing where it depends on anything
/// else or is a condition. It needs no resolved names.
[[nodiscard]] std::optional<double> constantValue(const ast::Expr &expr);

/// Whether the value is 0 as it is written, and not only with what elaboration has put in the place of names.
[[nodiscard]] bool isWrittenZero(const ast::Expr &expr);

/// Whether a condition of such expressions holds; nothing for anything else.
[[nodiscard]] std::optional<bool> constantTruth(const ast::Expr &expr);

/// The value of a name, where it is known.
using NameValue = std::function<std::optional<double>(const ast::Name &)>;

/// The value of a scalar expression, with names as `nameValue` says; a condition is 1 or 0. Nothing where it holds a
/// reduction or a name without a value. Names of blocks need not be resolved.
[[nodiscard]] std::optional<double> valueOf(const ast::Expr &expr, const NameValue &nameValue);

} // namespace ravine
