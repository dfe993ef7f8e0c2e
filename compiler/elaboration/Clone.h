// Copies of syntax trees. Whatever is composed is copied from its declaration, which may be used many times.
#pragma once

#include "compiler/frontend/AST.h"

#include <functional>

namespace ravine {

/// What an expression of the original becomes in the copy.
using ExprMap = std::function<ast::ExprPtr(const ast::Expr &)>;

/// A deep copy. Names keep their symbols.
[[nodiscard]] ast::ExprPtr clone(const ast::Expr &expr);

/// The node again, with each of its direct parts replaced by what `part` makes of it.
[[nodiscard]] ast::ExprPtr withParts(const ast::Expr &expr, const ExprMap &part);

// Declarations, with their expressions put through `map`.

[[nodiscard]] std::unique_ptr<ast::HyperDecl> copy(const ast::HyperDecl &hyper, const ExprMap &map);
[[nodiscard]] std::unique_ptr<ast::StateDecl> copy(const ast::StateDecl &state, const ExprMap &map);
[[nodiscard]] std::unique_ptr<ast::LetDecl> copy(const ast::LetDecl &let, const ExprMap &map);
[[nodiscard]] std::unique_ptr<ast::MetricDecl> copy(const ast::MetricDecl &metric, const ExprMap &map);
[[nodiscard]] std::unique_ptr<ast::ViewDecl> copy(const ast::ViewDecl &view, const ExprMap &map);
[[nodiscard]] ast::Requirement copy(const ast::Requirement &requirement, const ExprMap &map);
[[nodiscard]] ast::Equation copy(const ast::Equation &equation, const ExprMap &map);
[[nodiscard]] ast::Skip copy(const ast::Skip &skip, const ExprMap &map);

/// Copies a list of declarations.
template <typename Declaration>
[[nodiscard]] std::vector<Declaration> copyAll(const std::vector<Declaration> &declarations, const ExprMap &map) {
  std::vector<Declaration> copies;
  for (const Declaration &declaration : declarations)
    copies.push_back(copy(declaration, map));
  return copies;
}

template <typename Declaration>
[[nodiscard]] std::vector<std::unique_ptr<Declaration>>
copyAll(const std::vector<std::unique_ptr<Declaration>> &declarations, const ExprMap &map) {
  std::vector<std::unique_ptr<Declaration>> copies;
  for (const auto &declaration : declarations)
    copies.push_back(copy(*declaration, map));
  return copies;
}

} // namespace ravine
