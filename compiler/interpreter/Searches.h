// What is sought among numbers, and what they are rearranged to: the definitions of `ravine.search` and
// `ravine.rearrange` in C++.
#pragma once

#include "dialect/ravine/Ravine.h"

#include <span>
#include <vector>

namespace ravine {

/// What is sought among the elements of one member.
[[nodiscard]] double search(ir::SearchKind kind, std::span<const double> elements, double argument);

/// What becomes of the elements of one member, in f64.
[[nodiscard]] std::vector<double> rearrange(ir::RearrangementKind kind, std::span<const double> elements,
                                            double argument);

} // namespace ravine
