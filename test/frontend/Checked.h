// A program that has been through the frontend, and ways to look at it.
#pragma once

#include "compiler/frontend/Frontend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {

class Checked {
public:
  /// A whole file.
  explicit Checked(std::string program);

  /// An optimizer with the hyper `lr` and the items `body`.
  static Checked rule(const std::string &body);

  /// The codes of all messages, in the order in which they were said: "E0301 W0101".
  [[nodiscard]] std::string codes() const;
  /// Everything that was said, to be printed when an expectation fails.
  [[nodiscard]] std::string messages() const;

  [[nodiscard]] const ast::OptimizerDecl &optimizer(size_t index = 0) const { return *module.optimizers.at(index); }
  [[nodiscard]] const ast::HyperDecl &hyper(std::string_view name) const;
  [[nodiscard]] const ast::StateDecl &state(std::string_view name) const;
  /// The values of a metric and a view.
  [[nodiscard]] const ast::Expr &metric(std::string_view name) const;
  [[nodiscard]] const ast::Expr &view(std::string_view name) const;
  /// The value of a `let`, and of the equation of a state or of `w`.
  [[nodiscard]] const ast::Expr &let(std::string_view name) const;
  [[nodiscard]] const ast::Expr &next(std::string_view target) const;

  SourceManager sources;
  Diagnostics diagnostics;
  ast::Module module;
};

/// The expression with every operation in parentheses, operator first: `(+ a (* b c))`.
[[nodiscard]] std::string structure(const ast::Expr &expr);

/// The structure of the expression `text`, whose names need not exist.
[[nodiscard]] std::string structureOf(const std::string &text);

} // namespace ravine::test
