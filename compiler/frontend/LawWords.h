// The words of laws, and what is written behind them.
#pragma once

#include "compiler/frontend/AST.h"

#include <span>

namespace ravine {

/// What stands in the parentheses behind a law.
enum class LawArguments : uint8_t { None, Numbers, Component };

struct LawInfo {
  std::string_view name;
  ast::LawKind kind;
  LawArguments arguments;
  /// "quadratic(rho, 0)": how to write it, for hints.
  std::string_view form;
};

/// One entry for each ast::LawKind, in its order.
[[nodiscard]] std::span<const LawInfo> laws();
[[nodiscard]] const LawInfo *findLaw(std::string_view name);
[[nodiscard]] std::string_view spelling(ast::LawKind kind);

/// `optimizer`, `penalty`, `set`, `fn`: the kind of a generic parameter.
[[nodiscard]] std::string_view spelling(ast::ParameterKind kind);

} // namespace ravine
