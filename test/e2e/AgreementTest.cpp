// Compiled code against the interpreter, in rounded arithmetic: bit for bit where operations are exactly defined.
#include "test/e2e/RuleCase.h"
#include "test/support/Rule.h"

#include <gtest/gtest.h>

using namespace ravine;
using namespace ravine::test;

namespace {

class Agreement : public testing::TestWithParam<RuleCase> {
protected:
  static void compare(const Scenario &scenario, const Configuration &configuration) {
    // Scalars may differ in the last digits of f64 where sums, which are added in different orders, go into them. An
    // f32 that depends on such a scalar rounds to another number once in many millions: none of these does.
    double relative = hasReductions() ? 1e-12 : 0;
    expectAgreement(runCompiled(GetParam(), scenario, configuration), runInterpreted(GetParam(), scenario),
                    {GetParam().ulps, relative});
  }

private:
  static bool hasReductions() {
    Rule rule(sourceOf(GetParam()));
    ir::OptimizerOp optimizer = rule.optimizer(GetParam().optimizer);
    return optimizer.walk([](ir::ReduceOp) { return mlir::WalkResult::interrupt(); }).wasInterrupted();
  }
};

TEST_P(Agreement, EverySizeAtOnce) {
  compare(Scenario(allShapes(GetParam()), Specials::Nowhere), {.threads = 2, .groups = 2});
}

TEST_P(Agreement, NonFiniteNumbersEverywhere) {
  compare(Scenario(smallShapes(GetParam()), Specials::Everywhere), {.groups = 2});
}

TEST_P(Agreement, NonFiniteNumbersInOneStep) {
  compare(Scenario(smallShapes(GetParam()), Specials::InSecondStep), {.groups = 2});
}

TEST_P(Agreement, EveryInstructionSet) {
  for (const std::string &isa : availableInstructionSets()) {
    SCOPED_TRACE(isa);
    compare(Scenario(smallShapes(GetParam()), Specials::Nowhere), {.isa = isa, .groups = 2});
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Agreement, testing::ValuesIn(allRuleCases()));

} // namespace
