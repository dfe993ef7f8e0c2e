// Differences, which depend on the order of elements.
#include "test/runtime/core/operations/Samples.h"

namespace ravine::core::operations {

namespace {

TEST(Difference, IsTheNextLessThisAndZeroAtTheEnd) {
  for (const Sample<float> &sample : samples<float>()) {
    std::vector<float> expected(sample.numbers.size());
    for (size_t i = 0; i + 1 < expected.size(); ++i)
      expected[i] = sample.numbers[i + 1] - sample.numbers[i];
    std::vector<float> alone = sample.numbers;
    operateAlone(RAVINE_OPERATION_DIFFERENCE, alone, 0);
    EXPECT_EQ(alone, expected) << sample.name;
    for (uint32_t threads : {1u, 2u, 7u}) {
      std::vector<float> together = sample.numbers;
      operateInPieces(RAVINE_OPERATION_DIFFERENCE, together, 0, threads);
      EXPECT_EQ(together, expected) << sample.name << ", " << threads << " threads";
    }
  }
}

} // namespace

} // namespace ravine::core::operations
