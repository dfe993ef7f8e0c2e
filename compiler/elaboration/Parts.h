// What a declaration is built from: the parts that its parameters stand for, and the penalties that it names.
#pragma once

#include "compiler/elaboration/Penalty.h"

namespace ravine {

/// Where a penalty is used by name, as in `l1.prox(w, lr)`.
struct UsedPenalty {
  /// The first use.
  SourceSpan span;
  /// Where the declaration has a value of the same name.
  std::optional<SourceSpan> value = std::nullopt;
};
using UsedPenalties = std::map<std::string, UsedPenalty, std::less<>>;
[[nodiscard]] UsedPenalties penaltiesIn(const ast::OptimizerDecl &optimizer);
[[nodiscard]] UsedPenalties penaltiesIn(const ast::TransformDecl &transform);
[[nodiscard]] UsedPenalties penaltiesIn(const ast::PenaltyDecl &penalty);

/// What expressions can use beside what their declaration declares.
struct Ingredients {
  Penalties penalties;
  Bindings functions;
  bool isSound = true;
};

/// Finds out what the parameters and the names of penalties stand for, and whether that does for what the parameters
/// ask. `whole` is the declaration. `used` is null for a composition, whose parts are those of what it is made of.
[[nodiscard]] Ingredients gather(Elaboration &elaboration, const std::string &whole,
                                 const std::vector<ast::GenericParameter> &generics, const UsedPenalties *used,
                                 const Environment &environment);

/// Whether a use has to say which parts there are.
[[nodiscard]] bool needsParts(const std::vector<ast::GenericParameter> &generics);
/// Gives the parameters the parts that a use names, and those that are left their defaults. False after a message.
[[nodiscard]] bool giveParts(Elaboration &elaboration, const ast::Use &use, SourceSpan declaration,
                             const std::vector<ast::GenericParameter> &generics, const Environment &environment,
                             Environment &inner);
/// All parameters stand for whatever they ask for.
void standForParts(const std::vector<ast::GenericParameter> &generics, Environment &environment);
/// Those parameters that have a default stand for that. To be called right before the declaration is written out,
/// inside of which a default stands.
void takeDefaults(Elaboration &elaboration, const std::vector<ast::GenericParameter> &generics,
                  Environment &environment);

/// Runs `elaborate` as if it stood where the part was given: what contains itself is found by what is around it there.
template <typename Elaborate> auto whereGiven(Elaboration &elaboration, const Part &part, Elaborate elaborate) {
  size_t depth = std::min(part.depth, elaboration.active.size());
  std::vector<Elaboration::Active> inner(elaboration.active.begin() + static_cast<ptrdiff_t>(depth),
                                         elaboration.active.end());
  elaboration.active.resize(depth);
  auto result = elaborate(*part.component, *part.environment);
  std::ranges::move(inner, std::back_inserter(elaboration.active));
  return result;
}

} // namespace ravine
