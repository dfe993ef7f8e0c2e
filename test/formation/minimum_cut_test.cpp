// Provision against all choices of what to load, on small made-up graphs.
#include "compiler/formation/MinimumCut.h"

#include <gtest/gtest.h>
#include <optional>
#include <random>

using namespace ravine::formation;

namespace {

struct Value {
  std::optional<int64_t> load;
  std::optional<int64_t> work;
  std::vector<unsigned> operands;
};

/// The price of having `wanted` when exactly the values in `loaded` are loaded; nothing where that does not work out.
std::optional<int64_t> priceOf(const std::vector<Value> &values, const std::vector<unsigned> &wanted, unsigned loaded) {
  std::vector<bool> isNeeded(values.size());
  for (unsigned value : wanted)
    isNeeded[value] = true;
  int64_t price = 0;
  for (size_t value = values.size(); value-- > 0;) {
    if ((loaded >> value & 1u) != 0) {
      if (!values[value].load)
        return std::nullopt;
      price += *values[value].load;
    } else if (isNeeded[value]) {
      if (!values[value].work)
        return std::nullopt;
      price += *values[value].work;
      for (unsigned operand : values[value].operands)
        isNeeded[operand] = true;
    }
  }
  return price;
}

TEST(Provision, FindsTheLeastPriceOfAll) {
  std::mt19937 engine(7);
  unsigned possible = 0;
  for (int number = 0; number < 500; ++number) {
    SCOPED_TRACE(number);
    std::vector<Value> values(3 + engine() % 8);
    for (unsigned value = 0; value < values.size(); ++value) {
      if (engine() % 3 != 0)
        values[value].load = engine() % 12;
      if (value >= 2 && engine() % 8 != 0) {
        values[value].work = engine() % 5;
        for (unsigned i = engine() % 3; i > 0; --i)
          values[value].operands.push_back(engine() % value);
      }
    }
    std::vector<unsigned> wanted;
    for (unsigned i = 1 + engine() % 3; i > 0; --i)
      wanted.push_back(engine() % values.size());

    std::optional<int64_t> least;
    for (unsigned loaded = 0; loaded < 1u << values.size(); ++loaded)
      if (std::optional<int64_t> price = priceOf(values, wanted, loaded); price && (!least || *price < *least))
        least = price;

    Provision provision(static_cast<unsigned>(values.size()));
    for (unsigned value = 0; value < values.size(); ++value) {
      if (values[value].load)
        provision.offerLoad(value, *values[value].load);
      if (values[value].work)
        provision.offerComputation(value, *values[value].work, values[value].operands);
    }
    Provision::Solution solution = provision.solve(wanted);
    ASSERT_EQ(solution.price < Provision::Impossible, least.has_value());
    if (!least)
      continue;
    ++possible;
    EXPECT_EQ(solution.price, *least);
    unsigned loaded = 0;
    for (unsigned value : solution.loads)
      loaded |= 1u << value;
    EXPECT_EQ(priceOf(values, wanted, loaded), least) << "the loads are not what was paid for";
  }
  EXPECT_GT(possible, 200u);
}

} // namespace
