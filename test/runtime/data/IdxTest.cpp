// IDX files, whole ones and every kind of damage.
#include "runtime/data/Idx.h"
#include "runtime/data/DamagedFile.h"
#include "test/runtime/data/TemporaryFile.h"

#include <gmock/gmock.h>

namespace ravine::data {
namespace {

using test::gzipped;
using test::idx;
using test::TemporaryFile;
using testing::ElementsAre;

/// What is said about a file with this content, as "offset: reason".
std::string complaint(const std::string &content, size_t rank = 1) {
  const TemporaryFile file(content);
  try {
    std::ignore = readIdx(file.path(), rank);
  } catch (const DamagedFile &error) {
    EXPECT_EQ(error.path, file.path());
    EXPECT_EQ(error.what(), file.path() + ": byte " + std::to_string(error.offset) + ": " + error.reason);
    return std::to_string(error.offset) + ": " + error.reason;
  }
  return "nothing was said";
}

TEST(Idx, ReadsPlainAndCompressedFiles) {
  const std::string content = idx({2, 3}, {1, 2, 3, 4, 5, '\xff'});
  const size_t half = content.size() / 2;
  for (const std::string &stored :
       {content, gzipped(content), gzipped(content.substr(0, half)) + gzipped(content.substr(half))}) {
    const TemporaryFile file(stored);
    const IdxArray array = readIdx(file.path(), 2);
    EXPECT_EQ(array.shape, nn::Shape({2, 3}));
    EXPECT_THAT(array.values, ElementsAre(1, 2, 3, 4, 5, 255));
  }
}

TEST(Idx, ReadsWhatIsLargerThanAnyBuffer) {
  std::string values(3'000'001, '\0');
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<char>(i * i % 251);
  const std::string content = idx({3'000'001}, values);
  for (const std::string &stored : {content, gzipped(content)}) {
    const TemporaryFile file(stored);
    const IdxArray array = readIdx(file.path(), 1);
    EXPECT_TRUE(
        std::ranges::equal(array.values, values, {}, {}, [](char value) { return static_cast<uint8_t>(value); }));
  }
}

TEST(Idx, ReadsAnEmptyArray) {
  const TemporaryFile file(idx({0, 28, 28}, ""));
  EXPECT_EQ(readIdx(file.path(), 3).shape, nn::Shape({0, 28, 28}));
}

TEST(IdxDamage, MissingFile) {
  try {
    std::ignore = readIdx("/nowhere/train-images", 3);
    FAIL();
  } catch (const DamagedFile &error) {
    EXPECT_STREQ(error.what(), "/nowhere/train-images: byte 0: cannot be opened: No such file or directory");
  }
}

TEST(IdxDamage, Folder) {
  try {
    std::ignore = readIdx(testing::TempDir(), 3);
    FAIL();
  } catch (const DamagedFile &error) {
    EXPECT_EQ(error.reason, "cannot be read: Is a directory");
  }
}

TEST(IdxDamage, Header) {
  EXPECT_EQ(complaint(""), "0: the file ends inside its header");
  EXPECT_EQ(complaint(std::string("\0\0\x08", 3)), "0: the file ends inside its header");
  EXPECT_EQ(complaint(idx({5}, "").substr(0, 6)), "4: the file ends inside its header");
  EXPECT_EQ(complaint("PNG file"), "0: not an IDX file: it does not start with two zero bytes");
  EXPECT_EQ(complaint(std::string("\0\0\x0D\x01\0\0\0\x01", 8)),
            "2: the elements are 32-bit floating-point numbers, where unsigned bytes are expected");
  EXPECT_EQ(complaint(std::string("\0\0\x07\x01\0\0\0\x01", 8)),
            "2: the elements are of a type that IDX does not have (code 7), where unsigned bytes are expected");
  EXPECT_EQ(complaint(idx({2, 2}, "abcd")), "3: the array has 2 axes, where 1 are expected");
}

TEST(IdxDamage, LyingExtents) {
  // Nothing of this size is ever asked for.
  EXPECT_EQ(complaint(idx({0xFFFFFFFF}, "abc")), "11: the file ends after 3 of 4294967295 elements");
  EXPECT_EQ(complaint(idx({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, "abc"), 3),
            "4: the extents make no array: a shape has more than 2^48 elements");
  // The product of the extents is 0 modulo 2^64.
  EXPECT_EQ(complaint(idx({0x80000000, 0x80000000, 4}, ""), 3),
            "4: the extents make no array: a shape has more than 2^48 elements");
  EXPECT_EQ(complaint(idx({0x10000, 0x10000, 0x10000}, std::string(100, 'x')), 3),
            "116: the file ends after 100 of 281474976710656 elements");
}

TEST(IdxDamage, WrongLength) {
  EXPECT_EQ(complaint(idx({4}, "abc")), "11: the file ends after 3 of 4 elements");
  EXPECT_EQ(complaint(idx({2}, "abc")), "10: bytes follow the last element");
  EXPECT_EQ(complaint(gzipped(idx({4}, "abc"))),
            "11: the file ends after 3 of 4 elements (counted in the decompressed content)");
  EXPECT_EQ(complaint(gzipped(idx({2}, "abc"))),
            "10: bytes follow the last element (counted in the decompressed content)");
}

TEST(IdxDamage, CompressedData) {
  const std::string whole = gzipped(idx({300}, std::string(300, 'a')));
  const std::string size = std::to_string(whole.size());
  // Cut short anywhere: in the header, in the data, in the sums at the end.
  for (size_t length = 2; length < whole.size(); ++length)
    EXPECT_EQ(complaint(whole.substr(0, length)), std::to_string(length) + ": the compressed data end too early");
  EXPECT_EQ(complaint(whole + "x"), size + ": bytes follow the end of the compressed data");
  EXPECT_EQ(complaint(whole + "\x1f\x8b"), std::to_string(whole.size() + 2) + ": the compressed data end too early");

  // The last eight bytes are the check sum and the length of the content.
  std::string wrongSum = whole;
  wrongSum[whole.size() - 8] ^= 1;
  EXPECT_THAT(complaint(wrongSum), testing::EndsWith(": the compressed data are damaged: incorrect data check"));
  std::string wrongLength = whole;
  wrongLength.back() ^= 1;
  EXPECT_THAT(complaint(wrongLength), testing::EndsWith(": the compressed data are damaged: incorrect length check"));
}

TEST(IdxDamage, NoFlippedBitOfACompressedFileChangesTheContent) {
  std::string values;
  for (int i = 0; i < 200; ++i)
    values += static_cast<char>(i * 7 % 13);
  const std::string whole = gzipped(idx({200}, values));
  size_t noticed = 0;
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    const TemporaryFile file(damaged);
    try {
      const IdxArray array = readIdx(file.path(), 1);
      EXPECT_EQ(std::string(array.values.begin(), array.values.end()), values) << "bit " << bit;
    } catch (const DamagedFile &) {
      ++noticed;
    }
  }
  // The header holds a date and a system that nobody checks; a bit may also be padding.
  EXPECT_GT(noticed, 8 * (whole.size() - 10) * 9 / 10);
}

} // namespace
} // namespace ravine::data
