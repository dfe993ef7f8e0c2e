// Inputs that operations are tested with, and ways to carry operations out.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/operations/Operations.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace ravine::core::operations {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

template <typename Number> struct Sample {
  std::string name;
  std::vector<Number> numbers;
};

/// Numbers of each length and kind: random ones, ties, equal ones, huge and tiny ones, subnormal ones, zeros of both
/// signs.
template <typename Number> std::vector<Sample<Number>> samples() {
  using Limits = std::numeric_limits<Number>;
  std::vector<Sample<Number>> made;
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (size_t count :
       {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{17}, size_t{2048}, size_t{2049}, size_t{100003}}) {
    auto add = [&](const char *name, auto number) {
      if (count > 5000 && name != std::string("normal") && name != std::string("ties"))
        return; // takes long and shows nothing new
      Sample<Number> sample{std::string(name) + " " + std::to_string(count), std::vector<Number>(count)};
      for (size_t i = 0; i < count; ++i)
        sample.numbers[i] = static_cast<Number>(number(i));
      made.push_back(sample);
    };
    add("normal", [&](size_t) { return normal(random); });
    add("ties", [&](size_t) { return std::floor(normal(random) * 3); });
    add("equal", [&](size_t) { return 0.7; });
    add("falling", [&](size_t i) { return 5 - static_cast<double>(i); });
    add("of many magnitudes", [&](size_t) { return normal(random) * std::exp(8 * normal(random)); });
    add("subnormal",
        [&](size_t i) { return static_cast<double>(Limits::denorm_min()) * (static_cast<double>(i % 101) - 50); });
    add("zeros", [&](size_t i) { return i % 2 == 0 ? 0.0 : -0.0; });
  }
  return made;
}

/// Carries out an operation on one stretch: by the calling thread alone, all at once, as for rows and blocks.
template <typename Number> double operateAlone(uint32_t operation, std::vector<Number> &numbers, double argument) {
  PieceRecord record;
  Crew alone({&record, 1});
  return operate(
      operation,
      Elements({numbers.data(), static_cast<int64_t>(numbers.size()), static_cast<uint32_t>(sizeof(Number))}), argument,
      alone);
}

/// The same in pieces, on that many threads, as for tensors and the model; the stretches are of the lengths given.
template <typename Number>
double operateInPieces(uint32_t operation, std::vector<Number> &numbers, double argument, uint32_t threads,
                       std::vector<size_t> lengths = {}) {
  constexpr int64_t pieceLength = 1000;
  ravine_host host = {.struct_size = sizeof host, .thread_count = threads};
  Parallel parallel(host);
  parallel.prepare();
  if (lengths.empty())
    lengths = {numbers.size()};
  std::vector<Stretch> stretches;
  Number *next = numbers.data();
  for (size_t length : lengths) {
    if (length > 0)
      stretches.push_back({next, static_cast<int64_t>(length), static_cast<uint32_t>(sizeof(Number))});
    next += length;
  }
  Elements elements(stretches, pieceLength);
  std::vector<PieceRecord> records(elements.pieceCount());
  std::vector<Histogram> histograms(5);
  Crew crew(records, histograms, parallel);
  return operate(operation, elements, argument, crew);
}

/// The same bits, or both NaN.
inline bool areSame(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}

} // namespace ravine::core::operations
