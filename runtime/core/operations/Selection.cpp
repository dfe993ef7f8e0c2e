// Radix selection.
#include "runtime/core/operations/Selection.h"

#include "runtime/core/operations/Keys.h"

#include <cstring>

namespace ravine::core::operations {

namespace {

/// So few elements are copied and partitioned instead: clearing histograms would take longer.
constexpr int64_t fewElements = 2048;

/// Calls visit(key) for the numbers of a stretch, in order: the keys that they have as floats, or as doubles. They are
/// keys of floats where there is no double among all elements, else keys of doubles.
template <typename Number, typename Visit> void forEachKey(const Stretch &stretch, Visit visit) {
  withNumbers(stretch, [&](auto numbers) {
    for (auto number : numbers)
      visit(keyOf<Number>(static_cast<Number>(number)));
  });
}

/// The share of the pieces that one histogram gets.
struct PieceRange {
  size_t first, last;
};
PieceRange shareOf(size_t worker, size_t workers, size_t pieces) {
  return {pieces * worker / workers, pieces * (worker + 1) / workers};
}

/// Counts the digit at `shift` of all keys whose digits above it are `prefix`; the sums are in the first histogram.
template <typename Number>
void countDigits(const Elements &elements, int shift, int width, KeyOf<Number> prefix, Crew &crew) {
  using Key = KeyOf<Number>;
  std::span<Histogram> histograms = crew.histograms();
  const size_t workers = std::clamp<size_t>(elements.pieceCount(), 1, histograms.size());
  const bool isTop = shift + width == sizeof(Key) * 8;
  crew.forEach(workers, [&](size_t worker) {
    int64_t *counts = histograms[worker].counts;
    std::memset(counts, 0, sizeof(Histogram));
    const Key mask = (Key{1} << width) - 1;
    PieceRange range = shareOf(worker, workers, elements.pieceCount());
    for (size_t piece = range.first; piece < range.last; ++piece)
      forEachKey<Number>(elements.piece(piece), [&](Key key) {
        if (isTop || key >> (shift + width) == prefix)
          ++counts[key >> shift & mask];
      });
  });
  for (size_t worker = 1; worker < workers; ++worker)
    for (int digit = 0; digit < 1 << width; ++digit)
      histograms[0].counts[digit] += histograms[worker].counts[digit];
}

template <typename Number> bool hasNaN(const Elements &elements, Crew &crew) {
  std::span<PieceRecord> records = crew.records();
  crew.forEach(elements.pieceCount(), [&](size_t piece) {
    records[piece].count = 0;
    forEachKey<Number>(elements.piece(piece), [&](KeyOf<Number> key) { records[piece].count += key == 0 ? 1 : 0; });
  });
  return std::ranges::any_of(records.first(elements.pieceCount()),
                             [](const PieceRecord &record) { return record.count > 0; });
}

template <typename Number> Selection selectByDigits(const Elements &elements, int64_t rank, Crew &crew) {
  using Key = KeyOf<Number>;
  Selection found = {};
  Key prefix = 0;
  for (int shift = sizeof(Key) * 8; shift > 0;) {
    const int width = std::min(Histogram::digitBits, shift);
    const bool isTop = shift == sizeof(Key) * 8;
    shift -= width;
    countDigits<Number>(elements, shift, width, prefix, crew);
    const int64_t *counts = crew.histograms()[0].counts;
    // In doubles the least digit is that of NaN, of -inf and of numbers next to it.
    const bool mayHaveNaN = isTop && counts[0] > 0;
    Key digit = 0;
    while (rank - found.below >= counts[digit])
      found.below += counts[digit++];
    found.equal = counts[digit];
    prefix = static_cast<Key>(isTop ? digit : prefix << width | digit);
    if (mayHaveNaN)
      found.hasNaN = hasNaN<Number>(elements, crew);
  }
  found.key = prefix;
  found.value = static_cast<double>(numberOf<Number>(prefix));
  return found;
}

template <typename Number> Selection selectAmongFew(const Elements &elements, int64_t rank) {
  KeyOf<Number> keys[fewElements];
  KeyOf<Number> *end = keys;
  for (size_t piece = 0; piece < elements.pieceCount(); ++piece)
    forEachKey<Number>(elements.piece(piece), [&](KeyOf<Number> key) { *end++ = key; });
  std::nth_element(keys, keys + rank, end);
  Selection found = {};
  found.key = keys[rank];
  found.value = static_cast<double>(numberOf<Number>(keys[rank]));
  for (const KeyOf<Number> *key = keys; key != end; ++key) {
    found.below += *key < keys[rank] ? 1 : 0;
    found.equal += *key == keys[rank] ? 1 : 0;
    found.hasNaN |= *key == 0;
  }
  return found;
}

template <typename Number> Selection selectAs(const Elements &elements, int64_t rank, Crew &crew) {
  return elements.count() <= fewElements ? selectAmongFew<Number>(elements, rank)
                                         : selectByDigits<Number>(elements, rank, crew);
}

template <typename Number> double nextAfterAs(const Elements &elements, KeyOf<Number> selected, Crew &crew) {
  using Key = KeyOf<Number>;
  std::span<PieceRecord> records = crew.records();
  crew.forEach(elements.pieceCount(), [&](size_t piece) {
    Key least = ~Key{0};
    forEachKey<Number>(elements.piece(piece), [&](Key key) { least = key > selected && key < least ? key : least; });
    records[piece].key = least;
  });
  uint64_t least = UINT64_MAX;
  for (size_t piece = 0; piece < elements.pieceCount(); ++piece)
    least = std::min(least, records[piece].key);
  return static_cast<double>(numberOf<Number>(static_cast<Key>(least)));
}

template <typename Number> void markAs(const Elements &elements, const Selection &last, int64_t ties, Crew &crew) {
  using Key = KeyOf<Number>;
  const auto limit = static_cast<Key>(last.key);
  std::span<PieceRecord> records = crew.records();
  crew.forEach(elements.pieceCount(), [&](size_t piece) {
    int64_t equal = 0;
    forEachKey<Number>(elements.piece(piece), [&](Key key) { equal += key == limit ? 1 : 0; });
    records[piece].count = equal;
  });
  for (size_t piece = 0; piece < elements.pieceCount(); ++piece) {
    int64_t equal = records[piece].count;
    records[piece].count = std::min(ties, equal);
    ties -= records[piece].count;
  }
  crew.forEach(elements.pieceCount(), [&](size_t piece) {
    int64_t left = records[piece].count;
    withNumbers(elements.piece(piece), [&](auto numbers) {
      for (auto &number : numbers) {
        Key key = keyOf<Number>(static_cast<Number>(number));
        bool isTie = key == limit && left > 0;
        left -= isTie ? 1 : 0;
        number = key > limit || isTie ? 1 : 0;
      }
    });
  });
}

} // namespace

Selection select(const Elements &elements, int64_t rank, Crew &crew) {
  return elements.hasDoubles() ? selectAs<double>(elements, rank, crew) : selectAs<float>(elements, rank, crew);
}

double nextAfter(const Elements &elements, const Selection &selected, Crew &crew) {
  return elements.hasDoubles() ? nextAfterAs<double>(elements, selected.key, crew)
                               : nextAfterAs<float>(elements, static_cast<uint32_t>(selected.key), crew);
}

void markLargest(const Elements &elements, int64_t k, Crew &crew) {
  if (k == 0) {
    crew.forEach(elements.pieceCount(), [&](size_t piece) {
      withNumbers(elements.piece(piece), [](auto numbers) { std::fill(numbers.begin(), numbers.end(), 0); });
    });
    return;
  }
  Selection last = select(elements, elements.count() - k, crew);
  int64_t greater = elements.count() - last.below - last.equal;
  if (elements.hasDoubles())
    markAs<double>(elements, last, k - greater, crew);
  else
    markAs<float>(elements, last, k - greater, crew);
}

} // namespace ravine::core::operations
