// What people write who come from other languages and from papers, and what Ravine calls it.
#pragma once

#include <string_view>
#include <vector>

namespace ravine {

/// What to write for a function of other languages: "`a^b`" for `pow`; empty for any other name.
[[nodiscard]] std::string_view replacementOfFunction(std::string_view name);

/// The index set that a word of other languages means: `tensor` for `layer`; empty for any other word.
[[nodiscard]] std::string_view indexSetFor(std::string_view word);

/// What a name may be called here, the likeliest first: `g` for `grad`, `eps` for `epsilon`. Whether there is such a
/// declaration is for the caller to find out.
[[nodiscard]] std::vector<std::string_view> namesFor(std::string_view foreign);

/// The truth value that `True` or `False` is, in our spelling; empty for any other word.
[[nodiscard]] std::string_view truthValue(std::string_view word);

/// Whether Python reserves the word, so that it can be no keyword argument there.
[[nodiscard]] bool isPythonKeyword(std::string_view word);

} // namespace ravine
