// The page of a penalty or a set, made from its source.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/documentation/Page.h"
#include "compiler/frontend/AST.h"

namespace ravine::documentation {

/// A penalty or a set of a file that has passed the frontend without errors, and what its page is called.
struct DocumentedPenalty {
  const ast::PenaltyDecl &penalty;
  std::string page;
};

[[nodiscard]] Page describe(const DocumentedPenalty &documented, const SourceManager &sources);

/// The laws that it declares as they are written, without their conditions: `convex, quadratic(lambda, 0)`.
[[nodiscard]] std::string lawsOf(const ast::PenaltyDecl &penalty, const SourceManager &sources);

} // namespace ravine::documentation
