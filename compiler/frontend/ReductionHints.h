// What to write instead of a reduction that is not one: it names no index set, or folds what it cannot.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"

namespace ravine {

/// "write `norm[tensor](g)` or `norm[model](g)`", with the first `count` of the arguments.
[[nodiscard]] std::string withIndexSet(const SourceManager &sources, std::string_view name,
                                       const std::vector<ast::ExprPtr> &arguments, size_t count);

/// For a reduction of one number for each member of `from`, which is neither finer nor coarser than that of the
/// reduction: rows to columns.
[[nodiscard]] std::string insteadOfCrossing(const SourceManager &sources, const ast::Reduction &reduction,
                                            IndexSet from);

/// For a reduction of what is the same for every element.
[[nodiscard]] std::string insteadOfSameForAll(const SourceManager &sources, const ast::Reduction &reduction);

} // namespace ravine
