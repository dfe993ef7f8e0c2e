// Reads the build ids of loaded modules from their program headers.
#include "compiler/embed/BuildIdentity.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

#include <link.h>

using llvm::StringRef;

namespace {

/// The build id among the notes of a module, in hexadecimal; empty where there is none.
std::string buildId(const dl_phdr_info &module) {
  for (const ElfW(Phdr) &header : llvm::ArrayRef(module.dlpi_phdr, module.dlpi_phnum)) {
    if (header.p_type != PT_NOTE)
      continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): so the loader says where a module is
    auto *at = reinterpret_cast<const char *>(module.dlpi_addr + header.p_vaddr);
    const char *end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      auto *note = reinterpret_cast<const ElfW(Nhdr) *>(at);
      const char *name = at + sizeof *note;
      const char *contents = name + llvm::alignTo(note->n_namesz, 4);
      if (note->n_type == NT_GNU_BUILD_ID && StringRef(name, note->n_namesz) == StringRef("GNU\0", 4))
        return llvm::toHex(StringRef(contents, note->n_descsz), /*LowerCase=*/true);
      at = contents + llvm::alignTo(note->n_descsz, 4);
    }
  }
  return "";
}

bool holds(const dl_phdr_info &module, uintptr_t address) {
  return llvm::any_of(llvm::ArrayRef(module.dlpi_phdr, module.dlpi_phnum), [&](const ElfW(Phdr) & header) {
    uintptr_t begin = module.dlpi_addr + header.p_vaddr;
    return header.p_type == PT_LOAD && begin <= address && address < begin + header.p_memsz;
  });
}

struct Collected {
  std::string ids;
  bool isComplete = true;
};

int collect(dl_phdr_info *module, size_t, void *context) {
  auto &collected = *static_cast<Collected *>(context);
  StringRef name = llvm::sys::path::filename(module->dlpi_name);
  bool isCompiler = holds(*module, reinterpret_cast<uintptr_t>(&collect));
  if (!isCompiler && !name.starts_with("libLLVM") && !name.starts_with("libMLIR"))
    return 0;
  std::string id = buildId(*module);
  collected.isComplete &= !id.empty();
  collected.ids += id + " ";
  return 0;
}

} // namespace

std::optional<std::string> ravine::buildIdentity() {
  Collected collected;
  dl_iterate_phdr(collect, &collected);
  return collected.isComplete ? std::optional(collected.ids) : std::nullopt;
}
