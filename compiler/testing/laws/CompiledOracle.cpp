// A penalty in a compiled library at work.
#include "compiler/testing/laws/CompiledOracle.h"

#include <algorithm>
#include <cmath>

namespace ravine::testing {

namespace {

class CompiledOracle : public PenaltyOracle {
public:
  CompiledOracle(const Library &library, const ProbedLaw &law) : law(law), probe(*law.probe), library(library) {}

  bool configure(const std::map<std::string, double> &hypers) override {
    values = hypers;
    instances.clear();
    try {
      (void)instanceFor(1);
    } catch (const Error &) {
      return false;
    }
    return true;
  }

  Vector prox(const Vector &x, double tau) override {
    Optimizer &optimizer = instanceFor(x.size());
    optimizer.set(probe.step.c_str(), tau);
    return step(optimizer, x);
  }
  double value(const Vector &x) override { return metric(instanceFor(x.size()), x, probe.value); }
  Vector gradient(const Vector &x) override { return state(instanceFor(x.size()), x, probe.gradient); }
  bool contains(const Vector &x, double tolerance) override {
    Optimizer &optimizer = instanceFor(x.size());
    optimizer.set(probe.tolerance.c_str(), tolerance);
    return metric(optimizer, x, probe.contains) != 0;
  }

protected:
  static Vector step(Optimizer &optimizer, Vector w) {
    const Vector zeros(w.size());
    void *const parameter = w.data();
    const void *const gradient = zeros.data();
    optimizer.step(std::span(&parameter, 1), std::span(&gradient, 1));
    return w;
  }
  static double metric(Optimizer &optimizer, const Vector &x, const std::string &name) {
    (void)step(optimizer, x);
    return optimizer.metric(name.c_str());
  }
  static Vector state(Optimizer &optimizer, const Vector &x, const std::string &name) {
    (void)step(optimizer, x);
    std::span<double> found = optimizer.state<double>(0, name.c_str());
    return {found.begin(), found.end()};
  }

  Optimizer &instanceFor(size_t length) {
    auto found = instances.find(length);
    if (found != instances.end())
      return found->second;
    const auto count = static_cast<int64_t>(length);
    // The argument as the only row, channel or column of a matrix; a vector does where it is none of these.
    std::vector<int64_t> shape = {count};
    if (law.set.kind == IndexSet::Row)
      shape = {1, count};
    else if (law.set.needsMatrix())
      shape = {count, 1};
    const Tensor tensor = {.name = "x", .shape = shape, .parameter = RAVINE_F64, .gradient = RAVINE_F64};
    std::vector<Setting> settings;
    for (const auto &[hyper, value] : values)
      settings.push_back({.name = hyper, .value = value});
    return instances
        .emplace(length, Optimizer(library, std::span(&tensor, 1), {.optimizer = law.optimizer, .settings = settings}))
        .first->second;
  }

  const ProbedLaw &law;
  const PenaltyProbe &probe;

private:
  Library library;
  std::map<std::string, double> values;
  std::map<size_t, Optimizer> instances;
};

/// The penalty that a law compares with: the probe sets a state to its prox.
class ComparedOracle final : public CompiledOracle {
public:
  ComparedOracle(const Library &library, const ProbedLaw &law, std::string state)
      : CompiledOracle(library, law), compared(std::move(state)) {}

  /// For the conjugate, the probe takes the prox at w/τ for the step 1/τ.
  Vector prox(const Vector &x, double tau) override {
    Vector w = x;
    double step = tau;
    if (law.kind == ast::LawKind::Conjugate) {
      step = 1 / tau;
      for (double &number : w)
        number *= step;
    }
    Optimizer &optimizer = instanceFor(x.size());
    optimizer.set(probe.step.c_str(), step);
    return state(optimizer, w, compared);
  }

private:
  std::string compared;
};

} // namespace

std::unique_ptr<PenaltyOracle> compiledOracle(const Library &library, const ProbedLaw &law) {
  return std::make_unique<CompiledOracle>(library, law);
}

std::unique_ptr<PenaltyOracle> comparedOracle(const Library &library, const ProbedLaw &law) {
  for (const Comparison &comparison : law.probe->comparisons)
    if (comparison.law == law.kind)
      return std::make_unique<ComparedOracle>(library, law, comparison.state);
  return nullptr;
}

std::vector<LawHyper> hypersOf(const Library &library, const ProbedLaw &law) {
  std::vector<LawHyper> hypers;
  for (const ravine_optimizer_info &optimizer : library.optimizers())
    if (optimizer.name == law.optimizer)
      for (const ravine_hyper_info &hyper : std::span(optimizer.hypers, optimizer.hyper_count))
        // Those of what it is compared with follow its own.
        if (hyper.name != law.probe->step && hyper.name != law.probe->tolerance && *hyper.schedule == '\0')
          hypers.push_back({hyper.name, hyper.default_value, hyper.lower, hyper.upper, hyper.lower_open != 0,
                            hyper.upper_open != 0, hyper.kind != RAVINE_HYPER_REAL});
  return hypers;
}

} // namespace ravine::testing
