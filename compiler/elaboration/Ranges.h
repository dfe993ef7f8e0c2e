// What the range of a hyper demands of an expression that is given to it.
#pragma once

#include "compiler/elaboration/Expander.h"

namespace ravine {

/// The conditions that say of an expression that its value lies in the range: none, `value >= 0`, `value < 1`.
[[nodiscard]] std::vector<ast::ExprPtr> boundsOf(const ast::HyperDecl &hyper, const ast::Expr &value);

/// What arguments and predicates may use: the hypers and lets of the declaration around them, and nothing else.
[[nodiscard]] Locals localsOf(const Environment &environment);

} // namespace ravine
