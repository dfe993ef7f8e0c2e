// What stands in the tree where the source could not be understood. It has been reported, so everything that meets a
// placeholder is silent about it.
#pragma once

#include "compiler/frontend/AST.h"

namespace ravine {

/// A placeholder is a use of the name that nobody can write.
[[nodiscard]] inline bool isPlaceholder(const ast::Expr &expr) {
  const auto *name = expr.as<ast::Name>();
  return name && name->text.empty();
}

} // namespace ravine
