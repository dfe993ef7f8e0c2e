// The range of a hyper: what lies in it and how it is shown.
#pragma once

#include "compiler/frontend/AST.h"

namespace ravine {

/// As it is written: `[0, 1)`.
[[nodiscard]] std::string shownRange(const ast::HyperDecl &hyper);

/// Without a range every number lies in it.
[[nodiscard]] bool isInRange(const ast::HyperDecl &hyper, double value);

} // namespace ravine
