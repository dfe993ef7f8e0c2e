// What is sought among numbers.
#include "compiler/interpreter/Searches.h"
#include "test/interpreter/Rules.h"
#include "test/interpreter/Vectors.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;
using testing::IsNan;

namespace {

TEST(Searches, FindWhatNumPyFinds) {
  for (const llvm::json::Object &vector : vectors("searches")) {
    std::vector<double> elements = numbers(*vector.getArray("elements"));
    for (auto [kind, name] :
         {std::pair(ir::SearchKind::KthLargest, "kth_largest"), std::pair(ir::SearchKind::Quantile, "quantile"),
          std::pair(ir::SearchKind::SimplexThreshold, "simplex_threshold")})
      for (const llvm::json::Value &pair : *vector.getArray(name)) {
        std::vector<double> known = numbers(*pair.getAsArray());
        double tolerance = 1e-14 * std::max(1.0, std::abs(known[1]));
        EXPECT_NEAR(search(kind, elements, known[0]), known[1], tolerance) << name << " " << known[0];
      }
  }
}

TEST(Searches, KthLargestCountsFromOneAndRoundsToEven) {
  std::vector<double> x{3, 1, 2, 3};
  auto kth = [&](double k) { return search(ir::SearchKind::KthLargest, x, k); };
  EXPECT_EQ(kth(1), 3);
  EXPECT_EQ(kth(2), 3);
  EXPECT_EQ(kth(3), 2);
  EXPECT_EQ(kth(4), 1);
  EXPECT_EQ(kth(2.5), 3);        // to 2
  EXPECT_EQ(kth(3.5), 1);        // to 4
  EXPECT_EQ(kth(0.5), INFINITY); // to 0
  EXPECT_EQ(kth(0.75), 3);
  EXPECT_EQ(kth(0), INFINITY);
  EXPECT_EQ(kth(-7), INFINITY);
  EXPECT_EQ(kth(5), -INFINITY);
  EXPECT_EQ(kth(INFINITY), -INFINITY);
}

TEST(Searches, QuantileClampsItsArgument) {
  std::vector<double> x{3, 1, 2};
  auto quantile = [&](double q) { return search(ir::SearchKind::Quantile, x, q); };
  EXPECT_EQ(quantile(-1), 1);
  EXPECT_EQ(quantile(0.25), 1.5);
  EXPECT_EQ(quantile(2), 3);
}

TEST(Searches, QuantileOfInfinitiesIsTheInfinityThatWeighs) {
  std::vector<double> x{-INFINITY, -1, 1};
  auto quantile = [&](double q) { return search(ir::SearchKind::Quantile, x, q); };
  EXPECT_EQ(quantile(0.25), -INFINITY);
  EXPECT_EQ(quantile(0.5), -1);
  EXPECT_EQ(quantile(0.75), 0);
}

TEST(Searches, SimplexThresholdAtTheEnds) {
  std::vector<double> x{3, 1, -INFINITY};
  auto threshold = [&](double s) { return search(ir::SearchKind::SimplexThreshold, x, s); };
  EXPECT_EQ(threshold(0), 3);
  EXPECT_EQ(threshold(1), 2);
  EXPECT_EQ(threshold(2), 1);
  EXPECT_EQ(threshold(4), 0); // 3 + 1
  EXPECT_EQ(threshold(INFINITY), -INFINITY);
  EXPECT_THAT(threshold(-1e-300), IsNan());
}

TEST(Searches, OfNothing) {
  EXPECT_EQ(search(ir::SearchKind::KthLargest, {}, 0), INFINITY);
  EXPECT_EQ(search(ir::SearchKind::KthLargest, {}, 1), -INFINITY);
  EXPECT_THAT(search(ir::SearchKind::Quantile, {}, 0.5), IsNan());
  EXPECT_THAT(search(ir::SearchKind::SimplexThreshold, {}, 1), IsNan());
}

TEST(Searches, ANaNMakesTheResultNaNAndZerosHaveNoSign) {
  for (ir::SearchKind kind : {ir::SearchKind::KthLargest, ir::SearchKind::Quantile, ir::SearchKind::SimplexThreshold}) {
    EXPECT_THAT(search(kind, std::vector<double>{1, NAN, 2}, 1), IsNan());
    EXPECT_THAT(search(kind, std::vector<double>{1, 2}, NAN), IsNan());
  }
  std::vector<double> zeros{-0.0, -0.0};
  EXPECT_FALSE(std::signbit(search(ir::SearchKind::KthLargest, zeros, 1)));
  EXPECT_FALSE(std::signbit(search(ir::SearchKind::Quantile, zeros, 0.5)));
  EXPECT_FALSE(std::signbit(search(ir::SearchKind::SimplexThreshold, zeros, 0)));
}

// ---- in a step

/// Of g, with w an argument for each row: the k-th largest of each row, tensor and of the model without the biases.
constexpr llvm::StringRef seeking = R"(
ravine.optimizer @seeking doc "" citation "" {
  ravine.case @weights "weights" {
    %isWeight = ravine.matches name "w*" : !ravine.field<i1, tensor>
    ravine.yield %isWeight : !ravine.field<i1, tensor>
  }
  ravine.state @of_rows : !row doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !row
    ravine.yield %zero : !row
  }
  ravine.metric @of_tensor : !tensor doc ""
  ravine.metric @of_weights : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %k = ravine.reduce max %wide : !wide to !row
    %two = ravine.constant 2.0 : f64 : !model
    %of_rows = ravine.search kth_largest %g, %k : !element, !row to !row
    %of_tensor = ravine.search kth_largest %g, %two : !element, !model to !tensor
    %of_weights = ravine.search kth_largest %g, %two under [@weights] : !element, !model to !model
    %spread = ravine.broadcast %of_weights : !model to !element
    ravine.next @of_rows, %of_rows : !row
    ravine.measure @of_tensor, %of_tensor : !tensor
    ravine.measure @of_weights, %of_weights : !model
    ravine.update %spread : !element
  }
})";

TEST(Searches, HaveTheArgumentOfTheirMemberAndTheTensorsOfTheirCases) {
  RuleText rule(seeking);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Rounded);
  InterpretedModel model{{shaped({2, 3}, {1, 1, 1, 3, 3, 3}), shaped({1, 2}, {2, 2}), shaped({1, 2}, {1, 1})}};
  model.tensors[0].name = "w1";
  model.tensors[1].name = "bias";
  model.tensors[2].name = "w2";
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{4, 6, 5, 1, 3, 2}}, {{100, 90}}, {{5.5, -1}}}));
  EXPECT_THAT(model.tensors[0].states.at("of_rows"), ElementsAre(6, 1));
  EXPECT_THAT(model.tensors[1].states.at("of_rows"), ElementsAre(90));
  EXPECT_EQ(model.tensors[0].metrics.at("of_tensor"), 5);
  EXPECT_EQ(model.metrics.at("of_weights"), 5.5); // the second of 6, 5.5, 5, …
  EXPECT_THAT(model.tensors[0].parameter, testing::Each(5.5));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(5.5, 5.5));
}

} // namespace
