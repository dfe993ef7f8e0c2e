// A program that has been loaded, written out and checked, and ways to look at it.
#pragma once

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {

class Elaborated {
public:
  /// A file, and those that it can import, by their paths.
  explicit Elaborated(std::string program, std::map<std::string, std::string> files = {});

  /// The codes of all messages, in the order in which they were said: "E0301 W0101".
  [[nodiscard]] std::string codes() const;
  /// Everything that was said, to be printed when an expectation fails.
  [[nodiscard]] std::string messages() const;

  /// A flat optimizer by its name.
  [[nodiscard]] const ast::OptimizerDecl &optimizer(std::string_view name) const;
  /// All that it declares and defines, one item per line, expressions as people write them.
  [[nodiscard]] std::string text(std::string_view name) const;

  SourceManager sources;
  Diagnostics diagnostics;
  Program program;
  std::vector<std::unique_ptr<ast::Module>> modules;
};

} // namespace ravine::test
