// Reading the header of a safetensors file: strictly, without memory of its own, and without trust.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ravine::core {

/// Files that the format's readers accept have no longer header.
constexpr uint64_t longestHeader = 100'000'000;

/// Goes through the entries of a header one by one. The header is a JSON object of a fixed form,
///
///   { "__metadata__": { KEY: STRING, … }, NAME: { "dtype": STRING, "shape": [N, …], "data_offsets": [BEGIN, END] }, …
///   }
///
/// in any order, and nothing else is accepted: no other fields, no number that is not whole and below 2^63, no text
/// that is not UTF-8, no NUL in a name. Format: https://github.com/huggingface/safetensors, "Format".
class HeaderReader {
public:
  enum class Item { Metadata, Tensor, End, Broken };

  /// `room` has as many bytes as `text`; names and values are put there. Of a shape as many extents are kept as
  /// `extents` has room for.
  HeaderReader(std::span<const char> text, char *room, std::span<int64_t> extents)
      : text_(text), room_(room), extents_(extents) {}

  /// Goes on to the next entry. The fields below describe it until the next call.
  [[nodiscard]] Item next();

  /// The name of a tensor, or the key in the metadata. NUL-terminated, like all strings here.
  const char *name = nullptr;
  /// The value in the metadata.
  const char *value = nullptr;
  const char *dtype = nullptr;
  uint64_t rank = 0;
  int64_t begin = 0, end = 0;

  /// What is wrong, and at which byte of the header.
  [[nodiscard]] const char *problem() const { return problem_; }
  [[nodiscard]] size_t position() const { return position_; }

private:
  [[nodiscard]] Item readEntry();
  [[nodiscard]] Item readMetadata();
  [[nodiscard]] bool readTensor();
  [[nodiscard]] bool readShape();
  [[nodiscard]] bool readOffsets();
  [[nodiscard]] bool readString(const char *&string);
  [[nodiscard]] bool readEscape();
  [[nodiscard]] bool readCodeUnit(uint32_t &unit);
  [[nodiscard]] bool readNumber(int64_t &number);
  [[nodiscard]] bool expect(char character, const char *problem);
  /// The next character behind white space, or NUL at the end.
  [[nodiscard]] char peek();
  void put(uint32_t character);
  bool fail(const char *problem);

  std::span<const char> text_;
  char *room_;
  size_t used_ = 0;
  std::span<int64_t> extents_;
  size_t position_ = 0;
  enum class Place { Start, InMetadata, Inside, AtEnd } place_ = Place::Start;
  /// Whether an entry of the present object has been read, so that a comma comes before the next.
  bool needsComma_ = false;
  bool hadMetadata_ = false;
  const char *problem_ = "";
};

/// The length in bytes of the character of UTF-8 that `text` starts with; 0 where it starts with none.
[[nodiscard]] size_t characterLength(std::span<const char> text);

} // namespace ravine::core
