// What is thrown about a file that cannot be read or does not hold what it should.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace ravine::data {

/// A data file that is missing, unreadable or damaged. Every loader throws this and nothing else about the content of a
/// file. `what()` is one line: file, offset, reason.
class DamagedFile : public std::runtime_error {
public:
  DamagedFile(std::string path, uint64_t offset, std::string reason)
      : std::runtime_error(path + ": byte " + std::to_string(offset) + ": " + reason), path(std::move(path)),
        offset(offset), reason(std::move(reason)) {}

  std::string path;
  /// Where the trouble starts, in bytes from the start of the file; for what is wrong with the content of a compressed
  /// file, which `reason` then says, in bytes from the start of the content.
  uint64_t offset;
  std::string reason;
};

} // namespace ravine::data
