// Over what a value varies. Shared by the syntax tree and the dialects; knows neither.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ravine {

/// What a value has one number for: the whole model, each parameter group, tensor, *group of elements* (block, row,
/// channel, column) or element. A tensor with at least two axes is a matrix: its rows run over the first axis (over
/// more of them where the host says so), its columns over all the others together; channels run over the first axis
/// that belongs to the columns, so that a channel is some consecutive columns. A block is `blockSize` consecutive
/// elements; the last one of a tensor may be shorter.
struct IndexSet {
  enum Kind : uint8_t { Model, Group, Tensor, Block, Row, Channel, Col, Element };

  Kind kind = Model;
  /// Elements of a block, at least 1; 0 for all other kinds.
  uint32_t blockSize = 0;

  constexpr IndexSet() = default;
  // Implicit, so that `IndexSet::Row` is an index set.
  constexpr IndexSet(Kind kind, uint32_t blockSize = 0) : kind(kind), blockSize(blockSize) {}

  friend constexpr bool operator==(const IndexSet &, const IndexSet &) = default;

  /// Finer than tensors and coarser than elements: block, row, channel, col.
  [[nodiscard]] constexpr bool isOfGroups() const { return kind > Tensor && kind < Element; }
  /// Has a meaning only for tensors with at least two axes.
  [[nodiscard]] constexpr bool needsMatrix() const { return kind == Row || kind == Channel || kind == Col; }
};

/// Whether each member of `fine` lies within one member of `coarse`, so that a value over `coarse` has a number for
/// each member of `fine`. Every index set refines itself.
[[nodiscard]] constexpr bool refines(IndexSet fine, IndexSet coarse) {
  if (fine == coarse || fine.kind == IndexSet::Element)
    return true;
  if (!coarse.isOfGroups())
    return fine.kind > coarse.kind;
  return fine.kind == IndexSet::Col && coarse.kind == IndexSet::Channel;
}

/// The coarsest index set that refines both: that of the result of an operation on two values.
[[nodiscard]] constexpr IndexSet join(IndexSet a, IndexSet b) {
  if (refines(a, b))
    return a;
  return refines(b, a) ? b : IndexSet(IndexSet::Element);
}

/// `tensor`, `block 256`: as the language writes it.
[[nodiscard]] std::string spelling(IndexSet set);
/// The kind that a word names; for `block` a size has to follow.
[[nodiscard]] std::optional<IndexSet::Kind> findIndexSetKind(std::string_view word);

} // namespace ravine
