// Whether this machine can run the training library. Compiled for any processor.
#include "runtime/nn/Processor.h"

namespace ravine::nn {

std::optional<std::string> missingProcessorFeature() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("x86-64-v3"))
    return "this program is compiled for processors with AVX2 and FMA (x86-64-v3), which this one lacks";
#endif
  return std::nullopt;
}

} // namespace ravine::nn
