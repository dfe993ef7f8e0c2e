// What elements become when all of their member is seen at once.
#include "compiler/interpreter/Searches.h"
#include "test/interpreter/Rules.h"
#include "test/interpreter/Vectors.h"

#include <gmock/gmock.h>

#include <random>

using namespace ravine;
using namespace ravine::test;
using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNan;
using testing::Pointwise;

namespace {

std::vector<double> rearranged(ir::RearrangementKind kind, const std::vector<double> &elements, double argument) {
  return rearrange(kind, elements, argument);
}

// ---- the largest

TEST(Largest, AreExactlySoManyAndOfEqualOnesTheFirst) {
  std::vector<double> x{1, 3, 2, 3, 3};
  auto largest = [&](double k) { return rearranged(ir::RearrangementKind::Largest, x, k); };
  EXPECT_THAT(largest(0), ElementsAre(0, 0, 0, 0, 0));
  EXPECT_THAT(largest(1), ElementsAre(0, 1, 0, 0, 0));
  EXPECT_THAT(largest(2), ElementsAre(0, 1, 0, 1, 0));
  EXPECT_THAT(largest(2.5), ElementsAre(0, 1, 0, 1, 0));
  EXPECT_THAT(largest(3.5), ElementsAre(0, 1, 1, 1, 1));
  EXPECT_THAT(largest(99), ElementsAre(1, 1, 1, 1, 1));
  EXPECT_THAT(largest(-1), ElementsAre(0, 0, 0, 0, 0));
  EXPECT_THAT(largest(NAN), ElementsAre(0, 0, 0, 0, 0));
}

TEST(Largest, PutNaNLastAndKnowOneZero) {
  auto largest = [&](const std::vector<double> &x, double k) {
    return rearranged(ir::RearrangementKind::Largest, x, k);
  };
  EXPECT_THAT(largest({NAN, -INFINITY, NAN, 1}, 2), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(largest({NAN, -INFINITY, NAN, 1}, 3), ElementsAre(1, 1, 0, 1));
  EXPECT_THAT(largest({-0.0, 0.0}, 1), ElementsAre(1, 0));
  EXPECT_THAT(largest({}, 1), IsEmpty());
}

// ---- differences

TEST(Differences, AreToTheNextAndZeroAtTheEnd) {
  EXPECT_THAT(rearranged(ir::RearrangementKind::Difference, {1, 4, 2}, 0), ElementsAre(3, -2, 0));
  EXPECT_THAT(rearranged(ir::RearrangementKind::Difference, {7}, 0), ElementsAre(0));
  EXPECT_THAT(rearranged(ir::RearrangementKind::Difference, {}, 0), IsEmpty());
  EXPECT_THAT(rearranged(ir::RearrangementKind::Difference, {1, NAN, 2}, 0), ElementsAre(IsNan(), IsNan(), 0));
}

// ---- the taut string

std::vector<double> tautString(const std::vector<double> &elements, double lambda) {
  return rearranged(ir::RearrangementKind::TautString, elements, lambda);
}

TEST(TautString, IsTheSolutionOfAllPatternsThatFits) {
  for (const llvm::json::Object &vector : vectors("strings"))
    EXPECT_THAT(tautString(numbers(*vector.getArray("elements")), *vector.getNumber("lambda")),
                Pointwise(DoubleNear(1e-13), numbers(*vector.getArray("solution"))));
}

/// The problem is convex, so u solves it exactly where z, the running sum of x − u, ends at 0, is nowhere beyond ±λ,
/// and is λ where u falls and −λ where it rises.
void expectSolution(const std::vector<double> &x, double lambda) {
  std::vector<double> u = tautString(x, lambda);
  ASSERT_EQ(u.size(), x.size());
  double z = 0;
  constexpr double tolerance = 1e-9;
  for (size_t i = 0; i < x.size(); ++i) {
    z += x[i] - u[i];
    EXPECT_LE(std::abs(z), lambda + tolerance);
    if (i + 1 == x.size())
      EXPECT_NEAR(z, 0, tolerance);
    else if (std::abs(u[i + 1] - u[i]) > tolerance)
      EXPECT_NEAR(z, u[i + 1] < u[i] ? lambda : -lambda, tolerance);
  }
}

TEST(TautString, MeetsTheConditionsOfOptimality) {
  std::mt19937_64 random(20260101);
  std::normal_distribution<double> normal;
  for (size_t size : {2u, 3u, 17u, 400u})
    for (double lambda : {0.0, 0.01, 0.3, 2.0, 50.0}) {
      std::vector<double> steps(size), noise(size);
      for (size_t i = 0; i < size; ++i) {
        noise[i] = normal(random);
        steps[i] = std::round(normal(random) * 2); // many ties
      }
      expectSolution(noise, lambda);
      expectSolution(steps, lambda);
    }
}

TEST(TautString, KeepsItsDigitsFarFromTheFirstEnd) {
  EXPECT_THAT(tautString({1e12, 0.1, 0.2, -1e12, 0.3}, 0), ElementsAre(1e12, 0.1, 0.2, -1e12, 0.3));
}

TEST(TautString, IsTheMeanForAnyLargeLambda) {
  EXPECT_THAT(tautString({1, 2, 6}, 100), ElementsAre(3, 3, 3));
  EXPECT_THAT(tautString({1, 2, 6}, INFINITY), ElementsAre(3, 3, 3));
  EXPECT_THAT(tautString({5}, 1), ElementsAre(5));
  EXPECT_THAT(tautString({}, 1), IsEmpty());
}

TEST(TautString, IsNaNAltogetherWhereSomethingIsNoNumber) {
  EXPECT_THAT(tautString({1, NAN, 2}, 1), Each(IsNan()));
  EXPECT_THAT(tautString({1, INFINITY, 2}, 1), Each(IsNan()));
  EXPECT_THAT(tautString({1, 2}, -1), Each(IsNan()));
  EXPECT_THAT(tautString({1, 2}, NAN), Each(IsNan()));
}

// ---- in a step

std::string rearranging(const std::string &kindAndArgument, const std::string &set) {
  return R"(
ravine.optimizer @rearranging doc "" citation "" {
  ravine.case @weights "weights" {
    %isWeight = ravine.matches name "w*" : !ravine.field<i1, tensor>
    ravine.yield %isWeight : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !element
    %zero = ravine.constant 0.0 : f64 : !model
    %two = ravine.constant 2.0 : f64 : !model
    %next = ravine.rearrange )" +
         kindAndArgument + " in " + set + R"( : !element, !model
    ravine.update %next : !element
  }
})";
}

InterpretedModel step(const std::string &text, InterpretedModel model) {
  RuleText rule(text);
  Interpreter::Gradients gradients;
  for (const InterpretedTensor &tensor : model.tensors)
    gradients.emplace_back(tensor.parameter);
  EXPECT_EQ(StepEnd::Committed, Interpreter(rule.optimizer(), Arithmetic::Rounded).step(model, gradients));
  return model;
}

TEST(Rearrangements, GoMemberByMember) {
  InterpretedModel model{{shaped({2, 3}, {1, 5, 3, 2, 9, 4})}};
  auto next = [&](const std::string &kind, const std::string &set) {
    return step(rearranging(kind, set), model).tensors[0].parameter;
  };
  EXPECT_THAT(next("difference %g, %zero", "<row>"), ElementsAre(4, -2, 0, 7, -5, 0));
  EXPECT_THAT(next("difference %g, %zero", "<tensor>"), ElementsAre(4, -2, -1, 7, -5, 0));
  EXPECT_THAT(next("difference %g, %zero", "<block 4>"), ElementsAre(4, -2, -1, 0, -5, 0));
  EXPECT_THAT(next("largest %g, %two", "<row>"), ElementsAre(0, 1, 1, 0, 1, 1));
  // 1 5 3 is flattened to its mean; of 2 9 4 the first goes up by λ, the others' mean down by λ/2.
  EXPECT_THAT(next("taut_string %g, %two", "<row>"), ElementsAre(3, 3, 3, 4, 5.5, 5.5));
}

TEST(Rearrangements, AreRoundedToTheTypeOfElements) {
  InterpretedModel model{{row({1, 0x1p-24, 1 + 0x1p-23})}};
  // 2^-24 − 1 is a number of f32; 1 + 2^-23 − 2^-24 lies between two.
  EXPECT_THAT(step(rearranging("difference %g, %zero", "<tensor>"), model).tensors[0].parameter,
              ElementsAre(-1 + 0x1p-24, 1, 0));
}

TEST(Rearrangements, OfTheModelGoThroughItsTensorsInOrder) {
  InterpretedModel model{{row({1, 7}), row({7, 3}), row({7})}};
  model.tensors[0].name = "w1";
  model.tensors[1].name = "bias";
  model.tensors[2].name = "w2";
  InterpretedModel all = step(rearranging("largest %g, %two", "<model>"), model);
  EXPECT_THAT(all.tensors[0].parameter, ElementsAre(0, 1));
  EXPECT_THAT(all.tensors[1].parameter, ElementsAre(1, 0));
  EXPECT_THAT(all.tensors[2].parameter, ElementsAre(0));
  InterpretedModel some = step(rearranging("largest %g, %two", "<model> under [@weights]"), model);
  EXPECT_THAT(some.tensors[0].parameter, ElementsAre(0, 1));
  EXPECT_THAT(some.tensors[1].parameter, ElementsAre(0, 0));
  EXPECT_THAT(some.tensors[2].parameter, ElementsAre(1));
}

} // namespace
