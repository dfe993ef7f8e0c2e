// The syntax tree of expressions, and what the checker knows of each.
#pragma once

#include "compiler/diagnostics/Diagnostic.h"
#include "dialect/ravine/IndexSet.h"

#include <memory>
#include <optional>
#include <variant>

namespace ravine::ast {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// Over what a value varies. The result of an operation varies over the coarsest index set that refines those of its
/// operands (`join`).
using ravine::IndexSet;

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
  Channels,  // channels, tensor: extent of the second axis; 0 where rank < 2
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

/// Of an elementary function, and until elaboration also of a `fn`, of a schedule, of a generic optimizer's part, and
/// of what a penalty offers: the callee of `P.prox(w, 1/beta)` is "P.prox".
struct Call {
  std::string callee;
  SourceSpan calleeSpan;
  std::vector<ExprPtr> arguments;
  std::optional<Function> function; // filled by the checker
  /// As many as there are arguments, "" for those without a name; empty where none has one.
  std::vector<std::string> argumentNames = {};

  /// "P" and "prox", of `P.prox(w, 1/beta)`.
  struct Request {
    std::string_view part, member;
  };
  /// What is asked of a penalty; nothing where something else is called. Views of `callee`.
  [[nodiscard]] std::optional<Request> request() const {
    std::string_view whole = callee;
    size_t dot = whole.find('.');
    return dot == whole.npos ? std::nullopt : std::optional<Request>({whole.substr(0, dot), whole.substr(dot + 1)});
  }
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

/// The functions that need all of what lies in a member of an index set: those that fold it to one number, those that
/// look for one (KthLargest, Quantile, SimplexThreshold), and those that give each element a value that depends on all
/// of them and on their order (Largest, Difference, TautString).
enum class ReductionKind : uint8_t {
  Sum,
  Mean,
  Max,
  Min,
  Norm,
  Norm1,
  NormInf,
  Any,
  All,
  Count,
  Dot,
  KthLargest,       // kth_largest[S](x, k)
  Quantile,         // quantile[S](x, q)
  SimplexThreshold, // simplex_threshold[S](x, s)
  Largest,          // largest[S](x, k), true for each of the k largest elements
  Difference,       // difference[S](x), the next element less this one
  TautString,       // taut_string[S](x, lambda)
};

/// `norm[model](g)`: one number per member of `set`, which is the index set of the result; or `largest[row](x, k)`, one
/// for each element. In a penalty a bare one means the whole argument.
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
  /// Filled by elaboration, for a fold that nobody wrote: what the source has in its place, "P.value".
  std::string standsFor = {};

  /// What the source calls it.
  [[nodiscard]] const std::string &written() const { return standsFor.empty() ? name : standsFor; }
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
  /// Filled by elaboration for the step τ of a prox that takes its argument over this set as a whole: there is one step
  /// for each member.
  std::optional<IndexSet> stepOver = std::nullopt;
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

} // namespace ravine::ast
