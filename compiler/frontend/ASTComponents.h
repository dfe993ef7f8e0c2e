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

/// `lookahead<adamw>(k = 6)`, `group_lasso[channel](lambda = 1e-3)`: a declaration by name, what it is built from, over
/// which index set it takes its argument, and new defaults for its hypers. The name is empty where the source could not
/// be understood, which has been reported.
struct Use {
  std::string name;
  SourceSpan nameSpan;
  std::vector<ComponentPtr> parts;
  /// Of a penalty or a set.
  std::optional<IndexSet> set = std::nullopt;
  SourceSpan setSpan = {};
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

/// `2*l1`: a penalty times a number.
struct Scaled {
  ExprPtr factor;
  ComponentPtr penalty;
};

/// `l1 + ridge`: the sum of penalties of the same argument.
struct Sum {
  ComponentPtr left;
  ComponentPtr right;
  SourceSpan plusSpan;
};

/// What an optimizer or a penalty can be made of.
struct Component {
  SourceSpan span;
  std::variant<Use, Pipe, Select, Frozen, With, Scaled, Sum> node;

  template <typename T> [[nodiscard]] const T *as() const { return std::get_if<T>(&node); }
  template <typename T> [[nodiscard]] T *as() { return std::get_if<T>(&node); }
};

/// What the parameter of a generic declaration stands for. A set will do where a penalty is asked for: it is the one
/// that is 0 on the set and infinite elsewhere.
enum class ParameterKind : uint8_t { Optimizer, Penalty, Set, Function };

/// `convex`, in `<P: penalty with convex>` and in `law convex when P convex`.
struct LawName {
  std::string name;
  SourceSpan span;
};

/// `inner: optimizer`, `P: penalty with convex, separable = l1`, between `<` and `>`.
struct GenericParameter {
  std::string name;
  SourceSpan nameSpan;
  ParameterKind kind = ParameterKind::Optimizer;
  /// The laws that what takes its place has to declare.
  std::vector<LawName> laws = {};
  /// What it is where the use says nothing; null where the use has to say.
  ComponentPtr defaultPart = nullptr;
};

} // namespace ravine::ast
