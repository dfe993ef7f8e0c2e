// The checker and the lowered rule agree on how many outcomes there are of what is decided at creation.
#include "compiler/compilation/LibraryCompilation.h"
#include "compiler/frontend/CreationCount.h"
#include "compiler/transforms/Specialize.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace ravine::test {
namespace {

/// Compares the optimizers of a compilation whose sources were added, and returns how many have conditions.
unsigned compare(LibraryCompilation &compilation) {
  EXPECT_TRUE(compilation.check());
  if (compilation.diagnostics().hasErrors())
    return 0;
  compilation.lower();
  unsigned conditional = 0;
  for (const auto &module : compilation.modules())
    for (const auto &optimizer : module->optimizers) {
      auto rule = compilation.module().lookupSymbol<ir::OptimizerOp>(optimizer->name);
      size_t lowered = collectConditions(rule).outcomes.size();
      EXPECT_EQ(countOutcomes(*optimizer), lowered) << optimizer->name;
      conditional += lowered > 1;
    }
  return conditional;
}

TEST(OutcomesTest, AgreeOnCompositions) {
  unsigned conditional = 0;
  for (const auto &entry : std::filesystem::directory_iterator(RAVINE_COMPOSITIONS))
    if (entry.path().extension() == ".rvn") {
      SCOPED_TRACE(entry.path().string());
      LibraryCompilation compilation;
      ASSERT_TRUE(compilation.addFile(entry.path().string()));
      conditional += compare(compilation);
    }
  EXPECT_GT(conditional, 5u);
}

TEST(OutcomesTest, AgreeOnWhatOneConditionSaysOfAnother) {
  LibraryCompilation compilation;
  compilation.add("rules.rvn", R"(
import std.optimizers: sgd, adamw, adam
import std.transforms: decoupled_decay, ema
optimizer alike = select {
  a: matrix -> sgd
  b: rank == 3 -> sgd
  _ -> sgd
}
optimizer nested = select {
  outer: name("a*") -> select {
    inner: matrix -> sgd
    _ -> frozen
  }
  _ -> adam
}
optimizer staged = adamw |> decoupled_decay(1e-5) where matrix |> ema(0.9) where matrix
optimizer same = select {
  m: matrix -> sgd
  _ -> adamw
} |> decoupled_decay(1e-5) where matrix
optimizer cases {
  hyper mu = 0.9 in [0, 1)
  state b when mu > 0 = 0
  state c when mu > 0 = 0
  b' = g
  c' = (case matrix { g } else { w })
  w' = w - (case mu > 0 { b' + c' } else { case matrix { g } else { 0 } })
}
)");
  EXPECT_GE(compare(compilation), 5u);
}

} // namespace
} // namespace ravine::test
