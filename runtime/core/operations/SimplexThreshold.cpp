// Newton's method, piece by piece.
#include "runtime/core/operations/SimplexThreshold.h"

#include "runtime/core/Reductions.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace ravine::core::operations {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// So few active elements are copied, and looked at alone from then on.
constexpr size_t fewElements = 2048;

// The loops over all elements use vectors of four doubles, of which they keep several sums, in a fixed order. AVX2 is
// there: without it no kernel runs and no optimizer is made.
#define RAVINE_WITH_AVX2 __attribute__((target("avx2")))

using Doubles = double __attribute__((vector_size(32)));
using Integers = int64_t __attribute__((vector_size(32)));
constexpr size_t width = 4, vectorCount = 4, blockLength = width * vectorCount;

template <typename Number> RAVINE_WITH_AVX2 inline Doubles load(const Number *numbers) {
  Number vector __attribute__((vector_size(width * sizeof(Number))));
  std::memcpy(&vector, numbers, sizeof vector);
  return __builtin_convertvector(vector, Doubles);
}
/// The last numbers, filled up to a block.
template <typename Number> void copyRest(std::span<const Number> numbers, Number filler, Number *block) {
  std::fill_n(block, blockLength, filler);
  std::copy(numbers.end() - static_cast<ptrdiff_t>(numbers.size() % blockLength), numbers.end(), block);
}

struct Largest {
  Doubles largest[vectorCount];
  Integers isNaN = {};

  template <typename Number> RAVINE_WITH_AVX2 void meet(const Number *block) {
    for (size_t i = 0; i < vectorCount; ++i) {
      const Doubles numbers = load(block + i * width);
      largest[i] = numbers > largest[i] ? numbers : largest[i];
      isNaN |= numbers != numbers;
    }
  }
};

/// Greatest number, or NaN where there is one.
template <typename Number> RAVINE_WITH_AVX2 double largestOf(std::span<const Number> numbers) {
  Largest found;
  for (Doubles &vector : found.largest)
    vector = Doubles{-infinity, -infinity, -infinity, -infinity};
  for (size_t i = 0; i + blockLength <= numbers.size(); i += blockLength)
    found.meet(numbers.data() + i);
  Number rest[blockLength];
  copyRest(numbers, -std::numeric_limits<Number>::infinity(), rest);
  found.meet(rest);
  double largest = -infinity;
  for (const Doubles &vector : found.largest)
    for (size_t lane = 0; lane < width; ++lane)
      largest = std::max(largest, vector[lane]);
  for (size_t lane = 0; lane < width; ++lane)
    if (found.isNaN[lane] != 0)
      return std::numeric_limits<double>::quiet_NaN();
  return largest;
}

/// How many numbers are above a limit, and the sum of their distances from the greatest of all.
struct Active {
  double sum;
  int64_t count;
};

struct ActiveSums {
  Doubles sums[vectorCount] = {};
  Integers counts[vectorCount] = {};

  template <typename Number> RAVINE_WITH_AVX2 void meet(const Number *block, Doubles largest, Doubles limit) {
    for (size_t i = 0; i < vectorCount; ++i) {
      const Doubles distances = load(block + i * width) - largest;
      const Integers areActive = distances > limit; // all bits set, or none
      sums[i] += reinterpret_cast<Doubles>(reinterpret_cast<Integers>(distances) & areActive);
      counts[i] -= areActive;
    }
  }
};

template <typename Number>
RAVINE_WITH_AVX2 Active activeOf(std::span<const Number> numbers, double largest, double limit) {
  ActiveSums found;
  const Doubles largests = {largest, largest, largest, largest}, limits = {limit, limit, limit, limit};
  for (size_t i = 0; i + blockLength <= numbers.size(); i += blockLength)
    found.meet(numbers.data() + i, largests, limits);
  Number rest[blockLength];
  copyRest(numbers, -std::numeric_limits<Number>::infinity(), rest);
  found.meet(rest, largests, limits);
  Active active = {0, 0};
  for (size_t lane = 0; lane < width; ++lane) {
    active.sum += (found.sums[0][lane] + found.sums[1][lane]) + (found.sums[2][lane] + found.sums[3][lane]);
    active.count += found.counts[0][lane] + found.counts[1][lane] + found.counts[2][lane] + found.counts[3][lane];
  }
  return active;
}

double largestOf(const Elements &elements, Crew &crew) {
  std::span<PieceRecord> records = crew.records();
  crew.forEach(elements.pieceCount(), [&](size_t piece) {
    records[piece].sum = withNumbers(elements.piece(piece), []<typename Number>(std::span<Number> numbers) {
      return largestOf(std::span<const Number>(numbers));
    });
  });
  double largest = -infinity;
  for (size_t piece = 0; piece < elements.pieceCount(); ++piece)
    largest = fold(RAVINE_REDUCE_MAX, largest, records[piece].sum);
  return largest + 0.0; // −0 counts as 0
}

/// Pieces that had nothing above the last limit have nothing above this one, and are passed over: the first time
/// (`isFirst`) all are looked at.
Active activeOf(const Elements &elements, double largest, double limit, bool isFirst, Crew &crew) {
  std::span<PieceRecord> records = crew.records();
  crew.forEach(elements.pieceCount(), [&](size_t piece) {
    if (!isFirst && records[piece].count == 0)
      return;
    Active active = withNumbers(elements.piece(piece), [&]<typename Number>(std::span<Number> numbers) {
      return activeOf(std::span<const Number>(numbers), largest, limit);
    });
    records[piece].sum = active.sum;
    records[piece].count = active.count;
  });
  Active all = {0, 0};
  for (size_t piece = 0; piece < elements.pieceCount(); ++piece) {
    all.sum += records[piece].sum;
    all.count += records[piece].count;
  }
  return all;
}

/// Copies the distances above the limit, which are at most as many as there is room, in order.
size_t gather(const Elements &elements, double largest, double limit, std::span<const PieceRecord> records,
              double *distances) {
  size_t count = 0;
  for (size_t piece = 0; piece < elements.pieceCount(); ++piece)
    if (records[piece].count > 0)
      withNumbers(elements.piece(piece), [&](auto numbers) {
        for (auto number : numbers)
          if (double distance = static_cast<double>(number) - largest; distance > limit)
            distances[count++] = distance;
      });
  return count;
}

} // namespace

double simplexThreshold(const Elements &elements, double s, Crew &crew) {
  if (!(s >= 0) || elements.count() == 0)
    return std::numeric_limits<double>::quiet_NaN();
  const double largest = largestOf(elements, crew);
  if (std::isnan(largest) || std::isinf(largest) || s == 0)
    return largest;
  if (std::isinf(s))
    return -infinity;

  // Distances from the greatest x; the threshold is there between -s and 0.
  double limit = -s;
  Active active = activeOf(elements, largest, limit, true, crew);
  double distances[fewElements];
  size_t gathered = 0;
  for (bool isGathered = false;;) {
    double next = (active.sum - s) / static_cast<double>(active.count);
    if (!(next > limit))
      break;
    const int64_t before = active.count;
    if (!isGathered && before <= static_cast<int64_t>(fewElements)) {
      gathered = gather(elements, largest, limit, crew.records(), distances);
      isGathered = true;
    }
    limit = next;
    active = isGathered ? activeOf(std::span<const double>(distances, gathered), 0, limit)
                        : activeOf(elements, largest, limit, false, crew);
    if (active.count == before || active.count == 0)
      break;
  }
  return largest + limit;
}

} // namespace ravine::core::operations
