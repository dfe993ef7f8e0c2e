// Numbers as memory holds them between steps.
#include "compiler/interpreter/Storage.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace ravine;

static double roundedTo(Type type, double number) {
  bool losesInfo;
  llvm::APFloat rounded(number);
  rounded.convert(cast<FloatType>(type).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return rounded.convertToDouble();
}

/// Whether a number is too small for a normal f32, once it has 24 binary digits.
static bool isTiny(double number) {
  constexpr double smallestNormal = std::numeric_limits<float>::min();
  constexpr double scale = 0x1p64; // keeps the digits and lifts the exponent
  return std::abs(static_cast<double>(static_cast<float>(number * scale))) < smallestNormal * scale;
}

double ravine::convert(double number, Type from, Type to, bool flushes) {
  if (from == to)
    return number;
  bool isThroughF32 = from.isF64() || (to.isF64() && !from.isF16());
  if (flushes && isThroughF32 && isTiny(number))
    return std::copysign(0.0, number);
  return roundedTo(to, number);
}
