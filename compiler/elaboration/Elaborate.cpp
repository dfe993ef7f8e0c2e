// Writes out the optimizers of the files that were asked for, and checks what else they declare.
#include "compiler/elaboration/Elaboration.h"
#include "compiler/elaboration/Expander.h"
#include "compiler/elaboration/Finish.h"
#include "compiler/elaboration/Laws.h"
#include "compiler/elaboration/Parts.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <unordered_set>

namespace ravine {

using namespace ast;

namespace {

/// Two declarations of one file with the same name. Two optimizers are the checker's.
void checkNames(Elaboration &elaboration, const Module &module) {
  struct Declared {
    SourceSpan span;
    bool isOptimizer;
  };
  std::unordered_map<std::string_view, Declared> seen;
  // The parser tells penalties from all else that is called like them.
  std::unordered_set<std::string_view> penalties;
  for (const auto &penalty : module.penalties)
    penalties.insert(penalty->name);
  auto add = [&](const auto &declarations, const char *kind, bool isOptimizer) {
    for (const auto &declaration : declarations) {
      if (declaration->name.empty())
        continue;
      auto [earlier, isNew] = seen.try_emplace(declaration->name, Declared{declaration->nameSpan, isOptimizer});
      bool isReported = penalties.contains(declaration->name);
      if (!isNew && !isReported && !(isOptimizer && earlier->second.isOptimizer))
        elaboration.report(Code::E0303, declaration->nameSpan,
                           "the " + std::string(kind) + " " + quote(declaration->name) + " is declared twice", "",
                           "choose another name",
                           {{earlier->second.span, quote(declaration->name) + " is declared here"}});
    }
  };
  add(module.optimizers, "optimizer", true);
  add(module.transforms, "transform", false);
  add(module.schedules, "schedule", false);
  add(module.functions, "function", false);
  add(module.constants, "constant", false);
}

/// What nothing in this file may use is checked all the same.
void checkDeclarations(Elaboration &elaboration, const Module &module) {
  Locals none;
  for (const auto &constant : module.constants)
    (void)Expander(elaboration, module, none)
        .expand(*std::make_unique<Expr>(Expr{constant->nameSpan, Name{constant->name, false, {}}, {}}));
  for (const auto &function : module.functions)
    (void)elaboration.isSound(*function, module);
  for (const auto &schedule : module.schedules)
    (void)elaboration.isSound(*schedule, module);
  for (const auto &penalty : module.penalties)
    (void)elaboration.isSound(*penalty, module);
  for (const auto &penalty : module.penalties)
    if (elaboration.isSound(*penalty, module))
      checkNamedInLaws(elaboration, *penalty, module);
  for (const auto &transform : module.transforms)
    (void)elaboration.isSound(*transform, module);
  for (const auto &optimizer : module.optimizers)
    if (isLintedAlone(*optimizer) || !module.exports(*optimizer))
      (void)elaboration.isSound(*optimizer, module);
}

/// The names in an expression, and in what a component is given.
class UsedNames {
public:
  void add(const Expr &expr) {
    forEachName(expr, [&](const Name &name, const Expr &) { names.insert(name.text); });
  }

  void add(const Component &component) {
    if (const auto *use = component.as<Use>()) {
      for (const ComponentPtr &part : use->parts)
        add(*part);
      for (const Argument &argument : use->arguments)
        add(*argument.value);
    } else if (const auto *pipe = component.as<Pipe>()) {
      for (const Stage &stage : pipe->stages)
        addConditional(*stage.component, stage.condition.get());
    } else if (const auto *selection = component.as<Select>()) {
      for (const Branch &branch : selection->branches)
        addConditional(*branch.component, branch.condition.get());
    } else if (const auto *with = component.as<With>()) {
      add(*with->base);
    } else if (const auto *scaled = component.as<Scaled>()) {
      add(*scaled->factor);
      add(*scaled->penalty);
    } else if (const auto *sum = component.as<Sum>()) {
      add(*sum->left);
      add(*sum->right);
    }
  }

  [[nodiscard]] bool contains(const std::string &name) const { return names.contains(name); }

private:
  void addConditional(const Component &component, const Expr *condition) {
    add(component);
    if (condition)
      add(*condition);
  }

  std::unordered_set<std::string> names;
};

/// What is composed is not looked at as a rule is, so that this says which hypers of its own nobody uses.
void lintBlocks(Elaboration &elaboration, const Module &module) {
  if (elaboration.diagnostics.hasErrors())
    return;
  for (const auto &optimizer : module.optimizers) {
    if (!optimizer->composition)
      continue;
    UsedNames used;
    used.add(*optimizer->composition);
    for (const auto &hyper : optimizer->hypers)
      used.add(*hyper->defaultExpr);
    for (const auto &let : optimizer->lets)
      used.add(*let->value);
    for (const Requirement &requirement : optimizer->requirements)
      used.add(*requirement.condition);
    for (const auto &metric : optimizer->metrics)
      used.add(*metric->value);
    for (const auto &hyper : optimizer->hypers)
      if (!used.contains(hyper->name))
        elaboration.report(Code::W0101, hyper->nameSpan, "the hyper " + quote(hyper->name) + " is never used", "",
                           "use it or delete it");
  }
}

} // namespace

std::vector<std::unique_ptr<Module>> elaborate(const SourceManager &sources, const Program &program,
                                               Diagnostics &diagnostics) {
  std::vector<std::unique_ptr<Module>> modules;
  for (size_t index = 0; index < program.rootCount; ++index) {
    const Module &module = *program.modules[index];
    Elaboration elaboration(sources, program, diagnostics);
    checkNames(elaboration, module);
    checkDeclarations(elaboration, module);
    auto written = std::make_unique<Module>();
    written->file = module.file;
    for (const auto &optimizer : module.optimizers) {
      if (needsParts(optimizer->generics) || !module.exports(*optimizer))
        continue;
      if (isLintedAlone(*optimizer) && !elaboration.isSound(*optimizer, module))
        continue;
      elaboration.restart();
      Environment environment{&module, optimizer.get(), {}, nullptr, false};
      takeDefaults(elaboration, optimizer->generics, environment);
      Flat flat = elaborateOptimizer(elaboration, *optimizer, environment);
      if (flat && finish(elaboration, *flat))
        written->optimizers.push_back(std::move(flat));
    }
    lintBlocks(elaboration, module);
    // `ravine test` has taken what its tests use out of them.
    for (const auto &test : module.tests)
      if (test->tested)
        elaboration.checkUse(*test->tested, module);
    modules.push_back(std::move(written));
  }
  return modules;
}

} // namespace ravine
