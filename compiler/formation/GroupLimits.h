// What index sets of groups of elements can stand together in one step, as messages to the author of a rule.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "dialect/ravine/Ravine.h"

#include <vector>

namespace ravine {

/// Searches and rearrangements over columns and channels, whose elements do not lie together in memory (E0712). To be
/// asked of a rule as it was lowered: the dialect has no such operations.
[[nodiscard]] std::vector<Diagnostic> findSearchesAcrossRows(ir::OptimizerOp rule, const SourceManager &sources);

/// A tensor goes by blocks of one size (E0710), or by rows with columns or with channels (E0711): in what tiles its
/// memory is walked follows from that. Asked for each outcome of the rule's conditions, of which there are at most
/// Conditions::mostOutcomes; each pair of index sets is reported once. `sources` has the files that the rule's
/// locations name.
[[nodiscard]] std::vector<Diagnostic> findClashesOfGroups(ir::OptimizerOp rule, const SourceManager &sources);

} // namespace ravine
