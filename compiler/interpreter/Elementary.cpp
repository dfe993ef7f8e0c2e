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

FlushSubnormals::~FlushSubnormals() {
  _mm_setcsr(saved);
}

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

template <typename T> T ravine::maximum(T x, T y) {
  if (std::isnan(x) || std::isnan(y))
    return x + y;
  if (x == y)
    return std::signbit(x) ? y : x;
  return x > y ? x : y;
}

/// ±1 by the sign of x; a zero of x's sign or NaN where x compares neither less nor greater than zero.
template <typename T> static T sign(T x) {
  if (x < 0)
    return -1;
  return x > 0 ? T(1) : x * T(0);
}

template <typename T> T ravine::minimum(T x, T y) {
  return -maximum(-x, -y);
}

/// Makes an element function of a function of one, two or three numbers of type T. Converting an operand to T is exact,
/// for it is one already.
template <typename T, typename F> static ElementFunction unary(F f) {
  return [f](const std::array<double, 3> &x) { return static_cast<double>(f(static_cast<T>(x[0]))); };
}

template <typename T, typename F> static ElementFunction binary(F f) {
  return [f](const std::array<double, 3> &x) {
    return static_cast<double>(f(static_cast<T>(x[0]), static_cast<T>(x[1])));
  };
}

template <typename T, typename F> static ElementFunction ternary(F f) {
  return [f](const std::array<double, 3> &x) {
    return static_cast<double>(f(static_cast<T>(x[0]), static_cast<T>(x[1]), static_cast<T>(x[2])));
  };
}

template <typename T> ElementFunction ravine::elementFunction(Operation &op) {
  // A function of the C library, in f64 and rounded once.
  auto library = [](double (*f)(double)) {
    return unary<T>([f](T x) { return static_cast<T>(f(static_cast<double>(x))); });
  };
  return llvm::TypeSwitch<Operation *, ElementFunction>(&op)
      .Case([](ir::AddOp) { return binary<T>([](T x, T y) { return x + y; }); })
      .Case([](ir::SubOp) { return binary<T>([](T x, T y) { return x - y; }); })
      .Case([](ir::MulOp) { return binary<T>([](T x, T y) { return x * y; }); })
      .Case([](ir::DivOp) { return binary<T>([](T x, T y) { return x / y; }); })
      .Case([](ir::MaxOp) { return binary<T>([](T x, T y) { return maximum(x, y); }); })
      .Case([](ir::MinOp) { return binary<T>([](T x, T y) { return minimum(x, y); }); })
      .Case([](ir::FmaOp) { return ternary<T>([](T x, T y, T z) { return std::fma(x, y, z); }); })
      .Case([](ir::PowOp) {
        return binary<T>(
            [](T x, T y) { return static_cast<T>(std::pow(static_cast<double>(x), static_cast<double>(y))); });
      })
      // These pass bits on and do no arithmetic, so they are not computed in T, where a subnormal could be lost.
      .Case([](ir::NegOp) { return unary<double>([](double x) { return -x; }); })
      .Case([](ir::AbsOp) { return unary<double>([](double x) { return std::abs(x); }); })
      .Case([](ir::SignOp) { return unary<T>(sign<T>); })
      .Case([](ir::SqrtOp) { return unary<T>([](T x) { return std::sqrt(x); }); })
      .Case([](ir::FloorOp) { return unary<T>([](T x) { return std::floor(x); }); })
      .Case([](ir::CeilOp) { return unary<T>([](T x) { return std::ceil(x); }); })
      .Case([](ir::RoundOp) { return unary<T>([](T x) { return std::nearbyint(x); }); })
      .Case([&](ir::ExpOp) { return library(std::exp); })
      .Case([&](ir::Expm1Op) { return library(std::expm1); })
      .Case([&](ir::LogOp) { return library(std::log); })
      .Case([&](ir::Log1pOp) { return library(std::log1p); })
      .Case([&](ir::SinOp) { return library(std::sin); })
      .Case([&](ir::CosOp) { return library(std::cos); })
      .Case([&](ir::TanOp) { return library(std::tan); })
      .Case([&](ir::AsinOp) { return library(std::asin); })
      .Case([&](ir::AcosOp) { return library(std::acos); })
      .Case([&](ir::AtanOp) { return library(std::atan); })
      .Case([&](ir::SinhOp) { return library(std::sinh); })
      .Case([&](ir::CoshOp) { return library(std::cosh); })
      .Case([&](ir::TanhOp) { return library(std::tanh); })
      .Case([&](ir::ErfOp) { return library(std::erf); })
      .Case([](ir::WidenOp) { return unary<T>([](T x) { return x; }); })
      .Case([](ir::CompareOp compared) {
        return binary<T>([kind = compared.getComparison()](T x, T y) { return compare(kind, x, y) ? 1.0 : 0.0; });
      })
      .Case([](ir::AndOp) { return binary<double>([](double x, double y) { return x != 0 && y != 0 ? 1.0 : 0.0; }); })
      .Case([](ir::OrOp) { return binary<double>([](double x, double y) { return x != 0 || y != 0 ? 1.0 : 0.0; }); })
      .Case([](ir::NotOp) { return unary<double>([](double x) { return x == 0 ? 1.0 : 0.0; }); })
      .Case([](ir::SelectOp) {
        return ternary<double>([](double condition, double x, double y) { return condition != 0 ? x : y; });
      });
}

template double ravine::maximum(double, double);
template double ravine::minimum(double, double);
template ElementFunction ravine::elementFunction<float>(Operation &);
template ElementFunction ravine::elementFunction<double>(Operation &);
