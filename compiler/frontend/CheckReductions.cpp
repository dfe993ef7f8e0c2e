// Reductions fold what varies within the members of their index set. Searches and rearrangements look at elements.
#include "compiler/frontend/CheckReductions.h"

#include "compiler/frontend/Constants.h"
#include "compiler/frontend/IndexSetWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/ReductionHints.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

const ReductionInfo &infoOf(const Reduction &reduction) {
  return reductions()[static_cast<size_t>(reduction.kind)];
}

SourceSpan spanOfArguments(const Reduction &reduction) {
  return SourceSpan::covering(reduction.arguments.front()->span, reduction.arguments.back()->span);
}

/// What is folded: for `dot` two values together.
IndexSet foldedSet(const Reduction &reduction) {
  IndexSet set = reduction.arguments.front()->type.set;
  for (const ExprPtr &argument : reduction.arguments)
    set = join(set, argument->type.set);
  return set;
}

/// Whether the two divide a tensor in ways that cut each other: rows and columns, blocks and rows.
bool cross(IndexSet left, IndexSet right) {
  return left.isOfGroups() && right.isOfGroups() && !refines(left, right) && !refines(right, left);
}

std::string whyNotFolded(const Reduction &reduction, IndexSet from) {
  std::string name = quote(reduction.name + "[" + spelling(*reduction.set) + "]");
  std::string members(nameOfMembers(from, Plural::Yes));
  if (from.kind == reduction.set->kind)
    return name + " cannot fold " + members + " of another size";
  return members + " do not lie within " + std::string(nameOfMembers(*reduction.set, Plural::Yes)) + ", so that " +
         name + " cannot fold them";
}

bool checkFold(CheckContext &context, const Reduction &reduction) {
  IndexSet to = *reduction.set;
  IndexSet from = foldedSet(reduction);
  // What varies between parameter groups is one number in each, and no member of a set.
  bool isFine = from != to && from.kind >= IndexSet::Tensor && refines(from, to);
  if (isFine)
    return true;
  SourceSpan span = spanOfArguments(reduction);
  std::string name = quote(reduction.written());
  if (cross(from, to))
    context.report(Code::E0430, span, whyNotFolded(reduction, from),
                   "one number for each " + std::string(nameOfMembers(from, Plural::No)),
                   insteadOfCrossing(context.sources, reduction, from));
  else
    context.report(
        Code::E0413, span,
        name + (reduction.standsFor.empty() ? " folds" : " is asked of") + " what is the same for every element" +
            (to.isOfGroups() || from.isOfGroups() ? " of a " + std::string(nameOfMembers(to, Plural::No)) : ""),
        "it does not vary over the elements of a " +
            std::string(nameOfMembers(to.isOfGroups() ? to : IndexSet::Tensor, Plural::No)),
        insteadOfSameForAll(context.sources, reduction));
  return false;
}

/// The second argument: one number for each member of the set, or for more of them together.
bool checkParameter(CheckContext &context, const Reduction &reduction) {
  const Expr &parameter = *reduction.arguments[1];
  IndexSet set = *reduction.set;
  if (refines(set, parameter.type.set))
    return true;
  const auto *name = parameter.as<Name>();
  const auto *hyper = name ? std::get_if<const HyperDecl *>(&name->symbol) : nullptr;
  std::string hint = "give it a number, a hyper or a reduction, such as `max[" + spelling(set) + "](…)`";
  std::vector<Note> notes;
  // All hypers but those of tensors suit every set but the model.
  if (hyper) {
    hint = set == IndexSet::Model ? "declare `hyper " + (*hyper)->name + " [model]`, one number for all of them" : hint;
    notes.push_back({(*hyper)->nameSpan, quote((*hyper)->name) + " is declared here"});
  }
  std::string expected = set == IndexSet::Model ? "the " : "each ";
  context.report(Code::E0432, parameter.span,
                 "the second argument of " + quote(reduction.name) + " " + std::string(howItVaries(parameter.type.set)),
                 "expected one number for " + expected + std::string(nameOfMembers(set, Plural::No)), std::move(hint),
                 std::move(notes));
  return false;
}

bool checkSearch(CheckContext &context, const Reduction &reduction) {
  IndexSet set = *reduction.set;
  const Expr &elements = *reduction.arguments.front();
  std::string name = quote(reduction.name);
  if (elements.type.set != IndexSet::Element) {
    context.report(Code::E0431, elements.span, name + " looks at elements",
                   "this " + std::string(howItVaries(elements.type.set)),
                   "give it what differs from element to element, such as `g`, `w` or a state");
    return false;
  }
  bool isTooLarge =
      set == IndexSet::Model && isRearrangement(reduction.kind) && reduction.kind != ReductionKind::Largest;
  if (isTooLarge) {
    context.report(Code::E0433, reduction.setSpan, name + " does not go across tensors",
                   "the elements of two tensors are no neighbours",
                   "write `" + reduction.name + "[tensor]" + std::string(infoOf(reduction).form) + "`");
    return false;
  }
  return reduction.arguments.size() < 2 || checkParameter(context, reduction);
}

} // namespace

void reportNoSet(CheckContext &context, const Reduction &reduction) {
  const ReductionInfo &info = infoOf(reduction);
  // `norm(g, 1)`, as numerical libraries have it, is another reduction.
  bool hasOrder = reduction.kind == ReductionKind::Norm && reduction.arguments.size() == 2;
  std::optional<double> order = hasOrder ? constantValue(*reduction.arguments[1]) : std::nullopt;
  std::string hint;
  if (order && *order != 1 && *order != 2)
    hint = "`norm` is the Euclidean norm: another one is written out, `sum[tensor](abs(x)^p)^(1/p)`";
  else if (isRearrangement(reduction.kind))
    hint = "write `" + std::string(info.name) + "[tensor]" + std::string(info.form) +
           "` for each tensor by itself, or `[row]` for each row of it";
  else
    hint = withIndexSet(context.sources, order == 1 ? "norm1" : info.name, reduction.arguments, info.arguments) +
           ": `[tensor]` gives one number for each tensor, `[model]` one for all tensors together";
  context.report(Code::E0411, reduction.nameSpan, "the reduction " + quote(info.name) + " names no index set",
                 "over what?", std::move(hint));
}

bool checkArgumentCount(CheckContext &context, const Reduction &reduction, const Expr &expr) {
  const ReductionInfo &info = infoOf(reduction);
  size_t count = reduction.arguments.size();
  if (count == info.arguments)
    return true;
  std::string set = spelling(reduction.set.value_or(IndexSet::Tensor));
  context.report(
      Code::E0404, expr.span,
      quote(info.name) + " takes " + (info.arguments == 1 ? "1 argument" : "2 arguments") + ", found " +
          std::to_string(count),
      "",
      info.arguments == 2 ? "write " + quote(std::string(info.name) + "[" + set + "]" + std::string(info.form)) : "");
  return false;
}

bool checkReductionSets(CheckContext &context, const Reduction &reduction) {
  // Elaboration counts the elements of a branch by `count[model](true)`.
  if (!reduction.under.empty())
    return true;
  bool isFold = !isSearch(reduction.kind) && !isRearrangement(reduction.kind);
  return isFold ? checkFold(context, reduction) : checkSearch(context, reduction);
}

Type typeOfReduction(const Reduction &reduction) {
  switch (reduction.kind) {
  case ReductionKind::Any:
  case ReductionKind::All:
    return {ValueKind::Bool, *reduction.set, nullptr};
  case ReductionKind::Count:
    return {ValueKind::Int, *reduction.set, nullptr};
  case ReductionKind::Largest:
    return {ValueKind::Bool, IndexSet::Element, nullptr};
  case ReductionKind::Difference:
  case ReductionKind::TautString:
    return {ValueKind::Real, IndexSet::Element, nullptr};
  default:
    return {ValueKind::Real, *reduction.set, nullptr};
  }
}

bool checkStep(CheckContext &context, const LetDecl &let) {
  IndexSet set = let.value->type.set;
  // Groups of tensors may have steps of their own where the argument is the model: nothing else could be meant.
  if (!let.stepOver || refines(*let.stepOver, set) || set == IndexSet::Group)
    return true;
  std::string member(nameOfMembers(*let.stepOver, Plural::No));
  context.report(Code::E0434, let.value->span,
                 "the step of a prox that takes " + std::string(*let.stepOver == IndexSet::Model ? "the " : "each ") +
                     member + " as a whole " + std::string(howItVaries(set)),
                 "expected one number for " + std::string(*let.stepOver == IndexSet::Model ? "the " : "each ") + member,
                 "give it a hyper or a reduction, such as `mean[" + spelling(*let.stepOver) + "](…)`");
  return false;
}

} // namespace ravine
