// The order of examples.
#include "runtime/data/Reshuffled.h"
#include "test/runtime/nn/Vectors.h"

#include <gmock/gmock.h>
#include <numeric>

namespace ravine::data {
namespace {

std::vector<int64_t> orderOf(uint64_t seed, uint32_t epoch, int64_t examples, int64_t batchSize) {
  Reshuffled sampler(examples, batchSize, seed);
  sampler.shuffle(3); // Must leave no trace.
  sampler.shuffle(epoch);
  std::vector<int64_t> order;
  for (int64_t batch = 0; batch < sampler.batchCount(); ++batch)
    order.insert(order.end(), sampler.batch(batch).begin(), sampler.batch(batch).end());
  return order;
}

TEST(Reshuffled, GivesTheOrderOfAnIndependentImplementation) {
  const test::Vectors vectors("random.txt");
  for (uint32_t epoch : {1, 2})
    EXPECT_THAT(orderOf(0x123456789ABCDEF, epoch, 20, 6),
                testing::ElementsAreArray(vectors["order_of_epoch_" + std::to_string(epoch)].span()));
}

TEST(Reshuffled, EveryEpochIsAnotherPermutation) {
  std::vector<int64_t> all(1000);
  std::iota(all.begin(), all.end(), 0);
  const std::vector<int64_t> first = orderOf(5, 1, 1000, 64), second = orderOf(5, 2, 1000, 64);
  EXPECT_THAT(first, testing::UnorderedElementsAreArray(all));
  EXPECT_THAT(second, testing::UnorderedElementsAreArray(all));
  EXPECT_NE(first, second);
  EXPECT_NE(first, orderOf(6, 1, 1000, 64));
  EXPECT_EQ(first, orderOf(5, 1, 1000, 7)) << "the size of batches changes the order";
}

TEST(Reshuffled, EveryOrderIsEquallyLikely) {
  std::map<std::vector<int64_t>, int> counts;
  constexpr int draws = 60000;
  Reshuffled sampler(4, 4, 1);
  for (uint32_t epoch = 0; epoch < draws; ++epoch) {
    sampler.shuffle(epoch);
    const std::span<const int64_t> order = sampler.batch(0);
    ++counts[{order.begin(), order.end()}];
  }
  // Each of the 24 orders has 2500 ± 49; none is farther off than five times that.
  EXPECT_EQ(counts.size(), 24U);
  for (const auto &[order, count] : counts)
    EXPECT_NEAR(count, draws / 24, 5 * 49) << testing::PrintToString(order);
}

TEST(Reshuffled, TheLastBatchIsWhatIsLeft) {
  Reshuffled sampler(10, 4, 0);
  sampler.shuffle(1);
  EXPECT_EQ(sampler.batchCount(), 3);
  EXPECT_EQ(sampler.batch(1).size(), 4U);
  EXPECT_EQ(sampler.batch(2).size(), 2U);
  EXPECT_EQ(Reshuffled(0, 4, 0).batchCount(), 0);
  EXPECT_EQ(Reshuffled(10, INT64_MAX, 0).batchCount(), 1);
  EXPECT_THROW(Reshuffled(10, 0, 0), std::invalid_argument);
  EXPECT_THROW(Reshuffled(-1, 4, 0), std::invalid_argument);
}

} // namespace
} // namespace ravine::data
