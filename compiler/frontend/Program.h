// The files that a program is made of: those that were asked for and what they import, and which names each of them
// knows.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"

#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace ravine {

/// What a name of a file can stand for.
using Definition = std::variant<const ast::OptimizerDecl *, const ast::TransformDecl *, const ast::FunctionDecl *,
                                const ast::ScheduleDecl *, const ast::ConstantDecl *, const ast::PenaltyDecl *>;

/// The names that one file knows: its own, then those that it imports. A name of its own hides an imported one.
class Scope {
public:
  struct Entry {
    Definition definition;
    /// The module that declares it, whose scope its own names are looked up in.
    const ast::Module *home = nullptr;
    /// Null for a name of the file itself.
    const ast::Import *import = nullptr;
  };

  /// Names of the file itself come first: they hide those that are imported. What an import brings a second time is
  /// left out.
  void add(const std::string &name, Entry entry);
  /// All that the name may stand for; more than one where imports disagree, which is an error once it is used. Notes
  /// that the name is used.
  [[nodiscard]] std::span<const Entry> find(const std::string &name) const;
  /// Whether anything that an import brings, or what it brings under one name, has been found.
  [[nodiscard]] bool isUsed(const ast::Import &import) const { return usedNames.contains(&import); }
  [[nodiscard]] bool isUsed(const ast::Import &import, const std::string &name) const;
  /// For suggestions.
  [[nodiscard]] std::vector<std::string_view> names() const;

  /// Notes that an import has failed, which has been reported: of a whole file or of one name.
  void addFailedImport() { lacksFiles = true; }
  void addFailedImport(const std::string &name) { lackedNames.insert(name); }
  /// Whether the name may be one that a failed import would have brought.
  [[nodiscard]] bool mayBeMissing(const std::string &name) const { return lacksFiles || lackedNames.contains(name); }

private:
  bool lacksFiles = false;
  std::unordered_set<std::string> lackedNames;
  std::map<std::string, std::vector<Entry>> entries;
  mutable std::unordered_map<const ast::Import *, std::unordered_set<std::string>> usedNames;
};

/// A file's text, and the name that messages use for it.
struct SourceText {
  std::string name;
  std::string text;
};

/// Reads the file that an import names by a path, relative to the file that imports it; nothing where there is none. A
/// file has one name, however it is reached; one that was asked for has the name that `sources` has for it.
using FileReader = std::function<std::optional<SourceText>(std::string_view importer, std::string_view path)>;

struct Program {
  /// The files that were asked for, in order, then what they import, each once.
  std::vector<std::unique_ptr<ast::Module>> modules;
  size_t rootCount = 0;
  std::unordered_map<const ast::Module *, Scope> scopes;
  /// The standard library's rules for `2*l1` and `l1 + ridge`; null where no file writes such a thing.
  const ast::Module *calculus = nullptr;
};

/// Parses the files given by their numbers in `sources` and all that they import, which joins `sources`, and finds what
/// names each knows. Reports modules that there are not, cycles, names that a module does not export and, in files that
/// were asked for, imports that nothing uses once `elaborate` has run (see warnAboutUnusedImports).
[[nodiscard]] Program load(SourceManager &sources, std::span<const uint32_t> roots, const FileReader &readFile,
                           Diagnostics &diagnostics);

/// Writes out what is composed. The result has a module for each file that was asked for, with the optimizers that it
/// exports, none of which refers to anything outside itself. Also checks, on its own, every penalty, every transform
/// and every generic optimizer of those files, used or not.
[[nodiscard]] std::vector<std::unique_ptr<ast::Module>> elaborate(const SourceManager &sources, const Program &program,
                                                                  Diagnostics &diagnostics);

/// To be called after `elaborate`, which uses the names.
void warnAboutUnusedImports(const Program &program, Diagnostics &diagnostics);

} // namespace ravine
