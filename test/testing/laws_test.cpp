// Every law against operators for which it holds and against planted wrong ones.
#include "compiler/testing/laws/Refutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace ravine::testing;
using ravine::ast::LawKind;

namespace {

/// A penalty that is written in C++, with one hyper, lambda.
struct Written final : PenaltyOracle {
  using Prox = std::function<Vector(const Vector &, double tau, double lambda)>;
  using Value = std::function<double(const Vector &, double lambda)>;

  Written(Prox prox, Value value) : proxOf(std::move(prox)), valueOf(std::move(value)) {}

  bool configure(const std::map<std::string, double> &hypers) override {
    auto found = hypers.find("lambda");
    lambda = found == hypers.end() ? 1 : found->second;
    return lambda >= 0;
  }
  Vector prox(const Vector &x, double tau) override { return proxOf(x, tau, lambda); }
  double value(const Vector &x) override { return valueOf(x, lambda); }
  Vector gradient(const Vector &x) override { return proxOf(x, 1, lambda); }
  /// The ball |x| <= lambda.
  bool contains(const Vector &x, double tolerance) override { return norm(x) <= lambda + tolerance; }

  static double norm(const Vector &x) {
    double sum = 0;
    for (double number : x)
      sum += number * number;
    return std::sqrt(sum);
  }

  Prox proxOf;
  Value valueOf;
  double lambda = 1;
};

/// An operator that treats each element by itself.
Written::Prox each(std::function<double(double x, double threshold)> one) {
  return [one](const Vector &x, double tau, double lambda) {
    Vector result;
    for (double number : x)
      result.push_back(one(number, tau * lambda));
    return result;
  };
}

double soft(double x, double threshold) {
  return std::copysign(std::max(std::abs(x) - threshold, 0.0), x);
}

double sumOfSizes(const Vector &x, double lambda) {
  double sum = 0;
  for (double number : x)
    sum += std::abs(number);
  return lambda * sum;
}

double halfSquares(const Vector &x, double lambda) {
  return lambda / 2 * std::pow(Written::norm(x), 2);
}

Vector scaled(const Vector &x, double factor) {
  Vector result = x;
  for (double &number : result)
    number *= factor;
  return result;
}

Vector ontoBall(const Vector &x, double /*tau*/, double lambda) {
  const double length = Written::norm(x);
  return length > lambda ? scaled(x, lambda / length) : x;
}

Vector ontoBox(const Vector &x, double /*tau*/, double lambda) {
  Vector result = x;
  for (double &number : result)
    number = std::clamp(number, -lambda, lambda);
  return result;
}

const std::vector<LawHyper> hypers = {{"lambda", 1, 0, INFINITY}};

LawOutcome outcomeOf(LawKind kind, PenaltyOracle &penalty, PenaltyOracle *other = nullptr) {
  LawTrial trial{.kind = kind, .penalty = penalty, .other = other};
  trial.arguments = [](const std::map<std::string, double> &values) {
    auto found = values.find("lambda");
    return std::vector<double>{found == values.end() ? 1 : found->second, 0};
  };
  return tryToRefute(trial, hypers, 200, 1);
}

void holds(LawKind kind, Written penalty, PenaltyOracle *other = nullptr) {
  LawOutcome outcome = outcomeOf(kind, penalty, other);
  EXPECT_FALSE(outcome.counterexample) << outcome.counterexample->violation.sentence;
  EXPECT_EQ(outcome.inputs, 200u);
}

/// The law is refuted, by few elements.
Counterexample refuted(LawKind kind, Written penalty, PenaltyOracle *other = nullptr) {
  LawOutcome outcome = outcomeOf(kind, penalty, other);
  EXPECT_TRUE(outcome.counterexample);
  if (!outcome.counterexample)
    return {};
  EXPECT_LE(outcome.counterexample->input.x.size(), 2u);
  return *outcome.counterexample;
}

TEST(Laws, SoftThresholdingMinimizes) {
  holds(LawKind::Minimizes, {each(soft), sumOfSizes});
}

TEST(Laws, HalfTheThresholdDoesNotMinimize) {
  Counterexample found = refuted(LawKind::Minimizes,
                                 {each([](double x, double threshold) { return soft(x, threshold / 2); }), sumOfSizes});
  EXPECT_EQ(found.input.tau, 1);
  EXPECT_TRUE(found.input.hypers.empty());
  EXPECT_NEAR(found.violation.expected->front(), soft(found.input.x.front(), 1), 1e-6);
}

TEST(Laws, AThresholdThatForgetsTheSignDoesNotMinimize) {
  refuted(LawKind::Minimizes, {each([](double x, double t) { return std::abs(soft(x, t)); }), sumOfSizes});
}

TEST(Laws, AHardThresholdThatIsTooLargeDoesNotMinimize) {
  auto count = [](const Vector &x, double lambda) {
    return lambda * static_cast<double>(std::ranges::count_if(x, [](double number) { return number != 0; }));
  };
  holds(LawKind::Minimizes, {each([](double x, double t) { return x * x > 2 * t ? x : 0; }), count});
  refuted(LawKind::Minimizes, {each([](double x, double t) { return x * x > 3 * t ? x : 0; }), count});
}

TEST(Laws, NaNAtZeroIsFound) {
  refuted(LawKind::Minimizes, {[](const Vector &x, double tau, double lambda) {
                                 const double length = Written::norm(x);
                                 return scaled(x, std::max(length - tau * lambda, 0.0) / length);
                               },
                               [](const Vector &x, double lambda) { return lambda * Written::norm(x); }});
}

TEST(Laws, Nonexpansive) {
  holds(LawKind::Nonexpansive, {each(soft), sumOfSizes});
  refuted(LawKind::Nonexpansive, {each([](double x, double t) { return std::abs(x) > t ? x : 0; }), sumOfSizes});
}

TEST(Laws, Idempotent) {
  holds(LawKind::Idempotent, {ontoBall, sumOfSizes});
  refuted(LawKind::Idempotent,
          {[](const Vector &x, double, double lambda) { return Written::norm(x) > lambda ? scaled(x, 0.5) : x; },
           sumOfSizes});
}

TEST(Laws, Projection) {
  holds(LawKind::Projection, {ontoBall, sumOfSizes});
  // Into the set, but not to the nearest point of it; and not into the set at all.
  refuted(LawKind::Projection, {[](const Vector &x, double tau, double lambda) {
                                  return Written::norm(x) > lambda ? scaled(ontoBall(x, tau, lambda), 0.9) : x;
                                },
                                sumOfSizes});
  refuted(LawKind::Projection, {ontoBox, sumOfSizes});
}

TEST(Laws, Convex) {
  holds(LawKind::Convex, {each(soft), sumOfSizes});
  refuted(LawKind::Convex, {each(soft), [](const Vector &x, double lambda) {
                              double sum = 0;
                              for (double number : x)
                                sum += lambda * std::sqrt(std::abs(number));
                              return sum;
                            }});
  // The value is convex, but this is not its prox.
  refuted(LawKind::Convex, {each([](double x, double t) { return std::abs(x) > t ? x : 0; }), sumOfSizes});
}

TEST(Laws, Separable) {
  holds(LawKind::Separable, {each(soft), sumOfSizes});
  auto length = [](const Vector &x, double lambda) { return lambda * Written::norm(x); };
  refuted(LawKind::Separable, {each(soft), length});
  refuted(LawKind::Separable, {ontoBall, sumOfSizes});
}

TEST(Laws, Conjugate) {
  Written box(ontoBox, sumOfSizes), ball(ontoBall, sumOfSizes);
  // The hypers of both are at their defaults.
  Written l1(each(soft), sumOfSizes);
  LawTrial right{.kind = LawKind::Conjugate, .penalty = l1, .other = &box};
  EXPECT_FALSE(tryToRefute(right, {}, 200, 1).counterexample);
  LawTrial wrong{.kind = LawKind::Conjugate, .penalty = l1, .other = &ball};
  EXPECT_TRUE(tryToRefute(wrong, {}, 200, 1).counterexample);
}

TEST(Laws, Quadratic) {
  holds(LawKind::Quadratic, {each(soft), halfSquares});
  refuted(LawKind::Quadratic, {each(soft), sumOfSizes});
}

TEST(Laws, Gradient) {
  auto linear = [](const Vector &x, double, double lambda) { return scaled(x, lambda); };
  holds(LawKind::Gradient, {linear, halfSquares});
  refuted(LawKind::Gradient,
          {[](const Vector &x, double, double lambda) { return scaled(x, 2 * lambda); }, halfSquares});
}

TEST(Laws, AgreesWith) {
  Written l1(each(soft), sumOfSizes), ball(ontoBall, sumOfSizes);
  Written same = l1;
  LawTrial right{.kind = LawKind::AgreesWith, .penalty = l1, .other = &same};
  EXPECT_FALSE(tryToRefute(right, {}, 200, 1).counterexample);
  LawTrial wrong{.kind = LawKind::AgreesWith, .penalty = l1, .other = &ball};
  EXPECT_TRUE(tryToRefute(wrong, {}, 200, 1).counterexample);
}

TEST(Laws, TheSameSeedMakesTheSameInputs) {
  LawInputs first(hypers, 7), second(hypers, 7), other(hypers, 8);
  bool differs = false;
  for (size_t i = 0; i < 200; ++i) {
    const LawInput a = first.make(i), b = second.make(i), c = other.make(i);
    EXPECT_EQ(a.x, b.x);
    EXPECT_EQ(a.tau, b.tau);
    EXPECT_EQ(a.hypers, b.hypers);
    differs |= a.x != c.x;
  }
  EXPECT_TRUE(differs);
}

} // namespace
