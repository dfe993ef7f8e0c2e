// Hints are programs that people copy: each is the same quantity as what was written, or says that there is none.
#include "compiler/frontend/ReductionHints.h"

#include "compiler/frontend/Constants.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// The first `count` arguments as they are written, or `…` where that is too long for a message.
std::string written(const SourceManager &sources, const std::vector<ExprPtr> &arguments, size_t count) {
  constexpr size_t longest = 24;
  count = std::min(count, arguments.size());
  if (count == 0)
    return "…";
  std::string text(sources.text(SourceSpan::covering(arguments.front()->span, arguments[count - 1]->span)));
  return text.size() > longest || text.find('\n') != std::string::npos ? "…" : text;
}

} // namespace

std::string withIndexSet(const SourceManager &sources, std::string_view name, const std::vector<ExprPtr> &arguments,
                         size_t count) {
  std::string text = written(sources, arguments, count);
  std::string word(name);
  return "write `" + word + "[tensor](" + text + ")` or `" + word + "[model](" + text + ")`";
}

std::string insteadOfCrossing(const SourceManager &sources, const Reduction &reduction, IndexSet from) {
  IndexSet to = *reduction.set;
  bool areLines = (from == IndexSet::Row && to == IndexSet::Col) || (from == IndexSet::Col && to == IndexSet::Row);
  std::string folded =
      reduction.name + "[tensor](" + written(sources, reduction.arguments, reduction.arguments.size()) + ")";
  if (areLines)
    return "each column has one element of every row, so that the number is the same for all: write `" + folded + "`";
  if (from.kind == to.kind)
    return "fold the elements themselves, or fold over the tensor, `" + folded + "`";
  return "they cross each other: fold the elements themselves, or fold over the tensor, `" + folded + "`";
}

std::string insteadOfSameForAll(const SourceManager &sources, const Reduction &reduction) {
  if (!reduction.standsFor.empty())
    return "ask it of what differs from element to element, such as `w`";
  const Expr &argument = *reduction.arguments.front();
  bool isCount = reduction.kind == ReductionKind::Sum && constantValue(argument) == 1;
  if (reduction.set == IndexSet::Tensor && isCount)
    return "the number of elements of a tensor is `size`";
  if (reduction.set == IndexSet::Row && isCount)
    return "the number of elements of a row is `cols`";
  if (reduction.set == IndexSet::Col && isCount)
    return "the number of elements of a column is `rows`";
  bool isShort = argument.as<Name>() || argument.as<Number>();
  if (reduction.set == IndexSet::Tensor && reduction.kind == ReductionKind::Sum && isShort)
    return "its sum over a tensor is `" + std::string(sources.text(argument.span)) + "*size`";
  return "a reduction folds what differs from element to element, such as `g`, `w` or a state";
}

} // namespace ravine
