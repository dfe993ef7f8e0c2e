// Words with a fixed meaning that are not keywords of the grammar: the predefined names, the elementwise functions and
// the reductions.
#pragma once

#include "compiler/frontend/AST.h"

#include <span>

namespace ravine {

[[nodiscard]] std::optional<ast::Predefined> predefined(std::string_view name);

/// `name` and `group`, which ask what a tensor is called.
[[nodiscard]] bool isPatternFunction(std::string_view name);

/// `select`, `frozen` and `_`, which mean something where optimizers are composed.
[[nodiscard]] bool isCompositionWord(std::string_view name);

/// Whether the name may not be declared: the predefined names, and `True` and `False`, which are hardly meant as names.
[[nodiscard]] bool isReserved(std::string_view name);

/// How a number is stored: `bf16`. Nothing for any other word, and for Storage::Compute there is none.
[[nodiscard]] std::optional<ast::Storage> findStorage(std::string_view word);
[[nodiscard]] std::string_view spelling(ast::Storage storage);

struct FunctionInfo {
  std::string_view name;
  ast::Function function;
  size_t leastArguments;
  size_t mostArguments;
};

/// One entry for each ast::Function, in its order.
[[nodiscard]] std::span<const FunctionInfo> functions();
[[nodiscard]] const FunctionInfo *findFunction(std::string_view name);

struct ReductionInfo {
  std::string_view name;
  ast::ReductionKind kind;
  size_t arguments;
  /// Folds conditions, not numbers.
  bool takesCondition;
  /// What its arguments are, for messages: "(x, k)".
  std::string_view form = "(x)";
};

/// One entry for each ast::ReductionKind, in its order. `min` and `max` are among the functions, too: without an index
/// set they are elementwise.
[[nodiscard]] std::span<const ReductionInfo> reductions();
[[nodiscard]] const ReductionInfo *findReduction(std::string_view name);
/// Looks for a number among all elements of a member: `quantile`.
[[nodiscard]] bool isSearch(ast::ReductionKind kind);
/// Gives each element a value that depends on all elements of its member: `largest`.
[[nodiscard]] bool isRearrangement(ast::ReductionKind kind);

/// The sign or word of an operator: `+`, `and`.
[[nodiscard]] std::string_view spelling(ast::BinaryOp op);
[[nodiscard]] bool isComparison(ast::BinaryOp op);
[[nodiscard]] bool isLogical(ast::BinaryOp op);

} // namespace ravine
