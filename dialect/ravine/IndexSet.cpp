// The words of index sets.
#include "dialect/ravine/IndexSet.h"

#include <array>
#include <utility>

namespace ravine {

namespace {
constexpr std::array<std::pair<std::string_view, IndexSet::Kind>, 8> words = {{
    {"model", IndexSet::Model},
    {"group", IndexSet::Group},
    {"tensor", IndexSet::Tensor},
    {"block", IndexSet::Block},
    {"row", IndexSet::Row},
    {"channel", IndexSet::Channel},
    {"col", IndexSet::Col},
    {"element", IndexSet::Element},
}};
} // namespace

std::string spelling(IndexSet set) {
  std::string text;
  for (const auto &[word, kind] : words)
    if (kind == set.kind)
      text = word;
  return set.kind == IndexSet::Block ? text + " " + std::to_string(set.blockSize) : text;
}

std::optional<IndexSet::Kind> findIndexSetKind(std::string_view word) {
  for (const auto &[known, kind] : words)
    if (known == word)
      return kind;
  return std::nullopt;
}

} // namespace ravine
