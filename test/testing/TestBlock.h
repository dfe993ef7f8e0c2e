// Parsing the text of a test in a test.
#pragma once

#include "compiler/diagnostics/Render.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/testing/Expressions.h"

#include <gmock/gmock.h>

namespace ravine::test {

/// A file of tests, and what was said about it.
struct TestBlocks {
  explicit TestBlocks(std::string text) {
    uint32_t file = sources.add("tests.rvn", std::move(text));
    module = parse(sources, file, diagnostics);
  }

  /// The messages without their excerpts.
  [[nodiscard]] std::vector<std::string> messages() const {
    std::vector<std::string> all;
    for (const Diagnostic &diagnostic : diagnostics.all())
      all.push_back(std::string(spelling(diagnostic.code)) + ": " + diagnostic.message);
    return all;
  }

  SourceManager sources;
  Diagnostics diagnostics;
  ast::Module module;
};

/// An expression as it stands in a test.
class WrittenExpression {
public:
  explicit WrittenExpression(const std::string &text)
      : blocks("test \"t\" {\n  use sgd\n  w = 1\n  minimize " + text + "\n  expect w' == 1\n}\n") {
    EXPECT_THAT(blocks.messages(), ::testing::IsEmpty()) << text;
  }

  [[nodiscard]] const ast::Expr &expr() const { return *blocks.module.tests.front()->objective; }

  [[nodiscard]] std::optional<ravine::testing::Array> evaluate(const ravine::testing::Names &names = {}) {
    return ravine::testing::Expressions(blocks.sources, blocks.diagnostics).evaluate(expr(), names);
  }
  [[nodiscard]] std::optional<ravine::testing::Expressions::Derivative>
  differentiate(const ravine::testing::Names &names) {
    std::vector<std::string> variables;
    for (const auto &[name, value] : names)
      variables.push_back(name);
    return ravine::testing::Expressions(blocks.sources, blocks.diagnostics).differentiate(expr(), names, variables);
  }

  TestBlocks blocks;
};

} // namespace ravine::test
