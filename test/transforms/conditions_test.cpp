// The conditions of a rule, and what can come of them.
#include "compiler/transforms/Specialize.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include <gmock/gmock.h>

using namespace ravine;
using testing::ElementsAre;

namespace {

/// Cases in the ravine dialect, one after another.
class Cases {
public:
  /// Asks whether the tensor is called `name`.
  Cases &add(const std::string &symbol, const std::string &name, const std::string &attributes = "") {
    text += "ravine.case @" + symbol + " \"\" " + attributes + " { %holds = ravine.matches name \"" + name +
            "\" : !ravine.field<i1, tensor>\n ravine.yield %holds : !ravine.field<i1, tensor> }\n";
    return *this;
  }

  Conditions collect() {
    context.loadDialect<ir::RavineDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>("ravine.optimizer @rule doc \"\" citation \"\" {\n" + text +
                                                         "ravine.step { ravine.zero_gradient } }",
                                                     &context);
    if (!module)
      throw std::runtime_error("not in the ravine dialect");
    return collectConditions(*module->getOps<ir::OptimizerOp>().begin());
  }

private:
  std::string text;
  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

TEST(Conditions, OfARuleWithoutCasesHaveOneOutcome) {
  EXPECT_THAT(Cases().collect().outcomes, ElementsAre(0u));
}

TEST(Conditions, ThatAreFreeHaveEveryOutcome) {
  Cases cases;
  Conditions conditions = cases.add("a", "a").add("b", "b").collect();
  EXPECT_THAT(conditions.outcomes, ElementsAre(0b00u, 0b01u, 0b10u, 0b11u));
  EXPECT_TRUE(Conditions::holds(1, 0b10));
  EXPECT_FALSE(Conditions::holds(0, 0b10));
}

TEST(Conditions, ThatAskTheSameCountOnce) {
  Cases cases;
  Conditions conditions = cases.add("a", "x").add("b", "y").add("c", "x").collect();
  EXPECT_EQ(conditions.cases.size(), 2u);
  EXPECT_EQ(conditions.ofCase.lookup("a"), conditions.ofCase.lookup("c"));
  EXPECT_NE(conditions.ofCase.lookup("a"), conditions.ofCase.lookup("b"));
  EXPECT_EQ(conditions.outcomes.size(), 4u);
}

TEST(Conditions, ThatAskTheSameUnderDifferentCasesDiffer) {
  Cases cases;
  Conditions conditions = cases.add("a", "x").add("b", "y").add("c", "y", "under [@a]").collect();
  EXPECT_EQ(conditions.cases.size(), 3u);
}

TEST(Conditions, HoldOnlyWhereThoseTheyAreUnderDo) {
  Cases cases;
  Conditions conditions = cases.add("a", "a").add("b", "b", "under [@a]").add("c", "c", "under [@b]").collect();
  EXPECT_THAT(conditions.outcomes, ElementsAre(0b000u, 0b001u, 0b011u, 0b111u));
}

TEST(Conditions, OfAChoiceExactlyOneHolds) {
  Cases cases;
  Conditions conditions = cases.add("a", "a", "choice 0").add("b", "b", "choice 0").add("c", "c", "choice 0").collect();
  EXPECT_THAT(conditions.outcomes, ElementsAre(0b001u, 0b010u, 0b100u));
}

TEST(Conditions, OfAChoiceUnderACaseOneHoldsWhereThatDoes) {
  Cases cases;
  Conditions conditions = cases.add("a", "a")
                              .add("b", "b", "under [@a] choice 3")
                              .add("c", "c")
                              .add("d", "d", "under [@a] choice 3")
                              .collect();
  EXPECT_THAT(conditions.outcomes, ElementsAre(0b0000u, 0b0011u, 0b0100u, 0b0111u, 0b1001u, 0b1101u));
}

TEST(Conditions, OfABranchAndOfSomethingElseAreOneIfTheyAskTheSame) {
  Cases cases;
  Conditions conditions =
      cases.add("a", "x").add("b", "x", "choice 0").add("c", "y", "choice 0").add("d", "y").collect();
  EXPECT_EQ(conditions.cases.size(), 2u);
  EXPECT_THAT(conditions.outcomes, ElementsAre(0b01u, 0b10u));
}

TEST(Conditions, StopsListingOutcomesWhereThereAreTooMany) {
  Cases cases;
  for (int i = 0; i < 30; ++i)
    cases.add("case_" + std::to_string(i), std::to_string(i));
  EXPECT_EQ(cases.collect().outcomes.size(), Conditions::mostOutcomes + 1);
}

} // namespace
