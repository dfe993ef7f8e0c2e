// The syntax tree of `test` blocks, which elaboration leaves alone.
#pragma once

#include "compiler/frontend/ASTComponents.h"

namespace ravine::ast {

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

} // namespace ravine::ast
