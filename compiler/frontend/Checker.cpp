// Checks a module, optimizer by optimizer.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// The smallest part that was composed and in whose text the place lies.
const Expansion *expansionAt(const OptimizerDecl &optimizer, SourceSpan span) {
  const Expansion *found = nullptr;
  for (const Expansion &expansion : optimizer.expansions) {
    const SourceSpan &body = expansion.body;
    bool isInside = body.file == span.file && body.begin <= span.begin && span.end <= body.end;
    if (isInside && (!found || body.end - body.begin < found->body.end - found->body.begin))
      found = &expansion;
  }
  return found;
}

bool isSame(const Diagnostic &left, const Diagnostic &right) {
  return left.code == right.code && left.message == right.message && left.span.file == right.span.file &&
         left.span.begin == right.span.begin && left.span.end == right.span.end;
}

} // namespace

void CheckContext::report(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
                          std::vector<Note> notes) {
  constexpr size_t deepest = 4;
  const Expansion *expansion = expansionAt(optimizer, span);
  for (size_t depth = 0; expansion && depth < deepest; ++depth) {
    notes.push_back({expansion->use, "in " + expansion->what + ", used here"});
    expansion = expansionAt(optimizer, expansion->use);
  }
  Diagnostic diagnostic{code, span, std::move(message), std::move(label), std::move(hint), std::move(notes)};
  // What is wrong in a part is wrong wherever it is used, and said once.
  bool isKnown = !optimizer.expansions.empty() && std::ranges::any_of(diagnostics.all(), [&](const Diagnostic &other) {
    return isSame(other, diagnostic);
  });
  if (!isKnown)
    diagnostics.add(std::move(diagnostic));
}

void checkOptimizer(const SourceManager &sources, OptimizerDecl &optimizer, Diagnostics &diagnostics, bool isComplete) {
  CheckContext context{sources, optimizer, diagnostics, isComplete, {}, {}, {}, {}};
  size_t errorsBefore = diagnostics.errors();
  checkHypers(context);
  resolveNames(context);
  checkEquations(context);
  checkTypes(context);
  checkIndexSets(context);
  checkViews(context);
  checkCreation(context);
  checkOptionalStates(context);
  checkVariants(context);
  // The parts of an optimizer are looked at on their own.
  if (isComplete && !optimizer.isComposed && diagnostics.errors() == errorsBefore)
    lint(context);
}

void check(const SourceManager &sources, Module &module, Diagnostics &diagnostics) {
  bool isComplete = std::ranges::none_of(diagnostics.all(), [&](const Diagnostic &diagnostic) {
    return diagnostic.span.file == module.file && diagnostic.severity() == Severity::Error;
  });
  for (auto &optimizer : module.optimizers)
    checkOptimizer(sources, *optimizer, diagnostics, isComplete);
}

} // namespace ravine
