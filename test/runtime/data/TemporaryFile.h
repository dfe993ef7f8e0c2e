// Files for tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <zlib.h>

namespace ravine::test {

/// A file with the given content, for as long as this lives.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::string &content) {
    static int number = 0;
    name = testing::TempDir() + "ravine_" + std::to_string(getpid()) + "_" + std::to_string(number++);
    std::ofstream(name, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  }
  ~TemporaryFile() { std::filesystem::remove(name); }
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;

  [[nodiscard]] const std::string &path() const { return name; }

private:
  std::string name;
};

/// One gzip member.
inline std::string gzipped(const std::string &content) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string compressed(deflateBound(&stream, content.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

/// An IDX file of unsigned bytes.
inline std::string idx(std::initializer_list<uint32_t> extents, const std::string &values) {
  std::string content = {0, 0, 8, static_cast<char>(extents.size())};
  for (uint32_t extent : extents)
    for (int shift = 24; shift >= 0; shift -= 8)
      content += static_cast<char>(extent >> shift);
  return content + values;
}

} // namespace ravine::test
