// The braces of a declaration while they are parsed.
#pragma once

#include "compiler/frontend/AST.h"

#include <map>

namespace ravine {

/// What can stand in the braces of a declaration.
enum class Item : uint8_t {
  Hyper,
  State,
  Require,
  Let,
  Equation,
  Metric,
  View,
  Denormals,
  NonFinite,
  Master,
  Zero,
  Before,
  After,
  Skip,
  Length,
  Value,
  Prox,
  Gradient,
  Project,
  Contains,
  Law
};

/// Whose braces they are; a composition is `optimizer x = { … }`, those of a set are a penalty's.
enum class BodyKind : uint8_t { Optimizer, Composition, Schedule, Transform, Before, After, Penalty };

/// The braces of a declaration, and where its items go; null for those that it cannot hold.
struct Body {
  BodyKind kind;
  /// "the optimizer `adamw`"
  std::string what;
  std::vector<std::unique_ptr<ast::HyperDecl>> *hypers = nullptr;
  std::vector<std::unique_ptr<ast::StateDecl>> *states = nullptr;
  std::vector<ast::Requirement> *requirements = nullptr;
  std::vector<std::unique_ptr<ast::LetDecl>> *lets = nullptr;
  std::vector<ast::Equation> *equations = nullptr;
  std::vector<std::unique_ptr<ast::MetricDecl>> *metrics = nullptr;
  std::vector<std::unique_ptr<ast::ViewDecl>> *views = nullptr;
  std::vector<ast::Skip> *skips = nullptr;
  ast::OptimizerDecl *optimizer = nullptr;
  ast::TransformDecl *transform = nullptr;
  ast::ScheduleDecl *schedule = nullptr;
  ast::PenaltyDecl *penalty = nullptr;
  bool *zeroesGradient = nullptr;
  /// Where it says what may be said once: `denormals keep`, `nonfinite …`, `master f32`, `zero g`, `before`, `after`,
  /// `length` and `value`, what a penalty defines, and each of its laws.
  std::map<std::string_view, SourceSpan> saidOnce = {};

  [[nodiscard]] bool holds(Item item) const;
};

} // namespace ravine
