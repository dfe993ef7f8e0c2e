// What the expressions of a test come to.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"
#include "compiler/testing/Array.h"

#include <map>
#include <optional>

namespace ravine::testing {

/// What names stand for: "w", "w'", "hidden.m".
using Names = std::map<std::string, Array, std::less<>>;

/// Names and values as the expressions of one test use them. What is wrong with an expression is reported; one that was
/// evaluated without errors can be evaluated again with other numbers of the same shapes.
class Expressions {
public:
  Expressions(const SourceManager &sources, Diagnostics &diagnostics) : sources(sources), diagnostics(diagnostics) {}

  [[nodiscard]] const SourceManager &sourceManager() const { return sources; }

  /// Nothing after a message.
  [[nodiscard]] std::optional<Array> evaluate(const ast::Expr &expr, const Names &names) const;

  struct Derivative {
    double value = 0;
    /// By each of the names, with its shape; zeros for those that the expression does not contain.
    Names slopes;
  };
  /// A number and its exact derivatives by `variables`, which are among `names`. Where a function has no derivative,
  /// see Derivatives.h.
  [[nodiscard]] std::optional<Derivative> differentiate(const ast::Expr &expr, const Names &names,
                                                        std::span<const std::string> variables) const;

private:
  const SourceManager &sources;
  Diagnostics &diagnostics;
};

} // namespace ravine::testing
