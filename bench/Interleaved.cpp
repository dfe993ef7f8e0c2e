// Timing of alternatives against each other on a machine whose speed drifts.
#include "bench/Interleaved.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace ravine::bench {

static double secondsOf(const std::function<void()> &run) {
  auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

static double median(std::vector<double> values) {
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<Timing> measureInterleaved(const std::vector<Alternative> &alternatives, int rounds) {
  for (const Alternative &alternative : alternatives)
    alternative.run();
  std::vector<std::vector<double>> times(alternatives.size());
  for (int round = 0; round < rounds; ++round)
    for (size_t i = 0; i < alternatives.size(); ++i)
      times[i].push_back(secondsOf(alternatives[i].run));

  std::vector<Timing> result;
  for (size_t i = 0; i < alternatives.size(); ++i) {
    std::vector<double> ratios;
    for (size_t round = 0; round < times[i].size(); ++round)
      ratios.push_back(times[i][round] / times[0][round]);
    result.push_back({alternatives[i].name, median(times[i]), median(ratios)});
  }
  return result;
}

void print(const std::string &title, const std::vector<Timing> &timings, double bytes) {
  std::printf("%s\n", title.c_str());
  for (const Timing &timing : timings)
    std::printf("  %-34s %9.3f ms  %6.1f GB/s  ratio %.3f\n", timing.name.c_str(), timing.seconds * 1e3,
                bytes / timing.seconds * 1e-9, timing.ratio);
  std::fflush(stdout);
}

} // namespace ravine::bench
