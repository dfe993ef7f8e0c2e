// Derivatives against finite differences, and where there are none.
#include "test/testing/TestBlock.h"

#include <cmath>
#include <limits>

namespace ravine::test {
namespace {

using ravine::testing::Array;
using ravine::testing::Names;
using ::testing::ElementsAre;

constexpr double infinity = std::numeric_limits<double>::infinity();

Array vector(std::vector<double> numbers) {
  return {{static_cast<int64_t>(numbers.size())}, std::move(numbers)};
}

/// Compares every derivative with a central difference of fourth order.
void checkAgainstDifferences(const std::string &text, Names names) {
  WrittenExpression written(text);
  auto derivative = written.differentiate(names);
  ASSERT_TRUE(derivative) << text;
  for (auto &[name, array] : names)
    for (size_t i = 0; i < array.numbers.size(); ++i) {
      double x = array.numbers[i], h = 1e-3 * std::max(1.0, std::abs(x));
      auto valueAt = [&](double moved) {
        array.numbers[i] = moved;
        return written.evaluate(names)->numbers.front();
      };
      double difference =
          (8 * (valueAt(x + h) - valueAt(x - h)) - (valueAt(x + 2 * h) - valueAt(x - 2 * h))) / (12 * h);
      array.numbers[i] = x;
      double slope = derivative->slopes.find(name)->second.numbers[i];
      EXPECT_NEAR(slope, difference, 1e-7 * std::max(1.0, std::abs(slope))) << text << " by " << name << i;
    }
}

TEST(Derivatives, elementaryFunctions) {
  Names inside = {{"w", vector({0.3, -0.6, 0.45})}};
  for (const char *function : {"abs", "exp", "expm1", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
                               "cosh", "tanh", "erf", "sqrt(1 + w) + sqrt", "log(2 + w) + abs"}) {
    std::string name = function;
    bool needsPositive = name.ends_with("sqrt");
    checkAgainstDifferences("sum(" + name + (needsPositive ? "(2 + w))" : "(w))"), inside);
  }
  checkAgainstDifferences("sum(log(w + 2)*sign(w) + floor(w) + ceil(w) + round(w))", inside);
}

TEST(Derivatives, operatorsAndChoices) {
  Names names = {{"a", vector({1.3, 0.2, 2.5})}, {"b", vector({0.7, 1.1, 0.4})}, {"c", Array::of(0.9)}};
  for (const char *text :
       {"sum(a*b - a/b + c)", "sum(a^b)", "sum((-b)^3*c)", "sum(max(a, b, c) + min(a, b))", "sum(clamp(a, 0.5, 2))",
        "sum(if a > b then a^2 else b*c)", "c*sum({ let d = a - b; let a = d*d; a*c })", "mean(a)*max(b) + min(a)*c",
        "norm(a - b) + norm1(a - b) + norminf(a - b) + dot(a, b)", "sum([1, 10, 100]*(a - c)^2)",
        "sum(a*[c, 2*c, c^2])"})
    checkAgainstDifferences(text, names);
}

TEST(Derivatives, rosenbrock) {
  WrittenExpression written("(1 - x)^2 + 100*(y - x^2)^2");
  auto derivative = written.differentiate({{"x", Array::of(-1)}, {"y", Array::of(2)}});
  ASSERT_TRUE(derivative);
  EXPECT_EQ(derivative->value, 104);
  // −2(1 − x) − 400x(y − x²) and 200(y − x²)
  EXPECT_EQ(derivative->slopes["x"].numbers.front(), 396);
  EXPECT_EQ(derivative->slopes["y"].numbers.front(), 200);
}

TEST(Derivatives, countAsZeroWhereThereAreNone) {
  auto slopesAt = [](const std::string &text, std::vector<double> w) {
    auto derivative = WrittenExpression(text).differentiate({{"w", vector(std::move(w))}});
    return derivative ? derivative->slopes["w"].numbers : std::vector<double>();
  };
  EXPECT_THAT(slopesAt("sum(abs(w))", {0, 1, -2}), ElementsAre(0, 1, -1));
  EXPECT_THAT(slopesAt("norm(w)", {0, 0}), ElementsAre(0, 0));
  EXPECT_THAT(slopesAt("sum(sqrt(w))", {0, 4}), ElementsAre(0, 0.25));
  EXPECT_THAT(slopesAt("sum(max(w, 0))", {-1, 2}), ElementsAre(0, 1));
  EXPECT_THAT(slopesAt("max(w)", {3, 3}), ElementsAre(1, 0));
  EXPECT_THAT(slopesAt("sum(floor(w) + sign(w))", {0.5, -3}), ElementsAre(0, 0));
  // What is not chosen does not leak.
  EXPECT_THAT(slopesAt("sum(if w > 0 then log(w) else 0)", {0, 2}), ElementsAre(0, 0.5));
}

TEST(Derivatives, namesThatDoNotOccur) {
  auto derivative = WrittenExpression("sum(w)").differentiate({{"w", vector({1, 2})}, {"v", vector({3, 4})}});
  ASSERT_TRUE(derivative);
  EXPECT_THAT(derivative->slopes["v"].numbers, ElementsAre(0, 0));
}

TEST(Expressions, arraysHaveShapes) {
  auto value = WrittenExpression("[[1, 2, 3], [4, 5, pi - pi]]").evaluate();
  ASSERT_TRUE(value);
  EXPECT_THAT(value->shape, ElementsAre(2, 3));
  EXPECT_THAT(value->numbers, ElementsAre(1, 2, 3, 4, 5, 0));
  EXPECT_EQ(written(*value), "[[1, 2, 3], [4, 5, 0]]");
  EXPECT_EQ(written(*WrittenExpression("[nan, inf, -inf]").evaluate()), "[nan, inf, -inf]");
}

TEST(Expressions, foldsOfEverything) {
  auto number = [](const std::string &text) { return WrittenExpression(text).evaluate()->numbers.front(); };
  EXPECT_EQ(number("sum([[1, 2], [3, 4]])"), 10);
  EXPECT_EQ(number("mean([1, 2, 6])"), 3);
  EXPECT_DOUBLE_EQ(number("norm([3e200, 4e200])"), 5e200);
  EXPECT_DOUBLE_EQ(number("norm([3e-200, 4e-200])"), 5e-200);
  EXPECT_EQ(number("norm([1, -inf])"), infinity);
  EXPECT_EQ(number("norm1([-1, 2])"), 3);
  EXPECT_EQ(number("norminf([-4, 2])"), 4);
  EXPECT_EQ(number("count([1, 2, 3] > 1)"), 2);
  EXPECT_EQ(number("max([1, 5, 2])"), 5);
  EXPECT_EQ(number("if any([0, 1] > 0) and not all([0, 1] > 0) then 1 else 2"), 1);
  EXPECT_TRUE(std::isnan(number("max([1, nan, 2])")));
}

TEST(Expressions, whatDoesNotFit) {
  auto messageOf = [](const std::string &text) {
    WrittenExpression written(text);
    EXPECT_FALSE(written.evaluate({{"w", vector({1, 2})}})) << text;
    return written.blocks.messages();
  };
  EXPECT_THAT(messageOf("w + [1, 2, 3]"), ElementsAre("E0641: the shapes [2] and [3] do not fit"));
  EXPECT_THAT(messageOf("[[1, 2], [3]]"), ElementsAre("E0641: the items of an array differ in shape: [2] and [1]"));
  EXPECT_THAT(messageOf("[]"), ElementsAre("E0641: an array without items"));
  EXPECT_THAT(messageOf("w2 + 1"), ElementsAre("E0640: unknown name `w2` in a test"));
  EXPECT_THAT(messageOf("soft(w)"), ElementsAre("E0640: unknown function `soft` in a test"));
  EXPECT_THAT(messageOf("sum[tensor](w)"), ElementsAre("E0641: an index set in a test"));
  EXPECT_THAT(messageOf("if w then 1 else 2"), ElementsAre("E0644: `w` is a number, not a condition"));
  EXPECT_THAT(messageOf("sqrt(w > 0)"), ElementsAre("E0644: `w > 0` is a condition, not a number"));
  EXPECT_THAT(messageOf("sqrt(w, w)"), ElementsAre("E0641: wrong number of arguments for `sqrt`"));
}

TEST(Expressions, anObjectiveIsOneNumber) {
  auto messageOf = [](const std::string &text) {
    WrittenExpression written(text);
    EXPECT_FALSE(written.differentiate({{"w", vector({1, 2})}})) << text;
    return written.blocks.messages();
  };
  EXPECT_THAT(messageOf("w^2"), ElementsAre("E0644: the objective has the shape [2], not one number"));
  EXPECT_THAT(messageOf("norm(w) < 1"), ElementsAre("E0644: the objective is a condition, not a number"));
}

} // namespace
} // namespace ravine::test
