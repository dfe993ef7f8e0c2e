// The table of hypers, which pages of optimizers and of penalties have.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/documentation/Notation.h"
#include "compiler/documentation/Page.h"

#include <memory>
#include <span>

namespace ravine::documentation {

/// Where the range of a hyper is read: the checker has computed it, or, of a declaration that is only checked where it
/// is used, it stands in the source.
enum class Ranges { Computed, Written };

[[nodiscard]] Table hyperTable(std::span<const std::unique_ptr<ast::HyperDecl>> hypers, const Notation &notation,
                               const SourceManager &sources, Ranges ranges);

/// The same table without columns that are empty in every row.
[[nodiscard]] Table withoutEmptyColumns(Table table);

/// What numbers of an index set are one per.
[[nodiscard]] std::string setName(ast::IndexSet set);

/// The shortest digits that are the number.
[[nodiscard]] std::string shown(double value);

} // namespace ravine::documentation
