// lasso: solves the lasso and the group lasso with compiled proximal methods and compares with coordinate descent.
//
//   lasso LIBRARY [--full]
//
// LIBRARY is what `ravine build --precision=f64 examples/lasso/lasso.rvn` wrote. Exits with 1 if an objective is
// further than 1e-8 from that of coordinate descent, relative to the objective at zero.
#include "LeastSquares.h"

#include "ravine.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace {

/// Where a library's optimizer keeps the iterate that converges: in its view `eval`, or, without one, in the parameter.
bool hasEval(const ravine::Library &library, const std::string &name) {
  for (const ravine_optimizer_info &optimizer : library.optimizers())
    if (optimizer.name == name)
      for (const ravine_view_info &view : std::span(optimizer.views, optimizer.view_count))
        if (view.name == std::string("eval"))
          return true;
  return false;
}

/// Runs an optimizer of the library from zero until the duality gap of its iterate is small. Whether the objective is
/// that of coordinate descent then.
bool solve(const ravine::Library &library, const char *name, const lasso::LeastSquares &problem, double best,
           double scale) {
  const auto count = static_cast<size_t>(problem.features());
  std::vector<double> w(count), g(count), iterate(count);
  const bool isShown = hasEval(library, name);
  const ravine::Tensor tensor = {
      .name = "w", .shape = {problem.groups(), problem.groupSize()}, .parameter = RAVINE_F64, .gradient = RAVINE_F64};
  ravine::Optimizer optimizer(
      library, std::span(&tensor, 1),
      {.optimizer = name, .settings = {{"lr", 1 / problem.lipschitz()}, {"P.lambda", problem.lambda()}}});
  void *const parameter = w.data(), *const output = iterate.data();
  const void *const gradient = g.data();
  for (int step = 1; step <= 50'000; ++step) {
    problem.gradient(w, g);
    optimizer.step(std::span(&parameter, 1), std::span(&gradient, 1));
    if (isShown)
      optimizer.readView("eval", std::span(&output, 1));
    else
      iterate = w;
    double gap = problem.dualityGap(iterate);
    if (gap > 1e-10 * scale && step < 50'000)
      continue;
    size_t zeros = 0;
    for (double x : iterate)
      zeros += x == 0;
    double difference = problem.objective(iterate) - best;
    std::printf("  %-22s %6d steps   objective %+.1e from coordinate descent   %zu of %zu zero\n", name, step,
                difference, zeros, count);
    return std::abs(difference) <= 1e-8 * scale;
  }
  return false;
}

bool compare(const ravine::Library &library, const char *title, const lasso::ProblemSize &size,
             std::initializer_list<const char *> names) {
  const lasso::LeastSquares problem(size);
  const std::vector<double> zero(static_cast<size_t>(size.features));
  const double scale = problem.objective(zero);
  const std::vector<double> reference = problem.coordinateDescent(1e-12 * scale);
  const double best = problem.objective(reference);
  std::printf("%s: %lld samples, %lld features, lambda %.4g, objective %.10g (duality gap %.1e)\n", title,
              static_cast<long long>(size.samples), static_cast<long long>(size.features), problem.lambda(), best,
              problem.dualityGap(reference));
  bool areClose = true;
  for (const char *name : names)
    areClose = solve(library, name, problem, best, scale) && areClose;
  return areClose;
}

} // namespace

int main(int count, char **words) {
  const bool isFull = count == 3 && std::strcmp(words[2], "--full") == 0;
  if (count != 2 && !isFull) {
    std::fputs("usage: lasso LIBRARY [--full]\n", stderr);
    return 2;
  }
  try {
    const ravine::Library library = ravine::Library::open(words[1]);
    const int64_t scale = isFull ? 5 : 1;
    bool lasso =
        compare(library, "lasso", {.samples = 200 * scale, .features = 400 * scale}, {"lasso_gradient", "lasso_fista"});
    bool group = compare(library, "group lasso", {.samples = 200 * scale, .features = 400 * scale, .groupSize = 5},
                         {"group_lasso_gradient", "group_lasso_fista"});
    return lasso && group ? 0 : 1;
  } catch (const ravine::Error &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
