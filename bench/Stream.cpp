// The yardstick: a read-modify-write stream with software prefetch, written with the compiler's vector extension.
#include "bench/Stream.h"

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace ravine::bench {

namespace {

constexpr size_t Width = 16;
constexpr size_t PrefetchDistance = 512;

typedef float Vector __attribute__((vector_size(Width * sizeof(float)), aligned(alignof(float))));

/// One part of the buffers; the counts are template arguments so that the loop has no inner loop.
template <size_t Updated, size_t Read> void streamPart(const Streams &streams, size_t begin, size_t end) {
  float *updated[Updated];
  const float *read[Read + 1];
  std::copy_n(streams.updated.begin(), Updated, updated);
  std::copy_n(streams.read.begin(), Read, read);
  for (size_t i = begin; i + Width <= end; i += Width) {
    Vector sum = {};
    for (size_t r = 0; r < Read; ++r) {
      __builtin_prefetch(read[r] + i + PrefetchDistance);
      sum += *reinterpret_cast<const Vector *>(read[r] + i);
    }
    for (size_t u = 0; u < Updated; ++u) {
      __builtin_prefetch(updated[u] + i + PrefetchDistance);
      auto *vector = reinterpret_cast<Vector *>(updated[u] + i);
      *vector = *vector + sum * 1e-20f;
    }
  }
}

using Part = void (*)(const Streams &, size_t, size_t);

Part partFor(const Streams &streams) {
  size_t updated = streams.updated.size(), read = streams.read.size();
  if (read == 1 && updated == 1)
    return streamPart<1, 1>;
  if (read == 1 && updated == 2)
    return streamPart<2, 1>;
  if (read == 1 && updated == 3)
    return streamPart<3, 1>;
  if (read == 1 && updated == 4)
    return streamPart<4, 1>;
  throw std::invalid_argument("no stream for this number of buffers");
}

} // namespace

void streamOnce(const Streams &streams, unsigned threads) {
  Part part = partFor(streams);
  auto bound = [&](unsigned thread) { return streams.length / Width * thread / threads * Width; };
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads; ++thread)
    others.emplace_back([&, thread] { part(streams, bound(thread), bound(thread + 1)); });
  part(streams, bound(0), bound(1));
  for (std::thread &other : others)
    other.join();
}

} // namespace ravine::bench
