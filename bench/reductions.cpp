// Steps with reductions: a norm over the model against reading, a clipped step against the bytes it moves, and a step
// whose tensors are walked twice against one that walks them once.
//
//   bench/reductions [--quick]
//
// Prints, for each measurement, the median time and the median ratio within a round (see Interleaved.h).
#include "bench/Interleaved.h"
#include "bench/Stream.h"
#include "test/support/CompiledOptimizer.h"

#include <cstring>

using namespace ravine::bench;
using ravine::test::CompiledOptimizer;

namespace {

constexpr int Rounds = 9;

std::string ofRule(const std::string &rule) {
  return RAVINE_BENCH_LIBRARIES "/lib" + rule + ".so";
}

std::string title(const std::string &what, size_t size, unsigned threads) {
  return what + ", " + std::to_string(size >> 20) + " Mi parameters, " + std::to_string(threads) + " thread(s)";
}

void globalNorm(size_t size, unsigned threads) {
  std::vector<std::vector<float>> gradients = {randomFloats(size, 2)};
  CompiledOptimizer optimizer(ofRule("global_norm"), "global_norm", {{randomFloats(size, 1), 0}}, {}, threads, "");
  print(title("norm of the gradient", size, threads),
        measureInterleaved({{"reading, eight streams", [&] { readOnce(gradients[0], threads); }},
                            {"global_norm", [&] { optimizer.stepOn(pointersTo(gradients)); }}},
                           Rounds),
        static_cast<double>(size) * sizeof(float));
}

/// The gradient is read twice, w, m and v are read and written: 32 bytes.
void clippedStep(size_t size, unsigned threads) {
  std::vector<std::vector<float>> gradients = {randomFloats(size, 2)};
  CompiledOptimizer optimizer(ofRule("clipped_adamw"), "clipped_adamw", {{randomFloats(size, 1), 0}}, {}, threads, "");
  optimizer.stepOn(pointersTo(gradients));
  Streams streams;
  streams.length = size;
  streams.read = {gradients[0].data()};
  streams.updated = {const_cast<float *>(optimizer.parameter(0).data())};
  for (const char *state : {"m", "v"})
    streams.updated.push_back(static_cast<float *>(optimizer.stateMemory(0, state)));
  auto stream = [&] {
    readOnce(gradients[0], threads);
    streamOnce(streams, threads);
  };
  print(title("adamw with global-norm clip", size, threads),
        measureInterleaved({{"streams of the same bytes", stream},
                            {"clipped_adamw", [&] { optimizer.stepOn(pointersTo(gradients)); }}},
                           Rounds),
        static_cast<double>(size) * 32);
}

/// Tensors that stay in the second cache: the second sweep of LAMB costs no memory traffic.
void twoSweepsInCache(size_t count, size_t size, unsigned threads) {
  std::vector<std::vector<float>> gradients;
  auto tensors = [&] {
    std::vector<CompiledOptimizer::Tensor> result;
    for (size_t tensor = 0; tensor < count; ++tensor)
      result.push_back({randomFloats(size, static_cast<uint32_t>(tensor)), 0});
    return result;
  };
  for (size_t tensor = 0; tensor < count; ++tensor)
    gradients.push_back(randomFloats(size, static_cast<uint32_t>(tensor) + 7));
  std::vector<const void *> pointers = pointersTo(gradients);
  CompiledOptimizer adamw(RAVINE_STDLIB_LIBRARIES "/libadamw.so", "adamw", tensors(), {}, threads, "");
  CompiledOptimizer lamb(ofRule("lamb"), "lamb", tensors(), {}, threads, "");
  print(std::to_string(count) + " tensors of " + std::to_string(size) + ", " + std::to_string(threads) + " thread(s)",
        measureInterleaved({{"adamw, one sweep", [&] { adamw.stepOn(pointers); }},
                            {"lamb, two sweeps", [&] { lamb.stepOn(pointers); }}},
                           Rounds),
        static_cast<double>(count * size) * 28);
}

} // namespace

int main(int argc, char **argv) {
  bool isQuick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  size_t size = size_t(isQuick ? 4 : 64) << 20;
  for (unsigned threads : {1u, 2u}) {
    globalNorm(size, threads);
    clippedStep(size, threads);
    twoSweepsInCache(size >> 18, size_t(64) << 10, threads);
    twoSweepsInCache(size >> 14, size_t(4) << 10, threads);
  }
}
