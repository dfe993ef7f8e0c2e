// What the parser makes of `test` blocks.
#include "test/testing/TestBlock.h"

namespace ravine::test {
namespace {

using ast::BinaryOp;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TestBlocks, aTestWithOneTensor) {
  TestBlocks blocks(R"(
test "the first step is lr in size" {
  use adamw(lr = 0.1, weight_decay = 0)
  precision bf16/f32
  w = [1, -2, 3]
  g = [0.5, -0.1, 2]
  expect w' == [0.9, -1.9, 2.9] within 1e-5
}
)");
  EXPECT_THAT(blocks.messages(), IsEmpty());
  ASSERT_EQ(blocks.module.tests.size(), 1u);
  const ast::TestDecl &test = *blocks.module.tests.front();
  EXPECT_EQ(test.name, "the first step is lr in size");
  EXPECT_EQ(blocks.sources.text(test.tested->span), "adamw(lr = 0.1, weight_decay = 0)");
  EXPECT_EQ(test.precision, "bf16/f32");
  ASSERT_EQ(test.tensors.size(), 1u);
  EXPECT_EQ(test.tensors[0].name, "w");
  EXPECT_EQ(test.tensors[0].gradients.size(), 1u);
  ASSERT_EQ(test.expectations.size(), 1u);
  const ast::TestExpectation &expectation = test.expectations[0];
  EXPECT_EQ(expectation.op, BinaryOp::Equal);
  EXPECT_EQ(blocks.sources.text(expectation.span), "w' == [0.9, -1.9, 2.9]");
  EXPECT_EQ(expectation.tolerance->absolute, 1e-5);
  EXPECT_FALSE(expectation.tolerance->relative);
  EXPECT_FALSE(expectation.after);
}

TEST(TestBlocks, anObjectiveStepsAndSettings) {
  TestBlocks blocks(R"(
test "reaches the bottom" {
  use clip_global(1.0) |> adamw(lr = 0.1)
  w = [3,
       -4]; minimize sum((w - 1)^2)/2
  steps 200
  set lr = 0.2
  at step 3 set inner.lr = 0.1/2 for "head"
  after 3 expect loss < 1e-6
  expect m == 0 within 0.1% or 1e-3
}
)");
  EXPECT_THAT(blocks.messages(), IsEmpty());
  const ast::TestDecl &test = *blocks.module.tests.front();
  EXPECT_TRUE(test.tested->as<ast::Pipe>());
  EXPECT_EQ(blocks.sources.text(test.objective->span), "sum((w - 1)^2)/2");
  EXPECT_EQ(test.steps->value, 200);
  ASSERT_EQ(test.settings.size(), 2u);
  EXPECT_FALSE(test.settings[0].step);
  EXPECT_EQ(test.settings[1].step->value, 3);
  EXPECT_EQ(test.settings[1].hyper, "inner.lr");
  EXPECT_EQ(test.settings[1].group, "head");
  EXPECT_EQ(test.expectations[0].after->value, 3);
  EXPECT_EQ(test.expectations[0].op, BinaryOp::Less);
  EXPECT_EQ(test.expectations[1].tolerance->absolute, 1e-3);
  EXPECT_DOUBLE_EQ(*test.expectations[1].tolerance->relative, 1e-3);
}

TEST(TestBlocks, severalTensorsAndSteps) {
  TestBlocks blocks(R"(
test "groups" {
  use sgd
  tensor "fc.weight" {
    w = [[1, 2], [3, 4]]
    g = [[1, 1], [1, 1]] then none then 2*w
    group = "head"
    expect w' == 0
  }
  tensor "b" { w = 1; g = 0 }
}
)");
  EXPECT_THAT(blocks.messages(), IsEmpty());
  const ast::TestDecl &test = *blocks.module.tests.front();
  ASSERT_EQ(test.tensors.size(), 2u);
  EXPECT_EQ(test.tensors[0].name, "fc.weight");
  EXPECT_EQ(test.tensors[0].group, "head");
  ASSERT_EQ(test.tensors[0].gradients.size(), 3u);
  EXPECT_EQ(test.tensors[0].gradients[1], nullptr);
  EXPECT_EQ(test.tensors[0].expectations.size(), 1u);
  EXPECT_EQ(test.tensors[1].name, "b");
}

TEST(TestBlocks, itsWordsAreNamesElsewhere) {
  TestBlocks blocks(R"(
optimizer sgd {
  hyper within = 0.1
  state use = 0
  let expect = within*g
  use' = expect
  w' = w - expect - use'
}
test "t" { use sgd(within = 0.2); w = 1; g = 1; expect w' == 0.6 }
)");
  EXPECT_THAT(blocks.messages(), IsEmpty());
  EXPECT_EQ(blocks.module.tests.size(), 1u);
}

TEST(TestBlocks, whatIsMissing) {
  EXPECT_THAT(TestBlocks("test \"t\" { w = 1; g = 1; expect w' == 1 }").messages(),
              ElementsAre("E0241: the test uses no optimizer"));
  EXPECT_THAT(TestBlocks("test \"t\" { use sgd; expect w' == 1 }").messages(),
              ElementsAre("E0241: the test has no parameters"));
  EXPECT_THAT(TestBlocks("test \"t\" { use sgd; w = 1; expect w' == 1 }").messages(),
              ElementsAre("E0241: the tensor `w` has no gradient"));
  EXPECT_THAT(TestBlocks("test \"t\" { use sgd; w = 1; g = 1 }").messages(),
              ElementsAre("E0241: the test expects nothing"));
  EXPECT_THAT(TestBlocks("test \"t\" {\n  use sgd\n").messages(), ElementsAre("E0204: the test `t` is not closed"));
}

TEST(TestBlocks, oneMistakeOneMessage) {
  EXPECT_THAT(TestBlocks(R"(
test "t" {
  use sgd
  w = [1, 2
  g = 1
  expct w' == 1
  steps many
  expect w' = 1
  expect w' < 1 < 2
  expect w' < 1 within 2
  precision f32
  w' = 3
}
optimizer sgd { w' = w - g }
)")
                  .messages(),
              ElementsAre("E0203: `[` is not closed", "E0240: unexpected `expct` in a test",
                          "E0243: expected the number of steps, found `many`", "E0217: `=` inside an expression",
                          "E0207: comparisons do not chain", "E0240: `within` behind `<`",
                          "E0240: `w'` is what the step comes to"));
}

TEST(TestBlocks, namesBesideTheOnlyTensor) {
  EXPECT_THAT(
      TestBlocks("test \"t\" {\n use sgd\n tensor \"a\" { w = 1; g = 1 }\n w = 1\n expect w' == 1\n}\n").messages(),
      ElementsAre("E0240: `w` beside tensors with names"));
  EXPECT_THAT(
      TestBlocks("test \"t\" {\n use sgd\n w = 1\n tensor \"a\" { w = 1; g = 1 }\n expect w' == 1\n}\n").messages(),
      ElementsAre("E0240: a tensor with a name beside `w`"));
  EXPECT_THAT(
      TestBlocks("test \"t\" {\n use sgd\n tensor \"a\" { w = 1; g = 1; steps 3 }\n expect w' == 1\n}\n").messages(),
      ElementsAre("E0240: unexpected `steps` in a test"));
}

TEST(TestBlocks, arraysStandOnlyInTests) {
  EXPECT_THAT(TestBlocks("test \"t\" {\n use sgd(lr = [1])\n w = 1\n g = 1\n expect w' == 1\n}\n").messages(),
              ElementsAre("E0202: expected a value after `=`, found `[`"));
}

} // namespace
} // namespace ravine::test
