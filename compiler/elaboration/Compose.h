// Joining flat optimizers.
#pragma once

#include "compiler/elaboration/Elaboration.h"
#include "compiler/elaboration/Rename.h"

#include <limits>

namespace ravine {

/// Stands in Equation::skipsBefore for "all that there are", until the whole optimizer is known.
inline constexpr unsigned onlyInFullSteps = std::numeric_limits<unsigned>::max();

/// Finds parts that declare the same name for the host.
class VisibleNames {
public:
  explicit VisibleNames(Elaboration &elaboration) : elaboration(elaboration) {}

  /// False after a message. `part` is what the part is called, `use` where it is used.
  template <typename Declarations> bool add(Declarations &declarations, const std::string &part, SourceSpan use) {
    bool isSound = true;
    forEachVisible(declarations, [&](auto &declaration) {
      isSound = isSound && addName(declaration.name, declaration.nameSpan, part, use);
    });
    return isSound;
  }

private:
  struct Owner {
    std::string part;
    SourceSpan declaration;
    SourceSpan use;
  };
  bool addName(const std::string &name, SourceSpan declaration, const std::string &part, SourceSpan use);

  Elaboration &elaboration;
  std::unordered_map<std::string, Owner> owners;
};

/// Gives what a part declares for the host the prefix `label.` (nothing where it is empty), and its lets `inside:`.
void qualify(ast::OptimizerDecl &part, const std::string &label, const std::string &inside);
void qualify(ast::TransformDecl &part, const std::string &label, const std::string &inside);

/// Moves all that is declared: hypers, states, requirements, conditions, metrics, views, expansions and policies.
void appendDeclarations(ast::OptimizerDecl &whole, ast::OptimizerDecl &part);
void appendDeclarations(ast::OptimizerDecl &whole, ast::TransformDecl &part);

/// Moves skips, lets and equations behind those of `whole`.
void appendStep(ast::OptimizerDecl &whole, ast::OptimizerDecl &part);

template <typename T> void append(std::vector<T> &to, std::vector<T> &from) {
  for (T &item : from)
    to.push_back(std::move(item));
  from.clear();
}

/// The declaration that a component names; null after a message.
[[nodiscard]] const Scope::Entry *findComponent(Elaboration &elaboration, const ast::Use &use,
                                                const Environment &environment);
void reportNoOptimizer(Elaboration &elaboration, const Scope::Entry &entry, const ast::Use &use);

/// An optimizer or a transform is not told over what it takes an argument. False after a message.
[[nodiscard]] bool takesNoSet(Elaboration &elaboration, const ast::Use &use);

/// What a component is called that has no label: by the one declaration that it uses.
[[nodiscard]] std::optional<std::string> nameOf(const ast::Component &component);

/// Takes the equation of `w` out of a part: what w becomes.
[[nodiscard]] std::optional<ast::Equation> takeUpdate(ast::OptimizerDecl &part);

} // namespace ravine
