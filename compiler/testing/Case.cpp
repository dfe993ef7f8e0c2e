// Numbers as they are stored and shaped.
#include "compiler/testing/Case.h"

#include "compiler/interpreter/Layout.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>

namespace ravine::testing {

static const llvm::fltSemantics &semanticsOf(ravine_dtype dtype) {
  switch (dtype) {
  case RAVINE_BF16:
    return llvm::APFloat::BFloat();
  case RAVINE_F16:
    return llvm::APFloat::IEEEhalf();
  case RAVINE_F64:
    return llvm::APFloat::IEEEdouble();
  default:
    return llvm::APFloat::IEEEsingle();
  }
}

static llvm::APFloat converted(llvm::APFloat number, const llvm::fltSemantics &semantics) {
  bool losesInfo = false;
  number.convert(semantics, llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return number;
}

static double widened(const llvm::APFloat &number) {
  return converted(number, llvm::APFloat::IEEEdouble()).convertToDouble();
}

std::vector<int64_t> shapeOver(ast::IndexSet set, const std::vector<int64_t> &tensor) {
  if (set == ast::IndexSet::Element)
    return tensor;
  if (!set.isOfGroups())
    return {};
  InterpretedTensor shaped;
  shaped.shape = tensor;
  return {static_cast<int64_t>(Layout(shaped).count(set))};
}

double stored(double number, ravine_dtype dtype) {
  return widened(converted(llvm::APFloat(number), semanticsOf(dtype)));
}

uint16_t bitsOf(double number, ravine_dtype dtype) {
  return static_cast<uint16_t>(converted(llvm::APFloat(number), semanticsOf(dtype)).bitcastToAPInt().getZExtValue());
}

double numberOf(uint16_t bits, ravine_dtype dtype) {
  return widened(llvm::APFloat(semanticsOf(dtype), llvm::APInt(16, bits)));
}

double spacing(ravine_dtype dtype) {
  unsigned digits = llvm::APFloat::semanticsPrecision(semanticsOf(dtype));
  return std::ldexp(1.0, 1 - static_cast<int>(digits));
}

} // namespace ravine::testing
