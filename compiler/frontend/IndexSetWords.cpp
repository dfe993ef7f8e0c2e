// The words for index sets in messages.
#include "compiler/frontend/IndexSetWords.h"

namespace ravine {

namespace {

struct Words {
  std::string_view one;
  std::string_view many;
  std::string_view varies;
};

// In the order of IndexSet::Kind.
constexpr Words words[] = {
    {"model", "models", "is the same everywhere"},
    {"parameter group", "parameter groups", "differs between parameter groups"},
    {"tensor", "tensors", "differs from tensor to tensor"},
    {"block", "blocks", "differs from block to block"},
    {"row", "rows", "differs from row to row"},
    {"channel", "channels", "differs from channel to channel"},
    {"column", "columns", "differs from column to column"},
    {"element", "elements", "differs from element to element"},
};

} // namespace

std::string_view nameOfMembers(IndexSet set, Plural plural) {
  return plural == Plural::Yes ? words[set.kind].many : words[set.kind].one;
}

std::string_view howItVaries(IndexSet set) {
  return words[set.kind].varies;
}

} // namespace ravine
