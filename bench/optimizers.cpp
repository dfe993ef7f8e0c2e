// Optimizer steps against a stream of the same bytes, many small tensors against one large one, and `create`.
//
//   bench/optimizers [--quick]
//
// Prints, for each measurement, the median time and the median ratio within a round (see Interleaved.h).
#include "bench/Interleaved.h"
#include "bench/Stream.h"
#include "runtime/abi/ravine.hpp"
#include "test/support/CompiledOptimizer.h"

#include <cstdio>
#include <cstring>

using namespace ravine::bench;
using ravine::test::CompiledOptimizer;

namespace {

constexpr int Rounds = 9;

struct StreamedRule {
  std::string name;
  std::vector<std::string> states;
};

/// A rule's step on one tensor against a stream over the very same buffers.
void againstStream(const StreamedRule &rule, size_t size, unsigned threads) {
  std::vector<std::vector<float>> gradients = {randomFloats(size, 2)};
  CompiledOptimizer optimizer(RAVINE_STDLIB_LIBRARIES "/lib" + rule.name + ".so", rule.name,
                              {{randomFloats(size, 1), 0}}, {}, threads, "");
  optimizer.stepOn(pointersTo(gradients));
  Streams streams;
  streams.length = size;
  streams.read = {gradients[0].data()};
  streams.updated = {const_cast<float *>(optimizer.parameter(0).data())};
  for (const std::string &state : rule.states)
    streams.updated.push_back(static_cast<float *>(optimizer.stateMemory(0, state)));
  double bytes =
      static_cast<double>(size) * sizeof(float) * static_cast<double>(2 * streams.updated.size() + streams.read.size());
  print(rule.name + ", " + std::to_string(size >> 20) + " Mi parameters, " + std::to_string(threads) + " thread(s)",
        measureInterleaved({{"stream of the same bytes", [&] { streamOnce(streams, threads); }},
                            {rule.name, [&] { optimizer.stepOn(pointersTo(gradients)); }}},
                           Rounds),
        bytes);
}

/// The same parameters as one tensor and as many.
void manyTensors(size_t count, size_t size, unsigned threads) {
  const std::string library = RAVINE_STDLIB_LIBRARIES "/libadamw.so";
  std::vector<CompiledOptimizer::Tensor> tensors;
  std::vector<std::vector<float>> gradients;
  for (size_t tensor = 0; tensor < count; ++tensor) {
    tensors.push_back({randomFloats(size, static_cast<uint32_t>(tensor)), 0});
    gradients.push_back(randomFloats(size, static_cast<uint32_t>(tensor) + 7));
  }
  std::vector<const void *> pointers = pointersTo(gradients);
  CompiledOptimizer many(library, "adamw", std::move(tensors), {}, threads, "");
  std::vector<std::vector<float>> whole = {randomFloats(count * size, 3)};
  CompiledOptimizer one(library, "adamw", {{randomFloats(count * size, 4), 0}}, {}, threads, "");
  print("adamw, " + std::to_string(count) + " tensors of " + std::to_string(size) + ", " + std::to_string(threads) +
            " thread(s)",
        measureInterleaved({{"one tensor of the same total", [&] { one.stepOn(pointersTo(whole)); }},
                            {"many tensors", [&] { many.stepOn(pointers); }}},
                           101),
        static_cast<double>(count * size) * 28);
}

/// What `create` costs for a model of many tensors.
void creation(size_t count, size_t size) {
  const ravine::Library library = ravine::Library::open(RAVINE_STDLIB_LIBRARIES "/libadamw.so");
  std::vector<ravine::Tensor> tensors;
  for (size_t tensor = 0; tensor < count; ++tensor)
    tensors.push_back({.name = "tensor" + std::to_string(tensor), .shape = {static_cast<int64_t>(size)}});
  auto create = [&] { ravine::Optimizer(library, tensors); };
  Timing timing = measureInterleaved({{"create", create}}, Rounds).front();
  std::printf("create adamw, %zu tensors of %zu: %.3f ms\n", count, size, timing.seconds * 1e3);
}

} // namespace

int main(int argc, char **argv) {
  bool isQuick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  size_t size = size_t(isQuick ? 4 : 64) << 20;
  for (unsigned threads : {1u, 2u}) {
    againstStream({"adamw", {"m", "v"}}, size, threads);
    againstStream({"amsgrad", {"m", "v", "vmax"}}, size, threads);
    againstStream({"lion", {"m"}}, size, threads);
    againstStream({"sgd", {}}, size, threads);
    manyTensors(1000, 4096, threads);
    manyTensors(10000, 64, threads);
  }
  creation(10000, 64);
}
