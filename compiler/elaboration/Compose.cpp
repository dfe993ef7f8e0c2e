// Joining flat optimizers.
#include "compiler/elaboration/Compose.h"

#include "compiler/frontend/Quote.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

void addPrefix(Names &names, const std::string &name, const std::string &prefix) {
  if (!name.empty() && !prefix.empty())
    names.emplace(name, prefix + name);
}

template <typename Part> Names visibleNames(const Part &part, const std::string &label) {
  Names names;
  if (!label.empty())
    forEachVisible(part, [&](const auto &declaration) { addPrefix(names, declaration.name, label + "."); });
  return names;
}

template <typename Part> void appendCommon(OptimizerDecl &whole, Part &part) {
  append(whole.hypers, part.hypers);
  append(whole.states, part.states);
  append(whole.requirements, part.requirements);
  append(whole.metrics, part.metrics);
  append(whole.views, part.views);
  whole.zeroesGradient |= part.zeroesGradient;
}

} // namespace

bool VisibleNames::addName(const std::string &name, SourceSpan declaration, const std::string &part, SourceSpan use) {
  if (name.empty())
    return true;
  auto [earlier, isNew] = owners.try_emplace(name, Owner{part, declaration, use});
  // One part that declares a name twice has been reported.
  if (isNew || (earlier->second.use.begin == use.begin && earlier->second.use.file == use.file))
    return true;
  const Owner &other = earlier->second;
  std::string hint = "give one of them a label, which comes before its names: `other: " + part + "`";
  if (part.empty() || other.part.empty())
    hint = "choose another name for the hyper";
  std::vector<Note> notes = {{declaration, quote(name) + " is declared here"}};
  bool isOneDeclaration = other.declaration.file == declaration.file && other.declaration.begin == declaration.begin;
  if (!isOneDeclaration)
    notes.push_back({other.declaration, "and here"});
  notes.push_back({other.use, "the other part is used here"});
  elaboration.report(Code::E0322, use, "two parts declare " + quote(name), "", std::move(hint), std::move(notes));
  return false;
}

void qualify(OptimizerDecl &part, const std::string &label, const std::string &inside) {
  Names names = visibleNames(part, label);
  for (const auto &let : part.lets)
    addPrefix(names, let->name, inside + ":");
  rename(part, names);
  if (!label.empty())
    for (auto &condition : part.conditions)
      condition->name = label + "." + condition->name;
}

void qualify(TransformDecl &part, const std::string &label, const std::string &inside) {
  Names names = visibleNames(part, label);
  for (const auto *lets : {&part.lets, &part.before.lets, &part.after.lets})
    for (const auto &let : *lets)
      addPrefix(names, let->name, inside + ":");
  rename(part, names);
}

void appendDeclarations(OptimizerDecl &whole, OptimizerDecl &part) {
  appendCommon(whole, part);
  append(whole.conditions, part.conditions);
  append(whole.expansions, part.expansions);
  whole.keepsSubnormals |= part.keepsSubnormals;
  if (part.isOnMatrices && !whole.isOnMatrices) {
    whole.isOnMatrices = true;
    whole.onSpan = part.onSpan;
  }
  whole.nonFinite = std::max(whole.nonFinite, part.nonFinite);
  if (part.hasMaster) {
    whole.hasMaster = true;
    whole.masterSpan = part.masterSpan;
  }
}

void appendDeclarations(OptimizerDecl &whole, TransformDecl &part) {
  appendCommon(whole, part);
}

void appendStep(OptimizerDecl &whole, OptimizerDecl &part) {
  auto skips = static_cast<unsigned>(whole.skips.size());
  for (Equation &equation : part.equations)
    if (equation.skipsBefore != onlyInFullSteps)
      equation.skipsBefore += skips;
  append(whole.skips, part.skips);
  append(whole.lets, part.lets);
  append(whole.equations, part.equations);
}

std::optional<Equation> takeUpdate(OptimizerDecl &part) {
  auto update = std::ranges::find(part.equations, "w", &Equation::target);
  if (update == part.equations.end())
    return std::nullopt;
  Equation taken = std::move(*update);
  part.equations.erase(update);
  return taken;
}

} // namespace ravine
