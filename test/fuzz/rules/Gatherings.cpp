// Making what looks at many elements at once: reductions, searches, rearrangements, and what is asked of penalties.
#include "test/fuzz/rules/ExpressionMaker.h"

#include <algorithm>

namespace ravine::fuzz {

bool Groups::needMatrix() const {
  return std::ranges::any_of(sets, &IndexSet::needsMatrix);
}

bool decidesMatrix(const Expression &condition) {
  return condition.form == "matrix" || condition.form == "(rank >= 2)";
}

static std::string bracketed(IndexSet set) {
  return "[" + spelling(set) + "]";
}

// ---- what may stand where

bool ExpressionMaker::mayReduce(const Where &where) const {
  bool mayFold = isOfStep(where.place) || where.place == Place::View || where.place == Place::FineInitial;
  return mayFold && reductions < mostReductions;
}

bool ExpressionMaker::knowsMatrix(const Where &where) const {
  return groups.areAllMatrices || std::ranges::any_of(where.guards, [&](int guard) {
           return guard >= 0 && decidesMatrix(conditions[static_cast<size_t>(guard)]);
         });
}

/// Now and then rows are spoken of where nothing says that there are any, which is an error at creation.
bool ExpressionMaker::maySpeakOf(IndexSet set, const Where &where) {
  return !set.needsMatrix() || knowsMatrix(where) || choice.once(60);
}

/// What may be reduced to.
std::vector<IndexSet> ExpressionMaker::targets(const Where &where) {
  std::vector<IndexSet> found;
  for (IndexSet set : groups.sets)
    if (refines(where.finest, set) && maySpeakOf(set, where))
      found.insert(found.end(), 2, set);
  if (refines(where.finest, IndexSet::Tensor))
    found.emplace_back(IndexSet::Tensor);
  if (isOfStep(where.place))
    found.emplace_back(IndexSet::Model);
  return found;
}

// ---- reductions

/// A number that varies over exactly that.
Expression ExpressionMaker::over(const Where &given, IndexSet set) {
  if (set == IndexSet::Element)
    return elements(given);
  Where where = given;
  where.finest = set;
  Expression made = number(where);
  return made.set == set ? made : make("(%0 + %1)", {made, somethingOver(where, set)});
}

Expression ExpressionMaker::somethingOver(const Where &where, IndexSet set) {
  std::vector<Expression> candidates = usable(where, false);
  std::erase_if(candidates, [&](const Expression &name) { return !(name.set == set); });
  if (!candidates.empty())
    return choice.from(candidates);
  if (set == IndexSet::Tensor)
    return leaf("size", set);
  ++reductions;
  Expression folded = leaf(isOfStep(where.place) && choice.once(2) ? "g" : "w", IndexSet::Element);
  return {"norm" + bracketed(set) + "(%0)", {folded}, set};
}

Expression ExpressionMaker::reduction(const Where &where, bool isCondition) {
  static const std::array plain = {"sum", "mean", "max", "min", "norm", "norm1", "norminf"};
  std::vector<IndexSet> mayBe = targets(where);
  if (mayBe.empty())
    return isCondition ? conditionLeaf(where) : numberLeaf(where);
  IndexSet to = choice.from(mayBe);
  ++reductions;
  Where inner = where.deeper();
  inner.finest = IndexSet::Element;
  if (to == IndexSet::Model)
    inner.guards = {-1}; // it folds tensors of which nothing is known
  std::vector<IndexSet> finer = groups.sets;
  finer.emplace_back(IndexSet::Tensor);
  std::erase_if(finer, [&](IndexSet set) { return set == to || !refines(set, to) || !maySpeakOf(set, inner); });
  IndexSet from = finer.empty() || !choice.once(3) ? IndexSet::Element : choice.from(finer);
  std::string set = bracketed(to);
  Expression made;
  if (isCondition || choice.once(7)) {
    Where compared = inner;
    compared.finest = from;
    Expression folded = make("(%0 > %1)", {over(inner, from), number(compared)}, true);
    std::string name = !isCondition ? "count" : choice.once(2) ? "any" : "all";
    made = make(name + set + "(%0)", {folded}, isCondition);
  } else if (choice.once(5)) {
    made = make("dot" + set + "(%0, %1)", {over(inner, from), over(inner, from)});
  } else {
    made = make(choice.from(plain) + set + "(%0)", {over(inner, from)});
  }
  made.set = to;
  return made;
}

// ---- searches and rearrangements

Expression ExpressionMaker::search(const Where &where) {
  std::vector<IndexSet> mayBe = isOfStep(where.place) ? targets(where) : std::vector<IndexSet>();
  // What is not consecutive in memory is not searched, which is refused as E0712.
  std::erase_if(mayBe,
                [&](IndexSet set) { return (set == IndexSet::Col || set == IndexSet::Channel) && !choice.once(40); });
  if (mayBe.empty())
    return numberLeaf(where);
  IndexSet set = choice.from(mayBe);
  ++reductions;
  Where inner = where.deeper();
  if (set == IndexSet::Model)
    inner.guards = {-1};
  Where argument = inner;
  argument.finest = set;
  struct Kind {
    const char *name;
    std::array<const char *, 4> arguments;
  };
  static const std::array kinds = {Kind{"kth_largest", {"1", "3", "(1 + abs(%0))", "(0.5*%0)"}},
                                   Kind{"quantile", {"0.5", "0.9", "abs(%0)", "1"}},
                                   Kind{"simplex_threshold", {"1", "abs(%0)", "(abs(%0) + 0.1)", "%0"}}};
  const Kind &kind = choice.from(kinds);
  Expression made = make(kind.name + bracketed(set) + "(%0, %1)",
                         {elements(inner), make(choice.from(kind.arguments), {number(argument)})});
  made.set = set;
  return made;
}

Expression ExpressionMaker::rearrangement(const Where &where, bool isCondition) {
  Where inner = where.deeper();
  inner.finest = IndexSet::Element;
  std::vector<IndexSet> mayBe =
      isOfStep(where.place) && where.finest == IndexSet::Element ? targets(inner) : std::vector<IndexSet>();
  std::erase_if(mayBe, [&](IndexSet set) {
    return set == IndexSet::Col || set == IndexSet::Channel || (set == IndexSet::Model && !isCondition);
  });
  if (mayBe.empty())
    return isCondition ? conditionLeaf(where) : numberLeaf(where);
  IndexSet set = choice.from(mayBe);
  ++reductions;
  if (set == IndexSet::Model)
    inner.guards = {-1};
  Expression made;
  if (isCondition) {
    static const std::array counts = {"1", "2", "(1 + abs(%0))", "(0.3*%0)"};
    Where argument = inner;
    argument.finest = set;
    made = make("largest" + bracketed(set) + "(%0, %1)",
                {elements(inner), make(choice.from(counts), {number(argument)})}, true);
  } else {
    made = make("difference" + bracketed(set) + "(%0)", {elements(inner)});
  }
  made.set = IndexSet::Element;
  return made;
}

// ---- penalties

Expression ExpressionMaker::answer(const Where &where) {
  std::vector<Question> possible = questions;
  std::erase_if(possible, [&](const Question &question) { return !refines(where.finest, question.answer); });
  if (possible.empty() || where.place != Place::Step || !mayReduce(where))
    return arithmetic(where);
  const Question &question = choice.from(possible);
  ++reductions;
  Where inner = where.deeper();
  if (question.answer == IndexSet::Model || question.argument == IndexSet::Model)
    inner.guards = {-1};
  Where step = inner;
  step.finest = question.argument;
  Expression made = make(question.form, {elements(inner), make("(abs(%0) + 0.01)", {number(step)})});
  made.set = question.answer;
  return made;
}

} // namespace ravine::fuzz
