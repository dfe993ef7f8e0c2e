// What is stored varies over nothing finer than its place: a state of the model is one number, whatever defines it.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/IndexSetWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"
#include "compiler/frontend/Walk.h"

namespace ravine {

using namespace ast;

namespace {

/// What makes `value` vary over `set`: a use of a name or a reduction, those inside its lets not looked at.
const Expr *causeIn(const Expr &value, IndexSet set) {
  if (value.type.set != set)
    return nullptr;
  if (value.as<Name>() || value.as<Reduction>())
    return &value;
  if (const auto *block = value.as<Block>())
    return causeIn(*block->value, set);
  const Expr *cause = nullptr;
  forEachChild(value, [&](const Expr &child) { cause = cause ? cause : causeIn(child, set); });
  return cause ? cause : &value;
}

/// The same, through lets.
const Expr &rootOf(const Expr &cause) {
  const auto *name = cause.as<Name>();
  const auto *let = name ? std::get_if<const LetDecl *>(&name->symbol) : nullptr;
  const Expr *inner = let ? causeIn(*(*let)->value, cause.type.set) : nullptr;
  return inner ? rootOf(*inner) : cause;
}

class IndexSetChecker {
public:
  explicit IndexSetChecker(CheckContext &context) : context(context) {}

  void run() {
    for (auto &state : context.optimizer.states) {
      checkStored(*state, *state->initial, /*isInitial=*/true);
      bool isOfTensors = !state->set.isOfGroups() && state->set != IndexSet::Element;
      if (isOfTensors && state->storage != Storage::Compute)
        context.report(Code::E0341, state->nameSpan,
                       "the state " + quote(state->name) + " is one number of a tensor or of the model",
                       "such numbers are always f64", "declare it without `store`");
      if (state->condition && state->set == IndexSet::Model)
        context.report(Code::E0703, state->conditionSpan,
                       "the state " + quote(state->name) + " of the model cannot be optional", "",
                       "declare it without `when`: it is one number");
    }
    for (Equation &equation : context.optimizer.equations)
      if (const auto *state = std::get_if<const StateDecl *>(&equation.symbol))
        checkStored(**state, *equation.value, /*isInitial=*/false);
    for (auto &metric : context.optimizer.metrics)
      checkMetric(*metric);
  }

private:
  void checkStored(const StateDecl &state, const Expr &value, bool isInitial) {
    if (refines(state.set, value.type.set))
      return;
    const Expr &use = *causeIn(value, value.type.set);
    const Expr &root = rootOf(use);
    std::string subject = isInitial ? "the initial value of " : "the next value of ";
    std::string holds = "one number for " + std::string(state.set == IndexSet::Model ? "the " : "each ") +
                        std::string(nameOfMembers(state.set, Plural::No));
    std::vector<Note> notes;
    if (&root != &use)
      notes.push_back({root.span, "because this " + std::string(howItVaries(root.type.set))});
    addDeclaration(root, notes);
    context.report(Code::E0506, use.span,
                   subject + quote(state.name) + " " + std::string(howItVaries(value.type.set)) + ", but " +
                       quote(state.name) + " holds " + holds,
                   "this " + std::string(howItVaries(use.type.set)), hintFor(state, root, isInitial), std::move(notes));
  }

  static void addDeclaration(const Expr &root, std::vector<Note> &notes) {
    const auto *name = root.as<Name>();
    if (!name)
      return;
    if (const auto *hyper = std::get_if<const HyperDecl *>(&name->symbol))
      notes.push_back({(*hyper)->nameSpan, quote((*hyper)->name) + " is declared here, for each " +
                                               ((*hyper)->set == IndexSet::Group ? "parameter group" : "tensor")});
    else if (const auto *state = std::get_if<const StateDecl *>(&name->symbol))
      notes.push_back({(*state)->nameSpan, quote((*state)->name) + " is declared here, for each " +
                                               std::string(nameOfMembers((*state)->set, Plural::No))});
  }

  static std::string hintFor(const StateDecl &state, const Expr &root, bool isInitial) {
    std::string set = spelling(state.set);
    bool isFiner = root.type.set == IndexSet::Element || refines(root.type.set, state.set);
    std::string per = root.type.set == IndexSet::Element ? "" : " [" + spelling(root.type.set) + "]";
    std::string declared = "declare `state " + state.name + per + "` for one number for each " +
                           std::string(nameOfMembers(root.type.set, Plural::No));
    // Rows and columns cross each other.
    if (!isFiner)
      return declared + ", or fold it over the tensor first";
    if (root.type.set == IndexSet::Element || root.type.set.isOfGroups())
      return isInitial ? "begin with a number or a hyper"
                       : "fold it by a reduction, such as `mean[" + set + "](…)`" +
                             (state.set.kind > IndexSet::Tensor ? ", or " + declared : "");
    const auto *name = root.as<Name>();
    if (const auto *hyper = name ? std::get_if<const HyperDecl *>(&name->symbol) : nullptr)
      return "declare `hyper " + (*hyper)->name + " [model]`, one number for all of them";
    const auto *predefined = name ? std::get_if<Predefined>(&name->symbol) : nullptr;
    if (predefined && *predefined == Predefined::T)
      return "use `step`, which counts the steps of the optimizer, or " + declared;
    if (const auto *reduction = root.as<Reduction>())
      return "fold over the model, `" + reduction->name + "[model](…)`, or " + declared;
    return declared;
  }

  void checkMetric(const MetricDecl &metric) {
    IndexSet set = metric.value->type.set;
    if (set != IndexSet::Element && !set.isOfGroups())
      return;
    if (metric.isOfPenalty) {
      const auto *membership = metric.value->as<If>();
      const Expr &said = membership ? *membership->condition : *metric.value;
      return context.report(
          Code::E0507, said.span,
          membership ? "whether the argument lies in the set " + std::string(howItVaries(set))
                     : "the value of a penalty " + std::string(howItVaries(set)),
          std::string("expected one ") + (membership ? "condition" : "number") + " for the whole argument",
          membership ? "fold it by a reduction, such as `all(…)`" : "fold it by a reduction, such as `sum(…)`");
    }
    context.report(Code::E0507, metric.value->span,
                   "the metric " + quote(metric.name) + " " + std::string(howItVaries(set)), "",
                   "fold it by a reduction, such as `norm[model](…)` or `mean[tensor](…)`");
  }

  CheckContext &context;
};

} // namespace

void checkIndexSets(CheckContext &context) {
  IndexSetChecker(context).run();
}

} // namespace ravine
