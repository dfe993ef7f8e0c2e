// Diagnostics as people read them:
//
//   error[E0301]: unknown name `beta3`
//    --> adamw.rvn:4:8
//     |
//   4 |   m' = beta3*m
//     |        ^^^^^ not declared
//   note: `beta2` is declared here
//    --> adamw.rvn:2:9
//     …
//   hint: did you mean `beta2`?
#pragma once

#include "compiler/diagnostics/SourceManager.h"

namespace ravine {

enum class Colour : bool { Off, On };

/// One diagnostic, ending in a line break.
[[nodiscard]] std::string render(const SourceManager &sources, const Diagnostic &diagnostic,
                                 Colour colour = Colour::Off);

/// All of them in the order of their places, with a blank line after each, and a last line that counts them. Empty if
/// there are none.
[[nodiscard]] std::string render(const SourceManager &sources, const Diagnostics &diagnostics,
                                 Colour colour = Colour::Off);

} // namespace ravine
