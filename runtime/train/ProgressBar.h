// Training, watched from a terminal or a log.
#pragma once

#include "runtime/train/TrainingLoop.h"

#include <chrono>
#include <cstdio>

namespace ravine::train {

/// On a terminal: one line that is drawn again and again, with a bar, loss, accuracy, images per second and time left.
/// Anywhere else: a plain line after every quarter of an epoch. In both, a line with the test accuracy after each
/// epoch.
class ProgressBar final : public TrainingObserver {
public:
  /// Writes to `output`, which stays the caller's.
  explicit ProgressBar(std::FILE *output);

  void onBatch(const TrainingProgress &progress) override;
  void onEpoch(const TrainingProgress &progress, const Score &test) override;

private:
  void draw(const TrainingProgress &progress);

  std::FILE *output;
  bool isTerminal;
  std::chrono::steady_clock::time_point lastDrawn;
};

} // namespace ravine::train
