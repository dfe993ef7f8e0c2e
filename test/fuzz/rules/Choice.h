// Random choices, the same everywhere for one seed.
#pragma once

#include <array>
#include <cstdint>
#include <random>

namespace ravine::fuzz {

class Choice {
public:
  explicit Choice(uint64_t seed) : engine(seed) {}

  /// One of 0 … count − 1.
  size_t below(size_t count) { return static_cast<size_t>(engine() % count); }
  /// True once in `count` times.
  bool once(size_t count) { return below(count) == 0; }
  uint64_t bits() { return engine(); }

  template <typename List> const auto &from(const List &list) { return list[below(std::size(list))]; }

private:
  std::mt19937_64 engine;
};

} // namespace ravine::fuzz
