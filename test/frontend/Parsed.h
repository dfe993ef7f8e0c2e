// A file that has been parsed and nothing else.
#pragma once

#include "compiler/frontend/Frontend.h"

namespace ravine::test {

class Parsed {
public:
  explicit Parsed(std::string program);

  /// The codes of all messages, in the order in which they were said: "E0201 E0204".
  [[nodiscard]] std::string codes() const;
  /// The tree without the kinds and index sets, which the checker finds; what was said where there is something.
  [[nodiscard]] std::string tree() const;

  SourceManager sources;
  Diagnostics diagnostics;
  ast::Module module;
};

[[nodiscard]] std::string treeOf(std::string program);
[[nodiscard]] std::string codesOf(std::string program);

} // namespace ravine::test
