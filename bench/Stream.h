// The yardsticks: reading, or reading and writing, the bytes of an optimizer step and doing next to nothing with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ravine::bench {

/// Buffers of floats that a sweep updates in place, buffers that it only reads, and buffers of 16-bit numbers that it
/// only writes, all of one length.
struct Streams {
  std::vector<float *> updated;
  std::vector<const float *> read;
  std::vector<uint16_t *> written = {};
  size_t length = 0;
};

/// Reads every buffer once and writes each updated one once, a prefetched cache line at a time, on `threads` threads,
/// each with one contiguous part. This is what the memory system can do for these buffers; there are at most seven.
void streamOnce(const Streams &streams, unsigned threads);

/// Reads `values` once on `threads` threads and returns their sum in f32, of which nothing is asked but that it be
/// computed. Each thread reads eight places of its part at a time: one stream of reads leaves most of a core's
/// outstanding cache misses unused.
float readOnce(std::span<const float> values, unsigned threads);

/// Numbers in [-0.5, 0.5).
[[nodiscard]] std::vector<float> randomFloats(size_t count, uint32_t seed);

/// Where arrays are, for steps on them.
[[nodiscard]] std::vector<const void *> pointersTo(const std::vector<std::vector<float>> &arrays);

} // namespace ravine::bench
