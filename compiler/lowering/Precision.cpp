// The names of precisions and their order.
#include "compiler/lowering/Precision.h"

#include <algorithm>
#include <array>
#include <cstdint>

using namespace ravine;

static constexpr std::array<ravine_dtype, 4> storedTypes{RAVINE_F32, RAVINE_F64, RAVINE_BF16, RAVINE_F16};

std::string_view ravine::nameOf(ravine_dtype dtype) {
  switch (dtype) {
  case RAVINE_F32:
    return "f32";
  case RAVINE_F64:
    return "f64";
  case RAVINE_BF16:
    return "bf16";
  case RAVINE_F16:
    return "f16";
  default:
    return "compute";
  }
}

static std::optional<ravine_dtype> parseType(std::string_view name) {
  const auto *found =
      std::find_if(storedTypes.begin(), storedTypes.end(), [&](ravine_dtype dtype) { return nameOf(dtype) == name; });
  return found == storedTypes.end() ? std::nullopt : std::optional<ravine_dtype>(*found);
}

std::optional<Precision> ravine::parsePrecision(std::string_view name) {
  size_t slash = name.find('/');
  std::optional<ravine_dtype> parameter = parseType(name.substr(0, slash));
  std::optional<ravine_dtype> gradient =
      slash == std::string_view::npos ? parameter : parseType(name.substr(slash + 1));
  if (!parameter || !gradient)
    return std::nullopt;
  std::string canonical(nameOf(*parameter));
  if (gradient != parameter)
    canonical += "/" + std::string(nameOf(*gradient));
  return Precision{canonical, *parameter, *gradient, *parameter == RAVINE_F64 ? RAVINE_F64 : RAVINE_F32};
}

std::vector<Precision> ravine::precisionsInOrder(std::vector<Precision> precisions) {
  std::vector<Precision> ordered;
  for (ravine_dtype compute : {RAVINE_F32, RAVINE_F64})
    for (const Precision &precision : precisions) {
      bool isKnown = std::any_of(ordered.begin(), ordered.end(),
                                 [&](const Precision &other) { return other.name == precision.name; });
      if (precision.compute == compute && !isKnown)
        ordered.push_back(precision);
    }
  if (ordered.empty())
    ordered.push_back(*parsePrecision("f32"));
  return ordered;
}
