// teacher: learns a sparse one-layer teacher by relaxed variable splitting and checks what theory says of it.
//
//   teacher LIBRARY [--full]
//
// LIBRARY is what `ravine build --precision=f64 examples/teacher/teacher.rvn` wrote. Dinh & Xin: Convergence of a
// relaxed variable splitting method for learning sparse neural networks via l1, l0, and transformed-l1 penalties
// (IntelliSys 2020) show for the rectified network that the Lagrangian f(w) + λP(u) + β/2·‖w − u‖² never rises for a
// rate of at most 2/(β + L), and that the limit is the teacher, thresholded, up to a factor; for the binarized one the
// angle to the teacher falls. Exits with 1 where one of these fails.
#include "Teacher.h"

#include "ravine.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <numeric>
#include <random>
#include <string>

namespace {

/// A penalty of single numbers: its value, and the slope of the value away from zero.
struct Penalty {
  const char *optimizer;
  std::function<double(double)> value, slope;
};

std::vector<double> sparseTeacher(size_t size, uint64_t seed) {
  // A quarter of the weights is large; the rest is what the penalty is to remove.
  std::mt19937_64 random(seed);
  auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<double> w(size);
  for (size_t i = 0; i < size; ++i)
    w[i] = (random() % 2 == 0 ? 1 : -1) * (i % 4 == 0 ? 0.5 + 0.5 * uniform() : 0.02 * uniform());
  return w;
}

/// A point that is not far from the teacher's direction, nor near it.
std::vector<double> start(std::span<const double> teacher, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> w(teacher.begin(), teacher.end());
  const double spread =
      std::sqrt(std::inner_product(w.begin(), w.end(), w.begin(), 0.0) / static_cast<double>(w.size()));
  for (double &value : w)
    value += 2 * spread * (static_cast<double>(random() >> 11) * 0x1p-53 - 0.5) * 2;
  return w;
}

/// Weights, their gradient, and the sparse copy of them that the optimizer keeps.
class Run {
public:
  Run(const ravine::Library &library, const char *name, std::vector<double> first,
      std::vector<ravine::Setting> settings)
      : w(std::move(first)), g(w.size()), u(w.size()),
        tensor{.name = "w", .shape = {static_cast<int64_t>(w.size())}, .parameter = RAVINE_F64, .gradient = RAVINE_F64},
        optimizer(library, std::span(&tensor, 1), {.optimizer = name, .settings = std::move(settings)}) {}

  void step() {
    void *const parameter = w.data(), *const output = u.data();
    const void *const gradient = g.data();
    optimizer.step(std::span(&parameter, 1), std::span(&gradient, 1));
    optimizer.readView("eval", std::span(&output, 1));
  }

  std::vector<double> w, g, u;

private:
  ravine::Tensor tensor;
  ravine::Optimizer optimizer;
};

size_t zerosIn(std::span<const double> values) {
  return static_cast<size_t>(std::count(values.begin(), values.end(), 0.0));
}

bool report(const std::string &what, bool holds) {
  if (!holds)
    std::printf("    DOES NOT HOLD: %s\n", what.c_str());
  return holds;
}

/// At a limit, own·w − other·w* + β(w − u) = 0 and β(w − u) = λ·p'(u) where u is not zero, so that there
/// own·w = other·w* − λ·p'(u), and elsewhere w = other·w*/(own + β): u is w*, thresholded, up to the factor other/own.
/// How far u is from that, relative to the largest weight.
double distanceFromThresholdedTeacher(const teacher::RectifiedNetwork &network, const Run &run, const Penalty &penalty,
                                      double lambda, double beta) {
  const auto [own, other] = network.pull(run.w);
  double largest = 0, distance = 0;
  for (size_t i = 0; i < run.w.size(); ++i) {
    const double sign = std::copysign(1.0, run.u[i]);
    const double expected =
        run.u[i] == 0 ? other * network.teacher()[i] / (own + beta)
                      : (other * network.teacher()[i] - sign * lambda * penalty.slope(std::abs(run.u[i]))) / own;
    largest = std::max(largest, std::abs(run.w[i]));
    distance = std::max(distance, std::abs(expected - run.w[i]));
  }
  return distance / largest;
}

bool learnRectified(const ravine::Library &library, const Penalty &penalty, size_t size, uint64_t seed) {
  const teacher::RectifiedNetwork network(sparseTeacher(size, seed), 16);
  const double beta = 0.5, lambda = 4e-4, rate = 2 / (beta + network.lipschitz());
  Run run(library, penalty.optimizer, start(network.teacher(), seed + 1),
          {{"lr", rate}, {"beta", beta}, {"P.lambda", lambda}});
  auto lagrangian = [&] {
    double sum = network.loss(run.w);
    for (size_t i = 0; i < run.w.size(); ++i)
      sum += lambda * penalty.value(run.u[i]) + beta / 2 * std::pow(run.w[i] - run.u[i], 2);
    return sum;
  };
  const double firstAngle = teacher::angle(run.w, network.teacher());
  double last = INFINITY, greatestRise = 0;
  int steps = 0;
  for (double move = 1; move > 1e-13 && steps < 200'000; ++steps) {
    const std::vector<double> before = run.w;
    network.gradient(run.w, run.g);
    run.step();
    const double now = lagrangian();
    greatestRise = std::max(greatestRise, now - last);
    last = now;
    move = 0;
    for (size_t i = 0; i < before.size(); ++i)
      move = std::max(move, std::abs(run.w[i] - before[i]));
  }
  const double distance = distanceFromThresholdedTeacher(network, run, penalty, lambda, beta);
  std::printf("  %-26s %6d steps   angle %.3f -> %.4f   zero %zu of %zu   limit equation to %.1e\n", penalty.optimizer,
              steps, firstAngle, teacher::angle(run.u, network.teacher()), zerosIn(run.u), size, distance);
  bool holds = report("the Lagrangian never rises", greatestRise <= 1e-15);
  return report("the limit is the teacher thresholded, up to a factor", distance <= 1e-3) && holds;
}

bool learnBinarized(const ravine::Library &library, const char *name, size_t size, uint64_t seed) {
  const teacher::BinarizedNetwork network(sparseTeacher(size, seed));
  Run run(library, name, start(network.teacher(), seed + 1), {{"lr", 0.1}, {"beta", 0.5}, {"P.lambda", 1e-4}});
  const double firstAngle = teacher::angle(run.w, network.teacher());
  double last = INFINITY, greatestRise = 0;
  const int steps = 3000;
  for (int step = 0; step < steps; ++step) {
    network.coarseGradient(run.w, run.g);
    run.step();
    const double now = teacher::angle(run.w, network.teacher());
    greatestRise = std::max(greatestRise, now - last);
    last = now;
  }
  std::printf("  %-26s %6d steps   angle %.3f -> %.4f   zero %zu of %zu\n", name, steps, firstAngle, last,
              zerosIn(run.u), size);
  bool holds = report("the angle to the teacher falls", greatestRise <= 1e-12);
  return report("the weights end near the teacher", last < 0.05 && last < firstAngle) && holds;
}

} // namespace

int main(int count, char **words) {
  const bool isFull = count == 3 && std::strcmp(words[2], "--full") == 0;
  if (count != 2 && !isFull) {
    std::fputs("usage: teacher LIBRARY [--full]\n", stderr);
    return 2;
  }
  const Penalty penalties[] = {
      {"splitting_l0", [](double u) { return u != 0 ? 1.0 : 0.0; }, [](double) { return 0.0; }},
      {"splitting_l1", [](double u) { return std::abs(u); }, [](double) { return 1.0; }},
      {"splitting_transformed_l1", [](double u) { return 2 * std::abs(u) / (1 + std::abs(u)); },
       [](double u) { return 2 / ((1 + u) * (1 + u)); }},
  };
  try {
    const ravine::Library library = ravine::Library::open(words[1]);
    bool holds = true;
    for (uint64_t seed = 1; seed <= (isFull ? 20 : 1); ++seed) {
      const size_t size = isFull ? 400 : 40;
      std::printf("rectified network, %zu weights, seed %llu\n", size, static_cast<unsigned long long>(seed));
      for (const Penalty &penalty : penalties)
        holds = learnRectified(library, penalty, size, seed) && holds;
      std::printf("binarized network, %zu weights, seed %llu\n", size, static_cast<unsigned long long>(seed));
      for (const char *name : {"binarized_l0", "binarized_l1"})
        holds = learnBinarized(library, name, size, seed) && holds;
    }
    return holds ? 0 : 1;
  } catch (const ravine::Error &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
