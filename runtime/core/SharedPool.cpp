// How copies of the core find each other: an ELF note in every library, which says where its pool is.
#include "runtime/core/SharedPool.h"

#include <climits>
#include <cstring>
#include <dlfcn.h>
#include <link.h>

namespace {

constinit ravine::core::ThreadPool ownPool;

} // namespace

extern "C" __attribute__((visibility("hidden"))) const ravine::core::PoolFunctions ravine_pool_functions = {
    .join = [] { ownPool.join(); },
    .run = [](size_t threadCount, size_t count, ravine::core::ThreadPool::Task task,
              void *context) { ownPool.run(threadCount, count, task, context); },
    .leave = [] { ownPool.leave(); },
};

// The note: name "Ravine", type 0x10001 (a pool of threads, version 1), and the distance from here to a PoolFunctions.
asm(".pushsection .note.Ravine, \"a\", @note\n"
    ".balign 4\n"
    ".long 7, 4, 0x10001\n"
    ".asciz \"Ravine\"\n"
    ".balign 4\n"
    ".long ravine_pool_functions - .\n"
    ".popsection\n");

namespace ravine::core {

namespace {

constexpr char noteName[] = "Ravine";
constexpr ElfW(Word) noteType = 0x10001;

/// A loaded object that carries a pool.
struct Home {
  const PoolFunctions *functions = nullptr;
  ElfW(Addr) base = 0;
  /// What the dynamic loader calls it; "" for the program itself.
  char name[PATH_MAX] = "";
};

constexpr size_t alignUp(size_t size, size_t alignment) {
  return (size + alignment - 1) & ~(alignment - 1);
}

/// The pool that a segment of notes [at, at + size) tells of, or null.
const PoolFunctions *findNote(const char *at, size_t size, size_t alignment) {
  using Header = ElfW(Nhdr);
  while (size >= sizeof(Header)) {
    Header header;
    std::memcpy(&header, at, sizeof header);
    size_t description = alignUp(sizeof header + header.n_namesz, alignment);
    size_t next = alignUp(description + header.n_descsz, alignment);
    int32_t distance;
    if (header.n_type == noteType && header.n_namesz == sizeof noteName && header.n_descsz == sizeof distance &&
        description + sizeof distance <= size && std::memcmp(at + sizeof header, noteName, sizeof noteName) == 0) {
      std::memcpy(&distance, at + description, sizeof distance);
      return reinterpret_cast<const PoolFunctions *>(at + description + distance);
    }
    if (next > size)
      break;
    at += next;
    size -= next;
  }
  return nullptr;
}

/// Whether a segment is in memory, as notes of the kernel's and of debuggers need not be.
bool isLoaded(const dl_phdr_info &object, const ElfW(Phdr) & segment) {
  for (size_t i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr) &candidate = object.dlpi_phdr[i];
    if (candidate.p_type == PT_LOAD && segment.p_vaddr >= candidate.p_vaddr &&
        segment.p_vaddr + segment.p_filesz <= candidate.p_vaddr + candidate.p_filesz)
      return true;
  }
  return false;
}

int visitObject(dl_phdr_info *object, size_t, void *context) {
  auto &home = *static_cast<Home *>(context);
  for (size_t i = 0; i < object->dlpi_phnum && home.functions == nullptr; ++i) {
    const ElfW(Phdr) &segment = object->dlpi_phdr[i];
    if (segment.p_type == PT_NOTE && isLoaded(*object, segment))
      // NOLINTNEXTLINE(performance-no-int-to-ptr): so the loader says where an object is
      home.functions = findNote(reinterpret_cast<const char *>(object->dlpi_addr + segment.p_vaddr), segment.p_filesz,
                                segment.p_align == 8 ? 8 : 4);
  }
  if (home.functions == nullptr)
    return 0;
  home.base = object->dlpi_addr;
  std::strncpy(home.name, object->dlpi_name, sizeof home.name - 1);
  return 1;
}

/// A reference to that object, or null where it is gone, another one has come in its place, or the loader cannot say.
void *keepLoaded(const Home &home) {
  void *handle = dlopen(*home.name != '\0' ? home.name : nullptr, RTLD_LAZY | RTLD_NOLOAD);
  link_map *map = nullptr;
  if (handle == nullptr || (dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map->l_addr == home.base))
    return handle;
  dlclose(handle);
  return nullptr;
}

} // namespace

void SharedPool::join() {
  // The object found may be unloaded before we hold it, or may still be being loaded: then dlopen waits. Looking once
  // more finds another one; more than a few times, something else is wrong, and a pool of our own is good enough.
  for (int attempt = 0; attempt < 8 && home_ == nullptr; ++attempt) {
    Home home;
    if (dl_iterate_phdr(visitObject, &home) == 0)
      break;
    home_ = keepLoaded(home);
    functions_ = home.functions;
  }
  if (home_ == nullptr)
    functions_ = &ravine_pool_functions;
  functions_->join();
}

SharedPool::~SharedPool() {
  if (functions_ != nullptr)
    functions_->leave();
  if (home_ != nullptr)
    dlclose(home_);
}

} // namespace ravine::core
