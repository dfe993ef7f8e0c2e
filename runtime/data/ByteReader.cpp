// Reading the bytes of a file, compressed or not.
#include "runtime/data/ByteReader.h"

#include "runtime/data/DamagedFile.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <zlib.h>

namespace ravine::data {

namespace {

constexpr size_t pieceSize = 1 << 16;

bool hasGzipMagic(std::span<const uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

} // namespace

/// A zlib stream that expects gzip members and checks their sums.
struct ByteReader::Inflater {
  z_stream stream{};
  bool isFinished = false;

  Inflater() {
    constexpr int gzipWithLargestWindow = 15 + 16;
    if (inflateInit2(&stream, gzipWithLargestWindow) != Z_OK)
      throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater &) = delete;
  Inflater &operator=(const Inflater &) = delete;
};

ByteReader::ByteReader(std::string givenPath) : path(std::move(givenPath)), input(pieceSize) {
  file.reset(std::fopen(path.c_str(), "rb"));
  if (!file)
    throw DamagedFile(path, 0, std::string("cannot be opened: ") + std::strerror(errno));
  refill();
  if (hasGzipMagic(unused))
    inflater = std::make_unique<Inflater>();
}

ByteReader::~ByteReader() = default;

void ByteReader::refuse(uint64_t offset, const std::string &reason) const {
  throw DamagedFile(path, offset, inflater ? reason + " (counted in the decompressed content)" : reason);
}

bool ByteReader::refill() {
  const size_t count = std::fread(input.data(), 1, input.size(), file.get());
  if (count < input.size() && std::ferror(file.get()))
    throw DamagedFile(path, fileRead + count, std::string("cannot be read: ") + std::strerror(errno));
  unused = std::span(input).first(count);
  fileRead += count;
  return count > 0;
}

size_t ByteReader::read(std::span<uint8_t> target) {
  size_t filled = 0;
  if (inflater) {
    filled = inflate(target);
  } else {
    while (filled < target.size() && (!unused.empty() || refill())) {
      const size_t count = std::min(unused.size(), target.size() - filled);
      std::copy_n(unused.begin(), count, target.begin() + static_cast<ptrdiff_t>(filled));
      unused = unused.subspan(count);
      filled += count;
    }
  }
  contentRead += filled;
  return filled;
}

size_t ByteReader::inflate(std::span<uint8_t> target) {
  z_stream &stream = inflater->stream;
  size_t filled = 0;
  while (filled < target.size() && !inflater->isFinished) {
    if (unused.empty() && !refill())
      throw DamagedFile(path, fileRead, "the compressed data end too early");
    const std::span<uint8_t> room = target.subspan(filled).first(std::min(target.size() - filled, size_t{1} << 30));
    stream.next_in = unused.data();
    stream.avail_in = static_cast<uInt>(unused.size());
    stream.next_out = room.data();
    stream.avail_out = static_cast<uInt>(room.size());
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    filled += room.size() - stream.avail_out;
    unused = unused.last(stream.avail_in);
    if (status == Z_STREAM_END)
      inflater->isFinished = !startsAnotherMember();
    else if (status == Z_MEM_ERROR)
      throw std::bad_alloc();
    else if (status != Z_OK && status != Z_BUF_ERROR)
      throw DamagedFile(path, fileRead - unused.size(),
                        std::string("the compressed data are damaged: ") + (stream.msg ? stream.msg : "not gzip"));
  }
  return filled;
}

bool ByteReader::startsAnotherMember() {
  if (unused.empty() && !refill())
    return false;
  // A magic number cut in two by the border of a piece: only its first half can be seen here, and zlib checks the rest.
  if (unused[0] != 0x1F || (unused.size() > 1 && !hasGzipMagic(unused)))
    throw DamagedFile(path, fileRead - unused.size(), "bytes follow the end of the compressed data");
  inflateReset(&inflater->stream);
  return true;
}

} // namespace ravine::data
