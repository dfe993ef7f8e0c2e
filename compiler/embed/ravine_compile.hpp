// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * ravine_compile.hpp: the compiler inside a program. Ravine source in, a loaded library out, without files or
 * processes.
 *
 *     ravine::Compiled compiled = ravine::compile("optimizer sgd { hyper lr = 0.1; w' = w - lr*g }");
 *     if (!compiled)
 *       std::cerr << compiled.text();
 *     ravine::Optimizer optimizer(*compiled.library, tensors);
 *
 * Link with Ravine::compiler (libravine_compiler.so). Nothing here throws, except std::bad_alloc, or prints; what is
 * wrong with the source comes back as values. Any number of threads may compile at once.
 *
 * Compiled libraries are kept in a cache on disk, under a key made of the sources' text, the build of the compiler and
 * the options. The second time, a library is read instead of compiled, by any process of the user.
 */
#pragma once

#include "ravine.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#define RAVINE_COMPILER_API __attribute__((visibility("default")))

namespace ravine {

/// One source. The name is what messages call it, such as a path; it need not exist. Sources find each other by it:
/// `import "parts/mine.rvn"` in "main.rvn" means the source called "parts/mine.rvn". No file is read for them.
struct Source {
  std::string name;
  std::string text;
};

/// Where libraries are kept.
struct Cache {
  bool isOn = true;
  /// Empty for $RAVINE_CACHE_DIR, else $XDG_CACHE_HOME/ravine, else ~/.cache/ravine. Made if need be, for this user
  /// alone.
  std::string directory = {};
  /// What the files in it may take up together, in bytes. The least recently used go first.
  uint64_t limit = 256u << 20;
};

/// Instruction sets to generate kernels for.
enum class Targets {
  /// The widest that this processor has.
  Native,
  /// Every one that there is, as `ravine build` does it.
  All
};

struct CompileOptions {
  /// What the library calls itself in its description and manifest.
  std::string name = "optimizer";
  Targets targets = Targets::Native;
  /// How hosts store parameters and gradients: "f32", "f64", "bf16", "f16", or both, such as "bf16/f32".
  std::vector<std::string> precisions = {"f32"};
  Cache cache = {};
};

/// Where something stands in a source: lines and columns from 1, columns in characters, the end exclusive.
struct Place {
  std::string source;
  uint32_t line = 0, column = 0;
  uint32_t endLine = 0, endColumn = 0;
};

/// A remark at another place that explains a message.
struct Remark {
  std::string text;
  std::optional<Place> place;
};

/// An error or a warning, as `ravine check` prints it.
struct Message {
  bool isError = false;
  /// Stable: "E0301". `ravine explain E0301` says more.
  std::string code;
  /// What is wrong, in one sentence without a full stop.
  std::string text;
  /// A few words for the place itself; may be empty.
  std::string label;
  /// What to do about it; may be empty.
  std::string hint;
  /// Nothing for a message that concerns no place in a source.
  std::optional<Place> place;
  std::vector<Remark> remarks;
  /// All of it as people read it, with the line of the source, in several lines that end in a line break.
  std::string rendered;
};

/// What the cache had to do with a compilation.
enum class CacheUse {
  /// Nothing: it was off, the source has errors, or see `Compiled::cacheNote`.
  None,
  /// The library was read from it.
  Hit,
  /// The library was compiled and put there.
  Stored
};

/// How a compilation ended. `library` is there unless one of the messages is an error.
struct Compiled {
  std::optional<Library> library;
  /// In the order of their places. A library that comes from the cache has the same warnings as a fresh one.
  std::vector<Message> messages;
  CacheUse cacheUse = CacheUse::None;
  /// Why the cache was not used although it was on, such as a folder that cannot be written to; else empty.
  std::string cacheNote;

  [[nodiscard]] explicit operator bool() const noexcept { return library.has_value(); }
  /// Every message as people read it.
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const Message &message : messages)
      all += message.rendered;
    return all;
  }
};

/// Compiles sources to one library and loads it. It stays loaded as long as a copy of `library`, or an optimizer made
/// from one, is alive.
[[nodiscard]] RAVINE_COMPILER_API Compiled compile(std::span<const Source> sources, const CompileOptions &options = {});

/// The same with a single text, which messages call "<text>".
[[nodiscard]] RAVINE_COMPILER_API Compiled compile(std::string_view text, const CompileOptions &options = {});

/// The same with files, which import files. One that cannot be read is an error of code E0801.
[[nodiscard]] RAVINE_COMPILER_API Compiled compileFiles(std::span<const std::string> paths,
                                                        const CompileOptions &options = {});

} // namespace ravine
