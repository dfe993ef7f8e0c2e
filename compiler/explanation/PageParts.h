// The parts of the page that are the same for every optimizer.
#pragma once

#include <string_view>

namespace ravine::explanation {

extern const std::string_view pageStyle;

/// Lights up everything that comes from one line of the source, where the pointer is or where one clicked. It holds no
/// data: the page is complete without it.
extern const std::string_view pageScript;

} // namespace ravine::explanation
