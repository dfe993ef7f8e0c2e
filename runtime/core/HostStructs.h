// Structs that start with `struct_size`: read from, or filled in, the memory of a host that may be older or newer.
#pragma once

#include "runtime/core/Error.h"

#include <cstddef>
#include <cstring>

namespace ravine::core {

/// Every struct starts with a size_t, so a compiled size is a multiple of its alignment. The upper bound is far above
/// any struct of the contract; beyond it the host forgot to set the size.
constexpr bool isReadableSize(size_t size) {
  return size >= sizeof(size_t) && size % sizeof(size_t) == 0 && size <= 4096;
}

inline ravine_status unreadableSize(const char *structName, size_t size, Error error) {
  return error(RAVINE_ERROR_VERSION,
               Sentence() << structName << ".struct_size is " << size << ", which this library cannot read");
}

/// Copies what the host's struct has and leaves the rest zero. `host` is not null.
template <typename Struct>
[[nodiscard]] ravine_status readHostStruct(const Struct *host, const char *structName, Struct &out, Error error) {
  size_t size = host->struct_size;
  if (!isReadableSize(size))
    return unreadableSize(structName, size, error);
  out = {};
  std::memcpy(&out, host, size < sizeof(Struct) ? size : sizeof(Struct));
  return RAVINE_OK;
}

/// Writes the fields that the host's struct has room for. Fields that only a newer host knows become zero. The caller
/// has seen that host->struct_size is readable.
template <typename Struct> void fillHostStruct(Struct *host, Struct filled) {
  size_t size = host->struct_size;
  filled.struct_size = size;
  std::memcpy(static_cast<void *>(host), &filled, size < sizeof(Struct) ? size : sizeof(Struct));
  if (size > sizeof(Struct))
    std::memset(reinterpret_cast<char *>(host) + sizeof(Struct), 0, size - sizeof(Struct));
}

/// An array of such structs, each as large as the first one says.
template <typename Struct> class HostStructs {
public:
  HostStructs() = default;
  HostStructs(const Struct *first, size_t count, const char *structName)
      : first_(reinterpret_cast<const char *>(first)), count_(count), structName_(structName) {}

  [[nodiscard]] size_t count() const { return count_; }

  [[nodiscard]] ravine_status read(size_t index, Struct &out, Error error) const {
    size_t stride = reinterpret_cast<const Struct *>(first_)->struct_size;
    if (!isReadableSize(stride))
      return unreadableSize(structName_, stride, error);
    const auto *host = reinterpret_cast<const Struct *>(first_ + index * stride);
    if (host->struct_size != stride)
      return error(RAVINE_ERROR_VERSION, Sentence() << structName_ << " " << index << " has struct_size "
                                                    << host->struct_size << ", the first one " << stride);
    return readHostStruct(host, structName_, out, error);
  }

private:
  const char *first_ = nullptr;
  size_t count_ = 0;
  const char *structName_ = "";
};

} // namespace ravine::core
