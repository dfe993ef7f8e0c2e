// The syntax tree of a .rvn file. The parser builds it. Elaboration replaces what is composed (pipes, transforms,
// generic optimizers, selections, functions, schedules) by plain optimizers that say the same. The checker fills in
// what the names of those mean and what type each expression has, and from then on it is the checked AST that lowering
// reads.
//
// Expressions are owned by their parent. Names that the checker has resolved point at declarations of the same
// optimizer.
#pragma once

#include "compiler/frontend/ASTComponents.h"
#include "compiler/frontend/ASTTests.h"

namespace ravine::ast {

/// A place of the source whose text stands in an optimizer that was composed, and the place that put it there.
struct Expansion {
  SourceSpan body;
  SourceSpan use;
  /// "the transform `ema`", "the function `soft`"
  std::string what;
};

/// How an optimizer, a transform, a schedule, a penalty and a set begin.
struct DeclarationHead {
  SourceSpan span; // of the whole declaration, without its documentation
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  std::string citation;
  /// `export`. A file in which nothing is exported gives away all that it declares.
  bool isExported = false;
};

/// What a step does where a gradient holds an infinity or a NaN.
enum class NonFinite : uint8_t { Propagate, Skip, Error };

struct OptimizerDecl : DeclarationHead {
  /// `denormals keep`: kernels do not flush subnormal numbers to zero.
  bool keepsSubnormals = false;
  /// `nonfinite skip`, `nonfinite error`.
  NonFinite nonFinite = NonFinite::Propagate;
  /// `<inner: optimizer>`. One that has parameters is no optimizer until it is used.
  std::vector<GenericParameter> generics;
  /// `on w[row, col]`: for tensors with at least two axes alone.
  bool isOnMatrices = false;
  SourceSpan onSpan;
  /// `= clip |> adamw`, or the last line of `= { hyper peak = 1e-3; … }`; null where the rule is written out.
  ComponentPtr composition;
  /// `master f32`: where parameters are stored in less, the step works on a copy in f32 that is kept as a state.
  bool hasMaster = false;
  SourceSpan masterSpan;
  /// `zero g`: the step ends with gradients that are 0, also where it is skipped.
  bool zeroesGradient = false;
  /// In order: the first whose condition is true ends the step.
  std::vector<Skip> skips;
  /// Each after those it is under.
  std::vector<std::unique_ptr<ConditionDecl>> conditions;
  /// Filled by elaboration.
  std::vector<Expansion> expansions;
  /// Filled by elaboration: made of parts, each of which has been checked on its own.
  bool isComposed = false;
  std::vector<std::unique_ptr<HyperDecl>> hypers;
  std::vector<std::unique_ptr<StateDecl>> states;
  std::vector<Requirement> requirements;
  std::vector<std::unique_ptr<LetDecl>> lets;
  std::vector<Equation> equations;
  std::vector<std::unique_ptr<MetricDecl>> metrics;
  std::vector<std::unique_ptr<ViewDecl>> views;
};

/// How many outcomes the optional states, the cases and the selections of one optimizer may have for a tensor: each has
/// its own kernels.
inline constexpr size_t maxVariants = 64;

/// How many questions may be asked of a tensor for that.
inline constexpr size_t maxConditions = 32;

/// `fn soft(x, tau = 1) = sign(x)*max(abs(x) - tau, 0)`. Gone after elaboration, as is all that follows.
struct FunctionDecl {
  struct Parameter {
    std::string name;
    SourceSpan nameSpan;
    ExprPtr defaultExpr; // null where there is none
  };
  SourceSpan span; // of the whole declaration, without its documentation
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  bool isExported = false;
  std::vector<Parameter> parameters;
  ExprPtr body;
};

/// `let warmup = 1000`, outside of declarations: a number that is known when the program is compiled.
struct ConstantDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  bool isExported = false;
  ExprPtr value;
};

/// `schedule cosine { hyper steps : int = 1000 in [1, inf); length = steps; value = (1 + cos(pi*step/steps))/2 }`: a
/// number for each step, counted from 1. After `length` steps it keeps its last value.
struct ScheduleDecl : DeclarationHead {
  std::vector<std::unique_ptr<HyperDecl>> hypers;
  std::vector<Requirement> requirements;
  std::vector<std::unique_ptr<LetDecl>> lets;
  ExprPtr length; // null: goes on for ever
  ExprPtr value;
};

/// One half of a transform.
struct TransformBlock {
  SourceSpan span;
  std::vector<std::unique_ptr<LetDecl>> lets;
  /// Of states, and of `g` in a `before`, of `w` in an `after`.
  std::vector<Equation> equations;
  /// In a `before`.
  std::vector<Skip> skips;
};

/// `transform ema { hyper decay = 0.999; state shadow = w; after { shadow' = … }; view eval = shadow }`: what wraps a
/// step.
struct TransformDecl : DeclarationHead {
  std::vector<std::unique_ptr<HyperDecl>> hypers;
  std::vector<std::unique_ptr<StateDecl>> states;
  std::vector<Requirement> requirements;
  /// Of hypers, states and counters only; both halves see them.
  std::vector<std::unique_ptr<LetDecl>> lets;
  TransformBlock before;
  TransformBlock after;
  bool zeroesGradient = false;
  std::vector<std::unique_ptr<MetricDecl>> metrics;
  std::vector<std::unique_ptr<ViewDecl>> views;
};

/// What a penalty promises of itself, and `ravine test` tries to refute. P is its value, prox its proximal operator
/// argmin_u P(u) + ‖u − x‖²/(2τ), for τ > 0 and all values of its hypers.
enum class LawKind : uint8_t {
  Convex,       // P is convex
  Separable,    // P is a sum of functions of single elements, prox acts on each element by itself
  Nonexpansive, // ‖prox(x) − prox(y)‖ ≤ ‖x − y‖
  Minimizes,    // prox is a minimizer of P(u) + ‖u − x‖²/(2τ)
  Idempotent,   // projecting twice is projecting once
  Projection,   // of a set: the projected point lies in it, and none in it is nearer
  Conjugate,    // `conjugate(linf_ball(radius = lambda))`: Moreau's identity holds with that penalty as P*
  Quadratic,    // `quadratic(rho, c)`: P(x) = ρ/2·‖x − c‖², so that adding it has a rule
  Gradient,     // where P has a gradient: it is the slope of the value
  AgreesWith    // `agrees_with(NAME)`: same prox as another penalty
};

/// `law convex when P convex`
struct Law {
  SourceSpan span; // of the whole line
  LawKind kind;
  SourceSpan nameSpan;
  /// Of `quadratic`.
  std::vector<ExprPtr> arguments;
  /// Of `conjugate` and `agrees_with`.
  ComponentPtr other;
  /// `when P convex`: promised only where the part that takes the place of P promises that; empty where always.
  std::string part;
  SourceSpan partSpan;
  std::optional<LawName> partLaw;
};

/// `penalty l1(x) { hyper lambda = 1 in [0, inf); value = lambda*sum(abs(x)); prox(tau) = …; law convex }`, or
/// `set simplex(x) { hyper total = 1 in (0, inf); project = …; contains(tolerance) = … }`, or
/// `penalty sparse = group_lasso[row] + ridge(lambda = 0.1)`. A reduction without an index set is over the argument.
struct PenaltyDecl : DeclarationHead {
  bool isSet = false;
  std::vector<GenericParameter> generics;
  /// `= 2*l1`; null where it is written out.
  ComponentPtr composition;
  /// `x`; empty where it is composed.
  std::string argument;
  SourceSpan argumentSpan;
  std::vector<std::unique_ptr<HyperDecl>> hypers;
  std::vector<Requirement> requirements;
  /// Of hypers and constants only; all that follows sees them.
  std::vector<std::unique_ptr<LetDecl>> lets;
  /// Over the whole argument, one number; null where there is none, and for a set.
  ExprPtr value;
  SourceSpan valueSpan;
  /// `prox(tau) = …`; null where there is none, and for a set.
  std::string step;
  SourceSpan stepSpan;
  ExprPtr prox;
  SourceSpan proxSpan;
  /// `grad = …`, where the value has one everywhere; null where there is none.
  ExprPtr gradient;
  SourceSpan gradientSpan;
  /// Of a set: the nearest point of it, and `contains(tolerance) = …`, whether x lies in it up to a distance.
  ExprPtr project;
  SourceSpan projectSpan;
  std::string tolerance;
  SourceSpan toleranceSpan;
  ExprPtr contains;
  SourceSpan containsSpan;
  std::vector<Law> laws;
};

/// `import std.transforms`, `import std.schedules.cosine`, `import "mine.rvn"`, each also `: a, b as c`.
struct Import {
  struct Item {
    std::string name;
    SourceSpan nameSpan;
    std::string alias; // the name itself where there is no `as`
  };
  SourceSpan span;
  /// Of the words or the path.
  SourceSpan moduleSpan;
  /// `std` and so on; empty for a path.
  std::vector<std::string> words;
  std::string path;
  /// Empty: everything that is exported.
  std::vector<Item> items;
};

/// One source file.
struct Module {
  uint32_t file = 0;
  std::vector<Import> imports;
  std::vector<std::unique_ptr<ConstantDecl>> constants;
  std::vector<std::unique_ptr<FunctionDecl>> functions;
  std::vector<std::unique_ptr<ScheduleDecl>> schedules;
  std::vector<std::unique_ptr<TransformDecl>> transforms;
  std::vector<std::unique_ptr<PenaltyDecl>> penalties;
  std::vector<std::unique_ptr<OptimizerDecl>> optimizers;
  std::vector<std::unique_ptr<TestDecl>> tests;
  /// Whether a declaration says `export`. A file in which none does exports all of them.
  bool hasExports = false;

  /// Of a declaration of this file.
  template <typename Declaration> [[nodiscard]] bool exports(const Declaration &declaration) const {
    return declaration.isExported || !hasExports;
  }
};

} // namespace ravine::ast
