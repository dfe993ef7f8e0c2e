// The values that weights start from. Compiled without contraction to fused multiply-adds, which would make the last
// bit a matter of the compiler and of the processor.
#include "runtime/nn/Initializer.h"

#include "runtime/nn/Philox.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace ravine::nn {

namespace {

using Coefficients = std::array<double, 8>;

/// Σ c[i] x^i.
double polynomial(const Coefficients &coefficients, double x) {
  double sum = 0;
  for (size_t i = coefficients.size(); i-- > 0;)
    sum = sum * x + coefficients[i];
  return sum;
}

/// A quotient of polynomials of degree 7.
struct Rational {
  Coefficients numerator;
  Coefficients denominator;
  double operator()(double x) const { return polynomial(numerator, x) / polynomial(denominator, x); }
};

// The three approximations of algorithm AS 241: the centre, the tails, the far tails.
constexpr Rational centre = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
     4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4,
     3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3}};
constexpr Rational tail = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
     1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}};
constexpr Rational farTail = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
     1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}};

/// ln x for normal x > 0: with x = m·2^e and √½ ≤ m < √2, ln x = e ln 2 + 2 artanh((m − 1)/(m + 1)). The argument z of
/// artanh is at most 0.172, so thirteen terms of Σ z^(2k+1)/(2k+1) leave less than 1e-21.
double portableLog(double x) {
  const uint64_t bits = std::bit_cast<uint64_t>(x);
  double exponent = static_cast<double>(static_cast<int>(bits >> 52 & 0x7FF) - 1023);
  double mantissa = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
  if (mantissa > std::numbers::sqrt2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const double z = (mantissa - 1) / (mantissa + 1);
  double sum = 0;
  for (int k = 12; k >= 0; --k)
    sum = sum * (z * z) + 1.0 / (2 * k + 1);
  return exponent * std::numbers::ln2 + 2 * z * sum;
}

/// (k + 1/2) / 2^52 for the upper 52 bits k of a word: strictly between 0 and 1, and exact.
double uniformFromBits(uint64_t bits) {
  return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

/// The standard deviation that the scheme wants.
double deviationOf(Initializer initializer, Fans fans) {
  const bool isHe = initializer == Initializer::HeUniform || initializer == Initializer::HeNormal;
  return std::sqrt(2.0 / static_cast<double>(isHe ? fans.in : fans.in + fans.out));
}

} // namespace

double normalFromBits(uint64_t bits) {
  const double p = uniformFromBits(bits);
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425)
    return q * centre(0.180625 - q * q);
  const double r = std::sqrt(-portableLog(q < 0 ? p : 1 - p));
  const double magnitude = r <= 5 ? tail(r - 1.6) : farTail(r - 5);
  return q < 0 ? -magnitude : magnitude;
}

template <typename T>
void initialize(std::span<Parameter<T> *const> parameters, Initializer initializer, uint64_t seed) {
  const bool isNormal = initializer == Initializer::HeNormal || initializer == Initializer::XavierNormal;
  for (size_t index = 0; index < parameters.size(); ++index) {
    Parameter<T> &parameter = *parameters[index];
    if (!parameter.fans)
      continue;
    const RandomStream random(seed, Purpose::Initialization, static_cast<uint32_t>(index));
    const double deviation = deviationOf(initializer, *parameter.fans);
    // A uniform distribution on [−b, b] has the standard deviation b/√3.
    const double bound = std::sqrt(3.0) * deviation;
    uint64_t place = 0;
    for (T &value : parameter.value.span()) {
      const uint64_t bits = random[place++];
      value = static_cast<T>(isNormal ? deviation * normalFromBits(bits) : bound * (2 * uniformFromBits(bits) - 1));
    }
  }
}

template void initialize(std::span<Parameter<float> *const>, Initializer, uint64_t);
template void initialize(std::span<Parameter<double> *const>, Initializer, uint64_t);

} // namespace ravine::nn
