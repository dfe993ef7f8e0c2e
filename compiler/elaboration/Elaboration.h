// What the parts of elaboration share, and the parts themselves.
//
// Whatever is composed comes out as a flat optimizer: an OptimizerDecl whose rule is written out and whose names are
// its own. Parts become one by giving their names a prefix and joining their declarations. A name that the host does
// not see, that of a `let`, gets the prefix `part:`, which nobody can write.
#pragma once

#include "compiler/frontend/Program.h"

#include <functional>
#include <map>
#include <unordered_set>

namespace ravine {

/// Null where something has been reported.
using Flat = std::unique_ptr<ast::OptimizerDecl>;

struct Environment;

/// A penalty or a set as something uses it (Penalty.h). Null where something has been reported.
struct Penalty;
using PenaltyPtr = std::unique_ptr<Penalty>;
/// By the name of the parameter, or their own.
using Penalties = std::map<std::string, PenaltyPtr, std::less<>>;

/// What stands for a parameter of a generic declaration. Without a component it is whatever the parameter asks for: the
/// rule `w' = w - g`, some penalty, some function.
struct Part {
  const ast::GenericParameter *parameter = nullptr;
  const ast::Component *component = nullptr;
  const Environment *environment = nullptr;
  /// How many declarations were being written out where the part was given.
  size_t depth = 0;
};

/// Where a component stands, which says what its names mean.
struct Environment {
  const ast::Module *home = nullptr;
  /// The declaration around it, whose hypers and lets its arguments and predicates use.
  const ast::OptimizerDecl *owner = nullptr;
  std::map<std::string, Part, std::less<>> parts = {};
  /// What the names in the defaults of parts mean; null where no part is left to its default.
  std::shared_ptr<const Environment> defaults = nullptr;
  /// The result joins others, so that even the lets in its blocks need names of their own.
  bool isPart = false;
  /// In the place of `owner`, for a component inside of a penalty.
  const ast::PenaltyDecl *penalty = nullptr;
  /// For what stands as a default: the parameters beside it, which it does not see.
  const std::vector<ast::GenericParameter> *beside = nullptr;
};

class Elaboration {
public:
  Elaboration(const SourceManager &sources, const Program &program, Diagnostics &diagnostics)
      : sources(sources), program(program), diagnostics(diagnostics) {}

  /// A message that was given already is not repeated: a body may be composed many times.
  void report(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "",
              std::vector<Note> notes = {});
  void forward(Diagnostic diagnostic);

  /// What a name of a file stands for; null where it is nothing, or where imports disagree, which is reported (then
  /// `isAmbiguous` is set).
  [[nodiscard]] const Scope::Entry *find(const ast::Module &home, const std::string &name, SourceSpan span,
                                         bool *isAmbiguous = nullptr);
  [[nodiscard]] bool isRoot(const ast::Module &module) const;
  /// Whether an import has failed that may have brought the name, so that there is no more to say.
  [[nodiscard]] bool mayBeMissing(const ast::Module &home, const std::string &name) const {
    return program.scopes.at(&home).mayBeMissing(name);
  }

  /// Whether the declaration has no error of its own. Checks it when it is asked first, and reports what is found.
  [[nodiscard]] bool isSound(const ast::OptimizerDecl &optimizer, const ast::Module &home);
  [[nodiscard]] bool isSound(const ast::TransformDecl &transform, const ast::Module &home);
  [[nodiscard]] bool isSound(const ast::FunctionDecl &function, const ast::Module &home);
  [[nodiscard]] bool isSound(const ast::ScheduleDecl &schedule, const ast::Module &home);
  [[nodiscard]] bool isSound(const ast::PenaltyDecl &penalty, const ast::Module &home);
  /// Checks what a test uses.
  void checkUse(const ast::Component &component, const ast::Module &home);

  /// `stem.7`, which nobody can write and nothing else is called.
  [[nodiscard]] std::string freshName(const std::string &stem) { return stem + "." + std::to_string(++freshNames); }
  [[nodiscard]] unsigned freshChoice() { return choices++; }
  /// Begins another optimizer, whose names and choices are counted anew.
  void restart() {
    freshNames = choices = 0;
    spent = 0;
  }

  /// Counts copied expressions; false, after a message, where functions that use functions have become too many.
  [[nodiscard]] bool spend(SourceSpan span, size_t count = 1);
  /// How many expressions one optimizer may be made of: compiling it takes time and memory for each.
  static constexpr size_t mostExpressions = 100'000;

  const SourceManager &sources;
  const Program &program;
  Diagnostics &diagnostics;

  /// The declarations that are being written out, to recognise those that contain themselves.
  struct Active {
    const void *declaration;
    std::string name;
    SourceSpan use;
  };
  std::vector<Active> active;
  /// Reports a cycle if the declaration is being written out.
  [[nodiscard]] bool isRecursive(const void *declaration, const std::string &name, SourceSpan use,
                                 std::string_view kind);

private:
  /// Writes an optimizer out and checks it. Reports what is found, unless that is done later; of warnings, those about
  /// the text of a penalty only where it is `own`.
  [[nodiscard]] bool checkAlone(const std::function<Flat()> &write, const ast::Module &home, bool isCheckedLater,
                                const ast::PenaltyDecl *own = nullptr);

  unsigned freshNames = 0;
  unsigned choices = 0;
  size_t spent = 0;
  std::unordered_map<const void *, bool> soundness;
  /// The declarations of the cycles that have been reported.
  std::unordered_set<const void *> inCycles;
};

/// Writes out a declared optimizer; `environment` has its parts.
[[nodiscard]] Flat elaborateOptimizer(Elaboration &elaboration, const ast::OptimizerDecl &optimizer,
                                      const Environment &environment);
[[nodiscard]] Flat elaborateComponent(Elaboration &elaboration, const ast::Component &component,
                                      const Environment &environment);
[[nodiscard]] Flat elaborateUse(Elaboration &elaboration, const ast::Component &component, const ast::Use &use,
                                const Environment &environment);
[[nodiscard]] Flat elaboratePipe(Elaboration &elaboration, const ast::Component &component, const ast::Pipe &pipe,
                                 const Environment &environment);
[[nodiscard]] Flat elaborateSelect(Elaboration &elaboration, const ast::Component &component,
                                   const ast::Select &selection, const Environment &environment);

/// Copies a transform and writes out its expressions; `expansions` gets what they are made of, `conditions` those of
/// penalties that are chosen by tensor. Null after a message.
[[nodiscard]] std::unique_ptr<ast::TransformDecl>
copyTransform(Elaboration &elaboration, const ast::TransformDecl &transform, const ast::Module &home,
              std::vector<ast::Expansion> &expansions, std::vector<std::unique_ptr<ast::ConditionDecl>> &conditions,
              bool isPart);
/// `w' = w - g` with one transform around it.
[[nodiscard]] Flat wrapAlone(Elaboration &elaboration, const ast::TransformDecl &transform, const ast::Module &home);

/// Whether what it is written out to says too little of its own text, since parts or penalties stand in it: then it is
/// looked at on its own.
[[nodiscard]] bool isLintedAlone(const ast::OptimizerDecl &optimizer);

/// The rule `w' = w - g`, at the place of `span`.
[[nodiscard]] Flat simplestRule(SourceSpan span);

/// Replaces the calls of parts in the rule of a generic optimizer by those parts.
[[nodiscard]] bool insertParts(Elaboration &elaboration, ast::OptimizerDecl &rule, const ast::OptimizerDecl &declared,
                               const Environment &environment);

/// Gives hypers of a part the defaults that its use asks for. `hypers`: those of the part.
[[nodiscard]] bool applyArguments(Elaboration &elaboration, const ast::Use &use, std::string_view what,
                                  std::vector<std::unique_ptr<ast::HyperDecl>> &hypers, const Environment &environment,
                                  std::vector<ast::Requirement> &requirements, std::vector<ast::Expansion> &expansions);

/// `with { m store bf16; master f32 }`. `hasMaster` is null for a transform.
[[nodiscard]] bool applyStorage(Elaboration &elaboration, const ast::With &with,
                                std::vector<std::unique_ptr<ast::StateDecl>> &states, ast::OptimizerDecl *rule);

/// Marks the hypers whose default depends on the step or on other hypers.
[[nodiscard]] bool markScheduled(Elaboration &elaboration, ast::OptimizerDecl &optimizer);

/// Names of the body and notes for messages inside it.
void addExpansion(std::vector<ast::Expansion> &expansions, SourceSpan body, SourceSpan use, std::string what);
[[nodiscard]] SourceSpan extentOf(const ast::OptimizerDecl &optimizer);
[[nodiscard]] SourceSpan extentOf(const ast::TransformDecl &transform);

/// "an optimizer", "a transform", "a penalty": what a name of a file stands for.
[[nodiscard]] std::string kindOf(const Definition &definition);
[[nodiscard]] SourceSpan placeOf(const Definition &definition);

} // namespace ravine
