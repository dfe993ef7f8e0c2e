// Checks a module, optimizer by optimizer.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

void checkOptimizerNames(const Module &module, Diagnostics &diagnostics) {
  std::unordered_map<std::string_view, SourceSpan> seen;
  for (const auto &optimizer : module.optimizers) {
    auto [earlier, isNew] = seen.try_emplace(optimizer->name, optimizer->nameSpan);
    if (!isNew && !optimizer->name.empty())
      diagnostics.add({Code::E0303,
                       optimizer->nameSpan,
                       "the optimizer " + quote(optimizer->name) + " is declared twice",
                       "",
                       "choose another name",
                       {{earlier->second, quote(optimizer->name) + " is declared here"}}});
  }
}

} // namespace

void check(const SourceManager &sources, Module &module, Diagnostics &diagnostics) {
  bool isComplete = std::ranges::none_of(diagnostics.all(), [&](const Diagnostic &diagnostic) {
    return diagnostic.span.file == module.file && diagnostic.severity() == Severity::Error;
  });
  checkOptimizerNames(module, diagnostics);
  for (auto &optimizer : module.optimizers) {
    CheckContext context{sources, *optimizer, diagnostics, isComplete, {}, {}, {}, {}};
    size_t errorsBefore = diagnostics.errors();
    checkHypers(context);
    resolveNames(context);
    checkEquations(context);
    checkTypes(context);
    checkIndexSets(context);
    checkViews(context);
    checkCreation(context);
    checkOptionalStates(context);
    if (isComplete && diagnostics.errors() == errorsBefore)
      lint(context);
  }
}

} // namespace ravine
