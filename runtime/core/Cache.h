// How much of a thread's cache a tensor may fill, and how many processors there are to share work among.
#pragma once

#include <cstddef>

namespace ravine::core {

/// Bytes that a tensor may occupy while one thread takes it through several sweeps, so that the later ones find it in
/// the level-2 cache: RAVINE_L2_BYTES where the environment has it, else a part of the cache that the system reports.
[[nodiscard]] size_t residentBytes();

/// Processors of the machine that are online, at least 1.
[[nodiscard]] size_t onlineProcessors();

} // namespace ravine::core
