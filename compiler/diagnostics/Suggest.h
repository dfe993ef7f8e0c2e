// "did you mean …?"
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace ravine {

/// The candidate that `word` was most likely meant to be: the one at the smallest edit distance (insertions, deletions,
/// replacements and swaps of neighbours each cost 1, Damerau 1964), as long as that is at most a third of the word's
/// length; the first such where several are equally near. One that differs only in case comes before all others.
[[nodiscard]] std::optional<std::string_view> suggest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

} // namespace ravine
