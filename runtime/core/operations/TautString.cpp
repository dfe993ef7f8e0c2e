// Condat's direct algorithm as long as it goes back little, and a decomposition by levels of what it leaves.
#include "runtime/core/operations/TautString.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

namespace ravine::core::operations {

namespace {

/// Elements whose result depends on no others, as the dual variable before and behind them is known: it is 0 at the
/// ends of all elements, and λ or −λ elsewhere.
struct Part {
  size_t first = 0, end = 0;
  double before = 0, behind = 0;

  [[nodiscard]] size_t size() const { return end - first; }
};

/// A number near an element, as that element and the distance from it. Large elements that differ by little have exact
/// distances from each other, whose sums have digits that those of the elements themselves would lose.
struct Level {
  double element, distance;

  [[nodiscard]] double value() const { return element + distance; }
  [[nodiscard]] double below(double x) const { return (x - element) - distance; }
};

/// The elements, which their result replaces.
template <typename Number> class Line {
public:
  Line(std::span<Number> x, double lambda) : x_(x), lambda_(lambda) {}

  [[nodiscard]] size_t size() const { return x_.size(); }
  [[nodiscard]] double lambda() const { return lambda_; }
  [[nodiscard]] double operator[](size_t i) const { return static_cast<double>(x_[i]); }

  /// The mean of a part's result: the dual variable gains what the sum of the elements is more than that of the result.
  [[nodiscard]] Level mean(const Part &part) const {
    const double element = (*this)[part.first];
    const double sum = sumOfDistances(part, element) + (part.before - part.behind);
    return {element, sum / static_cast<double>(part.size())};
  }
  void fill(const Part &part, const Level &level) {
    std::fill_n(x_.begin() + static_cast<ptrdiff_t>(part.first), part.size(), static_cast<Number>(level.value()));
  }

private:
  /// In blocks, with four sums in each, so that errors grow little with the length.
  [[nodiscard]] double sumOfDistances(const Part &part, double element) const {
    constexpr size_t longest = 1024;
    double total = 0;
    size_t i = part.first;
    while (part.end - i >= 4) {
      double sums[4] = {};
      for (size_t end = i + (std::min(part.end - i, longest) & ~size_t{3}); i < end; i += 4)
        for (size_t lane = 0; lane < 4; ++lane)
          sums[lane] += (*this)[i + lane] - element;
      total += (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }
    for (; i < part.end; ++i)
      total += (*this)[i] - element;
    return total;
  }

  std::span<Number> x_;
  double lambda_;
};

/// Condat's algorithm. The segment at hand consists of x[first … at]. Its value lies in [low, high], which are relative
/// to its first element; the dual variable at its end would be `dualOfLow` if it were the one, and `dualOfHigh` if it
/// were the other. Behind a jump it starts anew, and reads once more what it had read from there on.
template <typename Number> class Direct {
public:
  explicit Direct(Line<Number> x) : x_(x), lambda_(x.lambda()), last_(x.size() - 1) {}

  /// Returns what is left, if anything, when it has read more than `most` elements once more.
  Part run(size_t most) {
    start();
    for (bool isDone = false; !isDone && again_ <= most;)
      isDone = at_ < last_ ? extend() : close();
    return {first_, last_ + 1, dual_, 0};
  }

  /// How many elements it has read, each as often as it was.
  [[nodiscard]] size_t work() const { return first_ + again_; }

private:
  /// A segment of one element.
  void start() {
    at_ = lastLow_ = lastHigh_ = first_;
    element_ = x_[first_];
    low_ = dual_ - lambda_, high_ = dual_ + lambda_;
    dualOfLow_ = lambda_, dualOfHigh_ = -lambda_;
  }
  /// Ends the segment with element `last`, behind which the dual variable is `dual`. Its value is found anew from its
  /// elements: the low and the high one carry a rounding error for each time that they have moved, which would decide
  /// how the many values are rounded that lie halfway between two floats, such as the mean of two elements.
  void write(size_t last, double dual) {
    const Part segment = {first_, last + 1, dual_, dual};
    x_.fill(segment, x_.mean(segment));
    first_ = last + 1;
    dual_ = dual;
  }
  /// The segment has the low value, as far as the dual variable is λ with it, and what follows is less; or the same the
  /// other way round.
  void jump(size_t last, double dual) {
    again_ += at_ - last;
    write(last, dual);
    start();
  }

  /// Takes in the next element, or finds where the segment has to end before it. Never done.
  bool extend() {
    const double next = x_[at_ + 1] - element_;
    const double withLow = dualOfLow_ + (next - low_), withHigh = dualOfHigh_ + (next - high_);
    if (withLow < -lambda_) {
      jump(lastLow_, lambda_);
      return false;
    }
    if (withHigh > lambda_) {
      jump(lastHigh_, -lambda_);
      return false;
    }
    ++at_;
    dualOfLow_ = withLow, dualOfHigh_ = withHigh;
    const auto length = static_cast<double>(at_ - first_ + 1);
    if (dualOfLow_ >= lambda_) { // the low value has to be raised
      low_ += (dualOfLow_ - lambda_) / length;
      dualOfLow_ = lambda_;
      lastLow_ = at_;
    }
    if (dualOfHigh_ <= -lambda_) {
      high_ += (dualOfHigh_ + lambda_) / length;
      dualOfHigh_ = -lambda_;
      lastHigh_ = at_;
    }
    return false;
  }

  /// Behind the last element the dual variable is 0. Whether that was the last segment.
  bool close() {
    if (dualOfLow_ < 0) {
      jump(lastLow_, lambda_);
      return false;
    }
    if (dualOfHigh_ > 0) {
      jump(lastHigh_, -lambda_);
      return false;
    }
    write(last_, 0);
    return true;
  }

  Line<Number> x_;
  double lambda_;
  /// The last element of all.
  size_t last_;
  size_t first_ = 0, at_ = 0, again_ = 0;
  /// Where the dual variable was λ last with the low value, and −λ with the high one.
  size_t lastLow_ = 0, lastHigh_ = 0;
  double element_ = 0, low_ = 0, high_ = 0, dualOfLow_ = 0, dualOfHigh_ = 0;
  /// What the dual variable is before the segment.
  double dual_ = 0;
};

/// The decomposition by levels. One pass over a part finds where its result is above the mean, and where it is not. At
/// the borders of such runs the dual variable is λ or −λ, so that each is a part of its own. It is so before the first
/// of them, too, which the direct algorithm leaves behind a jump.
template <typename Number> class Decomposition {
public:
  explicit Decomposition(Line<Number> x) : x_(x), lambda_(x.lambda()) {}

  /// A run that is more than half of its part comes last, when the part is done with. So calls are nested no deeper
  /// than a number of elements can be halved.
  void solve(Part part) {
    while (part.size() > 0) {
      work_ += 2 * part.size();
      part = split(part, x_.mean(part));
    }
  }

  /// How many elements it has read, each as often as it was.
  [[nodiscard]] size_t work() const { return work_; }

private:
  /// Solves all runs but one of more than half of the part, which it returns if there is one.
  ///
  /// If the level were the result, the dual variable would be the sum of x − level. Where that goes beyond λ, the
  /// result is above the level, whatever follows, from the last place on where the dual variable was bounded; it is
  /// bounded to λ here, and the sum goes on from there. Below −λ it is the other way round. At the end the side is that
  /// which brings the dual variable to what it is behind the part.
  Part split(const Part &part, const Level &level) {
    Part longest, run = {part.first, part.first, part.before, 0};
    auto endRun = [&](double behind) {
      if (run.size() == 0)
        return;
      run.behind = behind;
      if (run.size() > part.size() / 2)
        longest = run;
      else
        solve(run);
      run.first = run.end;
      run.before = behind;
    };

    // The run at hand is above the level where `side` is 1, and not above it where that is −1; the dual variable is
    // side·(λ + beyond). The side of the elements from the run's end on is not known yet.
    double side = part.before < 0 ? -1 : 1, beyond = 0;
    for (size_t i = part.first; i < part.end; ++i) {
      beyond += side * level.below(x_[i]);
      if (beyond < -2 * lambda_) {
        endRun(side * lambda_);
        side = -side;
      } else if (beyond <= 0) {
        continue;
      }
      run.end = i + 1;
      beyond = 0;
    }
    const bool isSameToTheEnd = run.end == part.end || beyond > side * part.behind - lambda_;
    if (!isSameToTheEnd)
      endRun(side * lambda_);
    run.end = part.end;
    if (run.size() < part.size())
      endRun(part.behind);
    else // no element is on another side than the mean of all
      x_.fill(part, level);
    return longest;
  }

  Line<Number> x_;
  double lambda_;
  size_t work_ = 0;
};

/// Whether the result is constant: its dual variable is then the sum of x − mean from the start on.
template <typename Number> bool isFlat(const Line<Number> &x, const Level &mean) {
  double dual = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    dual += mean.below(x[i]);
    if (std::abs(dual) > x.lambda())
      return false;
  }
  return true;
}

/// x is finite, and its sums do not overflow. Returns how many elements were read.
template <typename Number> size_t denoise(std::span<Number> numbers, double lambda) {
  Line<Number> x(numbers, lambda);
  const Part all = {0, x.size(), 0, 0};
  // A λ that is greater than it need be to make all constant, even infinite, would cost digits beside x.
  if (const Level mean = x.mean(all); isFlat(x, mean)) {
    x.fill(all, mean);
    return 2 * x.size();
  }
  Direct<Number> direct(x);
  Decomposition<Number> decomposition(x);
  decomposition.solve(direct.run(2 * x.size()));
  return direct.work() + decomposition.work();
}

/// NaN or infinite where an element is.
template <typename Number> Number greatestMagnitude(std::span<const Number> x) {
  // The bits of magnitudes are in order, with those of an infinity and of NaNs at the end.
  using Bits = std::conditional_t<sizeof(Number) == sizeof(uint32_t), uint32_t, uint64_t>;
  Bits greatest = 0;
  for (Number number : x)
    greatest = std::max(greatest, static_cast<Bits>(std::bit_cast<Bits>(number) << 1));
  return std::bit_cast<Number>(static_cast<Bits>(greatest >> 1));
}

template <typename Number> void scale(std::span<Number> x, double factor) {
  for (Number &number : x)
    number = static_cast<Number>(static_cast<double>(number) * factor);
}

} // namespace

size_t tautString(const Stretch &stretch, double lambda) {
  return withNumbers(stretch, [&]<typename Number>(std::span<Number> x) -> size_t {
    const auto greatest = static_cast<double>(greatestMagnitude(std::span<const Number>(x)));
    if (!(lambda >= 0) || !std::isfinite(greatest)) {
      std::fill(x.begin(), x.end(), std::numeric_limits<Number>::quiet_NaN());
      return 0;
    }
    if (x.size() < 2 || lambda == 0)
      return 0;
    // Sums of fewer than 2⁶³ numbers of this size do not overflow. What scaling takes from small numbers is less than
    // the rounding errors of the large ones.
    if (greatest <= 0x1p950)
      return denoise(x, lambda);
    scale(x, 0x1p-80);
    const size_t work = denoise(x, lambda * 0x1p-80);
    scale(x, 0x1p80);
    return work;
  });
}

} // namespace ravine::core::operations
