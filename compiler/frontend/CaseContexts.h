// Where the cases of a rule are needed: for tensors of which branches of a selection. Lowering asks the conditions of
// cases only there, so that those of different branches do not multiply.
#pragma once

#include "compiler/frontend/AST.h"

#include <map>
#include <vector>

namespace ravine {

/// Which of the optimizer's conditions are known to hold, in the order of their declaration.
using KnownConditions = std::vector<bool>;

/// The conditions together with all that they are under.
[[nodiscard]] KnownConditions knownConditions(const ast::OptimizerDecl &optimizer,
                                              const std::vector<const ast::ConditionDecl *> &conditions);

/// The condition that is meant, also through a let; null where it is none that elaboration has made.
[[nodiscard]] const ast::ConditionDecl *declaredCondition(const ast::Expr &expr);

/// What a let stands for; any other expression itself.
[[nodiscard]] const ast::Expr &withoutLets(const ast::Expr &expr);

/// For each `case` that the rule needs, what is known to hold wherever it is needed. Names and types have been found.
[[nodiscard]] std::map<const ast::Expr *, KnownConditions> contextsOfCases(const ast::OptimizerDecl &optimizer);

} // namespace ravine
