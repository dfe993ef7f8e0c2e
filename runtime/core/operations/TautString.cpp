// Condat's direct algorithm.
#include "runtime/core/operations/TautString.h"

#include <cmath>
#include <limits>

namespace ravine::core::operations {

namespace {

/// The segment at hand consists of x[first … at]. Its value lies in [low, high]; the dual variable at its end would be
/// `dualOfLow` if it were the one, and `dualOfHigh` if it were the other.
template <typename Number> class Denoiser {
public:
  Denoiser(std::span<Number> x, double lambda) : x_(x), lambda_(lambda), end_(x.size() - 1) {}

  void run() {
    start(x(0) - lambda_, x(0) + lambda_);
    for (bool isDone = false; !isDone;)
      isDone = at_ < end_ ? extend() : close();
  }

private:
  [[nodiscard]] double x(size_t i) const { return static_cast<double>(x_[i]); }

  /// A segment of one element, whose dual variable is then λ for the low value and −λ for the high one.
  void start(double low, double high) {
    at_ = lastLow_ = lastHigh_ = first_;
    low_ = low, high_ = high;
    dualOfLow_ = lambda_, dualOfHigh_ = -lambda_;
  }
  /// Ends the segment with element `last`, behind which the dual variable is `dual`. Its value is found anew from its
  /// elements: the low and the high one carry a rounding error for each time that they have moved, which would decide
  /// how the many values are rounded that lie halfway between two floats, such as the mean of two elements.
  void write(size_t last, double dual) {
    const double start = x(first_);
    double sum = dual_ - dual;
    for (size_t i = first_ + 1; i <= last; ++i)
      sum += x(i) - start;
    const double value = start + sum / static_cast<double>(last - first_ + 1);
    for (; first_ <= last; ++first_)
      x_[first_] = static_cast<Number>(value);
    dual_ = dual;
  }
  /// The segment has the low value, as far as the dual variable is λ with it, and what follows is less: it starts with
  /// λ.
  void jumpDown() {
    write(lastLow_, lambda_);
    start(x(first_), x(first_) + 2 * lambda_);
  }
  void jumpUp() {
    write(lastHigh_, -lambda_);
    start(x(first_) - 2 * lambda_, x(first_));
  }

  /// Takes in the next element, or finds where the segment has to end before it. Never done.
  bool extend() {
    const double withLow = dualOfLow_ + (x(at_ + 1) - low_), withHigh = dualOfHigh_ + (x(at_ + 1) - high_);
    if (withLow < -lambda_) {
      jumpDown();
      return false;
    }
    if (withHigh > lambda_) {
      jumpUp();
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
      jumpDown();
      return false;
    }
    if (dualOfHigh_ > 0) {
      jumpUp();
      return false;
    }
    write(end_, 0);
    return true;
  }

  std::span<Number> x_;
  double lambda_;
  /// The last element of all.
  size_t end_;
  size_t first_ = 0, at_ = 0;
  /// Where the dual variable was λ last with the low value, and −λ with the high one.
  size_t lastLow_ = 0, lastHigh_ = 0;
  double low_ = 0, high_ = 0, dualOfLow_ = 0, dualOfHigh_ = 0;
  /// What the dual variable is before the segment.
  double dual_ = 0;
};

template <typename Number> double meanOf(std::span<Number> x) {
  double sum = 0;
  for (Number number : x)
    sum += static_cast<double>(number);
  return sum / static_cast<double>(x.size());
}

/// The least λ for which the result is constant: the greatest sum of x − mean from the start on, in size. A greater one
/// is as good, but rounding it beside x would cost digits. NaN where x holds a NaN or an infinity.
template <typename Number> double flatteningLambda(std::span<Number> x, double mean) {
  double sum = 0, greatest = 0;
  for (Number number : x) {
    sum += static_cast<double>(number) - mean;
    greatest = std::abs(sum) > greatest ? std::abs(sum) : greatest;
  }
  return std::isfinite(sum) ? greatest : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

void tautString(const Stretch &stretch, double lambda) {
  if (stretch.count == 0)
    return;
  withNumbers(stretch, [&]<typename Number>(std::span<Number> x) {
    const double mean = meanOf(x), flattening = flatteningLambda(x, mean);
    if (!(lambda >= 0) || std::isnan(flattening))
      std::fill(x.begin(), x.end(), std::numeric_limits<Number>::quiet_NaN());
    else if (lambda >= flattening)
      std::fill(x.begin(), x.end(), static_cast<Number>(mean));
    else
      Denoiser<Number>(x, lambda).run();
  });
}

} // namespace ravine::core::operations
