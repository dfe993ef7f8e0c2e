// Which modules an import means, and what to say where there are none.
#pragma once

#include "compiler/frontend/Program.h"

#include <set>

namespace ravine {

/// Finds the files that imports name, in the standard library or by a path, and reads each once.
class ModuleFinder {
public:
  ModuleFinder(SourceManager &sources, const FileReader &readFile, Diagnostics &diagnostics)
      : sources(sources), readFile(readFile), diagnostics(diagnostics) {}

  /// A file that has been read already.
  void add(uint32_t file);

  /// The files that an import of `importer` means, by their numbers in the source manager; none after a message. A
  /// folder of the standard library means all its modules.
  [[nodiscard]] std::vector<uint32_t> find(uint32_t importer, const ast::Import &import);

private:
  [[nodiscard]] std::vector<uint32_t> findStandard(const ast::Import &import);
  [[nodiscard]] std::optional<uint32_t> findFile(uint32_t importer, const std::string &path);
  /// Of the standard library, with the path below it.
  [[nodiscard]] uint32_t addStandard(std::string_view path, std::string_view text);
  [[nodiscard]] uint32_t addText(std::string name, std::string text);
  void reportUnknown(const ast::Import &import, std::string_view path);
  void reportNoFile(uint32_t importer, const ast::Import &import);

  SourceManager &sources;
  const FileReader &readFile;
  Diagnostics &diagnostics;
  std::map<std::string, uint32_t, std::less<>> files;
  /// Those that came from the standard library: their paths lead nowhere else.
  std::set<uint32_t> standardFiles;
};

/// "std.schedules" or "mine.rvn", as the source has it.
[[nodiscard]] std::string spelling(const ast::Import &import);

} // namespace ravine
