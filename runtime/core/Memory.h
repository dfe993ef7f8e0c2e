// Memory from the host or from the system, and an array that lives in it.
#pragma once

#include "runtime/abi/ravine.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>

namespace ravine::core {

/// Where an optimizer's memory comes from. Allocation fails with null, never otherwise.
class Memory {
public:
  /// Uses the host's `allocate` and `release` where it gave them.
  explicit Memory(const ravine_host &host);

  /// `bytes` > 0; `alignment` a power of two, at most 4096.
  [[nodiscard]] void *allocate(size_t bytes, size_t alignment) const;
  /// The same, filled with zeros. The system's large blocks are zero pages that nobody has touched yet, so that the
  /// thread which first works on a page also places it.
  [[nodiscard]] void *allocateZeroed(size_t bytes, size_t alignment) const;
  /// Frees what was allocated with the same numbers.
  void release(void *memory, size_t bytes, size_t alignment) const;

private:
  void *context_;
  void *(*allocate_)(void *context, size_t bytes, size_t alignment);
  void (*release_)(void *context, void *memory, size_t bytes, size_t alignment);
};

/// A fixed number of plain values, zero at first, aligned to a cache line.
template <typename Element> class Array {
  static_assert(std::is_trivially_destructible_v<Element> && std::is_trivially_copyable_v<Element>);

public:
  Array() = default;
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  ~Array() {
    if (elements_ != nullptr)
      memory_->release(elements_, size_ * sizeof(Element), alignment);
  }

  /// Gives an empty array its elements; false where there is no memory for them. `memory` outlives the array.
  [[nodiscard]] bool allocate(const Memory &memory, size_t size) {
    if (size == 0)
      return true;
    size_t bytes;
    if (__builtin_mul_overflow(size, sizeof(Element), &bytes))
      return false;
    elements_ = static_cast<Element *>(memory.allocateZeroed(bytes, alignment));
    if (elements_ == nullptr)
      return false;
    memory_ = &memory;
    size_ = size;
    return true;
  }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] Element *data() { return elements_; }
  [[nodiscard]] const Element *data() const { return elements_; }
  [[nodiscard]] Element &operator[](size_t index) { return elements_[index]; }
  [[nodiscard]] const Element &operator[](size_t index) const { return elements_[index]; }
  [[nodiscard]] Element *begin() { return elements_; }
  [[nodiscard]] Element *end() { return elements_ + size_; }
  [[nodiscard]] const Element *begin() const { return elements_; }
  [[nodiscard]] const Element *end() const { return elements_ + size_; }

private:
  static constexpr size_t alignment = 64;

  const Memory *memory_ = nullptr;
  Element *elements_ = nullptr;
  size_t size_ = 0;
};

/// A fixed number of objects, made all at once and ended with the array.
template <typename Object> class Objects {
public:
  Objects() = default;
  Objects(const Objects &) = delete;
  Objects &operator=(const Objects &) = delete;
  ~Objects() {
    if (objects_ == nullptr)
      return;
    for (size_t i = size_; i-- > 0;)
      objects_[i].~Object();
    memory_->release(objects_, size_ * sizeof(Object), alignof(Object));
  }

  /// Gives an empty array its objects, default-constructed; false where there is no memory. `memory` outlives the
  /// array.
  [[nodiscard]] bool make(const Memory &memory, size_t size) {
    size_t bytes;
    if (size == 0)
      return true;
    if (__builtin_mul_overflow(size, sizeof(Object), &bytes))
      return false;
    objects_ = static_cast<Object *>(memory.allocate(bytes, alignof(Object)));
    if (objects_ == nullptr)
      return false;
    for (size_t i = 0; i < size; ++i)
      new (&objects_[i]) Object();
    memory_ = &memory;
    size_ = size;
    return true;
  }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] Object &operator[](size_t index) { return objects_[index]; }
  [[nodiscard]] const Object &operator[](size_t index) const { return objects_[index]; }
  [[nodiscard]] Object *begin() { return objects_; }
  [[nodiscard]] Object *end() { return objects_ + size_; }
  [[nodiscard]] const Object *begin() const { return objects_; }
  [[nodiscard]] const Object *end() const { return objects_ + size_; }

private:
  const Memory *memory_ = nullptr;
  Object *objects_ = nullptr;
  size_t size_ = 0;
};

} // namespace ravine::core
