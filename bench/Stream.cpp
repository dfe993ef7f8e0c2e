// The yardsticks: streams with software prefetch, written with the compiler's vector extension.
#include "bench/Stream.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>

namespace ravine::bench {

namespace {

constexpr size_t Width = 16;
constexpr size_t PrefetchDistance = 512;

typedef float Vector __attribute__((vector_size(Width * sizeof(float)), aligned(alignof(float))));
typedef uint16_t HalfVector __attribute__((vector_size(Width * sizeof(uint16_t)), aligned(alignof(uint16_t))));

/// One part of the buffers; the counts are template arguments so that the loop has no inner loop.
template <size_t Updated, size_t Read, size_t Written = 0>
void streamPart(const Streams &streams, size_t begin, size_t end) {
  float *updated[Updated];
  const float *read[Read + 1];
  uint16_t *written[Written + 1];
  std::copy_n(streams.written.begin(), Written, written);
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
    for (size_t half = 0; half < Written; ++half) {
      __builtin_prefetch(written[half] + i + PrefetchDistance, /*rw=*/1);
      *reinterpret_cast<HalfVector *>(written[half] + i) = HalfVector{} + static_cast<uint16_t>(i);
    }
  }
}

using Part = void (*)(const Streams &, size_t, size_t);

Part partFor(const Streams &streams) {
  size_t updated = streams.updated.size(), read = streams.read.size();
  if (read == 0 && updated == 5 && streams.written.size() == 1)
    return streamPart<5, 0, 1>;
  if (!streams.written.empty())
    throw std::invalid_argument("no stream for this number of buffers");
  if (read == 0 && updated == 1)
    return streamPart<1, 0>;
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

/// Calls part(i) for every thread's number, on that many threads.
void onThreads(unsigned threads, const std::function<void(unsigned)> &part) {
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads; ++thread)
    others.emplace_back(part, thread);
  part(0);
  for (std::thread &other : others)
    other.join();
}

/// Elements that eight streams go through side by side before they move on together.
constexpr size_t ReadPiece = size_t(64) << 10;

float readPart(const float *values, size_t begin, size_t end) {
  constexpr size_t streams = 8;
  Vector sums[streams] = {};
  for (; begin + ReadPiece <= end; begin += ReadPiece)
    for (size_t i = begin; i < begin + ReadPiece / streams; i += Width)
      for (size_t stream = 0; stream < streams; ++stream) {
        const float *place = values + i + stream * (ReadPiece / streams);
        __builtin_prefetch(place + PrefetchDistance);
        sums[stream] += *reinterpret_cast<const Vector *>(place);
      }
  for (; begin + Width <= end; begin += Width)
    sums[0] += *reinterpret_cast<const Vector *>(values + begin);
  float total = 0;
  for (const Vector &sum : sums)
    for (size_t lane = 0; lane < Width; ++lane)
      total += sum[lane];
  return total;
}

} // namespace

void streamOnce(const Streams &streams, unsigned threads) {
  Part part = partFor(streams);
  auto bound = [&](unsigned thread) { return streams.length / Width * thread / threads * Width; };
  onThreads(threads, [&](unsigned thread) { part(streams, bound(thread), bound(thread + 1)); });
}

float readOnce(std::span<const float> values, unsigned threads) {
  auto bound = [&](unsigned thread) { return values.size() / ReadPiece * thread / threads * ReadPiece; };
  std::vector<float> sums(threads);
  onThreads(threads, [&](unsigned thread) {
    size_t end = thread + 1 == threads ? values.size() : bound(thread + 1);
    sums[thread] = readPart(values.data(), bound(thread), end);
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0f);
}

std::vector<float> randomFloats(size_t count, uint32_t seed) {
  std::mt19937 engine(seed);
  std::vector<float> values(count);
  for (float &value : values)
    value = static_cast<float>(engine()) * 0x1p-32f - 0.5f;
  return values;
}

std::vector<const void *> pointersTo(const std::vector<std::vector<float>> &arrays) {
  std::vector<const void *> pointers;
  for (const std::vector<float> &array : arrays)
    pointers.push_back(array.data());
  return pointers;
}

} // namespace ravine::bench
