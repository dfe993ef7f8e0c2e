// What `ravine explain E0301` prints: the pages of docs/errors, built into the compiler.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace ravine {

/// The page docs/errors/<code>.md, or nothing where no such code exists. Lower-case spellings are accepted.
[[nodiscard]] std::optional<std::string_view> explanation(std::string_view code);

/// Whether a word can only be meant as a code: a letter of those that codes have, and digits.
[[nodiscard]] bool looksLikeCode(std::string_view word);

/// The codes with the same letter whose numbers are nearest to that of a word that looks like a code: at most `count`,
/// in ascending order.
[[nodiscard]] std::vector<std::string_view> nearestCodes(std::string_view word, size_t count);

} // namespace ravine
