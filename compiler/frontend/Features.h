// The parts of the language that this version of the compiler does not have: how to recognise each and what to call it.
// None of them is ever misread as something else.
#pragma once

#include "compiler/diagnostics/Diagnostic.h"

#include <optional>

namespace ravine {

/// "the <noun> `…` is not available yet", and what to do until then, if there is something.
struct Feature {
  Code code;
  std::string_view noun;
  std::string_view hint = "";
};

namespace features {

inline constexpr Feature compressorPart{Code::E0902, "parameter"};
inline constexpr Feature matrix{Code::E0915, "matrix operation"};
inline constexpr Feature indexSet{Code::E0916, "index set"};
inline constexpr Feature indexSetOfState{Code::E0916, "index set",
                                         "an index set stands in brackets: `[tensor]` or `[model]`"};
inline constexpr Feature storage{Code::E0919, "storage clause"};
inline constexpr Feature iterate{Code::E0921, "loop"};
inline constexpr Feature exchange{Code::E0925, "exchange between workers"};
inline constexpr Feature member{Code::E0927, "member"};

} // namespace features

/// What a word means at the start of an item, such as `compressor` in `compressor qsgd(x)`.
[[nodiscard]] std::optional<Feature> featureOfItem(std::string_view word);

/// What a function means that the full language has: `grad`, `uniform`, …
[[nodiscard]] std::optional<Feature> featureOfFunction(std::string_view name);

/// The words that featureOfItem knows, for suggestions.
[[nodiscard]] std::vector<std::string_view> itemFeatureWords();

} // namespace ravine
