// The inside of a pipe.
#include "compiler/elaboration/PipeAssembly.h"

#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Under.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

Equation *equationOf(TransformBlock &block, std::string_view target) {
  auto found = std::ranges::find(block.equations, target, &Equation::target);
  return found == block.equations.end() ? nullptr : &*found;
}

bool usesDifference(const TransformDecl &transform) {
  bool isUsed = false;
  auto visit = [&](const Expr &expr) {
    forEachName(expr, [&](const Name &name, const Expr &) { isUsed |= name.text == difference; });
  };
  for (const auto &let : transform.after.lets)
    visit(*let->value);
  for (const Equation &equation : transform.after.equations)
    visit(*equation.value);
  for (const auto &metric : transform.metrics)
    visit(*metric->value);
  return isUsed;
}

} // namespace

std::string PipeAssembly::claim(const std::string &name) {
  std::string claimed = name;
  for (unsigned number = 2; !insides.insert(claimed).second; ++number)
    claimed = name + "." + std::to_string(number);
  return claimed;
}

void PipeAssembly::add(Wrapper wrapper) {
  const ConditionDecl *condition = wrapper.condition.get();
  if (condition) {
    putUnder(*wrapper.transform, *condition);
    for (auto &choice : wrapper.choices)
      choice->under.insert(choice->under.begin(), condition);
    result->conditions.push_back(std::move(wrapper.condition));
  }
  append(result->conditions, wrapper.choices);
  stages.push_back({std::move(wrapper), condition});
}

void PipeAssembly::add(Flat optimizer, std::string inside) {
  rule = std::move(optimizer);
  ruleInside = std::move(inside);
  rulePosition = stages.size();
}

Flat PipeAssembly::finish() {
  checkZeroing();
  declare();
  for (Stage &stage : stages)
    addBefore(stage);
  addRule();
  for (Stage &stage : stages)
    addAfter(stage);
  if (!proposed.empty())
    result->equations.push_back({updateSpan, "w", {}, makeName(updateSpan, proposed), onlyInFullSteps});
  measure();
  result->isComposed = true;
  return std::move(result);
}

/// A gradient that is 0 stays so: whoever says it twice has hardly meant to.
void PipeAssembly::checkZeroing() {
  bool isZeroed = rule->zeroesGradient;
  for (const Stage &stage : stages) {
    bool zeroes = stage.wrapper.transform->zeroesGradient;
    if (zeroes && isZeroed)
      elaboration.report(Code::E0526, stage.wrapper.use, "the gradient is set to zero twice", "",
                         "another part of the pipe does it already: leave one of them out");
    isZeroed |= zeroes;
  }
}

/// What the host sees, in the order of the stages. Metrics wait until their names have got their meaning.
void PipeAssembly::declare() {
  auto add = [&](auto &part) {
    append(result->hypers, part.hypers);
    append(result->states, part.states);
    append(result->requirements, part.requirements);
    append(result->views, part.views);
    result->zeroesGradient |= part.zeroesGradient;
  };
  for (size_t position = 0; position <= stages.size(); ++position) {
    if (position == rulePosition)
      add(*rule);
    if (position < stages.size())
      add(*stages[position].wrapper.transform);
  }
}

void PipeAssembly::measure() {
  for (size_t position = 0; position <= stages.size(); ++position) {
    if (position == rulePosition)
      append(result->metrics, rule->metrics);
    if (position < stages.size())
      append(result->metrics, stages[position].wrapper.transform->metrics);
  }
}

void PipeAssembly::addGradient(Names &names) const {
  if (gradient != "g")
    names.emplace("g", gradient);
}

void PipeAssembly::addLets(std::vector<std::unique_ptr<LetDecl>> &lets, const Names &names) {
  for (auto &let : lets)
    rename(*let->value, names);
  append(result->lets, lets);
}

/// The value of an equation as a let, which outside of the condition is what was there before.
void PipeAssembly::addLet(const std::string &name, const Stage &stage, Equation &equation,
                          const std::string &otherwise) {
  ExprPtr value = std::move(equation.value);
  if (stage.condition)
    value = makeCase(*stage.condition, std::move(value), makeName(equation.targetSpan, otherwise));
  result->lets.push_back(makeLet(name, equation.targetSpan, std::move(value)));
}

void PipeAssembly::addBefore(Stage &stage) {
  TransformBlock &block = stage.wrapper.transform->before;
  std::string next = equationOf(block, "g") ? stage.wrapper.inside + ":g" : gradient;
  Names names = {{"g'", next}};
  addGradient(names);
  addLets(stage.wrapper.transform->lets, names);
  addLets(block.lets, names);
  auto skips = static_cast<unsigned>(result->skips.size());
  for (Equation &equation : block.equations) {
    rename(*equation.value, names);
    if (equation.target == "g") {
      addLet(next, stage, equation, gradient);
    } else {
      equation.skipsBefore = skips;
      result->equations.push_back(std::move(equation));
    }
  }
  for (Skip &skip : block.skips)
    rename(*skip.condition, names);
  append(result->skips, block.skips);
  gradient = next;
}

bool PipeAssembly::hasAfters() const {
  return std::ranges::any_of(stages, [](const Stage &stage) {
    const TransformDecl &transform = *stage.wrapper.transform;
    return !transform.after.equations.empty() || !transform.after.lets.empty() || !transform.metrics.empty();
  });
}

void PipeAssembly::addRule() {
  Names names;
  addGradient(names);
  std::optional<Equation> update = hasAfters() ? takeUpdate(*rule) : std::nullopt;
  if (update) {
    proposed = ruleInside + ":w";
    names.emplace("w'", proposed);
    updateSpan = update->targetSpan;
    rule->lets.push_back(makeLet(proposed, updateSpan, std::move(update->value)));
  }
  renameInStep(*rule, names);
  std::vector<std::unique_ptr<MetricDecl>> metrics = std::move(rule->metrics);
  rule->metrics.clear();
  appendDeclarations(*result, *rule);
  rule->metrics = std::move(metrics);
  appendStep(*result, *rule);
}

void PipeAssembly::addAfter(Stage &stage) {
  if (proposed.empty())
    return;
  TransformDecl &transform = *stage.wrapper.transform;
  std::string next = equationOf(transform.after, "w") ? stage.wrapper.inside + ":w" : proposed;
  std::string delta = stage.wrapper.inside + "::delta";
  Names names = {{"w'", next}, {"w", proposed}, {"w.old", "w"}, {difference, delta}};
  addGradient(names);
  if (usesDifference(transform)) {
    SourceSpan span = stage.wrapper.use;
    result->lets.push_back(
        makeLet(delta, span, makeBinary(BinaryOp::Subtract, makeName(span, proposed), makeName(span, "w"))));
  }
  addLets(transform.after.lets, names);
  for (Equation &equation : transform.after.equations) {
    rename(*equation.value, names);
    if (equation.target == "w") {
      updateSpan = equation.targetSpan;
      addLet(next, stage, equation, proposed);
    } else {
      equation.skipsBefore = onlyInFullSteps;
      result->equations.push_back(std::move(equation));
    }
  }
  for (auto &metric : transform.metrics)
    rename(*metric->value, names);
  proposed = next;
}

} // namespace ravine
