// The cheapest way to have a set of values: what to load and what to compute.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ravine::formation {

/// What it costs to have values at one point. Values are numbered from 0, operands before users.
class Provision {
public:
  /// The price of what is impossible.
  static constexpr int64_t Impossible = int64_t{1} << 50;

  explicit Provision(unsigned valueCount) : values(valueCount) {}

  /// The value may be loaded, for a price.
  void offerLoad(unsigned value, int64_t price) { values[value].loadPrice = std::min(values[value].loadPrice, price); }
  /// The value may be computed from its operands, for a price; each operand has to be had as well.
  void offerComputation(unsigned value, int64_t price, llvm::ArrayRef<unsigned> operands) {
    values[value].workPrice = price;
    values[value].operands = operands;
  }

  struct Solution {
    /// At least Impossible where there is no way.
    int64_t price = 0;
    /// The values to load; the others that are needed are computed.
    std::vector<unsigned> loads;
  };

  /// The cheapest way to have all of `wanted`. A value that several others need is paid once.
  [[nodiscard]] Solution solve(llvm::ArrayRef<unsigned> wanted) const;

private:
  struct Value {
    int64_t loadPrice = Impossible;
    int64_t workPrice = Impossible;
    llvm::ArrayRef<unsigned> operands;
  };
  std::vector<Value> values;
};

} // namespace ravine::formation
