// What can be asked of a penalty or a set, so that its laws can be tried.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ravine::testing {

using Vector = std::vector<double>;

/// A hyperparameter of a penalty and the range that it may be drawn from.
struct LawHyper {
  std::string name;
  double defaultValue = 0;
  double lower = 0, upper = 0;
  bool isLowerOpen = false, isUpperOpen = false;
  /// Whole numbers only: an int, a truth value or a choice.
  bool isWhole = false;
};

/// One penalty P, or the indicator of a set, at work on vectors of any length from 1 on.
class PenaltyOracle {
public:
  virtual ~PenaltyOracle() = default;

  /// Values for some of its hypers from now on; the others have their defaults. False where a `require` does not hold.
  [[nodiscard]] virtual bool configure(const std::map<std::string, double> &hypers) = 0;
  /// argmin_u P(u) + ‖u − x‖²/(2τ); of a set, the projection.
  [[nodiscard]] virtual Vector prox(const Vector &x, double tau) = 0;
  /// P(x)
  [[nodiscard]] virtual double value(const Vector &x) = 0;
  /// The gradient that P declares.
  [[nodiscard]] virtual Vector gradient(const Vector &x) = 0;
  /// Of a set: whether x lies in it, up to a distance.
  [[nodiscard]] virtual bool contains(const Vector &x, double tolerance) = 0;
};

} // namespace ravine::testing
