// Compiled code against itself: the bits of every result are the same for every number of threads, instruction set and
// assignment of tensors to groups.
#include "test/e2e/RuleCase.h"

#include <gtest/gtest.h>

using namespace ravine;
using namespace ravine::test;

namespace {

class Identity : public testing::TestWithParam<RuleCase> {
protected:
  void expectSame(const RuleCase &test, const Configuration &one, const Configuration &other) const {
    expectAgreement(runCompiled(test, scenario, one), runCompiled(test, scenario, other), {});
  }

  Scenario scenario{allShapes(GetParam()), Specials::Nowhere};
};

TEST_P(Identity, EveryThreadCount) {
  for (uint32_t threads : {2u, 7u}) {
    SCOPED_TRACE(threads);
    expectSame(GetParam(), {.threads = threads, .groups = 2}, {.threads = 1, .groups = 2});
  }
}

TEST_P(Identity, EveryInstructionSet) {
  for (const std::string &isa : availableInstructionSets()) {
    SCOPED_TRACE(isa);
    expectSame(GetParam(), {.isa = isa, .groups = 2}, {.groups = 2});
  }
}

TEST_P(Identity, EveryGrouping) {
  RuleCase test = GetParam();
  test.odd.clear(); // equal hypers for all
  for (uint32_t groups : {2u, 3u, 10u}) {
    SCOPED_TRACE(groups);
    expectSame(test, {.groups = groups}, {.groups = 1});
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Identity, testing::ValuesIn(allRuleCases()));

} // namespace
