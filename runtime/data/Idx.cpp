// The IDX format: arrays of numbers, as MNIST and its relatives come in.
#include "runtime/data/Idx.h"

#include "runtime/data/ByteReader.h"

#include <algorithm>
#include <array>

namespace ravine::data {

namespace {

constexpr size_t pieceSize = 1 << 20;

/// What the third byte of the file says.
std::string elementTypeName(uint8_t code) {
  switch (code) {
  case 0x08:
    return "unsigned bytes";
  case 0x09:
    return "signed bytes";
  case 0x0B:
    return "16-bit integers";
  case 0x0C:
    return "32-bit integers";
  case 0x0D:
    return "32-bit floating-point numbers";
  case 0x0E:
    return "64-bit floating-point numbers";
  default:
    return "of a type that IDX does not have (code " + std::to_string(code) + ")";
  }
}

std::array<uint8_t, 4> readWord(ByteReader &reader) {
  std::array<uint8_t, 4> word;
  const uint64_t start = reader.position();
  if (reader.read(word) < word.size())
    reader.refuse(start, "the file ends inside its header");
  return word;
}

nn::Shape readHeader(ByteReader &reader, size_t rank) {
  const std::array<uint8_t, 4> magic = readWord(reader);
  if (magic[0] != 0 || magic[1] != 0)
    reader.refuse(0, "not an IDX file: it does not start with two zero bytes");
  if (magic[2] != 0x08)
    reader.refuse(2, "the elements are " + elementTypeName(magic[2]) + ", where unsigned bytes are expected");
  if (magic[3] != rank)
    reader.refuse(3, "the array has " + std::to_string(magic[3]) + " axes, where " + std::to_string(rank) +
                         " are expected");

  std::vector<int64_t> extents;
  for (size_t axis = 0; axis < rank; ++axis) {
    const std::array<uint8_t, 4> word = readWord(reader);
    extents.push_back(int64_t{word[0]} << 24 | word[1] << 16 | word[2] << 8 | word[3]);
  }
  try {
    return nn::Shape(extents);
  } catch (const std::invalid_argument &reason) {
    reader.refuse(4, std::string("the extents make no array: ") + reason.what());
  }
}

} // namespace

IdxArray readIdx(const std::string &path, size_t rank) {
  ByteReader reader(path);
  IdxArray array{.shape = readHeader(reader, rank), .values = {}};
  const auto expected = static_cast<size_t>(array.shape.count());
  while (array.values.size() < expected) {
    const size_t before = array.values.size(), piece = std::min(expected - before, pieceSize);
    array.values.resize(before + piece);
    const size_t count = reader.read(std::span(array.values).subspan(before));
    if (count < piece)
      reader.refuse(reader.position(), "the file ends after " + std::to_string(before + count) + " of " +
                                           std::to_string(expected) + " elements");
  }
  const uint64_t end = reader.position();
  if (std::array<uint8_t, 1> extra; reader.read(extra) > 0)
    reader.refuse(end, "bytes follow the last element");
  return array;
}

} // namespace ravine::data
