// What operations work on: all elements of one member of an index set, in pieces, and who works on them.
#pragma once

#include "runtime/core/FloatingPoint.h"
#include "runtime/core/Parallel.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace ravine::core::operations {

/// Numbers that stand one after another in memory: floats or doubles.
struct Stretch {
  void *data;
  int64_t count;
  /// Of a number: 4 or 8.
  uint32_t bytes;
  /// How many pieces the stretches before it have.
  size_t firstPiece = 0;

  [[nodiscard]] Stretch part(int64_t first, int64_t last) const {
    return {static_cast<char *>(data) + first * bytes, last - first, bytes};
  }
};

/// Calls use(span) with the numbers of a stretch, as floats or doubles.
template <typename Use> auto withNumbers(const Stretch &stretch, Use use) {
  const auto count = static_cast<size_t>(stretch.count);
  return stretch.bytes == sizeof(float) ? use(std::span(static_cast<float *>(stretch.data), count))
                                        : use(std::span(static_cast<double *>(stretch.data), count));
}

/// The elements of one member, in order. Pieces do not depend on who works on them, so that what is summed piece by
/// piece does not either.
class Elements {
public:
  /// One stretch, which is one piece, too.
  explicit Elements(const Stretch &whole) : whole_(whole), stretches_(&whole_, 1), pieceLength_(INT64_MAX) {
    pieceCount_ = whole.count > 0 ? 1 : 0;
    count_ = whole.count;
    hasDoubles_ = whole.bytes == sizeof(double);
  }
  /// Stretches, none of which is empty, in pieces of at most `pieceLength` elements. Writes their `firstPiece`.
  Elements(std::span<Stretch> stretches, int64_t pieceLength) : stretches_(stretches), pieceLength_(pieceLength) {
    for (Stretch &stretch : stretches) {
      stretch.firstPiece = pieceCount_;
      pieceCount_ += static_cast<size_t>((stretch.count + pieceLength - 1) / pieceLength);
      count_ += stretch.count;
      hasDoubles_ |= stretch.bytes == sizeof(double);
    }
  }
  Elements(const Elements &) = delete;
  Elements &operator=(const Elements &) = delete;

  [[nodiscard]] int64_t count() const { return count_; }
  /// Whether any of them is a double.
  [[nodiscard]] bool hasDoubles() const { return hasDoubles_; }
  [[nodiscard]] size_t pieceCount() const { return pieceCount_; }
  /// All of them, where they are one stretch.
  [[nodiscard]] const Stretch &whole() const { return stretches_[0]; }
  [[nodiscard]] Stretch piece(size_t number) const {
    auto behind = std::partition_point(stretches_.begin(), stretches_.end(),
                                       [&](const Stretch &stretch) { return stretch.firstPiece <= number; });
    const Stretch &its = behind[-1];
    if (its.count <= pieceLength_)
      return its;
    int64_t first = static_cast<int64_t>(number - its.firstPiece) * pieceLength_;
    return its.part(first, std::min(first + pieceLength_, its.count));
  }

private:
  Stretch whole_ = {};
  std::span<const Stretch> stretches_;
  int64_t pieceLength_;
  int64_t count_ = 0;
  size_t pieceCount_ = 0;
  bool hasDoubles_ = false;
};

/// What is found out about a piece.
struct PieceRecord {
  double sum;
  int64_t count;
  uint64_t key;
};

/// How often each digit of a key occurs.
struct Histogram {
  static constexpr int digitBits = 11;
  int64_t counts[1 << digitBits];
};

/// Who works on the pieces, and with what: the calling thread alone, or all threads of an optimizer.
class Crew {
public:
  /// The calling thread. `records` has room for every piece.
  explicit Crew(std::span<PieceRecord> records) : records_(records), histograms_(&own_, 1) {}
  /// All threads. There is at least one histogram.
  Crew(std::span<PieceRecord> records, std::span<Histogram> histograms, Parallel &parallel)
      : records_(records), histograms_(histograms), parallel_(&parallel) {}
  Crew(const Crew &) = delete;
  Crew &operator=(const Crew &) = delete;

  [[nodiscard]] std::span<PieceRecord> records() { return records_; }
  [[nodiscard]] std::span<Histogram> histograms() { return histograms_; }

  /// Calls work(i) for every i in [0, count), in any order, in the ordinary floating-point mode.
  template <typename Work> void forEach(size_t count, Work work) {
    if (parallel_ == nullptr || count < 2) {
      for (size_t i = 0; i < count; ++i)
        work(i);
      return;
    }
    parallel_->run(
        count,
        [](void *context, size_t i) {
          FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
          (*static_cast<Work *>(context))(i);
        },
        &work);
  }

private:
  std::span<PieceRecord> records_;
  std::span<Histogram> histograms_;
  Parallel *parallel_ = nullptr;
  Histogram own_;
};

} // namespace ravine::core::operations
