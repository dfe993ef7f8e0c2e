// What `ravine explain` says of the traffic of a step, in words.
#pragma once

#include "compiler/driver/SourceWords.h"

namespace ravine::driver {

/// `momentum > 0 and not (nesterov)`; empty where nothing is decided at creation.
[[nodiscard]] std::string conditionText(const VariantTraffic &variant);

/// `2 sweeps, 40 bytes per parameter (28 if tensors stay in cache; the least possible is 40), 8 of state`
[[nodiscard]] std::string costText(const VariantTraffic &variant);

/// Why one sweep is enough, and what is different for tensors that stay in cache: sentences.
[[nodiscard]] std::vector<std::string> remarksOn(const VariantTraffic &variant);

/// Why the sweep at `index` is one of its own, and what it folds.
[[nodiscard]] std::vector<std::string> remarksOn(const std::vector<SweepTraffic> &sweeps, size_t index,
                                                 const SourceWords &words);

/// The head of the sweeps of tensors that stay in cache.
inline constexpr const char *residentText = "instead, for tensors that stay in cache";

} // namespace ravine::driver
