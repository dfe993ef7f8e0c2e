// Parts that only some tensors have.
#include "compiler/elaboration/Under.h"

#include "compiler/elaboration/Make.h"
#include "compiler/frontend/Vocabulary.h"
#include "compiler/frontend/Walk.h"

#include <limits>
#include <unordered_map>
#include <unordered_set>

namespace ravine {

using namespace ast;

namespace {

using Lets = std::vector<std::unique_ptr<LetDecl>>;

class Restriction {
public:
  explicit Restriction(const ConditionDecl &condition) : condition(condition) {}

  void restrict(Expr &expr) {
    forEachChild(expr, [&](Expr &child) { restrict(child); });
    if (auto *reduction = expr.as<Reduction>(); reduction && reduction->set == IndexSet::Model)
      reduction->under.insert(reduction->under.begin(), &condition);
  }

  template <typename Part> void declareStates(Part &part) {
    for (auto &hyper : part.hypers)
      hypers.emplace(hyper->name, hyper->set);
    for (auto &state : part.states) {
      states.emplace(state->name, state->set);
      // One number of the model exists once, whatever the tensors are.
      if (state->set != IndexSet::Model)
        state->under.insert(state->under.begin(), &condition);
    }
  }

  void visit(Lets &of) {
    for (auto &let : of) {
      lets.emplace(let->name, let->value.get());
      restrict(*let->value);
    }
  }

  void visit(std::vector<Equation> &equations) {
    for (Equation &equation : equations) {
      restrict(*equation.value);
      if (auto state = states.find(equation.target); state != states.end() && state->second == IndexSet::Model)
        equation.value = guarded(std::move(equation.value), equation);
    }
  }

  /// To be called when the lets are known.
  void visit(std::vector<std::unique_ptr<MetricDecl>> &metrics) {
    for (auto &metric : metrics) {
      restrict(*metric->value);
      visited.clear();
      if (variesOverTensors(*metric->value))
        metric->value = makeCase(condition, std::move(metric->value),
                                 makeNumber(metric->nameSpan, std::numeric_limits<double>::quiet_NaN(), false));
    }
  }

  void visit(std::vector<std::unique_ptr<ViewDecl>> &views) {
    for (auto &view : views)
      view->value = makeCase(condition, std::move(view->value), makeName(view->nameSpan, "w"));
  }

  void addCount(Lets &of) {
    if (needsCount)
      of.push_back(makeLet(countName(), condition.span, count()));
  }

private:
  std::string countName() const { return condition.name + "::count"; }

  ExprPtr count() const {
    Reduction reduction{ReductionKind::Count, "count", condition.span, IndexSet::Model, condition.span, {}, {}};
    reduction.arguments.push_back(make(condition.span, Boolean{true}));
    reduction.under.push_back(&condition);
    return make(condition.span, std::move(reduction));
  }

  ExprPtr guarded(ExprPtr value, const Equation &equation) {
    needsCount = true;
    SourceSpan span = equation.targetSpan;
    ExprPtr takesPart = makeBinary(BinaryOp::Greater, makeName(span, countName()), makeNumber(span, 0, true));
    return makeIf(std::move(takesPart), std::move(value), makeName(span, equation.target));
  }

  bool variesOverTensors(const Expr &expr) {
    if (const auto *reduction = expr.as<Reduction>())
      return reduction->set != IndexSet::Model;
    if (const auto *name = expr.as<Name>())
      return nameVaries(*name);
    bool varies = expr.as<Match>() != nullptr;
    forEachChild(expr, [&](const Expr &child) { varies = varies || variesOverTensors(child); });
    return varies;
  }

  bool nameVaries(const Name &name) {
    if (std::optional<Predefined> meaning = predefined(name.text))
      return *meaning != Predefined::Step && *meaning != Predefined::Pi;
    if (auto let = lets.find(name.text); let != lets.end())
      return visited.insert(let->second).second && variesOverTensors(*let->second);
    if (auto state = states.find(name.text); state != states.end())
      return state->second != IndexSet::Model;
    if (auto hyper = hypers.find(name.text); hyper != hypers.end())
      return hyper->second != IndexSet::Model;
    // A let of a block is part of the expression, and what a transform finds around it is of elements.
    return std::holds_alternative<const ConditionDecl *>(name.symbol) || name.text.starts_with("w.");
  }

  const ConditionDecl &condition;
  std::unordered_map<std::string, IndexSet> hypers;
  std::unordered_map<std::string, IndexSet> states;
  std::unordered_map<std::string, const Expr *> lets;
  std::unordered_set<const Expr *> visited;
  bool needsCount = false;
};

} // namespace

void putUnder(OptimizerDecl &part, const ConditionDecl &condition) {
  Restriction restriction(condition);
  for (auto &inner : part.conditions)
    inner->under.insert(inner->under.begin(), &condition);
  restriction.declareStates(part);
  restriction.visit(part.lets);
  restriction.visit(part.equations);
  restriction.visit(part.metrics);
  restriction.visit(part.views);
  restriction.addCount(part.lets);
}

void putUnder(TransformDecl &part, const ConditionDecl &condition) {
  Restriction restriction(condition);
  restriction.declareStates(part);
  restriction.visit(part.lets);
  for (TransformBlock *block : {&part.before, &part.after})
    restriction.visit(block->lets);
  for (TransformBlock *block : {&part.before, &part.after})
    restriction.visit(block->equations);
  restriction.visit(part.metrics);
  restriction.visit(part.views);
  restriction.addCount(part.lets);
}

void putUnder(Expr &expr, const ConditionDecl &condition) {
  Restriction(condition).restrict(expr);
}

} // namespace ravine
