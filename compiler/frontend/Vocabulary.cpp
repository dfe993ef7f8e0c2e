// The tables of predefined names, functions and operators.
#include "compiler/frontend/Vocabulary.h"

#include "compiler/frontend/ForeignNames.h"

#include <algorithm>
#include <array>
#include <limits>

namespace ravine {

using ast::BinaryOp;
using ast::Function;
using ast::Predefined;
using ast::ReductionKind;
using ast::Storage;

namespace {

struct PredefinedName {
  std::string_view name;
  Predefined meaning;
};

constexpr std::array predefinedNames = {
    PredefinedName{"w", Predefined::Parameter},   PredefinedName{"g", Predefined::Gradient},
    PredefinedName{"t", Predefined::T},           PredefinedName{"step", Predefined::Step},
    PredefinedName{"size", Predefined::Size},     PredefinedName{"rank", Predefined::Rank},
    PredefinedName{"matrix", Predefined::Matrix}, PredefinedName{"rows", Predefined::Rows},
    PredefinedName{"cols", Predefined::Cols},     PredefinedName{"channels", Predefined::Channels},
    PredefinedName{"pi", Predefined::Pi},
};

constexpr size_t any = std::numeric_limits<size_t>::max();

constexpr std::array functionTable = {
    FunctionInfo{"abs", Function::Abs, 1, 1},     FunctionInfo{"sign", Function::Sign, 1, 1},
    FunctionInfo{"sqrt", Function::Sqrt, 1, 1},   FunctionInfo{"exp", Function::Exp, 1, 1},
    FunctionInfo{"log", Function::Log, 1, 1},     FunctionInfo{"log1p", Function::Log1p, 1, 1},
    FunctionInfo{"expm1", Function::Expm1, 1, 1}, FunctionInfo{"sin", Function::Sin, 1, 1},
    FunctionInfo{"cos", Function::Cos, 1, 1},     FunctionInfo{"tan", Function::Tan, 1, 1},
    FunctionInfo{"asin", Function::Asin, 1, 1},   FunctionInfo{"acos", Function::Acos, 1, 1},
    FunctionInfo{"atan", Function::Atan, 1, 1},   FunctionInfo{"sinh", Function::Sinh, 1, 1},
    FunctionInfo{"cosh", Function::Cosh, 1, 1},   FunctionInfo{"tanh", Function::Tanh, 1, 1},
    FunctionInfo{"erf", Function::Erf, 1, 1},     FunctionInfo{"floor", Function::Floor, 1, 1},
    FunctionInfo{"ceil", Function::Ceil, 1, 1},   FunctionInfo{"round", Function::Round, 1, 1},
    FunctionInfo{"min", Function::Min, 2, any},   FunctionInfo{"max", Function::Max, 2, any},
    FunctionInfo{"clamp", Function::Clamp, 3, 3},
};

constexpr std::array reductionTable = {
    ReductionInfo{"sum", ReductionKind::Sum, 1, false},
    ReductionInfo{"mean", ReductionKind::Mean, 1, false},
    ReductionInfo{"max", ReductionKind::Max, 1, false},
    ReductionInfo{"min", ReductionKind::Min, 1, false},
    ReductionInfo{"norm", ReductionKind::Norm, 1, false},
    ReductionInfo{"norm1", ReductionKind::Norm1, 1, false},
    ReductionInfo{"norminf", ReductionKind::NormInf, 1, false},
    ReductionInfo{"any", ReductionKind::Any, 1, true},
    ReductionInfo{"all", ReductionKind::All, 1, true},
    ReductionInfo{"count", ReductionKind::Count, 1, true},
    ReductionInfo{"dot", ReductionKind::Dot, 2, false, "(a, b)"},
    ReductionInfo{"kth_largest", ReductionKind::KthLargest, 2, false, "(x, k)"},
    ReductionInfo{"quantile", ReductionKind::Quantile, 2, false, "(x, q)"},
    ReductionInfo{"simplex_threshold", ReductionKind::SimplexThreshold, 2, false, "(x, s)"},
    ReductionInfo{"largest", ReductionKind::Largest, 2, false, "(x, k)"},
    ReductionInfo{"difference", ReductionKind::Difference, 1, false},
    ReductionInfo{"taut_string", ReductionKind::TautString, 2, false, "(x, lambda)"},
};

// In the order of Storage; how a step computes has no name.
constexpr std::array<std::string_view, 5> storageNames = {"", "f32", "f64", "bf16", "f16"};

// In the order of BinaryOp.
constexpr std::array<std::string_view, 13> operatorSpellings = {
    "+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!=", "and", "or"};

} // namespace

std::optional<Predefined> predefined(std::string_view name) {
  const auto *found = std::ranges::find(predefinedNames, name, &PredefinedName::name);
  return found == predefinedNames.end() ? std::nullopt : std::optional(found->meaning);
}

bool isPatternFunction(std::string_view name) {
  return name == "name" || name == "group";
}

bool isCompositionWord(std::string_view name) {
  return name == "select" || name == "frozen" || name == "_";
}

bool isReserved(std::string_view name) {
  return predefined(name) || !truthValue(name).empty();
}

std::optional<Storage> findStorage(std::string_view word) {
  const auto *found = std::find(storageNames.begin() + 1, storageNames.end(), word);
  return found == storageNames.end() ? std::nullopt : std::optional(static_cast<Storage>(found - storageNames.begin()));
}

std::string_view spelling(Storage storage) {
  return storageNames[static_cast<size_t>(storage)];
}

std::span<const FunctionInfo> functions() {
  return functionTable;
}

const FunctionInfo *findFunction(std::string_view name) {
  const auto *found = std::ranges::find(functionTable, name, &FunctionInfo::name);
  return found == functionTable.end() ? nullptr : found;
}

std::span<const ReductionInfo> reductions() {
  return reductionTable;
}

const ReductionInfo *findReduction(std::string_view name) {
  const auto *found = std::ranges::find(reductionTable, name, &ReductionInfo::name);
  return found == reductionTable.end() ? nullptr : found;
}

bool isSearch(ReductionKind kind) {
  return kind >= ReductionKind::KthLargest && kind <= ReductionKind::SimplexThreshold;
}

bool isRearrangement(ReductionKind kind) {
  return kind >= ReductionKind::Largest;
}

std::string_view spelling(BinaryOp op) {
  return operatorSpellings[static_cast<size_t>(op)];
}

bool isComparison(BinaryOp op) {
  return op >= BinaryOp::Less && op <= BinaryOp::NotEqual;
}

bool isLogical(BinaryOp op) {
  return op == BinaryOp::And || op == BinaryOp::Or;
}

} // namespace ravine
