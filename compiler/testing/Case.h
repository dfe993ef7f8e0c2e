// What is to be tried: an optimizer, the tensors that it works on, where their gradients come from, and what is
// expected of it. A `test` block makes one; whatever else has cases to try, such as a law, makes them too.
#pragma once

#include "compiler/frontend/AST.h"
#include "compiler/lowering/Precision.h"
#include "compiler/testing/Array.h"

#include <optional>

namespace ravine::testing {

struct CaseTensor {
  std::string name;
  /// "" where the case names none.
  std::string group;
  /// What it begins with, numbers of its precision.
  Array parameter;
  /// For each step; the last one stays. Null: takes no part. Empty where the case has an objective. Not owned.
  std::vector<const ast::Expr *> gradients;
};

/// A new value for a hyper, before a step.
struct CaseSetting {
  int64_t step = 1;
  std::string hyper;
  /// A truth value as 0 or 1, a choice as its index.
  double value = 0;
  /// The one group or the one tensor that is meant.
  std::optional<std::string> group = {};
  std::optional<size_t> tensor = {};
  SourceSpan span;
};

struct CaseExpectation {
  const ast::TestExpectation *written = nullptr;
  int64_t after = 1;
  /// The tensor whose names it uses; nothing where there are several.
  std::optional<size_t> tensor = {};
};

/// A state of the optimizer, as expectations may name it.
struct CaseState {
  std::string name;
  ast::IndexSet set = ast::IndexSet::Element;
  ast::Storage storage = ast::Storage::Compute;
};

struct Case {
  std::string name;
  SourceSpan nameSpan;
  /// Composed, checked, and part of a library. Not owned.
  const ast::OptimizerDecl *optimizer = nullptr;
  Precision precision;
  /// With the master copy of the parameter, where there is one.
  std::vector<CaseState> states;
  std::vector<CaseTensor> tensors;
  /// What the steps minimize; null where tensors have gradients of their own. Not owned.
  const ast::Expr *objective = nullptr;
  int64_t steps = 1;
  /// Those of one step are made in this order.
  std::vector<CaseSetting> settings;
  std::vector<CaseExpectation> expectations;
};

/// What no test needs more of, and what takes no longer than a person waits.
inline constexpr int64_t mostSteps = 100'000;
inline constexpr int64_t mostElements = 65'536;
/// Steps times elements.
inline constexpr int64_t mostUpdates = 10'000'000;

/// The shape in which a test sees a value over an index set: one axis for groups of elements, none for a single number.
[[nodiscard]] std::vector<int64_t> shapeOver(ast::IndexSet set, const std::vector<int64_t> &tensor);

/// A number as it is stored.
[[nodiscard]] double stored(double number, ravine_dtype dtype);
/// The bits of a number in bf16 or f16, and the number that bits stand for.
[[nodiscard]] uint16_t bitsOf(double number, ravine_dtype dtype);
[[nodiscard]] double numberOf(uint16_t bits, ravine_dtype dtype);
/// How far two neighbouring numbers are apart there, as a part of them: 2^-23 for f32.
[[nodiscard]] double spacing(ravine_dtype dtype);

} // namespace ravine::testing
