// The page of an optimizer, made from its source, and the page that lists all pages.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/documentation/Page.h"
#include "compiler/documentation/PenaltyPage.h"
#include "compiler/frontend/AST.h"

#include <span>

namespace ravine::documentation {

/// What a step costs under one outcome of the conditions that are fixed at creation; bytes per parameter.
struct Cost {
  /// Each condition as written, and whether it holds.
  std::vector<std::pair<std::string, bool>> conditions;
  /// Whether the default hypers choose it: for a matrix, where a condition asks for the shape of a tensor.
  bool isDefault = true;
  bool asksForShape = false;
  unsigned sweeps = 0;
  /// Of main memory, when nothing stays in cache between sweeps, and when a tensor does.
  double bytes = 0;
  double bytesCached = 0;
  double stateBytes = 0;
};

/// Everything about one optimizer of a file that has passed the frontend without errors.
struct Documented {
  const ast::OptimizerDecl &optimizer;
  std::vector<Cost> costs;
};

/// What the page of an optimizer is called, whichever others there are: its name, but `index` is taken.
[[nodiscard]] std::string pageName(const ast::OptimizerDecl &optimizer);

[[nodiscard]] Page describe(const Documented &documented, const SourceManager &sources);

/// Lists optimizers, then penalties and sets.
[[nodiscard]] Page describeAll(std::span<const Documented> optimizers, std::span<const DocumentedPenalty> penalties,
                               const SourceManager &sources);

} // namespace ravine::documentation
