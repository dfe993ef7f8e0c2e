// Counter-based random numbers.
#pragma once

#include <array>
#include <cstdint>

namespace ravine::nn {

/// Philox 4×32 with 10 rounds: a bijection of 128-bit counters, keyed by 64 bits, whose outputs pass as random.
/// Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
[[nodiscard]] constexpr std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t left = uint64_t{0xD2511F53} * counter[0];
    const uint64_t right = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(right >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(right),
               static_cast<uint32_t>(left >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(left)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// What random numbers are drawn for; streams of different purposes have nothing in common.
enum class Purpose : uint32_t { Initialization = 1, Shuffling = 2 };

/// The endless sequence of 64-bit numbers that belongs to (seed, purpose, stream): the same on every platform, and each
/// number is found from its place alone.
class RandomStream {
public:
  RandomStream(uint64_t seed, Purpose purpose, uint32_t stream) : seed(seed), purpose(purpose), stream(stream) {}

  [[nodiscard]] uint64_t operator[](uint64_t place) const {
    const uint64_t block = place / 2;
    const std::array<uint32_t, 4> words = philox(
        {static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), stream, static_cast<uint32_t>(purpose)},
        {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
    return place % 2 ? uint64_t{words[3]} << 32 | words[2] : uint64_t{words[1]} << 32 | words[0];
  }

private:
  uint64_t seed;
  Purpose purpose;
  uint32_t stream;
};

} // namespace ravine::nn
