// Expressions and rules as the fuzzer makes them: trees that are easy to cut, written out as source text.
#pragma once

#include "dialect/ravine/IndexSet.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ravine::fuzz {

/// An expression. Its text is `form` with %0, %1, … replaced by the operands.
struct Expression {
  std::string form;
  std::vector<Expression> operands = {};
  IndexSet set = IndexSet::Model;
  bool isCondition = false;

  [[nodiscard]] std::string text() const;
  /// Nodes of the tree.
  [[nodiscard]] size_t size() const;
  /// The node with that number in a walk from the root.
  [[nodiscard]] Expression &at(size_t number);
};

enum class ItemKind { Hyper, Policy, State, Requirement, Let, Equation, Metric, View, Skip };

/// Where an item of a transform stands: outside of its halves, or in one of them.
enum class Half { None, Before, After };

/// One item of an optimizer or a transform.
struct Item {
  ItemKind kind;
  /// What the item is called; empty where it has no name.
  std::string name;
  /// Its text, in which %0 and %1 stand for the expressions.
  std::string form;
  std::vector<Expression> expressions = {};
  Half half = Half::None;

  [[nodiscard]] std::string text() const;
};

enum class PartKind {
  Optimizer,
  Transform,
  /// An optimizer built around another one, which it calls `inner`.
  Generic,
};

/// A declaration that subjects are made of. Equations and lets stand in any order.
struct Part {
  PartKind kind = PartKind::Optimizer;
  std::string name = {};
  std::vector<Item> items = {};
  /// The penalty that it is built from where nothing else is said, called P; empty for none.
  std::string penalty = {};
  /// Whether it says that it is for tensors with at least two axes.
  bool isForMatrices = false;

  /// `called` is what it is to be called there.
  [[nodiscard]] std::string text(const std::string &called) const;
  /// Replaces every use of a name, with its prime or without. A let with `replacement` is its value.
  void replaceName(const std::string &name, const Expression &replacement);
};

[[nodiscard]] Expression leaf(const std::string &text, IndexSet set);
/// It varies over what its operands do together. Last ones that do not stand in `form` are left out.
[[nodiscard]] Expression make(const std::string &form, std::vector<Expression> operands, bool isCondition = false);

} // namespace ravine::fuzz
