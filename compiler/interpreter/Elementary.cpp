// What one elementwise operation computes for one element: the definitions of RavineElementwise.td in C++.
#include "compiler/interpreter/Elementary.h"

#include <cmath>
#include <immintrin.h>

using namespace mlir;
using namespace ravine;

// MXCSR: bit 15 flushes subnormal results to zero, bit 6 reads subnormal operands as zero.
static constexpr unsigned FlushToZero = 1u << 15, DenormalsAreZero = 1u << 6;

FlushSubnormals::FlushSubnormals(bool isWanted) : saved(_mm_getcsr()) {
  if (isWanted)
    _mm_setcsr(saved | FlushToZero | DenormalsAreZero);
}

FlushSubnormals::~FlushSubnormals() { _mm_setcsr(saved); }

static bool compare(ir::Comparison comparison, double x, double y) {
  switch (comparison) {
  case ir::Comparison::Less:
    return x < y;
  case ir::Comparison::LessEqual:
    return x <= y;
  case ir::Comparison::Greater:
    return x > y;
  case ir::Comparison::GreaterEqual:
    return x >= y;
  case ir::Comparison::Equal:
    return x == y;
  case ir::Comparison::NotEqual:
    return x != y;
  }
  llvm_unreachable("every comparison is listed");
}

/// The greater of two numbers as IEEE 754-2019 `maximum` has it: NaN if either is, and +0 above −0.
template <typename T> static T maximum(T x, T y) {
  if (std::isnan(x) || std::isnan(y))
    return x + y;
  if (x == y)
    return std::signbit(x) ? y : x;
  return x > y ? x : y;
}

template <typename T> static T minimum(T x, T y) { return -maximum(-x, -y); }

template <typename T> double ravine::evaluateElementary(Operation &op, ArrayRef<double> operands) {
  // Converting to T and back is exact for numbers that are T's already, and every operand is.
  auto x = [&] { return static_cast<T>(operands[0]); };
  auto y = [&] { return static_cast<T>(operands[1]); };
  auto z = [&] { return static_cast<T>(operands[2]); };
  auto function = [&](double (*f)(double)) { return static_cast<T>(f(static_cast<double>(x()))); };

  return llvm::TypeSwitch<Operation *, double>(&op)
      .Case([&](ir::AddOp) { return x() + y(); })
      .Case([&](ir::SubOp) { return x() - y(); })
      .Case([&](ir::MulOp) { return x() * y(); })
      .Case([&](ir::DivOp) { return x() / y(); })
      .Case([&](ir::MaxOp) { return maximum(x(), y()); })
      .Case([&](ir::MinOp) { return minimum(x(), y()); })
      .Case([&](ir::FmaOp) { return std::fma(x(), y(), z()); })
      .Case([&](ir::PowOp) {
        return static_cast<T>(std::pow(static_cast<double>(x()), static_cast<double>(y())));
      })
      .Case([&](ir::NegOp) { return -x(); })
      .Case([&](ir::AbsOp) { return std::abs(x()); })
      .Case([&](ir::SignOp) { return x() < 0 ? T(-1) : x() > 0 ? T(1) : x(); })
      .Case([&](ir::SqrtOp) { return std::sqrt(x()); })
      .Case([&](ir::ExpOp) { return function(std::exp); })
      .Case([&](ir::Expm1Op) { return function(std::expm1); })
      .Case([&](ir::LogOp) { return function(std::log); })
      .Case([&](ir::Log1pOp) { return function(std::log1p); })
      .Case([&](ir::SinOp) { return function(std::sin); })
      .Case([&](ir::CosOp) { return function(std::cos); })
      .Case([&](ir::TanOp) { return function(std::tan); })
      .Case([&](ir::AsinOp) { return function(std::asin); })
      .Case([&](ir::AcosOp) { return function(std::acos); })
      .Case([&](ir::AtanOp) { return function(std::atan); })
      .Case([&](ir::SinhOp) { return function(std::sinh); })
      .Case([&](ir::CoshOp) { return function(std::cosh); })
      .Case([&](ir::TanhOp) { return function(std::tanh); })
      .Case([&](ir::ErfOp) { return function(std::erf); })
      .Case([&](ir::FloorOp) { return std::floor(x()); })
      .Case([&](ir::CeilOp) { return std::ceil(x()); })
      .Case([&](ir::RoundOp) { return std::nearbyint(x()); })
      .Case([&](ir::CompareOp compared) { return compare(compared.getComparison(), x(), y()); })
      .Case([&](ir::AndOp) { return operands[0] != 0 && operands[1] != 0; })
      .Case([&](ir::OrOp) { return operands[0] != 0 || operands[1] != 0; })
      .Case([&](ir::NotOp) { return operands[0] == 0; })
      .Case([&](ir::SelectOp) { return operands[0] != 0 ? operands[1] : operands[2]; });
}

template double ravine::evaluateElementary<float>(Operation &, ArrayRef<double>);
template double ravine::evaluateElementary<double>(Operation &, ArrayRef<double>);
