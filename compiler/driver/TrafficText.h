// What `ravine explain` says of the traffic of a step, in words.
#pragma once

#include "compiler/driver/SourceWords.h"
#include "compiler/driver/Variants.h"

namespace ravine::driver {

/// How many precisions an optimizer is compiled for.
[[nodiscard]] size_t precisionCount(const OptimizerDescription &optimizer);

/// Which variant it is: `in branch rest (all others) when (momentum > 0) and not (nesterov)`, and whether that is the
/// default, where it is to be said behind the precision, `in bf16/f32`; empty where there is nothing to say.
[[nodiscard]] std::string headOf(const ShownVariant &variant, bool hasPrecision);

/// `2 sweeps, 40 bytes per parameter (28 if tensors stay in cache; the least in as many sweeps is 40), 8 of state`
[[nodiscard]] std::string costText(const VariantTraffic &variant);

/// Why one sweep is enough, what is different for tensors that stay in cache, what a step costs that ends early:
/// sentences.
[[nodiscard]] std::vector<std::string> remarksOn(const VariantTraffic &variant, const SourceWords &words);

/// Sweeps that run one after another.
struct SweepRun {
  /// Which sweeps these stand for, and for which tensors; empty for the sweeps of a whole step.
  std::string head;
  llvm::ArrayRef<SweepTraffic> sweeps;
  /// The number of the first, from 1: sweeps that stand for others have the numbers of those.
  size_t first = 1;
  /// What it writes may depend on whether every gradient is finite.
  bool isGuarded = false;
};

/// The sweeps of a step, then what tensors that stay in cache have instead of some of them, stage by stage.
[[nodiscard]] std::vector<SweepRun> runsOf(const VariantTraffic &variant);

/// Why the sweep at `index` of a run is one of its own, and what it folds.
[[nodiscard]] std::vector<std::string> remarksOn(const SweepRun &run, size_t index, const SourceWords &words);

} // namespace ravine::driver
