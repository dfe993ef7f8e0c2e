// From the syntax tree of a test to a case that can be run.
#pragma once

#include "compiler/testing/Case.h"
#include "compiler/testing/Expressions.h"

namespace ravine::testing {

/// Finds what the names of a test mean and which shapes its values have. `optimizer` is what the test uses, composed
/// and checked. Nothing after a message.
[[nodiscard]] std::optional<Case> resolve(const SourceManager &sources, const ast::TestDecl &test,
                                          const ast::OptimizerDecl &optimizer, Diagnostics &diagnostics);

/// The names that the gradient of a tensor, or the objective, may use. `parameters` has one array for each tensor;
/// `tensor` is the one that `w` means, or nothing where there are several.
[[nodiscard]] Names gradientNames(const Case &tried, const std::vector<Array> &parameters, std::optional<size_t> tensor,
                                  int64_t step);

} // namespace ravine::testing
