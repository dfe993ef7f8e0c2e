// What the parts of the checker share while they check one optimizer, and the parts themselves in the order in which
// they run. Each part is silent about what an earlier one has reported: what it could not make sense of has become a
// placeholder (Placeholder.h) or has no type.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"

#include <unordered_map>
#include <unordered_set>

namespace ravine {

/// A name that the optimizer declares. Metrics and views have no symbol: only the host reads them.
struct Declaration {
  ast::Symbol symbol;
  SourceSpan span;
  /// "hyper", "state", "let", "metric" or "view".
  std::string_view kind;
};

struct CheckContext {
  const SourceManager &sources;
  ast::OptimizerDecl &optimizer;
  Diagnostics &diagnostics;
  /// Nothing was left out by the parser, so that something missing is really missing.
  bool isComplete = true;

  std::unordered_map<std::string_view, Declaration> declarations;
  /// The lets of the optimizer, each after those that it uses.
  std::vector<ast::LetDecl *> letsInOrder;
  /// The lets whose value has a type, those in blocks too.
  std::unordered_set<const ast::LetDecl *> typedLets;
  /// Conditions of states and cases that have been complained about.
  std::unordered_set<const ast::Expr *> unsoundConditions;

  void report(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "",
              std::vector<Note> notes = {});
};

/// Checks one optimizer. `isComplete`: nothing was left out by the parser.
void checkOptimizer(const SourceManager &sources, ast::OptimizerDecl &optimizer, Diagnostics &diagnostics,
                    bool isComplete);

/// Defaults and ranges of the hypers.
void checkHypers(CheckContext &context);
/// Finds what each name stands for; primes stand only on names that have a next value.
void resolveNames(CheckContext &context);
/// Each next value is defined at most once, that of `w` exactly once, and none by itself.
void checkEquations(CheckContext &context);
/// Kinds and index sets.
void checkTypes(CheckContext &context);
/// What is stored varies over nothing finer than its place.
void checkIndexSets(CheckContext &context);
/// Views use only what is left of a step.
void checkViews(CheckContext &context);
/// Conditions, requirements and initial values use only what is known when the optimizer is created.
void checkCreation(CheckContext &context);
/// Optional states are used only where they exist.
void checkOptionalStates(CheckContext &context);
/// What is decided at creation has not too many outcomes.
void checkVariants(CheckContext &context);
/// Warnings about what is allowed and hardly meant. Runs on optimizers without errors.
void lint(CheckContext &context);
/// The part of `lint` about divisors that can be 0.
void lintDivisions(CheckContext &context);

} // namespace ravine
