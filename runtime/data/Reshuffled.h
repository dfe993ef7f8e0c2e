// The order in which training sees the examples.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ravine::data {

/// Every example once per epoch, in an order that is a new uniformly random permutation for each (seed, epoch) and the
/// same on every platform: random reshuffling, sampling without replacement.
class Reshuffled {
public:
  /// `examples` is at least 0 and `batchSize` at least 1 (otherwise std::invalid_argument is thrown). The last batch of
  /// an epoch is smaller where the numbers do not divide.
  Reshuffled(int64_t examples, int64_t batchSize, uint64_t seed);

  /// Puts the examples in the order of an epoch.
  void shuffle(uint32_t epoch);

  [[nodiscard]] int64_t batchCount() const;

  /// The places of the examples of a batch in [0, batchCount()), valid until the next `shuffle`.
  [[nodiscard]] std::span<const int64_t> batch(int64_t index) const;

private:
  std::vector<int64_t> order;
  int64_t batchSize;
  uint64_t seed;
};

} // namespace ravine::data
