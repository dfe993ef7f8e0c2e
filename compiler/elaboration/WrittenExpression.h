// Expressions as people write them.
#pragma once

#include "compiler/frontend/AST.h"

#include <string>

namespace ravine {

/// A scalar expression over names, as source text, with parentheses where they are needed.
[[nodiscard]] std::string written(const ast::Expr &expr);

} // namespace ravine
