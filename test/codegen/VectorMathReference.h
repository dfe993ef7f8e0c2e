// What the vector mathematics is measured against: true values, promised errors, ULPs, and arguments worth trying.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace ravine::test {

// ---- the functions and what docs/vector-math.md promises of them

struct Function {
  const char *name;
  double (*reference)(double, double);                    ///< for f32
  long double (*wideReference)(long double, long double); ///< for f64
  double maximumUlp, maximumWideUlp;
  double low, high; ///< the interval where the function is neither constant nor infinite for f32
};

template <typename T, T (*function)(T)> T ofOne(T x, T) {
  return function(x);
}

/// powl of glibc is wrong for some infinite bases, (-inf)^(-2^63) for one; those results are exact in any type.
inline long double widePower(long double x, long double y) {
  return std::isinf(x) ? ::pow(double(x), double(y)) : ::powl(x, y);
}

#define RAVINE_UNARY(name) ofOne<double, ::name>, ofOne<long double, ::name##l>
// clang-format off
inline constexpr Function functions[] = {
    {"exp", RAVINE_UNARY(exp), 0.501, 1.0, -104, 89},
    {"expm1", RAVINE_UNARY(expm1), 0.501, 1.5, -20, 89},
    {"log", RAVINE_UNARY(log), 0.501, 1.0, 0, 10},
    {"log1p", RAVINE_UNARY(log1p), 0.501, 1.0, -1, 10},
    {"powf", ::pow, widePower, 0.501, 1.0, 0, 30},
    {"sin", RAVINE_UNARY(sin), 0.501, 2.0, -100, 100},
    {"cos", RAVINE_UNARY(cos), 0.501, 2.0, -100, 100},
    {"tan", RAVINE_UNARY(tan), 0.501, 2.5, -100, 100},
    {"asin", RAVINE_UNARY(asin), 0.501, 1.5, -1, 1},
    {"acos", RAVINE_UNARY(acos), 0.501, 1.5, -1, 1},
    {"atan", RAVINE_UNARY(atan), 0.501, 2.0, -10, 10},
    {"sinh", RAVINE_UNARY(sinh), 0.501, 2.0, -89, 89},
    {"cosh", RAVINE_UNARY(cosh), 0.501, 2.0, -89, 89},
    {"tanh", RAVINE_UNARY(tanh), 0.501, 2.0, -10, 10},
    {"erf", RAVINE_UNARY(erf), 0.501, 1.5, -4.5, 4.5},
};
// clang-format on
#undef RAVINE_UNARY

inline void PrintTo(const Function &function, std::ostream *out) {
  *out << function.name;
}

inline bool isBinary(const Function &function) {
  return std::string(function.name) == "powf";
}

// ---- the two types under test

struct F32 {
  using Value = float;
  using Word = uint32_t;
  using Wide = double;
  static Wide reference(const Function &f, Value x, Value y) { return f.reference(x, y); }
  static double maximumUlp(const Function &f) { return f.maximumUlp; }
  static constexpr int samples = 1 << 20; ///< of each kind, for each function
};

struct F64 {
  using Value = double;
  using Word = uint64_t;
  using Wide = long double;
  static Wide reference(const Function &f, Value x, Value y) { return f.wideReference(x, y); }
  static double maximumUlp(const Function &f) { return f.maximumWideUlp; }
  static constexpr int samples = 1 << 18;
};

/// |actual - expected| in units of the last place that the type has at `expected`; infinite where NaN, infinity or the
/// sign of zero differ. An infinite result counts as the first number that is too large.
template <typename Type> double ulpDistance(typename Type::Value actual, typename Type::Wide expected) {
  using Value = typename Type::Value;
  using Wide = typename Type::Wide;
  constexpr double wrong = std::numeric_limits<double>::infinity();
  using Limits = std::numeric_limits<Value>;
  if (std::isnan(expected) || std::isnan(actual))
    return std::isnan(expected) == std::isnan(actual) ? 0 : wrong;
  if (std::isinf(expected) || expected == 0)
    return actual == Value(expected) && std::signbit(actual) == std::signbit(expected) ? 0 : wrong;
  if (std::signbit(actual) != std::signbit(expected))
    return wrong;
  const Wide overflow = std::ldexp(Wide(1), Limits::max_exponent);
  Wide reached = std::isinf(actual) ? std::copysign(overflow, Wide(actual)) : Wide(actual);
  if (std::fabs(expected) >= overflow)
    return std::isinf(actual) ? 0 : wrong;
  int exponent = std::max(std::ilogb(expected), Limits::min_exponent - 1);
  return double(std::fabs(reached - expected) / std::ldexp(Wide(1), exponent - (Limits::digits - 1)));
}

// ---- arguments

template <typename Type> class Arguments {
  using Value = typename Type::Value;
  using Word = typename Type::Word;

public:
  explicit Arguments(const Function &function) {
    std::mt19937_64 random(20240117);
    std::uniform_real_distribution<Value> interval(Value(function.low), Value(function.high)), exponents(-20, 20);
    for (int i = 0; i < Type::samples; ++i) {
      add(std::bit_cast<Value>(Word(random())), std::bit_cast<Value>(Word(random())));
      add(interval(random), exponents(random));
      add(std::ldexp(interval(random), int(random() % 8) - 4), exponents(random));
    }
    addSpecial(random);
    if (isBinary(function))
      for (Value a : special())
        for (Value b : special())
          add(a, b);
    while (x.size() % 16)
      add(1, 1);
  }

  std::vector<Value> x, y; ///< as many of each, a multiple of 16

private:
  void add(Value first, Value second) {
    x.push_back(first);
    y.push_back(second);
  }

  static std::vector<Value> special() {
    using Limits = std::numeric_limits<Value>;
    std::vector<Value> values;
    for (Value v : {Value(0),           Limits::denorm_min(),
                    Limits::min() / 2,  Limits::min(),
                    Limits::epsilon(),  Value(0.25),
                    Value(1) / 3,       Value(0.5),
                    Value(1),           Value(1.5),
                    Value(2),           Value(3),
                    Value(4),           Value(5),
                    Value(0x1p23),      Value(0x1p24),
                    Value(0x1p24 + 2),  Value(0x1p31),
                    Value(0x1p40),      Value(0x1p41),
                    Value(0x1p53),      Value(0x1p63),
                    Value(0x1p64),      Value(0x1p100),
                    Limits::max(),      Limits::infinity(),
                    Limits::quiet_NaN()})
      for (Value w : {std::nextafter(v, Value(0)), v, std::nextafter(v, Limits::infinity())}) {
        values.push_back(w);
        values.push_back(-w);
      }
    return values;
  }

  /// Where something changes: reductions, overflow, underflow, saturation; each with its neighbours.
  void addSpecial(std::mt19937_64 &random) {
    std::vector<Value> centres = special();
    for (double v : {std::sqrt(0.5),
                     std::sqrt(2.0),
                     std::log(2.0),
                     0.41421356237309503,
                     2.414213562373095,
                     3.9375,
                     3.91920590,
                     6.0,
                     9.01,
                     20.0,
                     40.0,
                     87.33654,
                     88.72284,
                     89.41598,
                     103.97208,
                     130.0,
                     150.0,
                     709.782712893384,
                     710.4758600739439,
                     708.3964185322641,
                     745.1332191019411,
                     746.0,
                     1e10,
                     1e15,
                     1e22,
                     1e30,
                     6381956970095103.0,
                     0x1p1023})
      centres.push_back(Value(v));
    // The hardest f64 for a reduction by pi/2, 6381956970095103 * 2^797 (Muller, section 11.3), and the nearest
    // multiples of small angles.
    centres.push_back(Value(std::ldexp(6381956970095103.0, 797)));
    for (int k = 1; k < 4000; ++k)
      centres.push_back(Value(k * 1.5707963267948966));
    for (int k = 1; k < 160; ++k)
      centres.push_back(Value(k * 0.6931471805599453 / 2));
    std::uniform_real_distribution<Value> exponents(-3, 3);
    for (Value centre : centres)
      for (Value v : {centre, -centre}) {
        Value below = v, above = v;
        add(v, exponents(random));
        for (int i = 0; i < 8; ++i) {
          add(below = std::nextafter(below, -std::numeric_limits<Value>::infinity()), exponents(random));
          add(above = std::nextafter(above, std::numeric_limits<Value>::infinity()), exponents(random));
        }
      }
  }
};

} // namespace ravine::test
