// Reading the bytes of a file, compressed or not.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ravine::data {

/// The content of a file from start to end, a piece at a time: the bytes themselves, or, if the file starts with the
/// magic number of gzip (RFC 1952), what they expand to. Every error is thrown as DamagedFile.
class ByteReader {
public:
  explicit ByteReader(std::string path);
  ~ByteReader();
  ByteReader(const ByteReader &) = delete;
  ByteReader &operator=(const ByteReader &) = delete;

  /// Fills as much of `target` as there is content left and returns how much that is.
  [[nodiscard]] size_t read(std::span<uint8_t> target);

  /// How many bytes of content have been read.
  [[nodiscard]] uint64_t position() const { return contentRead; }

  /// Throws a DamagedFile about the content at `offset`; says so where the file is compressed.
  [[noreturn]] void refuse(uint64_t offset, const std::string &reason) const;

private:
  struct Inflater;
  struct CloseFile {
    void operator()(std::FILE *file) const { std::fclose(file); }
  };

  /// Reads the next piece of the file into `input`. False at its end.
  bool refill();
  [[nodiscard]] size_t inflate(std::span<uint8_t> target);
  /// After the end of one compressed member: whether another follows. Anything else that follows is damage.
  bool startsAnotherMember();

  std::string path;
  std::unique_ptr<std::FILE, CloseFile> file;
  /// A piece of the file, and the part of it that has not been used yet.
  std::vector<uint8_t> input;
  std::span<uint8_t> unused;
  /// Bytes of the file before the end of `unused`.
  uint64_t fileRead = 0;
  uint64_t contentRead = 0;
  /// Null for a file that is not compressed.
  std::unique_ptr<Inflater> inflater;
};

} // namespace ravine::data
