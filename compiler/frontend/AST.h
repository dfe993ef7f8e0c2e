// The syntax tree of a .rvn file. The parser builds it. Elaboration replaces what is composed (pipes, transforms,
// generic optimizers, selections, functions, schedules) by plain optimizers that say the same. The checker fills in
// what the names of those mean and what type each expression has, and from then on it is the checked AST that lowering
// reads.
//
// Expressions are owned by their parent. Names that the checker has resolved point at declarations of the same
// optimizer.
#pragma once

#include "compiler/diagnostics/Diagnostic.h"

#include <memory>
#include <optional>
#include <variant>

namespace ravine::ast {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// Over what a value varies, from coarse to fine. The result of an operation varies over the finest of its operands.
enum class IndexSet : uint8_t { Model, Group, Tensor, Element };

enum class ValueKind : uint8_t { Real, Int, Bool, Enum };

struct HyperDecl;
struct StateDecl;
struct LetDecl;
struct ConditionDecl;

/// What the checker knows of an expression. `enumeration` is the hyper whose choices it ranges over, for Enum.
struct Type {
  ValueKind kind = ValueKind::Real;
  IndexSet set = IndexSet::Model;
  const HyperDecl *enumeration = nullptr;
};

/// Names that every rule knows without declaring them.
enum class Predefined : uint8_t {
  Parameter, // w, element
  Gradient,  // g, element
  T,         // t, tensor: steps in which this tensor took part
  Step,      // step, model: committed steps
  Size,      // size, tensor: number of elements
  Rank,      // rank, tensor: number of axes
  Matrix,    // matrix, tensor: whether it has rows and columns, that is, rank >= 2
  Rows,      // rows, tensor: extent of the first axis; 0 where rank < 2
  Cols,      // cols, tensor: extents of the other axes, multiplied; 0 where rank < 2
  Pi,        // pi, model
};

/// One choice of an enum hyper.
struct EnumChoice {
  const HyperDecl *hyper = nullptr;
  uint32_t index = 0;

  friend bool operator==(const EnumChoice &, const EnumChoice &) = default;
};

/// What a name stands for.
using Symbol = std::variant<std::monostate, Predefined, const HyperDecl *, const StateDecl *, const LetDecl *,
                            EnumChoice, const ConditionDecl *>;

struct Number {
  double value = 0;
  /// Written without a point, an exponent or a percent sign.
  bool isInteger = false;
  /// Filled by elaboration: it came to stand here for a name, so that nobody wrote what follows from it.
  bool isSubstituted = false;
};

struct Boolean {
  bool value = false;
};

/// A use of a name. `isPrimed`: the value the step ends with; allowed on `w` and on states, and in the `before` of a
/// transform on `g`. The text holds a dot in `w.old` and in what elaboration has named after its part, such as
/// `hidden.m`.
struct Name {
  std::string text;
  bool isPrimed = false;
  Symbol symbol;
};

enum class UnaryOp : uint8_t { Negate, Not };

struct Unary {
  UnaryOp op;
  ExprPtr operand;
};

enum class BinaryOp : uint8_t {
  Add,
  Subtract,
  Multiply,
  Divide,
  Power,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Equal,
  NotEqual,
  And,
  Or
};

struct Binary {
  BinaryOp op;
  SourceSpan opSpan;
  ExprPtr left;
  ExprPtr right;
};

struct If {
  ExprPtr condition;
  ExprPtr thenValue;
  ExprPtr elseValue;
};

/// The elementwise functions of the language.
enum class Function : uint8_t {
  Abs,
  Sign,
  Sqrt,
  Exp,
  Log,
  Log1p,
  Expm1,
  Sin,
  Cos,
  Tan,
  Asin,
  Acos,
  Atan,
  Sinh,
  Cosh,
  Tanh,
  Erf,
  Floor,
  Ceil,
  Round,
  Min,
  Max,
  Clamp,
};

/// Of an elementary function, and until elaboration also of a `fn`, of a schedule, and of a generic optimizer's part.
struct Call {
  std::string callee;
  SourceSpan calleeSpan;
  std::vector<ExprPtr> arguments;
  std::optional<Function> function; // filled by the checker
  /// As many as there are arguments, "" for those without a name; empty where none has one.
  std::vector<std::string> argumentNames = {};
};

/// `linear_warmup(1000) then cosine(9000)`: numbers that follow each other as steps go by. Gone after elaboration.
struct Then {
  ExprPtr first;
  ExprPtr second;
  SourceSpan thenSpan;
};

/// `name("*.bias", "norm*")`, `group("head")`: whether the name of the tensor, or of its group, is like one of the
/// patterns, in which `*` stands for any characters and `?` for one.
struct Match {
  bool isOfGroup = false;
  std::vector<std::string> patterns;
};

/// The functions that fold a finer index set to a coarser one.
enum class ReductionKind : uint8_t { Sum, Mean, Max, Min, Norm, Norm1, NormInf, Any, All, Count, Dot };

/// `norm[model](g)`: one number per member of `set`, which is the index set of the result.
struct Reduction {
  ReductionKind kind;
  std::string name;
  SourceSpan nameSpan;
  /// Absent where the source names none, which the checker reports.
  std::optional<IndexSet> set;
  SourceSpan setSpan;
  std::vector<ExprPtr> arguments;
  /// Filled by elaboration, for `[model]` inside a part that some tensors have: it folds those for which all of these
  /// hold.
  std::vector<const ConditionDecl *> under = {};
};

/// `case matrix { a } else { b }`: a choice that is made for each tensor when the optimizer is created, from its shape
/// and from hypers. What is not chosen is not computed.
struct Case {
  ExprPtr condition;
  SourceSpan conditionSpan;
  ExprPtr thenValue;
  ExprPtr elseValue;
};

struct LetDecl {
  std::string name;
  SourceSpan nameSpan;
  ExprPtr value;
};

/// `{ let a = …; let b = …; value }`
struct Block {
  std::vector<std::unique_ptr<LetDecl>> lets;
  ExprPtr value;
};

struct Expr {
  SourceSpan span;
  std::variant<Number, Boolean, Name, Unary, Binary, If, Call, Reduction, Case, Block, Then, Match> node;
  Type type; // filled by the checker

  template <typename T> [[nodiscard]] const T *as() const { return std::get_if<T>(&node); }
  template <typename T> [[nodiscard]] T *as() { return std::get_if<T>(&node); }
};

/// One end of a range; infinite where the source says `inf`.
struct Bound {
  double value = 0;
  bool isOpen = false;
};

/// `hyper lr : real = 1e-3 in [0, inf)`, `hyper d0 [model] = 1e-6`
struct HyperDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ValueKind kind = ValueKind::Real;
  /// Group unless the source says `[model]` or `[tensor]`.
  IndexSet set = IndexSet::Group;
  std::vector<std::string> choices; // of an enum
  ExprPtr defaultExpr;
  SourceSpan rangeSpan;
  /// The default depends on `step` or on other hypers: until the host sets the hyper, it follows `defaultExpr`, which
  /// is computed anew for each step. Set by elaboration, only for real hypers, and not for those per tensor.
  bool isScheduled = false;
  // Filled by the checker: the default as a number (bool 0 or 1, enum the index of the choice; of a scheduled one, what
  // it is at step 1) and the range, which is (-inf, inf) where none was written.
  double defaultValue = 0;
  Bound lower;
  Bound upper;
};

/// How numbers are stored between steps; Compute: as the step computes them.
enum class Storage : uint8_t { Compute, F32, F64, BF16, F16 };

/// Something that is decided for each tensor at creation, and what depends on it: which branch of a selection a tensor
/// takes, and whether a stage of a pipe applies. Made by elaboration.
struct ConditionDecl {
  /// Such as "hidden": the label of the branch.
  std::string name;
  SourceSpan span;
  ExprPtr condition;
  /// Asked only for tensors for which all of these hold; for others it does not hold.
  std::vector<const ConditionDecl *> under;
  /// Of the conditions with the same number, exactly one holds for each tensor (for which those they are under do).
  std::optional<unsigned> choice;
};

/// `state m = 0`, `state b when momentum > 0 = 0`, `state S [model] = 0`, `state m store bf16 = 0`
struct StateDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ExprPtr condition; // null where the state always exists
  SourceSpan conditionSpan;
  ExprPtr initial;
  IndexSet set = IndexSet::Element;
  /// Of a state over elements.
  Storage storage = Storage::Compute;
  /// Filled by elaboration: it exists only where all of these hold, and `condition` too.
  std::vector<const ConditionDecl *> under;
};

/// `m' = beta1*m + (1 - beta1)*g`; `target` is `w` or a state.
struct Equation {
  SourceSpan targetSpan;
  std::string target;
  Symbol symbol; // filled by the checker: Predefined::Parameter or a state
  ExprPtr value;
  /// Filled by elaboration: how many of the optimizer's skips stand before it. It comes about unless one of them ends
  /// the step.
  unsigned skipsBefore = 0;
};

/// `skip when not (n < inf)`: ends the step. Its condition is one truth value for the model.
struct Skip {
  SourceSpan span; // of the condition
  ExprPtr condition;
};

/// `require beta1 < beta2`
struct Requirement {
  SourceSpan span; // of the condition
  ExprPtr condition;
  /// Filled by elaboration where the source does not say it in these words: how to tell people of it.
  std::string text = {};
};

/// `metric grad_norm = norm[model](g)`: one number per model or per tensor, read by the host after a step.
struct MetricDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ExprPtr value;
};

/// `view eval = (w - (1 - beta)*z)/beta`: one number per element, computed from what a step ended with when the host
/// asks for it.
struct ViewDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ExprPtr value;
};

// ---- composition: what elaboration replaces

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

/// A place of the source whose text stands in an optimizer that was composed, and the place that put it there.
struct Expansion {
  SourceSpan body;
  SourceSpan use;
  /// "the transform `ema`", "the function `soft`"
  std::string what;
};

/// What a step does where a gradient holds an infinity or a NaN.
enum class NonFinite : uint8_t { Propagate, Skip, Error };

struct OptimizerDecl {
  SourceSpan span; // of the whole declaration, without its documentation
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  std::string citation;
  /// `denormals keep`: kernels do not flush subnormal numbers to zero.
  bool keepsSubnormals = false;
  /// `nonfinite skip`, `nonfinite error`.
  NonFinite nonFinite = NonFinite::Propagate;
  /// `export`; the optimizers of a file that exports nothing are all exported.
  bool isExported = false;
  /// `<inner: optimizer>`. One that has parameters is no optimizer until it is used.
  std::vector<GenericParameter> generics;
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
struct ScheduleDecl {
  SourceSpan span; // of the whole declaration, without its documentation
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  std::string citation;
  bool isExported = false;
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
struct TransformDecl {
  SourceSpan span; // of the whole declaration, without its documentation
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  std::string citation;
  bool isExported = false;
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

// ---- tests, which elaboration leaves alone

/// `[1, 2]`, `[[1, 2], [3, 4]]`: an array, which only tests can write, is a call of this with its items.
inline constexpr std::string_view arrayCallee = "[]";

/// A whole number of a test, such as that of a step.
struct TestNumber {
  SourceSpan span;
  double value = 0;
};

/// `set lr = 0.01`, `at step 3 set lr = 0`, `set lr = 0.1 for "head"`
struct TestSetting {
  std::string hyper;
  SourceSpan hyperSpan;
  ExprPtr value;
  /// Before which step; before the first where there is none.
  std::optional<TestNumber> step = std::nullopt;
  /// The one group that is meant; all where there is none.
  std::optional<std::string> group = std::nullopt;
  SourceSpan groupSpan = {};
};

/// `within 1e-5 or 0.1%`: how far two numbers may be apart, absolutely or as a part of the greater one. Either is
/// enough.
struct Tolerance {
  std::optional<double> absolute;
  std::optional<double> relative;
};

/// `expect w' == [0.9, -1.9] within 1e-5`, `after 3 expect loss < 1`
struct TestExpectation {
  SourceSpan span; // of the comparison
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
  std::optional<Tolerance> tolerance;
  /// After which step; after the last where there is none.
  std::optional<TestNumber> after;
};

/// `tensor "fc.weight" { w = …; g = …; group = "head" }`, or the same directly in a test that has one tensor.
struct TestTensor {
  std::string name;
  SourceSpan nameSpan;
  ExprPtr parameter;
  SourceSpan gradientSpan;
  /// For each step; the last one stays. Null for `none`: the tensor takes no part in the step.
  std::vector<ExprPtr> gradients;
  std::string group;
  SourceSpan groupSpan;
  std::vector<TestSetting> settings;
  std::vector<TestExpectation> expectations;
};

/// `test "the first step is lr in size" { use adamw(lr = 0.1); w = [1, -2]; g = [0.5, -0.1]; expect w' == [0.9, -1.9]
/// }`
struct TestDecl {
  SourceSpan span; // of the whole declaration
  std::string name;
  SourceSpan nameSpan;
  /// What `use` names.
  ComponentPtr tested;
  std::string precision; // "" where there is none
  SourceSpan precisionSpan;
  std::vector<TestTensor> tensors;
  /// `minimize sum((w - 1)^2)/2`: its gradients are those of the steps. Null where there is none.
  ExprPtr objective;
  std::optional<TestNumber> steps;
  std::vector<TestSetting> settings;
  std::vector<TestExpectation> expectations;
};

/// One source file.
struct Module {
  uint32_t file = 0;
  std::vector<Import> imports;
  std::vector<std::unique_ptr<ConstantDecl>> constants;
  std::vector<std::unique_ptr<FunctionDecl>> functions;
  std::vector<std::unique_ptr<ScheduleDecl>> schedules;
  std::vector<std::unique_ptr<TransformDecl>> transforms;
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
