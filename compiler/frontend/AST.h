// The syntax tree of a .rvn file. The parser builds it; the checker fills in what the names mean and what type each
// expression has, and from then on it is the checked AST that lowering reads.
//
// Expressions are owned by their parent. Names that the checker has resolved point at declarations in the same Module.
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
  Pi,        // pi, model
};

/// One choice of an enum hyper.
struct EnumChoice {
  const HyperDecl *hyper = nullptr;
  uint32_t index = 0;

  friend bool operator==(const EnumChoice &, const EnumChoice &) = default;
};

/// What a name stands for.
using Symbol =
    std::variant<std::monostate, Predefined, const HyperDecl *, const StateDecl *, const LetDecl *, EnumChoice>;

struct Number {
  double value = 0;
  /// Written without a point, an exponent or a percent sign.
  bool isInteger = false;
};

struct Boolean {
  bool value = false;
};

/// A use of a name. `isPrimed`: the value the step ends with; allowed on `w` and on states.
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

struct Call {
  std::string callee;
  SourceSpan calleeSpan;
  std::vector<ExprPtr> arguments;
  std::optional<Function> function; // filled by the checker
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
  std::variant<Number, Boolean, Name, Unary, Binary, If, Call, Reduction, Case, Block> node;
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
  // Filled by the checker: the default as a number (bool 0 or 1, enum the index of the choice) and the range, which is
  // (-inf, inf) where none was written.
  double defaultValue = 0;
  Bound lower;
  Bound upper;
};

/// `state m = 0`, `state b when momentum > 0 = 0`, `state S [model] = 0`
struct StateDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ExprPtr condition; // null where the state always exists
  SourceSpan conditionSpan;
  ExprPtr initial;
  IndexSet set = IndexSet::Element;
};

/// `m' = beta1*m + (1 - beta1)*g`; `target` is `w` or a state.
struct Equation {
  SourceSpan targetSpan;
  std::string target;
  Symbol symbol; // filled by the checker: Predefined::Parameter or a state
  ExprPtr value;
};

/// `require beta1 < beta2`
struct Requirement {
  SourceSpan span; // of the condition
  ExprPtr condition;
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

/// What a step does where a gradient holds an infinity or a NaN.
enum class NonFinite : uint8_t { Propagate, Skip, Error };

struct OptimizerDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  std::string citation;
  /// `denormals keep`: kernels do not flush subnormal numbers to zero.
  bool keepsSubnormals = false;
  /// `nonfinite skip`, `nonfinite error`.
  NonFinite nonFinite = NonFinite::Propagate;
  std::vector<std::unique_ptr<HyperDecl>> hypers;
  std::vector<std::unique_ptr<StateDecl>> states;
  std::vector<Requirement> requirements;
  std::vector<std::unique_ptr<LetDecl>> lets;
  std::vector<Equation> equations;
  std::vector<std::unique_ptr<MetricDecl>> metrics;
  std::vector<std::unique_ptr<ViewDecl>> views;
};

/// How many different conditions the optional states and the cases of one optimizer may have: each doubles the kernels.
inline constexpr size_t maxStateConditions = 4;

/// One source file.
struct Module {
  uint32_t file = 0;
  std::vector<std::unique_ptr<OptimizerDecl>> optimizers;
};

} // namespace ravine::ast
