// Timing of alternatives against each other on a machine whose speed drifts: all of them in turn, again and again, and
// the median of each one's ratio to the first within a round.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace ravine::bench {

struct Alternative {
  std::string name;
  std::function<void()> run;
};

struct Timing {
  std::string name;
  /// Median of the absolute times.
  double seconds = 0;
  /// Median over rounds of this one's time divided by the first alternative's in the same round.
  double ratio = 1;
};

/// Runs every alternative once to warm up and then `rounds` (odd, at least 7) times in turn.
[[nodiscard]] std::vector<Timing> measureInterleaved(const std::vector<Alternative> &alternatives, int rounds);

/// A heading and a line for each alternative, which all move `bytes`.
void print(const std::string &title, const std::vector<Timing> &timings, double bytes);

} // namespace ravine::bench
