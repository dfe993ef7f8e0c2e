// The order in which training sees the examples.
#include "runtime/data/Reshuffled.h"

#include "runtime/nn/Philox.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace ravine::data {

Reshuffled::Reshuffled(int64_t examples, int64_t batchSize, uint64_t seed) : batchSize(batchSize), seed(seed) {
  if (examples < 0 || batchSize < 1)
    throw std::invalid_argument(examples < 0 ? "the number of examples is negative"
                                             : "a batch has at least one example");
  order.resize(static_cast<size_t>(examples));
}

void Reshuffled::shuffle(uint32_t epoch) {
  const nn::RandomStream random(seed, nn::Purpose::Shuffling, epoch);
  uint64_t place = 0;
  // Numbers below the largest multiple of `bound` only, so that each remainder is equally likely.
  const auto below = [&](uint64_t bound) {
    const uint64_t excess = (UINT64_MAX % bound + 1) % bound;
    uint64_t draw = random[place++];
    while (draw > UINT64_MAX - excess)
      draw = random[place++];
    return draw % bound;
  };
  // Fisher and Yates, in the form of Durstenfeld (1964).
  std::iota(order.begin(), order.end(), 0);
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[below(i)]);
}

int64_t Reshuffled::batchCount() const {
  const auto examples = static_cast<int64_t>(order.size());
  return examples / batchSize + (examples % batchSize != 0);
}

std::span<const int64_t> Reshuffled::batch(int64_t index) const {
  const auto begin = static_cast<size_t>(index * batchSize);
  return std::span(order).subspan(begin, std::min(static_cast<size_t>(batchSize), order.size() - begin));
}

} // namespace ravine::data
