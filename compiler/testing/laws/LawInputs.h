// Points, step sizes and hyperparameters at which laws are tried.
#pragma once

#include "compiler/testing/laws/PenaltyOracle.h"

#include <cstdint>
#include <random>

namespace ravine::testing {

struct LawInput {
  Vector x;
  /// A second point, as long, for the laws about two.
  Vector y;
  double tau = 1;
  std::map<std::string, double> hypers;
};

/// Makes inputs one after another: the same for the same seed, but for the last digits of what libm's `exp` gives.
class LawInputs {
public:
  LawInputs(std::vector<LawHyper> hypers, uint64_t seed) : hypers(std::move(hypers)), random(seed) {}

  /// First zeros, single elements, ties, huge, tiny and subnormal numbers with the default hypers, then more and more
  /// of everything at random. `number` counts from 0.
  [[nodiscard]] LawInput make(size_t number);

private:
  [[nodiscard]] double uniform() { return static_cast<double>(random() >> 11) * 0x1p-53; }
  [[nodiscard]] double logUniform(double least, double most);
  [[nodiscard]] double normal();
  [[nodiscard]] size_t below(size_t bound) { return static_cast<size_t>(random() % bound); }
  [[nodiscard]] Vector vector(size_t kind, size_t length);
  [[nodiscard]] double valueOf(const LawHyper &hyper);

  std::vector<LawHyper> hypers;
  std::mt19937_64 random;
};

} // namespace ravine::testing
