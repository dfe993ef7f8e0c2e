// Looking names up, reporting, and checking declarations on their own.
#include "compiler/elaboration/Elaboration.h"

#include "compiler/elaboration/Bodies.h"
#include "compiler/elaboration/Finish.h"
#include "compiler/elaboration/Laws.h"
#include "compiler/elaboration/Parts.h"
#include "compiler/elaboration/Probes.h"
#include "compiler/frontend/Checker.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <utility>

namespace ravine {

using namespace ast;

SourceSpan placeOf(const Definition &definition) {
  return std::visit([](const auto *declaration) { return declaration->nameSpan; }, definition);
}

std::string kindOf(const Definition &definition) {
  return std::visit(
      [](const auto *declaration) -> std::string {
        using Declaration = std::remove_cvref_t<decltype(*declaration)>;
        if constexpr (std::is_same_v<Declaration, PenaltyDecl>)
          return declaration->isSet ? "a set" : "a penalty";
        return std::is_same_v<Declaration, OptimizerDecl>   ? "an optimizer"
               : std::is_same_v<Declaration, TransformDecl> ? "a transform"
               : std::is_same_v<Declaration, FunctionDecl>  ? "a function"
               : std::is_same_v<Declaration, ScheduleDecl>  ? "a schedule"
                                                            : "a number";
      },
      definition);
}

namespace {

bool isSame(SourceSpan left, SourceSpan right) {
  return left.file == right.file && left.begin == right.begin && left.end == right.end;
}

} // namespace

void Elaboration::report(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
                         std::vector<Note> notes) {
  forward({code, span, std::move(message), std::move(label), std::move(hint), std::move(notes)});
}

void Elaboration::forward(Diagnostic diagnostic) {
  bool isKnown = std::ranges::any_of(diagnostics.all(), [&](const Diagnostic &other) {
    return other.code == diagnostic.code && isSame(other.span, diagnostic.span) && other.message == diagnostic.message;
  });
  if (!isKnown)
    diagnostics.add(std::move(diagnostic));
}

const Scope::Entry *Elaboration::find(const Module &home, const std::string &name, SourceSpan span, bool *isAmbiguous) {
  std::span<const Scope::Entry> entries = program.scopes.at(&home).find(name);
  if (entries.empty())
    return nullptr;
  auto isOther = [&](const Scope::Entry &entry) { return entry.definition != entries.front().definition; };
  auto other = std::ranges::find_if(entries, isOther);
  // Two declarations of one file are reported as such.
  if (other == entries.end() || !entries.front().import)
    return &entries.front();
  report(Code::E0330, span, quote(name) + " is imported from two places", "which one?",
         "import one of them under another name: `import …: " + name + " as other`",
         {{placeOf(entries.front().definition), "it is declared here"}, {placeOf(other->definition), "and here"}});
  if (isAmbiguous)
    *isAmbiguous = true;
  return nullptr;
}

bool Elaboration::isRoot(const Module &module) const {
  auto roots = std::span(program.modules).first(program.rootCount);
  return std::ranges::any_of(roots, [&](const auto &root) { return root.get() == &module; });
}

bool Elaboration::isRecursive(const void *declaration, const std::string &name, SourceSpan use, std::string_view kind) {
  constexpr size_t deepest = 64;
  auto first = std::ranges::find(active, declaration, &Active::declaration);
  if (first == active.end()) {
    if (active.size() < deepest)
      return false;
    report(Code::E0208, use, "declarations use each other too deeply", "", "at most 64 deep");
    return true;
  }
  // A cycle is entered wherever it is used.
  bool isReported = false;
  for (auto at = first; at != active.end(); ++at)
    isReported |= !inCycles.insert(at->declaration).second;
  if (isReported)
    return true;
  std::string chain;
  std::vector<Note> notes;
  for (auto at = first; at != active.end(); ++at) {
    chain += quote(at->name) + " needs ";
    if (at != first)
      notes.push_back({at->use, quote(std::prev(at)->name) + " needs " + quote(at->name) + " here"});
  }
  report(Code::E0331, use, "cycle: " + chain + quote(name), "",
         (kind == "optimizer" ? "an " : "a ") + std::string(kind) + " cannot be made of itself", std::move(notes));
  return true;
}

bool Elaboration::spend(SourceSpan span, size_t count) {
  bool isFirst = spent < mostExpressions;
  spent += count;
  if (spent < mostExpressions)
    return true;
  if (isFirst)
    report(
        Code::E0332, span, "what is composed here becomes too large", "",
        "functions and optimizers that use others several times multiply: name values with `let`, compose fewer parts");
  return false;
}

// ---- declarations on their own

namespace {

template <typename Declaration>
bool remember(std::unordered_map<const void *, bool> &known, const Declaration &key, auto compute) {
  if (auto found = known.find(&key); found != known.end())
    return found->second;
  // Whoever asks meanwhile is in a cycle, which is reported as such.
  known.emplace(&key, true);
  bool isSound = compute();
  known[&key] = isSound;
  return isSound;
}

} // namespace

bool Elaboration::checkAlone(const std::function<Flat()> &write, const Module &home, bool isCheckedLater,
                             const PenaltyDecl *own) {
  unsigned outerNames = std::exchange(freshNames, 0);
  unsigned outerChoices = std::exchange(choices, 0);
  size_t outerSpent = std::exchange(spent, 0);
  auto countErrors = [&] { return std::ranges::count(diagnostics.all(), Severity::Error, &Diagnostic::severity); };
  ptrdiff_t errorsBefore = countErrors();
  Flat flat = write();
  bool isSound = flat && finish(*this, *flat);
  bool isWritten = countErrors() == errorsBefore;
  freshNames = outerNames;
  choices = outerChoices;
  spent = outerSpent;
  if (!isSound)
    return false;
  bool isComplete = std::ranges::none_of(diagnostics.all(), [&](const Diagnostic &diagnostic) {
    return diagnostic.span.file == home.file && diagnostic.severity() == Severity::Error;
  });
  Diagnostics found;
  checkOptimizer(sources, *flat, found, isComplete);
  // A penalty is warned about where it is declared, and not for each of its uses.
  auto isOfPenalty = [&](SourceSpan span) {
    return std::ranges::any_of(program.modules, [&](const auto &module) {
      return std::ranges::any_of(module->penalties, [&](const auto &penalty) {
        return penalty.get() != own && penalty->span.file == span.file && penalty->span.begin <= span.begin &&
               span.end <= penalty->span.end;
      });
    });
  };
  for (const Diagnostic &diagnostic : found.all()) {
    bool isError = diagnostic.severity() == Severity::Error;
    // The hypers of a penalty always have the name of a part in front of theirs, and its gradient is no state.
    if (own && (diagnostic.code == Code::W0107 || diagnostic.code == Code::W0102))
      continue;
    if (!isCheckedLater && (isError || (isRoot(home) && !isOfPenalty(diagnostic.span))))
      forward(diagnostic);
  }
  return isWritten && !found.hasErrors();
}

bool Elaboration::isSound(const OptimizerDecl &optimizer, const Module &home) {
  return remember(soundness, optimizer, [&] {
    bool isCheckedLater = isRoot(home) && !isLintedAlone(optimizer) && home.exports(optimizer);
    Environment environment{&home, &optimizer, {}, nullptr, false};
    standForParts(optimizer.generics, environment);
    return checkAlone(
        [&] {
          Flat flat = elaborateOptimizer(*this, optimizer, environment);
          if (flat && !optimizer.composition)
            flat->isComposed = false;
          return flat;
        },
        home, isCheckedLater);
  });
}

bool isLintedAlone(const OptimizerDecl &optimizer) {
  return !optimizer.generics.empty() || !penaltiesIn(optimizer).empty();
}

void Elaboration::checkUse(const Component &component, const Module &home) {
  Environment environment{&home, nullptr, {}, nullptr, false};
  (void)checkAlone(
      [&] {
        Flat flat = elaborateComponent(*this, component, environment);
        if (flat) {
          flat->nameSpan = component.span;
          flat->isComposed = true;
        }
        return flat;
      },
      home, /*isCheckedLater=*/false);
}

bool Elaboration::isSound(const TransformDecl &transform, const Module &home) {
  return remember(soundness, transform, [&] {
    return checkTransform(*this, transform) &&
           checkAlone([&] { return wrapAlone(*this, transform, home); }, home, /*isCheckedLater=*/false);
  });
}

bool Elaboration::isSound(const PenaltyDecl &penalty, const Module &home) {
  return remember(soundness, penalty, [&] {
    return checkPenalty(*this, penalty, home) && checkLaws(*this, penalty, home) &&
           checkAlone([&] { return trialOf(*this, penalty, home); }, home, /*isCheckedLater=*/false, &penalty);
  });
}

bool Elaboration::isSound(const FunctionDecl &function, const Module &home) {
  return remember(soundness, function, [&] { return checkFunction(*this, function, home); });
}

bool Elaboration::isSound(const ScheduleDecl &schedule, const Module &home) {
  return remember(soundness, schedule, [&] { return checkSchedule(*this, schedule, home); });
}

} // namespace ravine
