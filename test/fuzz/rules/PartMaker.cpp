// The items of a part, in an order in which each uses only what comes before.
#include "test/fuzz/rules/PartMaker.h"

#include <algorithm>

namespace ravine::fuzz {

namespace {

const std::set<Place> everywhere = {Place::Initial, Place::FineInitial, Place::Condition, Place::Requirement,
                                    Place::Shared,  Place::Before,      Place::Step,      Place::View};
const std::set<Place> whereShapeIsKnown = {Place::FineInitial, Place::Condition, Place::Before, Place::Step,
                                           Place::View};
const std::set<Place> inStep = {Place::Before, Place::Step};
const std::set<Place> inStepAndView = {Place::Before, Place::Step, Place::View};
const std::set<Place> outsideToo = {Place::Shared, Place::Before, Place::Step, Place::View};

/// A range, a default in it and other values from it, the least and the greatest of those that schedules may take.
struct RangeOfReals {
  const char *text;
  const char *standard;
  std::vector<double> others;
  const char *low, *high;
};

const std::vector<RangeOfReals> ranges = {
    {" in [0, inf)", "1e-3", {0, 0.1, 1, 30}, "0", "30"},
    {" in [0, 1)", "0.9", {0, 0.5, 0.999}, "0", "0.999"},
    {" in (0, inf)", "1e-8", {1e-3, 1, 1e4}, "1e-3", "1e4"},
    {" in (-10, 10)", "0.7", {-9.5, -1, 0, 3}, "-9.5", "3"},
    {" in [0.25, 1/3]", "0.3", {0.25, 0.28125}, "0.25", "0.28125"},
    {"", "1.5", {-2, 0, 0.1, 1e6}, "-2", "7"},
};

const std::array schedules = {"ramp",
                              "0.1*(ramp(2) then wave)",
                              "(fall(2) then ramp then wave(3))",
                              "step/4",
                              "fall*ramp(2)",
                              "1/(1 + step)",
                              "(ramp then 0.5)",
                              "lerp(ramp, wave, share = 0.25)",
                              "(if step > 2 then 0.3 else wave)"};

class PartMaker {
public:
  PartMaker(Choice &choice, const Wanted &wanted, Inputs &inputs)
      : choice(choice), maker(choice), prefix(wanted.prefix), inputs(inputs), isOfSomeTensors(wanted.isOfSomeTensors) {
    made.part = {wanted.kind, wanted.name, {}};
    isRule = wanted.kind == PartKind::Optimizer;
    maker.groups = wanted.groups;
    if (!isRule)
      maker.mostReductions = 2;
  }

  MadePart run() {
    addPredefined();
    addHypers();
    if (isRule)
      addPolicies();
    addConditions();
    addStates();
    if (isRule && choice.once(4))
      addPenalty();
    if (made.part.kind == PartKind::Transform)
      addHalves();
    else
      addStep();
    addHostValues();
    std::erase_if(made.adjustable, [&](const Adjustable &hyper) { return isFixed(hyper.name); });
    return std::move(made);
  }

private:
  void add(ItemKind kind, const std::string &name, const std::string &form, std::vector<Expression> expressions = {},
           Half half = Half::None) {
    made.part.items.push_back({kind, name, form, std::move(expressions), half});
  }

  void know(const std::string &name, IndexSet set, std::set<Place> places, int guard = -1, bool isCondition = false) {
    maker.names.push_back({{name, {}, set, isCondition}, std::move(places), guard});
  }

  size_t depth() { return (isRule ? 1 : 0) + choice.below(3); }
  std::string numbered(const char *kind, size_t number) const { return prefix + kind + std::to_string(number); }

  void addPredefined() {
    know("w", IndexSet::Element, {Place::FineInitial, Place::Before, Place::Step, Place::View});
    know("g", IndexSet::Element, inStep);
    know("t", IndexSet::Tensor, inStepAndView);
    know("step", IndexSet::Model, inStepAndView);
    for (const char *name : {"size", "rank", "rows", "cols", "channels"})
      know(name, IndexSet::Tensor, whereShapeIsKnown);
    know("matrix", IndexSet::Tensor, whereShapeIsKnown, -1, true);
  }

  // ---- hypers

  void addHypers() {
    for (size_t i = choice.below(isRule ? 5 : 3); i > 0; --i)
      addHyper(numbered("h", i));
    if (!settable.empty() && choice.once(3))
      inputs.later.insert(choice.from(settable));
  }

  void addHyper(const std::string &name) {
    static const std::array sets = {IndexSet::Group, IndexSet::Group, IndexSet::Tensor, IndexSet::Model};
    IndexSet set = choice.from(sets);
    std::string head = "hyper " + name +
                       (set == IndexSet::Tensor  ? " [tensor]"
                        : set == IndexSet::Model ? " [model]"
                                                 : "");
    std::vector<double> values;
    std::set<Place> places = everywhere;
    if (set == IndexSet::Tensor) // those are not known where the conditions of states are decided
      places.erase(Place::Condition);
    switch (choice.below(6)) {
    case 0:
      add(ItemKind::Hyper, name, head + " : int = 3 in 1..10");
      know(name, set, places);
      values = {1, 2, 4, 10};
      break;
    case 1:
      add(ItemKind::Hyper, name, head + (choice.once(2) ? " = true" : " = false"));
      know(name, set, places, -1, true);
      values = {0, 1};
      break;
    case 2:
      add(ItemKind::Hyper, name, head + " : enum(red, green, blue) = green");
      maker.names.push_back({{"(" + name + " == red)", {}, set, true}, places});
      maker.names.push_back({{"(" + name + " != blue)", {}, set, true}, places});
      values = {0, 1, 2};
      break;
    default:
      values = addReal(name, set, head, places);
    }
    if (choice.once(2))
      inputs.hypers[name] = choice.from(values);
    if (set != IndexSet::Model && choice.once(3))
      inputs.odd[name] = choice.from(values);
    if (choice.once(6) && set != IndexSet::Tensor)
      add(ItemKind::Requirement, "", "require %0", {maker.condition(Place::Requirement, IndexSet::Group, 1)});
  }

  /// Returns values that it may have.
  std::vector<double> addReal(const std::string &name, IndexSet set, const std::string &head, std::set<Place> places) {
    const RangeOfReals &range = choice.from(ranges);
    if (set != IndexSet::Tensor && choice.once(4)) {
      places.erase(Place::Condition); // what is fixed at creation follows no schedule
      places.erase(Place::Initial);
      places.erase(Place::FineInitial);
      std::string schedule = choice.from(schedules);
      if (!settable.empty() && set == IndexSet::Group && choice.once(3))
        schedule += "*abs(" + settable.back().first + ")";
      add(ItemKind::Hyper, name, head + " = clamp(%0, " + range.low + ", " + range.high + ")" + range.text,
          {leaf(schedule, IndexSet::Model)});
      if (choice.once(2))
        inputs.returned.insert(name);
    } else {
      add(ItemKind::Hyper, name, head + " = " + range.standard + range.text);
    }
    know(name, set, places);
    if (set != IndexSet::Tensor) {
      settable.push_back({name, range.others.front()});
      made.adjustable.push_back({name, range.low, range.high, set});
    }
    return range.others;
  }

  /// Whether a hyper stands where what it is has to be known at creation.
  bool isFixed(const std::string &name) const {
    return std::ranges::any_of(made.part.items,
                               [&](const Item &item) {
                                 return item.kind == ItemKind::State && item.text().find(name) != std::string::npos;
                               }) ||
           std::ranges::any_of(maker.conditions, [&](const Expression &condition) {
             return condition.text().find(name) != std::string::npos;
           });
  }

  void addPolicies() {
    if (choice.once(8))
      add(ItemKind::Policy, "", "denormals keep");
    static const std::array policies = {"nonfinite skip", "nonfinite error", "nonfinite propagate"};
    if (choice.once(4))
      add(ItemKind::Policy, "", choice.from(policies));
  }

  /// Conditions that mention a name, so that they are no constants.
  void addConditions() {
    static const std::array<const char *, 8> ofShape = {
        "(size > 16)",   "matrix",        "(rank == 1)",        "(size <= 4095)",
        "(rank < size)", "(rows > cols)", "name(\"*.weight\")", "group(\"odd*\", \"none\")"};
    if (maker.groups.needMatrix() && !maker.groups.areAllMatrices)
      maker.conditions.push_back({choice.once(3) ? "(rank >= 2)" : "matrix", {}, IndexSet::Tensor, true});
    for (size_t i = isRule ? choice.below(3) : choice.once(4) ? 1 : 0; i > 0; --i) {
      Expression condition = {choice.from(ofShape), {}, IndexSet::Tensor, true};
      std::vector<Expression> candidates;
      for (const KnownName &name : maker.names)
        if (name.places.contains(Place::Condition) && refines(IndexSet::Group, name.use.set))
          candidates.push_back(name.use);
      if (!candidates.empty() && choice.once(2)) {
        condition = choice.from(candidates);
        if (!condition.isCondition)
          condition = {"(%0 > 0)", {condition}, condition.set, true};
        // What is decided at creation stays as it is.
        std::erase_if(inputs.later,
                      [&](const auto &it) { return condition.text().find(it.first) != std::string::npos; });
      }
      if (std::ranges::none_of(maker.conditions, [&](const Expression &it) { return it.text() == condition.text(); }))
        maker.conditions.push_back(condition);
    }
  }

  // ---- penalties

  struct Penalty {
    /// A use of it with %0 for the index set.
    const char *use;
    bool mayGoByColumns;
    bool hasValue;
  };

  /// Gives the part a penalty, which it then may ask.
  void addPenalty() {
    static const std::vector<Penalty> penalties = {
        {"group_lasso%(lambda = 0.3)", true, true},
        {"sparse_group_lasso%(lambda1 = 0.1, lambda2 = 0.2)", true, true},
        {"group_l0%", true, true},
        {"2*group_lasso%", true, true},
        {"group_lasso%(lambda = 0.1) + ridge", true, true},
        {"l2_ball%(radius = 0.5)", true, false},
        {"affine_sum%", true, false},
        {"halfspace%", true, false},
        {"unit_sphere%", true, false},
        {"simplex%", false, false},
        {"l1_ball%(radius = 2)", false, false},
        {"k_sparse%(k = 3)", false, false},
        {"k_winners%", false, false},
    };
    std::vector<IndexSet> sets = maker.groups.sets;
    sets.insert(sets.end(), sets.begin(), sets.end());
    sets.emplace_back(IndexSet::Tensor);
    sets.emplace_back(IndexSet::Model);
    IndexSet set = choice.from(sets);
    const Penalty *penalty = &choice.from(penalties);
    while (!penalty->mayGoByColumns && (set == IndexSet::Col || set == IndexSet::Channel))
      penalty = &choice.from(penalties);
    std::string use = penalty->use;
    use.replace(use.find('%'), 1, "[" + spelling(set) + "]");
    bool needsMatrix = set.needsMatrix() && !maker.groups.areAllMatrices;
    if (needsMatrix)
      use = "select { far: matrix -> " + use + "; _ -> l1 }";
    made.part.penalty = use;
    for (int i = 0; i < 2; ++i) // what it is about
      maker.questions.push_back({"P.prox(%0, %1)", set, IndexSet::Element});
    if (penalty->hasValue)
      maker.questions.push_back({"P.value(%0)", set, IndexSet::Model});
    if (choice.once(2))
      inputs.hypers["lambda"] = 0.05;
  }

  // ---- the step

  void addStates() {
    static const std::array sets = {IndexSet::Element, IndexSet::Element, IndexSet::Element, IndexSet::Tensor,
                                    IndexSet::Model};
    for (size_t i = choice.below(isRule ? 5 : 3); i > 0; --i) {
      State state{numbered("s", i), choice.from(sets)};
      if (!maker.groups.sets.empty() && choice.once(2))
        state.set = choice.from(maker.groups.sets);
      // Rows are there for matrices alone, which is the first condition.
      bool needsMatrix = state.set.needsMatrix() && !maker.groups.areAllMatrices;
      if (needsMatrix)
        state.guard = 0;
      else if (!maker.conditions.empty() && !(state.set == IndexSet::Model) && choice.once(2))
        state.guard = static_cast<int>(choice.below(maker.conditions.size()));
      std::string head = "state " + state.name + suffix(state.set);
      bool isFine = state.set.isOfGroups() || state.set == IndexSet::Element;
      Expression initial =
          maker.number(isFine ? Place::FineInitial : Place::Initial, state.set, choice.below(3), state.guard);
      if (state.guard >= 0) {
        const Expression &condition = maker.conditions[static_cast<size_t>(state.guard)];
        add(ItemKind::State, state.name, head + " when %0 = %1", {condition, initial});
      } else {
        add(ItemKind::State, state.name, head + " = %0", {initial});
      }
      know(state.name, state.set, outsideToo, state.guard);
      states.push_back(state);
      if (isFine)
        made.storable.push_back(state.name);
    }
  }

  std::string suffix(IndexSet set) {
    static const std::array formats = {"bf16", "f16", "f32", "f64"};
    std::string text = set == IndexSet::Element ? "" : " [" + spelling(set) + "]";
    bool isStored = set == IndexSet::Element || set.isOfGroups();
    return isStored && choice.once(4) ? text + " store " + choice.from(formats) : text;
  }

  void addStep() {
    if (made.part.kind == PartKind::Generic)
      addInner();
    size_t first = made.part.items.size();
    size_t lets = choice.below(isRule ? 5 : 2), definitions = states.size() + lets + 1,
           parameterAt = choice.below(definitions);
    for (size_t i = 0; i < definitions; ++i)
      if (i == parameterAt)
        addUpdate();
      else if (lets == 0 || choice.once(2))
        addNextState(Half::None);
      else
        addLet(--lets, Half::None);
    while (lets > 0)
      addLet(--lets, Half::None);
    while (nextState < states.size())
      addNextState(Half::None);
    turnRound(first);
  }

  /// Order means nothing.
  void turnRound(size_t first) {
    if (choice.once(2))
      std::ranges::reverse(made.part.items.begin() + static_cast<ptrdiff_t>(first), made.part.items.end());
  }

  void addInner() {
    std::string name = prefix + "fast";
    Expression parameter = choice.once(2) ? leaf("w", IndexSet::Element) : maker.elements(Place::Step, 1);
    Expression gradient = choice.once(2) ? leaf("g", IndexSet::Element) : maker.elements(Place::Step, 1);
    add(ItemKind::Let, name, "let " + name + " = inner(%0, %1)", {parameter, gradient});
    for (int i = 0; i < 3; ++i) // what it is about
      know(name, IndexSet::Element, {Place::Step});
  }

  void addUpdate() {
    Expression change = maker.elements(Place::Step, depth() + 1);
    std::string start = made.part.kind == PartKind::Generic ? prefix + "fast" : "w";
    std::string form = choice.once(3) ? "%0" : start + " - 0.01*%0";
    bool isProximal = !maker.questions.empty() && choice.once(2);
    add(ItemKind::Equation, "w", "w' = " + (isProximal ? "P.prox(" + form + ", 0.1)" : form), {change});
    know("w'", IndexSet::Element, {Place::Step});
  }

  void addNextState(Half half) {
    if (nextState == states.size())
      return;
    const State &state = states[nextState++];
    Expression next = maker.number(placeOf(half), state.set, depth(), state.guard);
    add(ItemKind::Equation, state.name,
        state.name + "' = " + (choice.once(2) ? "%0" : "0.9*" + state.name + " + 0.1*%0"), {next}, half);
    know(state.name + "'", state.set, placesOf(half), state.guard);
  }

  static Place placeOf(Half half) { return half == Half::Before ? Place::Before : Place::Step; }
  static std::set<Place> placesOf(Half half) { return half == Half::Before ? inStep : std::set{Place::Step}; }

  void addLet(size_t number, Half half) {
    std::string name = numbered("x", number);
    bool isCondition = choice.once(5);
    const std::vector<IndexSet> &groups = maker.groups.sets;
    IndexSet finest = groups.empty() || !choice.once(3) ? IndexSet(IndexSet::Element) : choice.from(groups);
    Expression value =
        isCondition ? maker.condition(placeOf(half), finest, depth()) : maker.number(placeOf(half), finest, depth());
    add(ItemKind::Let, name, "let " + name + " = %0", {value}, half);
    know(name, value.set, placesOf(half), -1, isCondition);
  }

  // ---- transforms

  void addHalves() {
    if (choice.once(3)) {
      std::string name = numbered("x", 9);
      Expression value = maker.number(Place::Shared, IndexSet::Element, depth());
      add(ItemKind::Let, name, "let " + name + " = %0", {value});
      know(name, value.set, outsideToo);
    }
    size_t first = made.part.items.size();
    addBefore();
    turnRound(first);
    first = made.part.items.size();
    know("w.old", IndexSet::Element, {Place::Step});
    know("delta", IndexSet::Element, {Place::Step});
    addAfter();
    turnRound(first);
  }

  void addBefore() {
    if (choice.once(2))
      addLet(0, Half::Before);
    if (!choice.once(3)) {
      Expression change = maker.elements(Place::Before, depth());
      add(ItemKind::Equation, "g", choice.once(2) ? "g' = %0" : "g' = g + 0.1*%0", {change}, Half::Before);
      know("g'", IndexSet::Element, {Place::Before});
    }
    while (nextState < states.size() && choice.once(2))
      addNextState(Half::Before);
    if (!isOfSomeTensors && choice.once(3))
      add(ItemKind::Skip, "", "skip when %0", {maker.condition(Place::Before, IndexSet::Model, 2)}, Half::Before);
  }

  void addAfter() {
    if (choice.once(3))
      addLet(1, Half::After);
    if (choice.once(2)) {
      Expression change = maker.elements(Place::Step, depth());
      add(ItemKind::Equation, "w", choice.once(3) ? "w' = %0" : "w' = w - 0.01*%0", {change}, Half::After);
      know("w'", IndexSet::Element, {Place::Step});
    }
    while (nextState < states.size())
      addNextState(Half::After);
  }

  void addHostValues() {
    for (size_t i = choice.below(isRule ? 3 : 2); i > 0; --i)
      add(ItemKind::Metric, numbered("m", i), "metric " + numbered("m", i) + " = %0",
          {maker.number(Place::Step, choice.once(2) ? IndexSet::Tensor : IndexSet::Model, depth())});
    for (size_t i = choice.below(2); i > 0; --i)
      add(ItemKind::View, numbered("v", i), "view " + numbered("v", i) + " = %0",
          {maker.elements(Place::View, depth())});
  }

  struct State {
    std::string name;
    IndexSet set;
    int guard = -1;
  };

  Choice &choice;
  ExpressionMaker maker;
  std::string prefix;
  Inputs &inputs;
  bool isOfSomeTensors;
  MadePart made;
  bool isRule = true;
  std::vector<State> states;
  size_t nextState = 0;
  /// Hypers that may change between steps, with a value that each may have.
  std::vector<std::pair<std::string, double>> settable;
};

} // namespace

MadePart makePart(Choice &choice, const Wanted &wanted, Inputs &inputs) {
  return PartMaker(choice, wanted, inputs).run();
}

} // namespace ravine::fuzz
