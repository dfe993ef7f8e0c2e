// Greek letters by the names that identifiers spell out.
#pragma once

#include <string>
#include <string_view>

namespace ravine::documentation {

/// `β` for `beta`, `Δ` for `Delta`; empty where the name is none of a letter.
[[nodiscard]] std::string greekLetter(std::string_view name);

/// How LaTeX writes a letter: itself, or the command of a Greek one. Capitals that look like Latin ones, which LaTeX
/// has no commands for, come as those.
[[nodiscard]] std::string latexLetter(std::string_view utf8);

} // namespace ravine::documentation
