// What `ravine explain E0301` prints: the pages of docs/errors, built into the compiler.
#pragma once

#include <optional>
#include <string_view>

namespace ravine {

/// The page docs/errors/<code>.md, or nothing where no such code exists. Lower-case spellings are accepted.
[[nodiscard]] std::optional<std::string_view> explanation(std::string_view code);

} // namespace ravine
