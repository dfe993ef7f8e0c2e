// Which text of the source has come to stand where.
#include "compiler/elaboration/Elaboration.h"
#include "compiler/elaboration/Rename.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

template <typename Declaration> SourceSpan extentOfCommon(const Declaration &declaration) {
  SourceSpan extent = declaration.nameSpan;
  auto add = [&](SourceSpan span) {
    if (span.file == extent.file && span.end > 0)
      extent = SourceSpan::covering(extent, span);
  };
  forEachVisible(declaration, [&](const auto &declared) { add(declared.nameSpan); });
  for (const auto &hyper : declaration.hypers)
    add(hyper->defaultExpr->span), add(hyper->rangeSpan);
  for (const auto &state : declaration.states)
    add(state->initial->span);
  for (const Requirement &requirement : declaration.requirements)
    add(requirement.span);
  for (const auto &let : declaration.lets)
    add(let->value->span);
  for (const auto &metric : declaration.metrics)
    add(metric->value->span);
  for (const auto &view : declaration.views)
    add(view->value->span);
  return extent;
}

} // namespace

SourceSpan extentOf(const OptimizerDecl &optimizer) {
  SourceSpan extent = extentOfCommon(optimizer);
  for (const Equation &equation : optimizer.equations)
    extent = SourceSpan::covering(extent, equation.value->span);
  return optimizer.composition ? SourceSpan::covering(extent, optimizer.composition->span) : extent;
}

SourceSpan extentOf(const TransformDecl &transform) {
  SourceSpan extent = extentOfCommon(transform);
  for (const TransformBlock *block : {&transform.before, &transform.after})
    if (block->span.end > 0)
      extent = SourceSpan::covering(extent, block->span);
  return extent;
}

void addExpansion(std::vector<Expansion> &expansions, SourceSpan body, SourceSpan use, std::string what) {
  auto isSame = [&](const Expansion &other) {
    return other.body.file == body.file && other.body.begin == body.begin && other.use.file == use.file &&
           other.use.begin == use.begin;
  };
  if (std::ranges::none_of(expansions, isSame))
    expansions.push_back({body, use, std::move(what)});
}

} // namespace ravine
