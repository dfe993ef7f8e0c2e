// How messages speak of index sets.
#pragma once

#include "dialect/ravine/IndexSet.h"

namespace ravine {

enum class Plural : uint8_t { No, Yes };

/// "row", "blocks": what an index set has one number for.
[[nodiscard]] std::string_view nameOfMembers(IndexSet set, Plural plural);

/// "differs from row to row", "is the same everywhere"
[[nodiscard]] std::string_view howItVaries(IndexSet set);

} // namespace ravine
