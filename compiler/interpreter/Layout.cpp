// Which elements of a tensor lie in which of its rows, columns, channels and blocks.
#include "compiler/interpreter/Layout.h"

#include <functional>
#include <numeric>

using namespace ravine;

int64_t InterpretedTensor::size() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

Layout::Layout(const InterpretedTensor &tensor)
    : isMatrix(tensor.shape.size() >= 2), size(tensor.size()), colCount(size), channelCount(size) {
  if (!isMatrix)
    return;
  auto behindRows = tensor.shape.begin() + tensor.rowAxes;
  rowCount = std::accumulate(tensor.shape.begin(), behindRows, int64_t{1}, std::multiplies<>());
  colCount = std::accumulate(behindRows, tensor.shape.end(), int64_t{1}, std::multiplies<>());
  channelCount = *behindRows;
}

size_t Layout::count(IndexSet set) const {
  if (size == 0 && set.isOfGroups())
    return 0;
  switch (set.kind) {
  case IndexSet::Model:
  case IndexSet::Group:
  case IndexSet::Tensor:
    return 1;
  case IndexSet::Block:
    return (static_cast<size_t>(size) + set.blockSize - 1) / set.blockSize;
  case IndexSet::Row:
    return static_cast<size_t>(rowCount);
  case IndexSet::Channel:
    return static_cast<size_t>(channelCount);
  case IndexSet::Col:
    return static_cast<size_t>(colCount);
  case IndexSet::Element:
    return static_cast<size_t>(size);
  }
  return 0;
}

size_t Layout::enclosingElement(size_t element, IndexSet coarse) const {
  auto cols = static_cast<size_t>(colCount);
  switch (coarse.kind) {
  case IndexSet::Block:
    return element / coarse.blockSize;
  case IndexSet::Row:
    return element / cols;
  case IndexSet::Col:
    return element % cols;
  case IndexSet::Channel:
    return element % cols / static_cast<size_t>(channelWidth());
  default:
    return 0;
  }
}

size_t Layout::enclosing(IndexSet fine, size_t member, IndexSet coarse) const {
  if (fine == coarse)
    return member;
  if (fine == IndexSet::Element)
    return enclosingElement(member, coarse);
  // Of the others only columns lie in something that is finer than a tensor.
  return coarse == IndexSet::Channel ? member / static_cast<size_t>(channelWidth()) : 0;
}
