// Loads a library through a file that exists in memory only: what was verified is what is loaded, wherever it came
// from, and a cache on a file system that forbids execution serves as well.
#include "compiler/embed/LoadLibrary.h"

#include "llvm/ADT/STLExtras.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <mutex>
#include <vector>

using namespace ravine;
using llvm::StringRef;

namespace {

/// A name under which the loader can open a descriptor.
std::string pathOf(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

/// Closes the files of modules that are gone. The loader knows a module by its name: as long as it is there, because
/// another library uses its threads for instance, no other file may get its number.
void closeWhenGone(int descriptor) {
  static std::mutex mutex;
  // Never destroyed: libraries in a host's own statics go last.
  static auto &waiting = *std::make_unique<std::vector<int>>().release();
  std::lock_guard lock(mutex);
  waiting.push_back(descriptor);
  llvm::erase_if(waiting, [](int candidate) {
    if (void *stays = dlopen(pathOf(candidate).c_str(), RTLD_NOLOAD | RTLD_LAZY)) {
      dlclose(stays);
      return false;
    }
    close(candidate);
    return true;
  });
}

class LoadedModule {
public:
  LoadedModule() = default;
  LoadedModule(const LoadedModule &) = delete;
  LoadedModule &operator=(const LoadedModule &) = delete;
  ~LoadedModule() {
    if (handle)
      dlclose(handle);
    if (descriptor >= 0)
      closeWhenGone(descriptor);
  }

  /// Loads the bytes; once.
  llvm::Error load(StringRef bytes) {
    descriptor = memfd_create("ravine", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor < 0 || !write(bytes))
      return llvm::errorCodeToError(std::error_code(errno, std::generic_category()));
    (void)fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
    handle = dlopen(pathOf(descriptor).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle)
      return llvm::createStringError(dlerror());
    return llvm::Error::success();
  }

  [[nodiscard]] const ravine_library *table() const {
    auto entryPoint = reinterpret_cast<ravine_entry_point>(dlsym(handle, RAVINE_ENTRY_POINT));
    return entryPoint ? entryPoint() : nullptr;
  }

private:
  bool write(StringRef bytes) const {
    while (!bytes.empty()) {
      ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR)
        return false;
      bytes = bytes.drop_front(written < 0 ? 0 : static_cast<size_t>(written));
    }
    return true;
  }

  int descriptor = -1;
  void *handle = nullptr;
};

} // namespace

llvm::Expected<Library> ravine::loadLibrary(StringRef bytes) {
  auto module = std::make_shared<LoadedModule>();
  if (llvm::Error problem = module->load(bytes))
    return problem;
  const ravine_library *table = module->table();
  if (!table || table->abi_version != RAVINE_ABI_VERSION)
    return llvm::createStringError("it is no library of this version of Ravine");
  return Library(std::shared_ptr<const ravine_library>(std::move(module), table));
}
