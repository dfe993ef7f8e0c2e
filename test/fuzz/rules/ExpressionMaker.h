// Makes well-typed expressions of the names that a rule has.
#pragma once

#include "test/fuzz/rules/Choice.h"
#include "test/fuzz/rules/Expression.h"

#include <set>

namespace ravine::fuzz {

/// Where an expression stands, which says what may stand in it.
enum class Place {
  /// In the initial value of a state of tensors or the model.
  Initial,
  /// In that of a state of anything finer.
  FineInitial,
  Condition,
  Requirement,
  /// Outside of the halves of a transform.
  Shared,
  /// In the `before` of a transform.
  Before,
  /// In a rule, or in the `after` of a transform.
  Step,
  View,
};

/// Where gradients and numbers of the model may stand.
[[nodiscard]] inline bool isOfStep(Place place) {
  return place == Place::Step || place == Place::Before;
}

/// A name that expressions may use.
struct KnownName {
  Expression use;
  std::set<Place> places;
  /// For optional states, the condition among ExpressionMaker::conditions under which the name means something.
  int guard = -1;
};

/// The groups of elements that a part speaks of.
struct Groups {
  /// Blocks of some sizes, rows, channels, columns.
  std::vector<IndexSet> sets = {};
  /// The part gets no tensor with fewer than two axes, so that rows need no condition.
  bool areAllMatrices = false;

  [[nodiscard]] bool needMatrix() const;
};

/// What a part may ask of its penalty P.
struct Question {
  /// %0 stands for the point, %1 for the step.
  std::string form;
  /// Over what the penalty takes its argument.
  IndexSet argument;
  /// Over what the answer varies: elements or the model.
  IndexSet answer;
};

/// Whether a condition says no more than that a tensor has at least two axes.
[[nodiscard]] bool decidesMatrix(const Expression &condition);

class ExpressionMaker {
public:
  explicit ExpressionMaker(Choice &choice) : choice(choice) {}

  /// What may be used from now on.
  std::vector<KnownName> names;
  /// Conditions of optional states and cases, fixed at creation.
  std::vector<Expression> conditions;
  Groups groups;
  std::vector<Question> questions;
  /// What may be folded; each reduction of another one's result costs all tensors another pass.
  size_t mostReductions = 6;

  /// A number or condition that varies over `finest` or less finely. `guard` is a condition that holds.
  [[nodiscard]] Expression number(Place place, IndexSet finest, size_t depth, int guard = -1);
  [[nodiscard]] Expression condition(Place place, IndexSet finest, size_t depth, int guard = -1);
  /// A number that varies over elements.
  [[nodiscard]] Expression elements(Place place, size_t depth, int guard = -1);

private:
  /// What is passed down from an expression to its operands.
  struct Where {
    Place place;
    IndexSet finest;
    size_t depth;
    std::set<int> guards;

    [[nodiscard]] Where deeper() const { return {place, finest, depth > 0 ? depth - 1 : 0, guards}; }
  };

  Expression number(const Where &where);
  Expression condition(const Where &where);
  Expression elements(const Where &where);
  Expression numberLeaf(const Where &where);
  Expression conditionLeaf(const Where &where);
  Expression arithmetic(const Where &where);
  Expression quotient(const Where &where);
  Expression power(const Where &where);
  Expression function(const Where &where);
  Expression callOf(const Where &where);
  Expression choiceOf(const Where &where, bool isCondition);
  Expression block(const Where &where);
  std::vector<Expression> usable(const Where &where, bool isCondition) const;

  // What gathers elements or groups of them, in Gatherings.cpp.
  Expression reduction(const Where &where, bool isCondition);
  Expression search(const Where &where);
  Expression rearrangement(const Where &where, bool isCondition);
  Expression answer(const Where &where);
  Expression over(const Where &where, IndexSet set);
  Expression somethingOver(const Where &where, IndexSet set);
  std::vector<IndexSet> targets(const Where &where);
  bool mayReduce(const Where &where) const;
  bool maySpeakOf(IndexSet set, const Where &where);
  bool knowsMatrix(const Where &where) const;

  Choice &choice;
  size_t reductions = 0;
  size_t locals = 0;
};

} // namespace ravine::fuzz
