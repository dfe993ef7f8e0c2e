// ravine::compile: source text in, a loaded library out.
#include "compiler/compilation/Generation.h"
#include "compiler/compilation/NativeTarget.h"
#include "compiler/embed/BuildIdentity.h"
#include "compiler/embed/LibraryCache.h"
#include "compiler/embed/LoadLibrary.h"
#include "compiler/embed/Messages.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

using namespace ravine;
using llvm::SmallString;
using llvm::StringRef;

namespace {

/// Distinguishes what the cache holds from what another layout of it would.
constexpr llvm::StringLiteral cacheFormat = "ravine cache 1";

/// Compiles checked sources, or finds what an earlier run has made of the same.
class LibraryMaker {
public:
  LibraryMaker(LibraryCompilation &compilation, const CompileOptions &options, Compiled &result)
      : compilation(compilation), options(options), result(result) {
    if (options.targets == Targets::Native)
      targets = {nativeTarget().name.str()};
  }

  void run() {
    openCache();
    if (useCached())
      return;
    std::optional<SmallString<0>> library = generate();
    if (!library)
      return;
    keep(*library);
    llvm::Expected<Library> loaded = loadLibrary(*library);
    if (loaded)
      result.library = std::move(*loaded);
    else
      compilation.failInternally("cannot load the library: " + llvm::toString(loaded.takeError()));
  }

private:
  void openCache() {
    if (!options.cache.isOn)
      return;
    std::optional<std::string> identity = buildIdentity();
    if (!identity) {
      result.cacheNote = "the compiler was linked without a build id, so that its results cannot be told from others'";
      return;
    }
    llvm::Expected<LibraryCache> opened = LibraryCache::open(options.cache);
    if (!opened) {
      result.cacheNote = llvm::toString(opened.takeError());
      return;
    }
    cache = std::move(*opened);
    key = keyFor(*identity);
  }

  /// Everything that the library depends on. Each part is preceded by its length, so that no two lists of parts are
  /// one.
  [[nodiscard]] std::string keyFor(StringRef identity) const {
    llvm::SHA256 hash;
    auto add = [&](StringRef part) {
      hash.update(std::to_string(part.size()) + ":");
      hash.update(part);
    };
    add(cacheFormat);
    add(compilerVersion());
    add(identity);
    add(options.name);
    add(llvm::join(targets, ","));
    add(llvm::join(options.precisions, ","));
    const SourceManager &sources = compilation.sources();
    for (uint32_t file = 0; file < sources.size(); ++file)
      add(sources.text(file));
    return llvm::toHex(hash.final(), /*LowerCase=*/true);
  }

  bool useCached() {
    std::optional<SmallString<0>> found = cache ? cache->find(key) : std::nullopt;
    if (!found)
      return false;
    llvm::Expected<Library> loaded = loadLibrary(*found);
    if (!loaded) {
      // It was made on another machine, whose C library is newer than this one's.
      llvm::consumeError(loaded.takeError());
      return false;
    }
    result.library = std::move(*loaded);
    result.cacheUse = CacheUse::Hit;
    return true;
  }

  std::optional<SmallString<0>> generate() {
    compilation.lower();
    if (!compilation.simplify() || !compilation.form())
      return std::nullopt;
    compilation.describe(options.name, targets);
    Generation generation(compilation);
    if (!generation.vectorize() || !generation.translate())
      return std::nullopt;
    std::optional<LibraryFiles> files = generation.link("lib" + options.name + ".so");
    return files ? std::optional(std::move(files->library)) : std::nullopt;
  }

  void keep(StringRef library) {
    if (!cache)
      return;
    if (llvm::Error problem = cache->store(key, library))
      result.cacheNote = llvm::toString(std::move(problem));
    else
      result.cacheUse = CacheUse::Stored;
  }

  LibraryCompilation &compilation;
  const CompileOptions &options;
  Compiled &result;
  std::vector<std::string> targets;
  std::optional<LibraryCache> cache;
  std::string key;
};

/// Takes the precisions over, or says which there is not.
bool setPrecisions(LibraryCompilation &compilation, const CompileOptions &options) {
  std::vector<Precision> precisions;
  for (const std::string &name : options.precisions) {
    std::optional<Precision> precision = parsePrecision(name);
    if (!precision)
      return compilation.fail(
          Code::E0806, "there is no precision `" + name + "`",
          "there are f32, f64, bf16 and f16, and two of them with a slash between, such as bf16/f32");
    precisions.push_back(std::move(*precision));
  }
  if (precisions.empty())
    return compilation.fail(Code::E0806, "no precision is asked for", "f32 is what tensors are stored in most often");
  compilation.setPrecisions(std::move(precisions));
  return true;
}

Compiled finish(LibraryCompilation &compilation, const CompileOptions &options) {
  Compiled result;
  bool hasPrecisions = setPrecisions(compilation, options);
  bool isSound = compilation.check() && hasPrecisions;
  if (compilation.checkTogether() && isSound)
    LibraryMaker(compilation, options, result).run();
  result.messages = messagesOf(compilation.sources(), compilation.diagnostics());
  return result;
}

} // namespace

Compiled ravine::compile(std::span<const Source> sources, const CompileOptions &options) {
  LibraryCompilation compilation;
  for (const Source &source : sources)
    compilation.add(source.name, source.text);
  if (sources.empty())
    compilation.add("<text>", ""); // which says what is missing
  return finish(compilation, options);
}

Compiled ravine::compile(std::string_view text, const CompileOptions &options) {
  const Source source{"<text>", std::string(text)};
  return compile(std::span(&source, 1), options);
}

Compiled ravine::compileFiles(std::span<const std::string> paths, const CompileOptions &options) {
  LibraryCompilation compilation;
  for (const std::string &path : paths)
    compilation.addFile(path);
  if (paths.empty())
    compilation.add("<text>", "");
  return finish(compilation, options);
}
