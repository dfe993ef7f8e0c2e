// Searches sort; the taut string is pulled tight one bend after another. Nothing here is fast.
#include "compiler/interpreter/Searches.h"

#include "compiler/interpreter/Folding.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

using namespace ravine;

static constexpr double infinity = std::numeric_limits<double>::infinity();
static constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

static bool isNaN(double number) {
  return std::isnan(number);
}

// ---- searches. `sorted` is in descending order and holds no NaN.

static double kthLargest(std::span<const double> sorted, double argument) {
  double k = std::nearbyint(argument);
  if (k < 1)
    return infinity;
  return k > static_cast<double>(sorted.size()) ? -infinity : sorted[static_cast<size_t>(k) - 1];
}

static double quantile(std::span<const double> sorted, double argument) {
  if (sorted.empty())
    return notANumber;
  double last = static_cast<double>(sorted.size() - 1);
  double place = last * std::clamp(argument, 0.0, 1.0);
  auto ascending = [&](double index) { return sorted[static_cast<size_t>(last - index)]; };
  double below = ascending(std::floor(place)), above = ascending(std::ceil(place));
  double part = place - std::floor(place);
  return below == above ? below : (1 - part) * below + part * above;
}

/// For every k, Σ (xᵢ − θ) over the k largest x is at most Σ max(x − θ, 0), with equality where these are the ones
/// above θ. So the θ that is sought is the greatest of those that solve Σ (xᵢ − θ) = s for some k. (Held, Wolfe &
/// Crowder, *Mathematical Programming* 6, 1974.)
static double simplexThreshold(std::span<const double> sorted, double total) {
  if (sorted.empty() || total < 0)
    return notANumber;
  if (total == 0)
    return sorted.front();
  Folding sum(ir::ReductionKind::Sum);
  double threshold = -infinity;
  for (size_t k = 1; k <= sorted.size(); ++k) {
    sum.add(sorted.subspan(k - 1, 1));
    threshold = std::max(threshold, (sum.result() - total) / static_cast<double>(k));
  }
  return threshold;
}

double ravine::search(ir::SearchKind kind, std::span<const double> elements, double argument) {
  if (isNaN(argument) || llvm::any_of(elements, isNaN))
    return notANumber;
  std::vector<double> sorted(elements.begin(), elements.end());
  for (double &number : sorted)
    number += 0.0; // −0 counts as 0
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  switch (kind) {
  case ir::SearchKind::KthLargest:
    return kthLargest(sorted, argument);
  case ir::SearchKind::Quantile:
    return quantile(sorted, argument);
  case ir::SearchKind::SimplexThreshold:
    return simplexThreshold(sorted, argument);
  }
  llvm_unreachable("every search is listed");
}

// ---- rearrangements

static std::vector<double> largest(std::span<const double> elements, double argument) {
  std::vector<size_t> order(elements.size());
  std::iota(order.begin(), order.end(), size_t{0});
  auto place = [&](size_t element) {
    bool comesLast = isNaN(elements[element]);
    return std::tuple(comesLast, comesLast ? 0 : -elements[element], element);
  };
  std::sort(order.begin(), order.end(), [&](size_t left, size_t right) { return place(left) < place(right); });
  double count = std::clamp(std::nearbyint(argument), 0.0, static_cast<double>(elements.size()));
  std::vector<double> isKept(elements.size());
  for (size_t rank = 0; static_cast<double>(rank) < count; ++rank)
    isKept[order[rank]] = 1;
  return isKept;
}

static std::vector<double> difference(std::span<const double> elements) {
  std::vector<double> result(elements.size());
  for (size_t i = 0; i + 1 < elements.size(); ++i)
    result[i] = elements[i + 1] - elements[i];
  return result;
}

namespace {

/// The tube around the sums S_k = x_1 + … + x_k: from S_k − λ to S_k + λ, but S_0 and S_n themselves at the ends. The
/// shortest string through it from end to end has the slopes that are sought (Davies & Kovac, *Annals of Statistics*
/// 29, 2001): S less the string is the solution of the dual problem, at most λ in magnitude, and there is a bend
/// exactly where it is ±λ.
class TautString {
public:
  TautString(std::span<const double> elements, double lambda)
      : elements(elements), lambda(lambda), slopes(elements.size()) {}

  std::vector<double> pull() {
    Knot knot{0, 0};
    while (knot.place < elements.size()) {
      Knot next = nextBend(knot);
      std::fill(slopes.begin() + static_cast<ptrdiff_t>(knot.place),
                slopes.begin() + static_cast<ptrdiff_t>(next.place), next.slope);
      knot = next;
    }
    return std::move(slopes);
  }

private:
  /// A place where the string touches the tube, and its slope up to there.
  struct Knot {
    size_t place;
    /// Of the string above S.
    double height;
    double slope = 0;
  };

  /// From a knot the string goes straight as far as some slope stays within the tube. Where none goes on, it has come
  /// to touch one side of the tube at the last place at which that side decided, and bends there.
  [[nodiscard]] Knot nextBend(const Knot &from) const {
    Knot low{from.place, 0, -infinity}, high{from.place, 0, infinity};
    Folding sum(ir::ReductionKind::Sum); // from the knot on: digits do not depend on how far from the first end it is
    for (size_t place = from.place + 1; place <= elements.size(); ++place) {
      sum.add(elements.subspan(place - 1, 1));
      double radius = place == elements.size() ? 0 : lambda;
      double run = static_cast<double>(place - from.place);
      double least = (sum.result() - (from.height + radius)) / run,
             most = (sum.result() - (from.height - radius)) / run;
      if (least > high.slope)
        return high;
      if (most < low.slope)
        return low;
      if (least >= low.slope)
        low = {place, -radius, least};
      if (most <= high.slope)
        high = {place, radius, most};
    }
    return low; // at the far end, where both sides meet
  }

  std::span<const double> elements;
  double lambda;
  std::vector<double> slopes;
};

} // namespace

std::vector<double> ravine::rearrange(ir::RearrangementKind kind, std::span<const double> elements, double argument) {
  switch (kind) {
  case ir::RearrangementKind::Largest:
    return largest(elements, argument);
  case ir::RearrangementKind::Difference:
    return difference(elements);
  case ir::RearrangementKind::TautString: {
    bool isNumber = argument >= 0 && llvm::all_of(elements, [](double x) { return std::isfinite(x); });
    return isNumber ? TautString(elements, argument).pull() : std::vector<double>(elements.size(), notANumber);
  }
  }
  llvm_unreachable("every rearrangement is listed");
}
