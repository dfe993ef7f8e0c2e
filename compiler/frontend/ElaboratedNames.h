// Names that elaboration gives, and those that only some places know: what messages say of them.
#pragma once

#include <string>
#include <string_view>

namespace ravine {

/// Whether nobody has written the name: `clip:g`, `ema::delta`, `soft.x.1`.
[[nodiscard]] bool isElaborated(std::string_view name);

/// What the name stands for, as the source has it: `g'`, `delta`, `x`. Any other name as it is.
[[nodiscard]] std::string writtenName(const std::string &name);

/// Where `w.old`, `delta`, `g'` and `w'` have a meaning, for a hint where they have none; empty for any other name.
[[nodiscard]] std::string whereKnown(std::string_view name, bool isPrimed);

} // namespace ravine
