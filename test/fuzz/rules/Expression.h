// Expressions and rules as the fuzzer makes them: trees that are easy to cut, written out as source text.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ravine::fuzz {

/// From coarse to fine, as in the language.
enum class Set { Model, Group, Tensor, Element };

/// An expression. Its text is `form` with %0, %1, … replaced by the operands.
struct Expression {
  std::string form;
  std::vector<Expression> operands = {};
  Set set = Set::Model;
  bool isCondition = false;

  [[nodiscard]] std::string text() const;
  /// Nodes of the tree.
  [[nodiscard]] size_t size() const;
  /// The node with that number in a walk from the root.
  [[nodiscard]] Expression &at(size_t number);
};

enum class ItemKind { Hyper, Policy, State, Requirement, Let, Equation, Metric, View };

/// One item of an optimizer.
struct Item {
  ItemKind kind;
  /// What the item is called; empty where it has no name.
  std::string name;
  /// Its text, in which %0 and %1 stand for the expressions.
  std::string form;
  std::vector<Expression> expressions = {};

  [[nodiscard]] std::string text() const;
};

/// A rule. Equations and lets stand in any order.
struct RuleTree {
  std::vector<Item> items;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] size_t count(ItemKind kind) const;
  /// Replaces every use of a name, with its prime or without. A let with `replacement` is its value.
  void replaceName(const std::string &name, const Expression &replacement);
};

[[nodiscard]] Expression leaf(const std::string &text, Set set);

/// How rules call their optimizer.
inline const std::string optimizerName = "fuzzed";

} // namespace ravine::fuzz
