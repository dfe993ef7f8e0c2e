// Whether this machine can run the training library.
#pragma once

#include <optional>
#include <string>

namespace ravine::nn {

/// The training library, and what includes its headers, is compiled for x86-64-v3 (AVX2 and FMA: Intel from 2013, AMD
/// from 2015). On a processor without these instructions it would end in SIGILL somewhere; a program asks here first,
/// from a file compiled for any processor, and prints the sentence it gets. Nothing means all is well.
[[nodiscard]] std::optional<std::string> missingProcessorFeature();

} // namespace ravine::nn
