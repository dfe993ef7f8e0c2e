// The IDX format: arrays of numbers, as MNIST and its relatives come in.
#pragma once

#include "runtime/nn/Shape.h"

#include <string>
#include <vector>

namespace ravine::data {

/// An array of bytes, row-major.
struct IdxArray {
  nn::Shape shape;
  std::vector<uint8_t> values;
};

/// Reads an IDX file of unsigned bytes, plain or compressed by gzip, whose array has `rank` axes.
///
/// An IDX file is two zero bytes, a byte for the element type (0x08: unsigned bytes), a byte for the rank, one
/// big-endian 32-bit extent per axis, and the elements, with nothing after them.
///
/// Throws DamagedFile for a file that is missing, unreadable, corrupt or truncated, whose header says anything else, or
/// that has more or fewer bytes than its header promises. The header is never believed: memory is asked for only as the
/// bytes that fill it arrive.
[[nodiscard]] IdxArray readIdx(const std::string &path, size_t rank);

} // namespace ravine::data
