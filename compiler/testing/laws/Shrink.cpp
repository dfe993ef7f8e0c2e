// Shrinking: greedy steps towards plainer inputs, as long as they fail.
#include "compiler/testing/laws/Shrink.h"

#include <cmath>

namespace ravine::testing {

namespace {

/// Plainer numbers to try in the place of one, the plainest first.
std::vector<double> plainer(double number) {
  std::vector<double> all = {0, 1, -1, 2, -2, std::round(number), std::round(number * 10) / 10};
  if (number != 0) {
    const double unit = std::pow(10, std::floor(std::log10(std::abs(number))));
    all.push_back(std::round(number / unit) * unit);
    all.push_back(std::round(number / unit * 100) / 100 * unit);
  }
  std::erase_if(all, [&](double candidate) { return !std::isfinite(candidate); });
  // What is behind the number itself is no plainer.
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i] == number) {
      all.resize(i);
      break;
    }
  return all;
}

class Shrinker {
public:
  Shrinker(LawInput input, const std::function<bool(const LawInput &)> &fails, int attempts)
      : best(std::move(input)), fails(fails), attempts(attempts) {}

  LawInput run() {
    bool hasChanged = true;
    while (hasChanged && attempts > 0) {
      hasChanged = dropElement();
      hasChanged |= simplify();
    }
    return best;
  }

private:
  bool accept(const LawInput &input) {
    if (attempts-- <= 0 || !fails(input))
      return false;
    best = input;
    return true;
  }

  bool dropElement() {
    bool hasChanged = false;
    for (size_t i = 0; best.x.size() > 1 && i < best.x.size();) {
      LawInput smaller = best;
      smaller.x.erase(smaller.x.begin() + static_cast<ptrdiff_t>(i));
      smaller.y.erase(smaller.y.begin() + static_cast<ptrdiff_t>(i));
      if (accept(smaller))
        hasChanged = true;
      else
        ++i;
    }
    return hasChanged;
  }

  /// Tries plainer numbers in the place that `at` finds in an input.
  template <typename At> bool simplifyNumber(At at) {
    LawInput changed = best;
    for (double candidate : plainer(at(changed))) {
      changed = best;
      at(changed) = candidate;
      if (accept(changed))
        return true;
    }
    return false;
  }

  /// 1 is the plainest step, then round ones; it stays positive.
  bool simplifyTau() {
    LawInput changed = best;
    changed.tau = 1;
    if (best.tau != 1 && accept(changed))
      return true;
    for (double candidate : plainer(best.tau)) {
      changed.tau = candidate;
      if (candidate > 0 && candidate != 1 && accept(changed))
        return true;
    }
    return false;
  }

  bool simplify() {
    bool hasChanged = false;
    for (auto hyper = best.hypers.begin(); hyper != best.hypers.end();) {
      LawInput changed = best;
      const std::string name = hyper->first;
      changed.hypers.erase(name);
      if (accept(changed)) {
        hasChanged = true;
        hyper = best.hypers.begin();
      } else {
        hasChanged |= simplifyNumber([&](LawInput &input) -> double & { return input.hypers[name]; });
        hyper = best.hypers.upper_bound(name);
      }
    }
    hasChanged |= simplifyTau();
    for (size_t i = 0; i < best.x.size(); ++i) {
      hasChanged |= simplifyNumber([&](LawInput &input) -> double & { return input.x[i]; });
      hasChanged |= simplifyNumber([&](LawInput &input) -> double & { return input.y[i]; });
    }
    return hasChanged;
  }

  LawInput best;
  const std::function<bool(const LawInput &)> &fails;
  int attempts;
};

} // namespace

LawInput shrink(LawInput input, const std::function<bool(const LawInput &)> &fails, int attempts) {
  return Shrinker(std::move(input), fails, attempts).run();
}

} // namespace ravine::testing
