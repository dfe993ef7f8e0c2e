// Sparse regression on generated data: ‖Ax − b‖²/2 with a penalty, its dual, and coordinate descent for it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lasso {

/// The size of a made-up problem, and how sparse its solution is.
struct ProblemSize {
  int64_t samples = 200;
  int64_t features = 400;
  /// Features that belong together, consecutive ones; 1 for the lasso. Divides the number of features.
  int64_t groupSize = 1;
  uint64_t seed = 1;
};

/// minimize ‖Ax − b‖²/2 + λ·Σ ‖x_G‖ over groups G of consecutive features. With groups of one feature this is the lasso
/// (Tibshirani, J. R. Stat. Soc. B 58, 1996), else the group lasso (Yuan & Lin, J. R. Stat. Soc. B 68, 2006).
class LeastSquares {
public:
  /// A has independent normal entries of variance 1/samples; a twentieth of the groups of the true x is not zero; b is
  /// A·x and a little noise. λ is a tenth of the least one for which x = 0 is the solution.
  explicit LeastSquares(const ProblemSize &size);

  [[nodiscard]] int64_t features() const { return size.features; }
  [[nodiscard]] int64_t groups() const { return size.features / size.groupSize; }
  [[nodiscard]] int64_t groupSize() const { return size.groupSize; }
  [[nodiscard]] double lambda() const { return penaltyWeight; }
  /// The largest eigenvalue of AᵀA, from above by less than a thousandth.
  [[nodiscard]] double lipschitz() const { return curvature; }

  [[nodiscard]] double objective(std::span<const double> x) const;
  /// Aᵀ(Ax − b)
  void gradient(std::span<const double> x, std::span<double> result) const;
  /// An upper bound for how far the objective at x is above the least one: what weak duality leaves open, with the
  /// residual, scaled until it is feasible, as the point of the dual.
  [[nodiscard]] double dualityGap(std::span<const double> x) const;

  /// Minimizes by cyclic coordinate descent (block coordinate descent with proximal steps where groups have several
  /// features) until the duality gap is below `gap` or nothing changes any more.
  [[nodiscard]] std::vector<double> coordinateDescent(double gap) const;

private:
  [[nodiscard]] std::span<const double> column(int64_t feature) const {
    return {matrix.data() + feature * size.samples, static_cast<size_t>(size.samples)};
  }
  [[nodiscard]] std::vector<double> residual(std::span<const double> x) const;
  /// The greatest norm of Aᵀr over one group.
  [[nodiscard]] double greatestCorrelation(std::span<const double> r) const;
  [[nodiscard]] double penalty(std::span<const double> x) const;

  ProblemSize size;
  std::vector<double> matrix; // by columns
  std::vector<double> target;
  double penaltyWeight = 0;
  double curvature = 0;
};

} // namespace lasso
