// The items of a rule, in an order in which each uses only what comes before, and the inputs.
#include "test/fuzz/rules/Generate.h"

#include "test/fuzz/rules/ExpressionMaker.h"

#include <algorithm>

namespace ravine::fuzz {

namespace {

const std::set<Place> everywhere = {Place::Initial, Place::Condition, Place::Requirement, Place::Step, Place::View};

/// A range, a default in it and other values from it.
struct RangeOfReals {
  const char *text;
  const char *standard;
  std::vector<double> others;
};

const std::vector<RangeOfReals> ranges = {
    {" in [0, inf)", "1e-3", {0, 0.1, 1, 30}},   {" in [0, 1)", "0.9", {0, 0.5, 0.999}},
    {" in (0, inf)", "1e-8", {1e-3, 1, 1e4}},    {" in (-10, 10)", "0.7", {-9.5, -1, 0, 3}},
    {" in [0.25, 1/3]", "0.3", {0.25, 0.28125}}, {"", "1.5", {-2, 0, 0.1, 1e6}},
};

class Generator {
public:
  explicit Generator(uint64_t seed) : choice(seed), maker(choice) { subject.seed = seed; }

  Subject run() {
    addPredefined();
    addHypers();
    addPolicies();
    addConditions();
    addStates();
    addStep();
    addHostValues();
    addTensors();
    return std::move(subject);
  }

private:
  void add(ItemKind kind, const std::string &name, const std::string &form, std::vector<Expression> expressions = {}) {
    subject.rule.items.push_back({kind, name, form, std::move(expressions)});
  }

  void know(const std::string &name, Set set, std::set<Place> places, int guard = -1, bool isCondition = false) {
    maker.names.push_back({{name, {}, set, isCondition}, std::move(places), guard});
  }

  size_t depth() { return 1 + choice.below(3); }

  void addPredefined() {
    know("w", Set::Element, {Place::Initial, Place::Step, Place::View});
    know("g", Set::Element, {Place::Step});
    know("t", Set::Tensor, {Place::Step, Place::View});
    know("step", Set::Model, {Place::Step, Place::View});
    know("size", Set::Tensor, {Place::Condition, Place::Step, Place::View});
    know("rank", Set::Tensor, {Place::Condition, Place::Step, Place::View});
    know("matrix", Set::Tensor, {Place::Condition, Place::Step, Place::View}, -1, true);
  }

  // ---- hypers

  void addHypers() {
    for (size_t i = choice.below(5); i > 0; --i)
      addHyper("h" + std::to_string(i));
    if (!settable.empty() && choice.once(4))
      subject.inputs.later.insert(choice.from(settable));
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
    default: {
      const RangeOfReals &range = choice.from(ranges);
      add(ItemKind::Hyper, name, head + " = " + range.standard + range.text);
      know(name, set, places);
      values = range.others;
      if (set != Set::Tensor) {
        settable.push_back({name, values.front()});
      }
    }
    }
    if (choice.once(2))
      subject.inputs.hypers[name] = choice.from(values);
    if (set != Set::Model && choice.once(3))
      subject.inputs.odd[name] = choice.from(values);
    if (choice.once(6) && set != Set::Tensor)
      add(ItemKind::Requirement, "", "require %0", {maker.condition(Place::Requirement, Set::Group, 1)});
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
    static const std::array<const char *, 5> ofShape = {"(size > 16)", "matrix", "(rank == 1)", "(size <= 4095)",
                                                        "(rank < size)"};
    for (size_t i = choice.below(3); i > 0; --i) {
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
        subject.inputs.later.clear();
      }
      if (std::ranges::none_of(maker.conditions, [&](const Expression &it) { return it.text() == condition.text(); }))
        maker.conditions.push_back(condition);
    }
  }

  // ---- the step

  void addStates() {
    static const std::array sets = {Set::Element, Set::Element, Set::Element, Set::Tensor, Set::Model};
    for (size_t i = choice.below(5); i > 0; --i) {
      State state{"s" + std::to_string(i), choice.from(sets)};
      std::string head = "state " + state.name + suffix(state.set);
      Expression initial = maker.number(Place::Initial, state.set, choice.below(3));
      if (!maker.conditions.empty() && state.set != Set::Model && choice.once(2)) {
        state.guard = static_cast<int>(choice.below(maker.conditions.size()));
        const Expression &condition = maker.conditions[static_cast<size_t>(state.guard)];
        add(ItemKind::State, state.name, head + " when %0 = %1", {condition, initial});
      } else {
        add(ItemKind::State, state.name, head + " = %0", {initial});
      }
      know(state.name, state.set, {Place::Step, Place::View}, state.guard);
      states.push_back(state);
    }
  }

  static std::string suffix(Set set) { return set == Set::Tensor ? " [tensor]" : set == Set::Model ? " [model]" : ""; }

  void addStep() {
    size_t first = subject.rule.items.size();
    size_t lets = choice.below(5), definitions = states.size() + lets + 1, parameterAt = choice.below(definitions);
    for (size_t i = 0; i < definitions; ++i)
      if (i == parameterAt)
        addUpdate();
      else if (lets == 0 || choice.once(2))
        addNextState();
      else
        addLet(--lets);
    while (lets > 0)
      addLet(--lets);
    while (nextState < states.size())
      addNextState();
    if (choice.once(2)) // order means nothing
      std::ranges::reverse(subject.rule.items.begin() + static_cast<ptrdiff_t>(first), subject.rule.items.end());
  }

  void addUpdate() {
    Expression change = maker.elements(Place::Step, depth() + 1);
    add(ItemKind::Equation, "w", choice.once(3) ? "w' = %0" : "w' = w - 0.01*%0", {change});
    know("w'", Set::Element, {Place::Step});
  }

  void addNextState() {
    if (nextState == states.size())
      return;
    const State &state = states[nextState++];
    Expression next = maker.number(Place::Step, state.set, depth(), state.guard);
    add(ItemKind::Equation, state.name,
        state.name + "' = " + (choice.once(2) ? "%0" : "0.9*" + state.name + " + 0.1*%0"), {next});
    know(state.name + "'", state.set, {Place::Step}, state.guard);
  }

  void addLet(size_t number) {
    std::string name = "x" + std::to_string(number);
    bool isCondition = choice.once(5);
    Expression value = isCondition ? maker.condition(Place::Step, Set::Element, depth())
                                   : maker.number(Place::Step, Set::Element, depth());
    add(ItemKind::Let, name, "let " + name + " = %0", {value});
    know(name, value.set, {Place::Step}, -1, isCondition);
  }

  void addHostValues() {
    for (size_t i = choice.below(3); i > 0; --i)
      add(ItemKind::Metric, "m" + std::to_string(i), "metric m" + std::to_string(i) + " = %0",
          {maker.number(Place::Step, choice.once(2) ? Set::Tensor : Set::Model, depth())});
    for (size_t i = choice.below(2); i > 0; --i)
      add(ItemKind::View, "v" + std::to_string(i), "view v" + std::to_string(i) + " = %0",
          {maker.elements(Place::View, depth())});
  }

  // ---- inputs

  void addTensors() {
    static const std::vector<std::vector<int64_t>> small = {
        {},        {0},  {1},  {2, 3}, {7},   {8},    {15},      {4, 4},    {17},     {3, 0, 2},
        {2, 3, 5}, {33}, {64}, {1, 1}, {127}, {1000}, {13, 315}, {5, 1, 9}, {65, 63}, {4095}};
    static const std::vector<std::vector<int64_t>> large = {{70001}, {256, 257}, {65536}, {1, 131073, 1}, {65537}};
    static const std::array numbers = {Numbers::Ordinary, Numbers::Ordinary, Numbers::Mild,     Numbers::Mild,
                                       Numbers::Extreme,  Numbers::Zero,     Numbers::NonFinite};
    Inputs &inputs = subject.inputs;
    inputs.steps = 1 + choice.below(4);
    size_t count = 1 + choice.below(6), largeAt = choice.once(6) ? choice.below(count) : count;
    bool isMild = choice.once(2); // NaN in one tensor reaches all others through the numbers of the model
    for (size_t i = 0; i < count; ++i) {
      TensorInput tensor{i == largeAt ? choice.from(large) : choice.from(small),
                         isMild ? Numbers::Mild : choice.from(numbers), choice.bits() >> 12};
      for (size_t step = 0; step < inputs.steps; ++step)
        if (choice.once(6))
          tensor.absent.push_back(static_cast<int64_t>(step));
      inputs.tensors.push_back(std::move(tensor));
    }
  }

  struct State {
    std::string name;
    Set set;
    int guard = -1;
  };

  Choice choice;
  ExpressionMaker maker;
  Subject subject;
  std::vector<State> states;
  size_t nextState = 0;
  /// Hypers that may change between steps, with a value that each may have.
  std::vector<std::pair<std::string, double>> settable;
};

} // namespace

Subject generate(uint64_t seed) {
  return Generator(seed).run();
}

} // namespace ravine::fuzz
