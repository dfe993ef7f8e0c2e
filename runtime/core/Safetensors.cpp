// The grammar of the header.
#include "runtime/core/Safetensors.h"

#include <cstring>

namespace ravine::core {

size_t characterLength(std::span<const char> text) {
  auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  auto continues = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  unsigned first = byte(0), second = byte(1);
  if (text.empty())
    return 0;
  if (first < 0x80)
    return 1;
  // Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
  if (first >= 0xC2 && first <= 0xDF)
    return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    bool isShortest = first != 0xE0 || second >= 0xA0;
    bool isSurrogate = first == 0xED && second >= 0xA0;
    return continues(1) && continues(2) && isShortest && !isSurrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    bool isShortest = first != 0xF0 || second >= 0x90;
    bool isTooLarge = first == 0xF4 && second >= 0x90;
    return continues(1) && continues(2) && continues(3) && isShortest && !isTooLarge ? 4 : 0;
  }
  return 0;
}

HeaderReader::Item HeaderReader::next() {
  used_ = 0;
  switch (place_) {
  case Place::Start:
    // The format wants the brace in the first byte.
    if (text_.empty() || text_[0] != '{') {
      fail("it does not start with {");
      return Item::Broken;
    }
    ++position_;
    place_ = Place::Inside;
    return readEntry();
  case Place::InMetadata:
    return readMetadata();
  case Place::Inside:
    return readEntry();
  case Place::AtEnd:
    break;
  }
  return Item::End;
}

HeaderReader::Item HeaderReader::readEntry() {
  if (peek() == '}') {
    ++position_;
    place_ = Place::AtEnd;
    if (peek() == '\0' && position_ == text_.size())
      return Item::End;
    fail("there is something behind the last }");
    return Item::Broken;
  }
  if ((needsComma_ && !expect(',', "a comma or } is missing")) || !readString(name) ||
      !expect(':', "a colon is missing"))
    return Item::Broken;
  needsComma_ = true;
  if (std::strcmp(name, "__metadata__") != 0)
    return readTensor() ? Item::Tensor : Item::Broken;
  if (hadMetadata_) {
    fail("there is a second __metadata__");
    return Item::Broken;
  }
  hadMetadata_ = true;
  if (!expect('{', "__metadata__ is not an object"))
    return Item::Broken;
  place_ = Place::InMetadata;
  needsComma_ = false;
  used_ = 0;
  return readMetadata();
}

HeaderReader::Item HeaderReader::readMetadata() {
  if (peek() == '}') {
    ++position_;
    place_ = Place::Inside;
    needsComma_ = true;
    used_ = 0;
    return readEntry();
  }
  if ((needsComma_ && !expect(',', "a comma or } is missing")) || !readString(name) ||
      !expect(':', "a colon is missing") || !readString(value))
    return Item::Broken;
  needsComma_ = true;
  return Item::Metadata;
}

bool HeaderReader::readTensor() {
  if (!expect('{', "a tensor is not described by an object"))
    return false;
  bool hasDtype = false, hasShape = false, hasOffsets = false;
  for (int field = 0; field < 3; ++field) {
    const char *key;
    if ((field > 0 && !expect(',', "a tensor lacks its dtype, shape or data_offsets")) || !readString(key) ||
        !expect(':', "a colon is missing"))
      return false;
    auto isNew = [&](const char *expected, bool &had) {
      bool is = std::strcmp(key, expected) == 0 && !had;
      had |= is;
      return is;
    };
    bool isRead = isNew("dtype", hasDtype)            ? readString(dtype)
                  : isNew("shape", hasShape)          ? readShape()
                  : isNew("data_offsets", hasOffsets) ? readOffsets()
                                                      : fail("a tensor has a field that is unknown, or twice");
    if (!isRead)
      return false;
  }
  return expect('}', "a tensor has more than dtype, shape and data_offsets");
}

bool HeaderReader::readShape() {
  if (!expect('[', "a shape is not an array"))
    return false;
  rank = 0;
  if (peek() == ']') {
    ++position_;
    return true;
  }
  for (;;) {
    int64_t extent;
    if (!readNumber(extent))
      return false;
    if (rank < extents_.size())
      extents_[rank] = extent;
    ++rank;
    if (peek() == ']') {
      ++position_;
      return true;
    }
    if (!expect(',', "a comma or ] is missing"))
      return false;
  }
}

bool HeaderReader::readOffsets() {
  return expect('[', "data_offsets is not an array") && readNumber(begin) &&
         expect(',', "data_offsets are not two numbers") && readNumber(end) &&
         expect(']', "data_offsets are not two numbers");
}

bool HeaderReader::readString(const char *&string) {
  if (!expect('"', "a string is missing"))
    return false;
  string = room_ + used_;
  while (position_ < text_.size()) {
    char character = text_[position_];
    if (character == '"') {
      ++position_;
      room_[used_++] = '\0';
      return true;
    }
    if (static_cast<unsigned char>(character) < ' ')
      return fail("a string has a control character");
    if (character == '\\') {
      ++position_;
      if (!readEscape())
        return false;
      continue;
    }
    size_t length = characterLength(text_.subspan(position_));
    if (length == 0)
      return fail("a string is not UTF-8");
    std::memcpy(room_ + used_, text_.data() + position_, length);
    used_ += length;
    position_ += length;
  }
  return fail("a string does not end");
}

bool HeaderReader::readEscape() {
  constexpr char escapes[] = "\"\\/bfnrt", characters[] = "\"\\/\b\f\n\r\t";
  char escape = position_ < text_.size() ? text_[position_++] : '\0';
  if (escape != 'u') {
    const char *found = escape == '\0' ? nullptr : std::strchr(escapes, escape);
    if (found == nullptr)
      return fail("a string has an unknown escape");
    put(static_cast<unsigned char>(characters[found - escapes]));
    return true;
  }
  auto isHigh = [](uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; };
  auto isLow = [](uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; };
  uint32_t unit, second;
  if (!readCodeUnit(unit))
    return false;
  if (unit == 0)
    return fail("a string holds NUL");
  if (isLow(unit))
    return fail("a string has half of a surrogate pair");
  if (!isHigh(unit)) {
    put(unit);
    return true;
  }
  if (position_ + 2 > text_.size() || text_[position_] != '\\' || text_[position_ + 1] != 'u')
    return fail("a string has half of a surrogate pair");
  position_ += 2;
  if (!readCodeUnit(second))
    return false;
  if (!isLow(second))
    return fail("a string has half of a surrogate pair");
  put(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
  return true;
}

bool HeaderReader::readCodeUnit(uint32_t &unit) {
  unit = 0;
  for (int digit = 0; digit < 4; ++digit) {
    char c = position_ < text_.size() ? text_[position_] : '\0';
    uint32_t value;
    if (c >= '0' && c <= '9')
      value = static_cast<uint32_t>(c - '0');
    else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
      value = static_cast<uint32_t>((c | 0x20) - 'a' + 10);
    else
      return fail("a string has an escape that is no character");
    unit = unit << 4 | value;
    ++position_;
  }
  return true;
}

void HeaderReader::put(uint32_t character) {
  auto byte = [&](uint32_t value) { room_[used_++] = static_cast<char>(value); };
  auto continuation = [&](int shift) { byte(0x80 | (character >> shift & 0x3F)); };
  if (character < 0x80) {
    byte(character);
  } else if (character < 0x800) {
    byte(0xC0 | character >> 6);
    continuation(0);
  } else if (character < 0x10000) {
    byte(0xE0 | character >> 12);
    continuation(6);
    continuation(0);
  } else {
    byte(0xF0 | character >> 18);
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

bool HeaderReader::readNumber(int64_t &number) {
  auto isDigit = [&] { return position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9'; };
  number = 0;
  char first = peek();
  if (!isDigit())
    return fail("a number is missing, or is negative");
  do {
    if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, text_[position_] - '0', &number))
      return fail("a number is too large");
    ++position_;
  } while (isDigit() && first != '0');
  bool goesOn = isDigit() || (position_ < text_.size() && std::strchr(".eE", text_[position_]) != nullptr);
  return !goesOn || fail("a number is not a whole one as JSON writes it");
}

bool HeaderReader::expect(char character, const char *problem) {
  if (peek() != character)
    return fail(problem);
  ++position_;
  return true;
}

char HeaderReader::peek() {
  while (position_ < text_.size() && std::strchr(" \t\n\r", text_[position_]) != nullptr && text_[position_] != '\0')
    ++position_;
  return position_ < text_.size() ? text_[position_] : '\0';
}

bool HeaderReader::fail(const char *problem) {
  problem_ = problem;
  return false;
}

} // namespace ravine::core
