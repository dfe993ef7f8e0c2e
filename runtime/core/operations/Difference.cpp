// Differences, piece by piece: what follows a piece is looked at before that is replaced.
#include "runtime/core/operations/Difference.h"

namespace ravine::core::operations {

void replaceByDifferences(const Elements &elements, Crew &crew) {
  std::span<PieceRecord> records = crew.records();
  const size_t pieces = elements.pieceCount();
  for (size_t piece = 1; piece < pieces; ++piece)
    records[piece - 1].sum =
        withNumbers(elements.piece(piece), [](auto numbers) { return static_cast<double>(numbers.front()); });
  crew.forEach(pieces, [&](size_t piece) {
    withNumbers(elements.piece(piece), [&]<typename Number>(std::span<Number> x) {
      for (size_t i = 0; i + 1 < x.size(); ++i)
        x[i] = x[i + 1] - x[i];
      x.back() = piece + 1 < pieces ? static_cast<Number>(records[piece].sum) - x.back() : Number{0};
    });
  });
}

} // namespace ravine::core::operations
