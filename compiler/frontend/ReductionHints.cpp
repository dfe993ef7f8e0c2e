// Hints are programs that people copy: each is the same quantity as what was written, or says that there is none.
#include "compiler/frontend/ReductionHints.h"

#include "compiler/frontend/Constants.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <array>

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

/// `outer[model](inner[tensor](x))` is `both[model](x)`.
struct Composition {
  ReductionKind outer;
  ReductionKind inner;
  ReductionKind both;
};

constexpr std::array compositions = {
    Composition{ReductionKind::Sum, ReductionKind::Sum, ReductionKind::Sum},
    Composition{ReductionKind::Sum, ReductionKind::Dot, ReductionKind::Dot},
    Composition{ReductionKind::Sum, ReductionKind::Norm1, ReductionKind::Norm1},
    Composition{ReductionKind::Sum, ReductionKind::Count, ReductionKind::Count},
    Composition{ReductionKind::Max, ReductionKind::Max, ReductionKind::Max},
    Composition{ReductionKind::Max, ReductionKind::NormInf, ReductionKind::NormInf},
    Composition{ReductionKind::Min, ReductionKind::Min, ReductionKind::Min},
    Composition{ReductionKind::Norm, ReductionKind::Norm, ReductionKind::Norm},
    Composition{ReductionKind::Norm1, ReductionKind::Norm1, ReductionKind::Norm1},
    Composition{ReductionKind::NormInf, ReductionKind::NormInf, ReductionKind::NormInf},
    Composition{ReductionKind::Any, ReductionKind::Any, ReductionKind::Any},
    Composition{ReductionKind::All, ReductionKind::All, ReductionKind::All},
};

/// The value of a name that a `let` gives, through any number of them.
const Expr &valueOf(const Expr &expr) {
  const auto *name = expr.as<Name>();
  const auto *let = name ? std::get_if<const LetDecl *>(&name->symbol) : nullptr;
  return let ? valueOf(*(*let)->value) : expr;
}

} // namespace

std::string withIndexSet(const SourceManager &sources, std::string_view name, const std::vector<ExprPtr> &arguments,
                         size_t count) {
  std::string text = written(sources, arguments, count);
  std::string word(name);
  return "write `" + word + "[tensor](" + text + ")` or `" + word + "[model](" + text + ")`";
}

std::string insteadOfNumbersPerTensor(const SourceManager &sources, const Reduction &reduction) {
  const auto *inner = valueOf(*reduction.arguments.front()).as<Reduction>();
  bool isFold = inner && inner->set == IndexSet::Tensor;
  const auto *same = std::ranges::find_if(compositions, [&](const Composition &composition) {
    return isFold && composition.outer == reduction.kind && composition.inner == inner->kind;
  });
  if (same == compositions.end())
    return "there is no equivalent yet: only what differs from element to element is folded over the model";
  std::string_view name = reductions()[static_cast<size_t>(same->both)].name;
  return "the same number is `" + std::string(name) + "[model](" +
         written(sources, inner->arguments, inner->arguments.size()) + ")`: fold the elements themselves";
}

std::string insteadOfSameForAll(const SourceManager &sources, const Reduction &reduction) {
  const Expr &argument = *reduction.arguments.front();
  bool isCount = reduction.kind == ReductionKind::Sum && constantValue(argument) == 1;
  if (reduction.set == IndexSet::Tensor && isCount)
    return "the number of elements of a tensor is `size`";
  bool isShort = argument.as<Name>() || argument.as<Number>();
  if (reduction.set == IndexSet::Tensor && reduction.kind == ReductionKind::Sum && isShort)
    return "its sum over a tensor is `" + std::string(sources.text(argument.span)) + "*size`";
  return "a reduction folds what differs from element to element, such as `g`, `w` or a state";
}

} // namespace ravine
