// How much is decided for a tensor at creation.
#pragma once

#include "compiler/frontend/AST.h"

namespace ravine {

/// The outcomes of what a checked optimizer asks of each tensor at creation, by its own conditions: questions for names
/// that stand outside of them are not counted. Those that the lowered rule has are as many.
[[nodiscard]] size_t countOutcomes(const ast::OptimizerDecl &optimizer);

} // namespace ravine
