// The items of a part, in an order in which each uses only what comes before.
#include "test/fuzz/rules/PartMaker.h"

#include <algorithm>

namespace ravine::fuzz {

namespace {

const std::set<Place> everywhere = {Place::Initial, Place::Condition, Place::Requirement, Place::Shared,
                                    Place::Before,  Place::Step,      Place::View};
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
  PartMaker(Choice &choice, PartKind kind, const std::string &name, std::string prefix, Inputs &inputs,
            bool isOfSomeTensors)
      : choice(choice), maker(choice), prefix(std::move(prefix)), inputs(inputs), isOfSomeTensors(isOfSomeTensors) {
    made.part = {kind, name, {}};
    isRule = kind == PartKind::Optimizer;
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

  void know(const std::string &name, Set set, std::set<Place> places, int guard = -1, bool isCondition = false) {
    maker.names.push_back({{name, {}, set, isCondition}, std::move(places), guard});
  }

  size_t depth() { return (isRule ? 1 : 0) + choice.below(3); }
  std::string numbered(const char *kind, size_t number) const { return prefix + kind + std::to_string(number); }

  void addPredefined() {
    know("w", Set::Element, {Place::Initial, Place::Before, Place::Step, Place::View});
    know("g", Set::Element, inStep);
    know("t", Set::Tensor, inStepAndView);
    know("step", Set::Model, inStepAndView);
    for (const char *name : {"size", "rank", "rows", "cols"})
      know(name, Set::Tensor, {Place::Condition, Place::Before, Place::Step, Place::View});
    know("matrix", Set::Tensor, {Place::Condition, Place::Before, Place::Step, Place::View}, -1, true);
  }

  // ---- hypers

  void addHypers() {
    for (size_t i = choice.below(isRule ? 5 : 3); i > 0; --i)
      addHyper(numbered("h", i));
    if (!settable.empty() && choice.once(3))
      inputs.later.insert(choice.from(settable));
  }

  void addHyper(const std::string &name) {
    static const std::array sets = {Set::Group, Set::Group, Set::Tensor, Set::Model};
    Set set = choice.from(sets);
    std::string head = "hyper " + name + (set == Set::Tensor ? " [tensor]" : set == Set::Model ? " [model]" : "");
    std::vector<double> values;
    std::set<Place> places = everywhere;
    if (set == Set::Tensor) // those are not known where the conditions of states are decided
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
    if (set != Set::Model && choice.once(3))
      inputs.odd[name] = choice.from(values);
    if (choice.once(6) && set != Set::Tensor)
      add(ItemKind::Requirement, "", "require %0", {maker.condition(Place::Requirement, Set::Group, 1)});
  }

  /// Returns values that it may have.
  std::vector<double> addReal(const std::string &name, Set set, const std::string &head, std::set<Place> places) {
    const RangeOfReals &range = choice.from(ranges);
    if (set != Set::Tensor && choice.once(4)) {
      places.erase(Place::Condition); // what is fixed at creation follows no schedule
      places.erase(Place::Initial);
      std::string schedule = choice.from(schedules);
      if (!settable.empty() && set == Set::Group && choice.once(3))
        schedule += "*abs(" + settable.back().first + ")";
      add(ItemKind::Hyper, name, head + " = clamp(%0, " + range.low + ", " + range.high + ")" + range.text,
          {leaf(schedule, Set::Model)});
      if (choice.once(2))
        inputs.returned.insert(name);
    } else {
      add(ItemKind::Hyper, name, head + " = " + range.standard + range.text);
    }
    know(name, set, places);
    if (set != Set::Tensor) {
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
    for (size_t i = isRule ? choice.below(3) : choice.once(4) ? 1 : 0; i > 0; --i) {
      Expression condition = {choice.from(ofShape), {}, Set::Tensor, true};
      std::vector<Expression> candidates;
      for (const KnownName &name : maker.names)
        if (name.places.contains(Place::Condition) && name.use.set <= Set::Group)
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

  // ---- the step

  void addStates() {
    static const std::array sets = {Set::Element, Set::Element, Set::Element, Set::Tensor, Set::Model};
    for (size_t i = choice.below(isRule ? 5 : 3); i > 0; --i) {
      State state{numbered("s", i), choice.from(sets)};
      std::string head = "state " + state.name + suffix(state.set);
      Expression initial = maker.number(Place::Initial, state.set, choice.below(3));
      if (!maker.conditions.empty() && state.set != Set::Model && choice.once(2)) {
        state.guard = static_cast<int>(choice.below(maker.conditions.size()));
        const Expression &condition = maker.conditions[static_cast<size_t>(state.guard)];
        add(ItemKind::State, state.name, head + " when %0 = %1", {condition, initial});
      } else {
        add(ItemKind::State, state.name, head + " = %0", {initial});
      }
      know(state.name, state.set, outsideToo, state.guard);
      states.push_back(state);
      if (state.set == Set::Element)
        made.storable.push_back(state.name);
    }
  }

  std::string suffix(Set set) {
    static const std::array formats = {"bf16", "f16", "f32", "f64"};
    if (set == Set::Element)
      return choice.once(4) ? std::string(" store ") + choice.from(formats) : "";
    return set == Set::Tensor ? " [tensor]" : " [model]";
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
    Expression parameter = choice.once(2) ? leaf("w", Set::Element) : maker.elements(Place::Step, 1);
    Expression gradient = choice.once(2) ? leaf("g", Set::Element) : maker.elements(Place::Step, 1);
    add(ItemKind::Let, name, "let " + name + " = inner(%0, %1)", {parameter, gradient});
    for (int i = 0; i < 3; ++i) // what it is about
      know(name, Set::Element, {Place::Step});
  }

  void addUpdate() {
    Expression change = maker.elements(Place::Step, depth() + 1);
    std::string start = made.part.kind == PartKind::Generic ? prefix + "fast" : "w";
    add(ItemKind::Equation, "w", choice.once(3) ? "w' = %0" : "w' = " + start + " - 0.01*%0", {change});
    know("w'", Set::Element, {Place::Step});
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
    Expression value = isCondition ? maker.condition(placeOf(half), Set::Element, depth())
                                   : maker.number(placeOf(half), Set::Element, depth());
    add(ItemKind::Let, name, "let " + name + " = %0", {value}, half);
    know(name, value.set, placesOf(half), -1, isCondition);
  }

  // ---- transforms

  void addHalves() {
    if (choice.once(3)) {
      std::string name = numbered("x", 9);
      Expression value = maker.number(Place::Shared, Set::Element, depth());
      add(ItemKind::Let, name, "let " + name + " = %0", {value});
      know(name, value.set, outsideToo);
    }
    size_t first = made.part.items.size();
    addBefore();
    turnRound(first);
    first = made.part.items.size();
    know("w.old", Set::Element, {Place::Step});
    know("delta", Set::Element, {Place::Step});
    addAfter();
    turnRound(first);
  }

  void addBefore() {
    if (choice.once(2))
      addLet(0, Half::Before);
    if (!choice.once(3)) {
      Expression change = maker.elements(Place::Before, depth());
      add(ItemKind::Equation, "g", choice.once(2) ? "g' = %0" : "g' = g + 0.1*%0", {change}, Half::Before);
      know("g'", Set::Element, {Place::Before});
    }
    while (nextState < states.size() && choice.once(2))
      addNextState(Half::Before);
    if (!isOfSomeTensors && choice.once(3))
      add(ItemKind::Skip, "", "skip when %0", {maker.condition(Place::Before, Set::Model, 2)}, Half::Before);
  }

  void addAfter() {
    if (choice.once(3))
      addLet(1, Half::After);
    if (choice.once(2)) {
      Expression change = maker.elements(Place::Step, depth());
      add(ItemKind::Equation, "w", choice.once(3) ? "w' = %0" : "w' = w - 0.01*%0", {change}, Half::After);
      know("w'", Set::Element, {Place::Step});
    }
    while (nextState < states.size())
      addNextState(Half::After);
  }

  void addHostValues() {
    for (size_t i = choice.below(isRule ? 3 : 2); i > 0; --i)
      add(ItemKind::Metric, numbered("m", i), "metric " + numbered("m", i) + " = %0",
          {maker.number(Place::Step, choice.once(2) ? Set::Tensor : Set::Model, depth())});
    for (size_t i = choice.below(2); i > 0; --i)
      add(ItemKind::View, numbered("v", i), "view " + numbered("v", i) + " = %0",
          {maker.elements(Place::View, depth())});
  }

  struct State {
    std::string name;
    Set set;
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

MadePart makePart(Choice &choice, PartKind kind, const std::string &name, const std::string &prefix, Inputs &inputs,
                  bool isOfSomeTensors) {
  return PartMaker(choice, kind, name, prefix, inputs, isOfSomeTensors).run();
}

} // namespace ravine::fuzz
