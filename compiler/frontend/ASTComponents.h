// The syntax tree of composition: what an optimizer can be made of. Elaboration replaces it.
#pragma once

#include "compiler/frontend/ASTItems.h"

namespace ravine::ast {

struct Component;
using ComponentPtr = std::unique_ptr<Component>;

/// `lr = 3e-4`, or without a name.
struct Argument {
  std::string name;
  SourceSpan nameSpan;
  ExprPtr value;
};

/// `lookahead<adamw>(k = 6)`: a declaration by name, what it is built from, and new defaults for its hypers. The name
/// is empty where the source could not be understood, which has been reported.
struct Use {
  std::string name;
  SourceSpan nameSpan;
  std::vector<ComponentPtr> parts;
  std::vector<Argument> arguments;
};

/// One stage of a pipe: `slow: ema(0.999) where matrix`.
struct Stage {
  std::string label; // "" where there is none
  SourceSpan labelSpan;
  ComponentPtr component;
  ExprPtr condition; // null: applies to every tensor
  SourceSpan conditionSpan;
};

/// `clip_global(1.0) |> adamw |> ema(0.999)`
struct Pipe {
  std::vector<Stage> stages;
};

/// `hidden: matrix -> muon(lr = 0.02)`, in a selection.
struct Branch {
  std::string label; // "" where there is none
  SourceSpan labelSpan;
  ExprPtr condition; // null for `_`
  SourceSpan conditionSpan;
  ComponentPtr component;
};

/// `select { hidden: matrix -> muon(lr = 0.02); _ -> adamw }`
struct Select {
  std::vector<Branch> branches;
};

/// `frozen`: a branch in which nothing happens.
struct Frozen {};

/// `m, v store bf16`, `master f32`
struct StorageClause {
  SourceSpan span;
  /// None: the master copy of the parameter.
  std::vector<std::string> states;
  std::vector<SourceSpan> stateSpans;
  Storage storage = Storage::F32;
};

/// `adamw with { m, v store bf16; master f32 }`
struct With {
  ComponentPtr base;
  std::vector<StorageClause> clauses;
};

/// What an optimizer can be made of.
struct Component {
  SourceSpan span;
  std::variant<Use, Pipe, Select, Frozen, With> node;

  template <typename T> [[nodiscard]] const T *as() const { return std::get_if<T>(&node); }
  template <typename T> [[nodiscard]] T *as() { return std::get_if<T>(&node); }
};

/// `inner: optimizer`, between `<` and `>`.
struct GenericParameter {
  std::string name;
  SourceSpan nameSpan;
};

} // namespace ravine::ast
