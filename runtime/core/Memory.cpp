// Allocation: the host's functions, or aligned_alloc for small blocks and huge pages for large ones.
#include "runtime/core/Memory.h"

#include <cstdlib>
#include <sys/mman.h>

namespace ravine::core {

namespace {

/// One huge page. From this size on a block is mapped by itself, aligned so that the kernel can back it with huge
/// pages: a sweep walks several streams at once and would otherwise spend its time in TLB misses.
constexpr size_t hugePage = size_t{2} << 20;

constexpr bool isLarge(size_t bytes) {
  return bytes >= hugePage;
}

/// `bytes` rounded up to a multiple of `unit`, a power of two; 0 where that overflows.
constexpr size_t roundUp(size_t bytes, size_t unit) {
  size_t rounded = (bytes + unit - 1) & ~(unit - 1);
  return rounded >= bytes ? rounded : 0;
}

void *mapLarge(size_t bytes) {
  size_t size = roundUp(bytes, hugePage);
  if (size == 0 || size + hugePage < size)
    return nullptr;
  void *mapped = mmap(nullptr, size + hugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED)
    return nullptr;
  char *first = static_cast<char *>(mapped);
  size_t before = -reinterpret_cast<uintptr_t>(first) & (hugePage - 1);
  if (before > 0)
    munmap(first, before);
  if (before < hugePage)
    munmap(first + before + size, hugePage - before);
  madvise(first + before, size, MADV_HUGEPAGE);
  return first + before;
}

void *systemAllocate(void *, size_t bytes, size_t alignment) {
  if (isLarge(bytes))
    return mapLarge(bytes);
  return std::aligned_alloc(alignment, roundUp(bytes, alignment));
}

void systemRelease(void *, void *memory, size_t bytes, size_t) {
  if (isLarge(bytes))
    munmap(memory, roundUp(bytes, hugePage));
  else
    std::free(memory);
}

} // namespace

Memory::Memory(const ravine_host &host)
    : context_(host.context), allocate_(host.allocate != nullptr ? host.allocate : systemAllocate),
      release_(host.allocate != nullptr ? host.release : systemRelease) {}

void *Memory::allocate(size_t bytes, size_t alignment) const {
  return allocate_(context_, bytes, alignment);
}

void *Memory::allocateZeroed(size_t bytes, size_t alignment) const {
  void *memory = allocate(bytes, alignment);
  bool isZero = allocate_ == systemAllocate && isLarge(bytes);
  if (memory != nullptr && !isZero)
    std::memset(memory, 0, bytes);
  return memory;
}

void Memory::release(void *memory, size_t bytes, size_t alignment) const {
  release_(context_, memory, bytes, alignment);
}

} // namespace ravine::core
