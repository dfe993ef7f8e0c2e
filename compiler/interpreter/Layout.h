// Which elements of a tensor lie in which of its rows, columns, channels and blocks.
#pragma once

#include "compiler/interpreter/Model.h"
#include "dialect/ravine/IndexSet.h"

#include <cstddef>

namespace ravine {

/// The members that an index set has in one tensor, numbered from 0: elements in the order of memory, which runs along
/// rows; rows, columns and channels by their indices; blocks as they follow each other. Index sets that are coarser
/// than tensors have one member, of which the tensor is a part.
///
/// A tensor with fewer than two axes has no rows. So that a whole rule can be evaluated for it before what is not for
/// such tensors is left out, it is treated as one row here.
class Layout {
public:
  explicit Layout(const InterpretedTensor &tensor);

  /// As the clock has them: 0 where there are fewer than two axes.
  [[nodiscard]] int64_t rows() const { return isMatrix ? rowCount : 0; }
  [[nodiscard]] int64_t cols() const { return isMatrix ? colCount : 0; }
  [[nodiscard]] int64_t channels() const { return isMatrix ? channelCount : 0; }

  /// A tensor without elements has no groups of them either, whatever the extents of its axes are.
  [[nodiscard]] size_t count(IndexSet set) const;

  /// The member of `coarse` in which a member of `fine` lies. `fine` refines `coarse`.
  [[nodiscard]] size_t enclosing(IndexSet fine, size_t member, IndexSet coarse) const;

private:
  [[nodiscard]] size_t enclosingElement(size_t element, IndexSet coarse) const;
  /// The consecutive columns that a channel is.
  [[nodiscard]] int64_t channelWidth() const { return colCount / channelCount; }

  bool isMatrix;
  int64_t size;
  int64_t rowCount = 1, colCount, channelCount;
};

} // namespace ravine
