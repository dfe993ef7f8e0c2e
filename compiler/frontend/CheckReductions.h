// What is checked of a reduction besides the kinds of its arguments: their number, and over what each of them varies.
#pragma once

#include "compiler/frontend/Checker.h"

namespace ravine {

/// Reports a reduction that names no index set.
void reportNoSet(CheckContext &context, const ast::Reduction &reduction);

/// Whether it has the right number of arguments; reports if not.
[[nodiscard]] bool checkArgumentCount(CheckContext &context, const ast::Reduction &reduction, const ast::Expr &expr);

/// Whether its arguments, which have types, vary over what can be folded, sought or rearranged in its index set, which
/// it has; reports if not.
[[nodiscard]] bool checkReductionSets(CheckContext &context, const ast::Reduction &reduction);

/// Whether the step of a prox is one number for each member that its argument is taken over (LetDecl::stepOver), or no
/// such step; reports if not.
[[nodiscard]] bool checkStep(CheckContext &context, const ast::LetDecl &let);

/// Of one that all of this holds for.
[[nodiscard]] ast::Type typeOfReduction(const ast::Reduction &reduction);

} // namespace ravine
