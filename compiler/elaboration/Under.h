// Parts that only some tensors have: branches of a selection, and stages with `where`.
#pragma once

#include "compiler/elaboration/Elaboration.h"

namespace ravine {

/// Makes all that a part declares and does depend on the condition. Its states exist only where it holds, `[model]` in
/// it means the tensors for which it holds, and its states of the model keep their value in a step in which no element
/// of those takes part. For other tensors its metrics are NaN and its views are `w`. What becomes of `w` and `g` is
/// left to the caller. Skips it has none: they end the step of all tensors. The count of elements becomes a let
/// `name::count` of the part, where `name` is that of the condition.
void putUnder(ast::OptimizerDecl &part, const ast::ConditionDecl &condition);
void putUnder(ast::TransformDecl &part, const ast::ConditionDecl &condition);

/// Makes `[model]` in the expression mean the tensors for which the condition holds.
void putUnder(ast::Expr &expr, const ast::ConditionDecl &condition);

} // namespace ravine
