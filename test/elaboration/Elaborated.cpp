// Runs a program through loading, elaboration and the checker.
#include "test/elaboration/Elaborated.h"

#include "compiler/diagnostics/Render.h"
#include "compiler/elaboration/WrittenExpression.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <stdexcept>

namespace ravine::test {

using namespace ast;

namespace {

std::string listed(const std::vector<const ConditionDecl *> &under) {
  std::string text;
  for (const ConditionDecl *condition : under)
    text += (text.empty() ? " under " : ", ") + condition->name;
  return text;
}

std::string setOf(IndexSet set, IndexSet usual) {
  return set == usual ? "" : " [" + std::string(spelling(set)) + "]";
}

} // namespace

Elaborated::Elaborated(std::string source, std::map<std::string, std::string> files) {
  uint32_t file = sources.add("rule.rvn", std::move(source));
  auto read = [files = std::move(files)](std::string_view, std::string_view path) -> std::optional<SourceText> {
    auto found = files.find(std::string(path));
    return found == files.end() ? std::nullopt : std::optional(SourceText{found->first, found->second});
  };
  program = load(sources, std::span(&file, 1), read, diagnostics);
  modules = elaborate(sources, program, diagnostics);
  for (auto &module : modules)
    check(sources, *module, diagnostics);
}

std::string Elaborated::codes() const {
  std::string text;
  for (const Diagnostic &diagnostic : diagnostics.all())
    text += (text.empty() ? "" : " ") + std::string(spelling(diagnostic.code));
  return text;
}

std::string Elaborated::messages() const {
  return render(sources, diagnostics);
}

const OptimizerDecl &Elaborated::optimizer(std::string_view name) const {
  for (const auto &module : modules)
    for (const auto &optimizer : module->optimizers)
      if (optimizer->name == name)
        return *optimizer;
  throw std::runtime_error("no optimizer " + std::string(name) + "\n" + messages());
}

std::string Elaborated::text(std::string_view name) const {
  const OptimizerDecl &rule = optimizer(name);
  std::string text;
  auto line = [&](const std::string &content) { text += content + "\n"; };
  for (const auto &condition : rule.conditions)
    line("condition " + condition->name + (condition->choice ? " of " + std::to_string(*condition->choice) : "") +
         listed(condition->under) + " = " + written(*condition->condition));
  for (const auto &hyper : rule.hypers)
    line("hyper " + hyper->name + (hyper->isScheduled ? " follows " : " = ") + written(*hyper->defaultExpr));
  for (const auto &state : rule.states)
    line("state " + state->name + setOf(state->set, IndexSet::Element) +
         (state->storage == Storage::Compute ? "" : " store " + std::string(spelling(state->storage))) +
         listed(state->under) + " = " + written(*state->initial));
  for (const Requirement &requirement : rule.requirements)
    line("require " + (requirement.text.empty() ? written(*requirement.condition) : requirement.text));
  for (const auto &let : rule.lets)
    line("let " + let->name + " = " + written(*let->value));
  for (const Skip &skip : rule.skips)
    line("skip when " + written(*skip.condition));
  for (const Equation &equation : rule.equations)
    line(equation.target + "'" + (equation.skipsBefore ? " after " + std::to_string(equation.skipsBefore) : "") +
         " = " + written(*equation.value));
  for (const auto &metric : rule.metrics)
    line("metric " + metric->name + " = " + written(*metric->value));
  for (const auto &view : rule.views)
    line("view " + view->name + " = " + written(*view->value));
  if (rule.zeroesGradient)
    line("zero g");
  if (rule.hasMaster)
    line("master f32");
  return text;
}

} // namespace ravine::test
