// What values a hyperparameter may have.
#pragma once

#include "runtime/core/Error.h"
#include "runtime/core/Names.h"

#include <limits>
#include <optional>

namespace ravine::core {

/// Stands for the value of a hyper that follows its schedule, in what the host sets.
inline constexpr double followsSchedule = std::numeric_limits<double>::quiet_NaN();

[[nodiscard]] inline bool hasSchedule(const ravine_hyper_info &hyper) {
  return hyper.schedule[0] != '\0';
}

[[nodiscard]] inline NameList hyperNames(const ravine_optimizer_info &description) {
  return NameList::of(description.hypers, description.hyper_count);
}

/// "lr = -1 is outside [0, inf)"; nothing where the hyper may have that value.
[[nodiscard]] std::optional<Sentence> faultOf(const ravine_hyper_info &hyper, double value);

/// The number that a setting means: its value, the index of the choice it names, or followsSchedule.
[[nodiscard]] ravine_status settingValue(const ravine_setting &setting, const ravine_hyper_info &hyper, double &value,
                                         Error error);

/// Whether a condition, as written, mentions a hyper by its whole name.
[[nodiscard]] bool mentions(const char *condition, const char *name);

} // namespace ravine::core
