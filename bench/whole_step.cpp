// A whole training step (unscale, clip by the global norm, AdamW, average of the weights, bf16 copy, zero gradients)
// as one optimizer, against a stream of the same bytes and against kernels that are each fused on their own.
//
//   bench/whole_step [--quick]
//
// Prints, for each measurement, the median time and the median ratio within a round (see Interleaved.h).
#include "bench/Interleaved.h"
#include "bench/Stream.h"
#include "runtime/abi/ravine.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

using namespace ravine::bench;

namespace {

constexpr int Rounds = 9;

/// One compiled optimizer for one tensor of f32, or one whose parameter is stored otherwise.
class Kernel {
public:
  Kernel(const std::string &path, size_t size, unsigned threads, ravine_dtype parameter = RAVINE_F32)
      : optimizer(make(path, size, threads, parameter)) {}

  void run(void *parameter, const void *gradient) {
    optimizer.step(std::span<void *const>(&parameter, 1), std::span<const void *const>(&gradient, 1));
  }

  ravine::Optimizer optimizer;

private:
  static ravine::Optimizer make(const std::string &path, size_t size, unsigned threads, ravine_dtype parameter) {
    ravine_host host = {};
    host.struct_size = sizeof host;
    host.thread_count = threads;
    const ravine::Tensor tensor = {.name = "w", .shape = {static_cast<int64_t>(size)}, .parameter = parameter};
    return {ravine::Library::open(path), std::span(&tensor, 1), {.host = &host}};
  }
};

/// The best that separate kernels can do: the norm in one pass over g; unscaling and clipping, which multiply by
/// numbers, in one pass over g; then AdamW, the average, the copy and the zeros, each in one pass.
class Separately {
public:
  Separately(size_t size, unsigned threads)
      : measure(kernel("measure"), size, threads), scale(kernel("scale"), size, threads),
        adamw(RAVINE_STDLIB_LIBRARIES "/libadamw.so", size, threads), average(kernel("average"), size, threads),
        cast(kernel("cast"), size, threads, RAVINE_BF16), clear(kernel("clear"), size, threads) {}

  void step(float *w, float *g, float *mean, uint16_t *copy) {
    measure.run(w, g);
    double norm = measure.optimizer.metric("grad_norm");
    scale.optimizer.set("factor", std::min(1.0, 1 / norm));
    scale.run(g, w);
    adamw.run(w, g);
    average.run(mean, w);
    cast.run(copy, w);
    clear.run(g, w);
  }

  /// Bytes per parameter, kernel by kernel.
  static constexpr int Bytes = 4 + 8 + 28 + 12 + 6 + 4;

private:
  static std::string kernel(const std::string &name) { return RAVINE_BENCH_LIBRARIES "/lib" + name + ".so"; }

  Kernel measure, scale, adamw, average, cast, clear;
};

void wholeStep(size_t size, unsigned threads) {
  std::vector<float> w = randomFloats(size, 1), g = randomFloats(size, 2);
  std::vector<float> otherW = w, otherG = g, mean = w;
  std::vector<uint16_t> copy(size);

  Kernel whole(RAVINE_BENCH_LIBRARIES "/libwhole_step.so", size, threads);
  whole.run(w.data(), g.data());
  Separately separately(size, threads);

  Streams streams;
  streams.length = size;
  streams.updated = {w.data(), g.data()};
  for (const char *state : {"m", "v", "shadow"})
    streams.updated.push_back(whole.optimizer.state<float>(0, state).data());
  streams.written = {copy.data()};

  std::printf("separate kernels move %d bytes for each parameter: norm 4, scale 8, adamw 28, average 12, copy 6, "
              "zeros 4; the whole step 46\n",
              Separately::Bytes);
  print("the whole step, " + std::to_string(size >> 20) + " Mi parameters, " + std::to_string(threads) + " thread(s)",
        measureInterleaved(
            {{"streams of the same bytes",
              [&] {
                readOnce(g, threads);
                streamOnce(streams, threads);
              }},
             {"whole_step", [&] { whole.run(w.data(), g.data()); }},
             {"six kernels", [&] { separately.step(otherW.data(), otherG.data(), mean.data(), copy.data()); }}},
            Rounds),
        static_cast<double>(size) * 46);
}

} // namespace

int main(int argc, char **argv) {
  bool isQuick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  size_t size = size_t(isQuick ? 4 : 64) << 20;
  for (unsigned threads : {1u, 2u})
    wholeStep(size, threads);
}
