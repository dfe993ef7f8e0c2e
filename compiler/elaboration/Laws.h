// What penalties promise, and what generic declarations demand of them.
#pragma once

#include "compiler/elaboration/Penalty.h"
#include "compiler/frontend/LawWords.h"

namespace ravine {

/// Whether it declares the law, for what its parts are. A selection has the laws that all its branches have.
[[nodiscard]] bool promises(const Penalty &penalty, ast::LawKind law);
/// The law `quadratic(rho, c)` as it is declared; null where there is none.
[[nodiscard]] const ast::Law *quadraticLaw(const Penalty &penalty);

/// Whether what takes the place of a parameter is of its kind and declares the laws that it asks for; else says what is
/// missing. `whole` has the parameter; `home` knows the names to choose from.
[[nodiscard]] bool fits(Elaboration &elaboration, const Penalty &penalty, const ast::GenericParameter &parameter,
                        const std::string &whole, const ast::Module &home);

/// Looks at the penalties that the laws name, `conjugate(linf_ball(radius = lambda))`. To be called when all penalties
/// of the file have been checked, since two may name each other.
void checkNamedInLaws(Elaboration &elaboration, const ast::PenaltyDecl &penalty, const ast::Module &home);
/// Whether what a penalty promises makes sense of it.
[[nodiscard]] bool checkLaws(Elaboration &elaboration, const ast::PenaltyDecl &penalty, const ast::Module &home);

} // namespace ravine
