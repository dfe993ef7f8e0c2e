// How hosts store parameters and gradients, and what the compiler computes in for that.
#pragma once

#include "runtime/abi/ravine.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ravine {

/// A way of storing parameters and gradients that a library is built for.
struct Precision {
  /// "bf16" where both are stored in it, "bf16/f32" where parameters are in bf16 and gradients in f32.
  std::string name;
  ravine_dtype parameter;
  ravine_dtype gradient;
  /// f64 where parameters are stored in it, else f32.
  ravine_dtype compute;
};

/// "f32" for RAVINE_F32 and so on.
[[nodiscard]] std::string_view nameOf(ravine_dtype dtype);

/// The precision that a name stands for, if any. "f32/f32" is "f32".
[[nodiscard]] std::optional<Precision> parsePrecision(std::string_view name);

/// Each precision once: those that compute in f32 in the order given, then those that compute in f64; f32 alone where
/// none is given.
[[nodiscard]] std::vector<Precision> precisionsInOrder(std::vector<Precision> precisions);

} // namespace ravine
