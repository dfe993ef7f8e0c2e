// The reader of safetensors headers: what it takes, and what it refuses at which byte.
#include "runtime/core/Safetensors.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ravine::test {

namespace {

using core::HeaderReader;

/// All entries on a line each, and at the end what is wrong.
std::string readAll(const std::string &header) {
  std::vector<char> room(header.size());
  std::vector<int64_t> extents(4);
  HeaderReader reader(header, room.data(), extents);
  std::string out;
  for (;;)
    switch (reader.next()) {
    case HeaderReader::Item::Metadata:
      out += std::string(reader.name) + " = " + reader.value + "\n";
      break;
    case HeaderReader::Item::Tensor:
      out += std::string(reader.name) + ": " + reader.dtype;
      for (size_t axis = 0; axis < reader.rank; ++axis)
        out += " " + (axis < extents.size() ? std::to_string(extents[axis]) : "…");
      out += " at " + std::to_string(reader.begin) + "-" + std::to_string(reader.end) + "\n";
      break;
    case HeaderReader::Item::End:
      return out;
    case HeaderReader::Item::Broken:
      return out + "byte " + std::to_string(reader.position()) + ": " + reader.problem();
    }
}

TEST(SafetensorsHeader, IsRead) {
  EXPECT_EQ(readAll("{}"), "");
  EXPECT_EQ(readAll(R"({"__metadata__":{}})"), "");
  EXPECT_EQ(readAll(R"({"__metadata__":{"a":"b","c":""},"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}   )"),
            "a = b\nc = \nx: F32 2 3 at 0-24\n");
  EXPECT_EQ(
      readAll(
          "{\n\t\"x\" : { \"data_offsets\" : [ 8 , 9223372036854775807 ] , \"shape\" : [ ] , \"dtype\" : \"I64\" } ,\r "
          "\"__metadata__\" : { \"a\" : \"b\" } }"),
      "x: I64 at 8-9223372036854775807\na = b\n");
  EXPECT_EQ(readAll(R"({"x":{"shape":[1,0,2,3,4],"dtype":"","data_offsets":[0,0]}})"), "x:  1 0 2 3 … at 0-0\n");
}

TEST(SafetensorsHeader, HasStringsOfJson) {
  EXPECT_EQ(readAll(R"({"__metadata__":{"\"\\\/\b\f\n\r\t":"\u00e9\u20AC\uD83D\uDE42\u007f"}})"),
            "\"\\/\b\f\n\r\t = é€🙂\x7F\n");
  EXPECT_EQ(readAll("{\"__metadata__\":{\"größe\":\"🙂\"}}"), "größe = 🙂\n");
}

TEST(SafetensorsHeader, IsRefused) {
  auto metadata = [](const std::string &string) { return readAll("{\"__metadata__\":{\"" + string + "\":\"\"}}"); };
  auto shape = [](const std::string &shape) {
    return readAll("{\"x\":{\"shape\":" + shape + ",\"dtype\":\"F32\",\"data_offsets\":[0,0]}}");
  };
  EXPECT_EQ(readAll(""), "byte 0: it does not start with {");
  EXPECT_EQ(readAll(" {}"), "byte 0: it does not start with {");
  EXPECT_EQ(readAll("{"), "byte 1: a string is missing");
  EXPECT_EQ(readAll("{,}"), "byte 1: a string is missing");
  EXPECT_EQ(readAll("{}x"), "byte 2: there is something behind the last }");
  EXPECT_EQ(readAll(std::string("{}\0", 3)), "byte 2: there is something behind the last }");
  EXPECT_EQ(readAll(R"({"x":1})"), "byte 5: a tensor is not described by an object");
  EXPECT_EQ(readAll(R"({"x" {}})"), "byte 5: a colon is missing");
  EXPECT_EQ(readAll(R"({"__metadata__":[]})"), "byte 16: __metadata__ is not an object");
  EXPECT_EQ(readAll(R"({"__metadata__":{"a":1}})"), "byte 21: a string is missing");
  EXPECT_EQ(readAll(R"({"__metadata__":{"a":"b",}})"), "a = b\nbyte 25: a string is missing");
  EXPECT_EQ(readAll(R"({"__metadata__":{},"__metadata__":{}})"), "byte 34: there is a second __metadata__");
  EXPECT_EQ(readAll(R"({"__metadata__":{} "x")"), "byte 19: a comma or } is missing");
  EXPECT_EQ(readAll(R"({"x":{"dtype":"F32","shape":[]}})"), "byte 30: a tensor lacks its dtype, shape or data_offsets");
  EXPECT_EQ(readAll(R"({"x":{"dtype":"F32","dtype":"F32","shape":[]}})"),
            "byte 28: a tensor has a field that is unknown, or twice");
  EXPECT_EQ(readAll(R"({"x":{"dtype":"F32","shape":[],"data_offsets":[0,0],"y":1}})"),
            "byte 51: a tensor has more than dtype, shape and data_offsets");
  EXPECT_EQ(readAll(R"({"x":{"data_offsets":[0,1,2],"dtype":"F32","shape":[]}})"),
            "byte 25: data_offsets are not two numbers");

  EXPECT_EQ(metadata("\x01"), "byte 18: a string has a control character");
  EXPECT_EQ(metadata("\\x"), "byte 20: a string has an unknown escape");
  EXPECT_EQ(metadata("\\u12g4"), "byte 22: a string has an escape that is no character");
  EXPECT_EQ(metadata("\\u0000"), "byte 24: a string holds NUL");
  for (const char *half : {"\\ud83d", "\\ude42", "\\ud83dx", "\\ud83d\\u0041", "\\ud83d\\n"})
    EXPECT_NE(metadata(half).find("half of a surrogate pair"), std::string::npos) << half;
  // Continuation without start, overlong, surrogate, above U+10FFFF, cut off.
  for (const char *wrong : {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x80\x80\x80",
                            "\xC3", "\xE2\x82", "\xF5"})
    EXPECT_EQ(metadata(wrong), "byte 18: a string is not UTF-8") << testing::PrintToString(wrong);
  EXPECT_EQ(readAll("{\"__metadata__\":{\"a"), "byte 19: a string does not end");

  EXPECT_EQ(shape("2"), "byte 14: a shape is not an array");
  EXPECT_EQ(shape("[-1]"), "byte 15: a number is missing, or is negative");
  EXPECT_EQ(shape("[1,]"), "byte 17: a number is missing, or is negative");
  EXPECT_EQ(shape("[1 2]"), "byte 17: a comma or ] is missing");
  EXPECT_EQ(shape("[[1]]"), "byte 15: a number is missing, or is negative");
  for (const char *number : {"01", "1.0", "1e3", "1E3", "0.5", "00"})
    EXPECT_NE(shape("[" + std::string(number) + "]").find("a number is not a whole one as JSON writes it"),
              std::string::npos)
        << number;
  EXPECT_EQ(shape("[9223372036854775807]"), "x: F32 9223372036854775807 at 0-0\n");
  EXPECT_EQ(shape("[9223372036854775808]"), "byte 33: a number is too large");
}

TEST(SafetensorsHeader, NeedsNoMoreRoomThanItHasBytes) {
  // Deep nesting is refused at the first level, however deep it goes.
  EXPECT_EQ(readAll("{\"x\":" + std::string(1000000, '{')), "byte 6: a string is missing");
  EXPECT_EQ(readAll("{\"x\":" + std::string(1000000, '[')), "byte 5: a tensor is not described by an object");
}

} // namespace

} // namespace ravine::test
