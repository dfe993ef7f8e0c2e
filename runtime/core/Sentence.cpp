// Building sentences and writing numbers.
#include "runtime/core/Sentence.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace ravine::core {

namespace {

constexpr size_t numberCapacity = 40;

bool continuesCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Removes what printf adds and a person does not write: 1e-08 is 1e-8, 1e+20 is 1e20, and the host's locale may have
/// put a comma.
void tidy(char *number) {
  char *to = number;
  bool inExponent = false, atExponentStart = false;
  for (const char *from = number; *from != '\0'; ++from) {
    char c = *from;
    if (c == 'e') {
      inExponent = atExponentStart = true;
      *to++ = c;
    } else if (inExponent && (c == '+' || (atExponentStart && c == '0'))) {
      continue;
    } else if ((c >= '0' && c <= '9') || c == '-' || c == '.') {
      atExponentStart = atExponentStart && c == '-';
      *to++ = c;
    } else if (!continuesCharacter(c)) {
      *to++ = '.';
    }
  }
  *to = '\0';
}

void writeNumber(double value, char (&out)[numberCapacity]) {
  if (std::isnan(value)) {
    std::strcpy(out, "nan");
  } else if (std::isinf(value)) {
    std::strcpy(out, value > 0 ? "inf" : "-inf");
  } else if (value == std::trunc(value) && std::fabs(value) < 1e7) {
    std::snprintf(out, sizeof out, "%.0f", value);
  } else {
    for (int digits = 1; digits <= 17; ++digits) {
      std::snprintf(out, sizeof out, "%.*g", digits, value);
      if (std::strtod(out, nullptr) == value)
        break;
    }
    tidy(out);
  }
}

} // namespace

void copyText(char *buffer, size_t size, const char *text) {
  size_t length = std::strlen(text);
  if (length >= size) {
    length = size - 1;
    while (length > 0 && continuesCharacter(text[length]))
      --length;
  }
  std::memcpy(buffer, text, length);
  buffer[length] = '\0';
}

Sentence &Sentence::operator<<(const char *text) {
  if (isCut_)
    return *this;
  isCut_ = std::strlen(text) >= capacity - length_;
  copyText(text_ + length_, capacity - length_, text);
  for (; text_[length_] != '\0'; ++length_)
    if (static_cast<unsigned char>(text_[length_]) < ' ' || text_[length_] == '\x7F')
      text_[length_] = ' ';
  return *this;
}

Sentence &Sentence::operator<<(Quoted name) {
  return *this << "\"" << name.text << "\"";
}

Sentence &Sentence::operator<<(double value) {
  char number[numberCapacity];
  writeNumber(value, number);
  return *this << number;
}

Sentence &Sentence::appendSigned(int64_t value) {
  char number[numberCapacity];
  std::snprintf(number, sizeof number, "%lld", static_cast<long long>(value));
  return *this << number;
}

Sentence &Sentence::appendUnsigned(uint64_t value) {
  char number[numberCapacity];
  std::snprintf(number, sizeof number, "%llu", static_cast<unsigned long long>(value));
  return *this << number;
}

} // namespace ravine::core
