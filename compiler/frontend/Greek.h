// Greek letters are letters, and every one has a name in ASCII: `β1` and `beta1` are one name.
#pragma once

#include <string_view>

namespace ravine {

/// `beta` for β, `Beta` for Β, `epsilon` for ε and for ϵ; the digit for a subscript digit (`β₁` is `beta1`); empty for
/// every other character. docs/language.md prints the table.
[[nodiscard]] std::string_view spelledOut(char32_t character);

} // namespace ravine
