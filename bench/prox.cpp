// Proximal operators in place, against an in-place stream of the same bytes; projection onto the simplex against one
// that sorts.
//
//   bench/prox [--quick]
//
// Prints, for each measurement, the median time and the median ratio within a round (see Interleaved.h).
#include "bench/Interleaved.h"
#include "bench/Stream.h"
#include "runtime/abi/ravine.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numeric>

using namespace ravine::bench;

namespace {

constexpr int Rounds = 9;

/// What rules that apply a proximal operator at once do not read, but a step asks for.
void *gradientOf(size_t size) {
  static std::vector<float> gradient;
  gradient.resize(std::max(gradient.size(), size));
  return gradient.data();
}

/// One optimizer of bench/rules/prox.rvn at work on one tensor of f32.
class InPlace {
public:
  InPlace(const std::string &name, const std::vector<int64_t> &shape, unsigned threads)
      : size(std::accumulate(shape.begin(), shape.end(), size_t{1}, std::multiplies<>())),
        optimizer(make(name, shape, threads)) {}

  void run(float *w) {
    void *parameter = w;
    const void *gradient = gradientOf(size);
    optimizer.step(std::span(&parameter, 1), std::span(&gradient, 1));
  }

private:
  static ravine::Optimizer make(const std::string &name, const std::vector<int64_t> &shape, unsigned threads) {
    ravine_host host = {};
    host.struct_size = sizeof host;
    host.thread_count = threads;
    const ravine::Tensor tensor = {.name = "w", .shape = shape};
    // So little that the numbers stay what they are for all rounds.
    std::vector<ravine::Setting> settings;
    if (name.starts_with("prox"))
      settings.push_back({.name = "tau", .value = 1e-7});
    return {ravine::Library::open(RAVINE_BENCH_LIBRARIES "/libprox.so"),
            std::span(&tensor, 1),
            {.optimizer = name, .settings = std::move(settings), .host = &host}};
  }

  size_t size;
  ravine::Optimizer optimizer;
};

/// What rules are compared with: each byte once, or, where a number of columns is made of all rows before any element
/// can be written, read twice and written once.
enum class Walk { Once, ReadBefore };

/// Rules of one kind, each in turn with its yardstick.
void compareInPlace(const std::string &title, const std::vector<std::string> &names, const std::vector<int64_t> &shape,
                    unsigned threads, Walk walk = Walk::Once) {
  const size_t size = std::accumulate(shape.begin(), shape.end(), size_t{1}, std::multiplies<>());
  std::vector<float> w = randomFloats(size, 1);
  Streams streams;
  streams.length = size;
  streams.updated = {w.data()};
  auto stream = [&] {
    if (walk == Walk::ReadBefore)
      readOnce(w, threads);
    streamOnce(streams, threads);
  };
  std::vector<Timing> timings;
  for (const std::string &name : names) {
    InPlace rule(name, shape, threads);
    std::vector<Timing> both =
        measureInterleaved({{"stream of the same bytes", stream}, {name, [&] { rule.run(w.data()); }}}, Rounds);
    if (timings.empty())
      timings.push_back(both[0]);
    timings.push_back(both[1]);
  }
  print(title + ", " + std::to_string(size >> 20) + " Mi, " + std::to_string(threads) + " thread(s)", timings,
        static_cast<double>(size) * (walk == Walk::ReadBefore ? 12 : 8));
}

/// Held, Wolfe & Crowder, Mathematical Programming 6 (1974): the threshold from the sorted numbers and their sums.
void projectBySorting(std::span<const float> from, std::span<float> to, double total) {
  std::vector<float> sorted(from.begin(), from.end());
  std::ranges::sort(sorted, std::greater<>());
  double sum = -total, threshold = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    sum += static_cast<double>(sorted[i]);
    double candidate = sum / static_cast<double>(i + 1);
    if (static_cast<double>(sorted[i]) <= candidate)
      break;
    threshold = candidate;
  }
  for (size_t i = 0; i < from.size(); ++i)
    to[i] = static_cast<float>(std::max(static_cast<double>(from[i]) - threshold, 0.0));
}

void compareProjections(size_t size, unsigned threads) {
  const std::vector<float> point = randomFloats(size, 3);
  std::vector<float> ours(size), sorted(size);
  InPlace simplex("project_simplex", {static_cast<int64_t>(size)}, threads);
  print("projection onto the simplex, " + std::to_string(size >> 20) + " Mi, " + std::to_string(threads) + " thread(s)",
        measureInterleaved({{"by sorting", [&] { projectBySorting(point, sorted, 1); }},
                            {"project_simplex, with a copy of the point",
                             [&] {
                               std::ranges::copy(point, ours.begin());
                               simplex.run(ours.data());
                             }}},
                           Rounds),
        static_cast<double>(size) * 8);
  float difference = 0;
  for (size_t i = 0; i < size; ++i)
    difference = std::max(difference, std::abs(ours[i] - sorted[i]));
  std::printf("  sum %.9f, greatest difference %.1e\n", std::accumulate(ours.begin(), ours.end(), 0.0),
              static_cast<double>(difference));
}

} // namespace

int main(int argc, char **argv) {
  const bool isQuick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  const int64_t size = int64_t(isQuick ? 4 : 64) << 20;
  for (unsigned threads : {1u, 2u}) {
    compareInPlace("elementwise, 8 bytes",
                   {"prox_l1", "prox_l0", "prox_ridge", "prox_elastic_net", "prox_huber", "prox_mcp", "prox_scad",
                    "prox_log_sum", "prox_lp_half", "prox_transformed_l1", "project_box", "project_nonneg",
                    "project_linf_ball"},
                   {size}, threads);
    compareInPlace("group soft-threshold, rows of 4096", {"prox_rows", "prox_blocks"}, {size / 4096, 4096}, threads);
    compareInPlace("columns of [·, 4096], 12 bytes", {"prox_channels"}, {size / 4096, 4096}, threads, Walk::ReadBefore);
    const std::vector<int64_t> kernels = {size / (256 * 9), 256, 3, 3};
    compareInPlace("group soft-threshold, 256 kernels of 3 × 3 a row", {"prox_rows"}, kernels, threads);
    compareInPlace("channels of the same, 12 bytes", {"prox_channels"}, kernels, threads, Walk::ReadBefore);
    for (int64_t length : {9, 25, 64})
      compareInPlace("group soft-threshold, rows of " + std::to_string(length), {"prox_rows"}, {size / length, length},
                     threads);
    compareProjections(size_t(isQuick ? 1 : 10) << 20, threads);
  }
}
