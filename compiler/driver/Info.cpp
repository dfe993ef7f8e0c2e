// `ravine info`: what is in a source file or in a library.
#include "compiler/codegen/Manifest.h"
#include "compiler/driver/Compilation.h"
#include "compiler/driver/InfoText.h"
#include "compiler/driver/Verbs.h"
#include "compiler/elaboration/Parts.h"
#include "runtime/abi/ravine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <dlfcn.h>

using namespace ravine;
using namespace ravine::driver;
namespace json = llvm::json;

namespace {

/// What the files of the library itself declare besides optimizers, by kind: "schedules" and so on.
json::Object declarationsOf(const ast::Module &module) {
  json::Object result;
  auto add = [&](llvm::StringRef kind, const auto &declarations, auto isShown) {
    json::Array array;
    for (const auto &declaration : declarations)
      if (module.exports(*declaration) && isShown(*declaration))
        array.push_back(json::Object{{"name", declaration->name}, {"doc", declaration->doc}});
    if (!array.empty())
      result[kind] = std::move(array);
  };
  auto always = [](const auto &) { return true; };
  add("generic optimizers", module.optimizers, [](const auto &optimizer) { return needsParts(optimizer.generics); });
  add("penalties", module.penalties, [](const auto &penalty) { return !penalty.isSet; });
  add("sets", module.penalties, [](const auto &penalty) { return penalty.isSet; });
  add("transforms", module.transforms, always);
  add("schedules", module.schedules, always);
  add("functions", module.functions, always);
  add("constants", module.constants, always);
  return result;
}

constexpr llvm::StringRef declarationKinds[] = {"generic optimizers", "penalties", "sets",     "transforms",
                                                "schedules",          "functions", "constants"};

void printDeclarations(const json::Object &description) {
  for (llvm::StringRef kind : declarationKinds) {
    const json::Array *declarations = description.getArray(kind);
    if (!declarations)
      continue;
    std::vector<std::vector<std::string>> rows;
    for (const json::Value &declaration : *declarations) {
      const json::Object &object = *declaration.getAsObject();
      rows.push_back(
          {object.getString("name").value_or("").str(), firstLine(object.getString("doc").value_or("")).str()});
    }
    llvm::outs() << kind << "\n";
    printTable(llvm::outs(), rows, 2);
  }
}

void printOptimizers(const json::Object &description) {
  if (const json::Array *optimizers = description.getArray("optimizers"))
    for (const json::Value &optimizer : *optimizers)
      if (const json::Object *object = optimizer.getAsObject())
        printOptimizer(llvm::outs(), *object);
}

/// Whether a file ends before what its header promises: half a download, which the loader would map and fault on.
bool isCutOff(llvm::StringRef content) {
  auto file = llvm::object::ELF64LEFile::create(content);
  if (!file) {
    llvm::consumeError(file.takeError());
    return false;
  }
  auto segments = file->program_headers();
  // Of another machine, or too short for a header.
  if (!segments) {
    llvm::consumeError(segments.takeError());
    return false;
  }
  return llvm::any_of(*segments, [&](const auto &segment) {
    return segment.p_offset > content.size() || segment.p_filesz > content.size() - segment.p_offset;
  });
}

/// Whether other programs find a symbol of this name in it; false where its tables make no sense.
llvm::Expected<bool> exports(llvm::StringRef content, llvm::StringRef wanted) {
  auto file = llvm::object::ELF64LEFile::create(content);
  if (!file)
    return file.takeError();
  auto sections = file->sections();
  if (!sections)
    return sections.takeError();
  for (const auto &section : *sections) {
    if (section.sh_type != llvm::ELF::SHT_DYNSYM)
      continue;
    auto symbols = file->symbols(&section);
    if (!symbols)
      return symbols.takeError();
    auto names = file->getStringTableForSymtab(section);
    if (!names)
      return names.takeError();
    for (const auto &symbol : *symbols)
      if (!symbol.isUndefined() && symbol.st_name < names->size() && names->data() + symbol.st_name == wanted)
        return true;
  }
  return false;
}

/// Why a file cannot be a Ravine library, seen from outside, since loading it would run what it holds; empty where it
/// can be one.
std::string reasonNotToLoad(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return buffer.getError().message();
  llvm::MemoryBufferRef content = (*buffer)->getMemBufferRef();
  if (llvm::identify_magic(content.getBuffer()) != llvm::file_magic::elf_shared_object)
    return "it is no shared library";
  if (isCutOff(content.getBuffer()))
    return "its end is missing";
  llvm::Expected<bool> isFound = exports(content.getBuffer(), RAVINE_ENTRY_POINT);
  if (!isFound)
    return llvm::toString(isFound.takeError());
  if (!*isFound)
    return "it has no `" RAVINE_ENTRY_POINT "`";
  return "";
}

/// A library that is loaded for as long as this lives.
class LoadedLibrary {
public:
  explicit LoadedLibrary(const std::string &path) {
    // Without a slash it would be looked for where the system's libraries are.
    llvm::SmallString<128> place(path);
    (void)llvm::sys::fs::make_absolute(place);
    problem = reasonNotToLoad(place);
    if (!problem.empty())
      return;
    handle = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
      problem = dlerror();
      return;
    }
    auto entry = reinterpret_cast<const ravine_library *(*)()>(dlsym(handle, RAVINE_ENTRY_POINT));
    if (!entry) {
      problem = "it has no `" RAVINE_ENTRY_POINT "`";
      return;
    }
    const ravine_library *found = entry();
    if (found->abi_version != RAVINE_ABI_VERSION)
      problem = llvm::formatv("it was built for version {0} of the interface, and this is version {1}",
                              found->abi_version, RAVINE_ABI_VERSION);
    else
      library = found;
  }
  LoadedLibrary(const LoadedLibrary &) = delete;
  LoadedLibrary &operator=(const LoadedLibrary &) = delete;
  ~LoadedLibrary() {
    if (handle)
      dlclose(handle);
  }

  /// Null where there is none, for the reason in `problem`.
  const ravine_library *library = nullptr;
  std::string problem;

private:
  void *handle = nullptr;
};

/// Describes a library, or says why that cannot be done.
bool describeLibrary(const std::string &path, Compilation &compilation, bool asJson) {
  if (!llvm::sys::fs::exists(path))
    return compilation.fail(Code::E0801, "cannot read `" + path + "`: there is no such file");
  LoadedLibrary loaded(path);
  if (!loaded.library)
    return compilation.fail(Code::E0801, "`" + path + "` is no Ravine library: " + loaded.problem,
                            "`ravine build` makes one; a source file ends in `.rvn`");
  if (asJson) {
    llvm::outs() << loaded.library->manifest;
    return true;
  }
  llvm::Expected<json::Value> manifest = json::parse(loaded.library->manifest);
  const json::Object *description = manifest ? manifest->getAsObject() : nullptr;
  if (!description) {
    llvm::consumeError(manifest.takeError());
    return compilation.fail(Code::E0801, "`" + path + "` has a manifest that cannot be read");
  }
  llvm::outs() << "library " << description->getString("name").value_or("") << ", by "
               << description->getString("compiler").value_or("") << "\n";
  llvm::outs() << "  targets     " << listed(description->getArray("targets")) << "\n";
  json::Array precisions;
  if (const json::Array *all = description->getArray("precisions"))
    for (const json::Value &precision : *all)
      if (const json::Object *object = precision.getAsObject())
        precisions.push_back(object->getString("name").value_or(""));
  llvm::outs() << "  precisions  " << listed(&precisions) << "\n";
  printOptimizers(*description);
  return true;
}

/// Adds what the manifest of the library says that the source would make.
bool addManifest(const std::string &path, Compilation &compilation, json::Object &description) {
  compilation.lower();
  if (!compilation.simplify() || !compilation.form())
    return false;
  compilation.describe(llvm::sys::path::stem(path), {});
  llvm::Expected<json::Value> manifest = json::parse(writeManifest(compilation.library()));
  for (auto &[key, value] : *manifest->getAsObject())
    description[key] = value;
  return true;
}

/// Describes a source file: the optimizers of the library that it would make, and what else it exports.
bool describeSource(const std::string &path, Compilation &compilation, bool asJson) {
  if (!compilation.loadEach())
    return false;
  json::Object description = declarationsOf(*compilation.program().modules.front());
  bool isLibrary = !compilation.modules().front()->optimizers.empty();
  if (isLibrary && !addManifest(path, compilation, description))
    return false;
  if (asJson) {
    llvm::outs() << llvm::formatv("{0:2}", json::Value(std::move(description))) << "\n";
    return true;
  }
  printOptimizers(description);
  printDeclarations(description);
  return true;
}

} // namespace

int ravine::driver::info(const Options &options) {
  int status = Success;
  for (const std::string &path : options.inputs) {
    Options one = options;
    one.inputs = {path};
    Compilation compilation(one);
    bool isSource = path == "-" || llvm::StringRef(path).ends_with(".rvn");
    bool isDescribed =
        isSource ? describeSource(path, compilation, options.json) : describeLibrary(path, compilation, options.json);
    // JSON on standard output is the description; messages come only where there is none.
    bool isSilent = isDescribed && options.json;
    if (!isSilent)
      status = std::max(status, compilation.report());
  }
  return status;
}
