// How the names of a rule are written in formulas.
#pragma once

#include "compiler/documentation/Formula.h"
#include "compiler/frontend/AST.h"

#include <map>
#include <string>
#include <vector>

namespace ravine::documentation {

/// When a step's names are looked at: it decides what `m` without a prime stands for.
enum class Moment {
  Creation, // m is m₀
  Step,     // m is mₜ₋₁, what the step began with; m' is mₜ
  After,    // m is mₜ: what a view sees
};

/// Follows the habits of papers: `beta1` is β₁, `v_max` has a subscript, `mhat` is m̂, other names of several letters
/// are upright words with their underscores, and `lr`, `weight_decay`, `momentum` and `eps` have their customary
/// letters η, λ, μ and ε. A name of a part of a composed optimizer has the part as its subscript: `hidden.lr` is η with
/// the subscript hidden. Where that would give two names of a rule one symbol, both stay as they stand in the source;
/// so does a name that would look like a state at some step, as `d0` beside the state `d`.
class Notation {
public:
  explicit Notation(const ast::OptimizerDecl &optimizer);
  explicit Notation(const ast::PenaltyDecl &penalty);

  /// The symbol of a name that the rule declares, without the step it belongs to.
  [[nodiscard]] Formula symbol(const std::string &name) const;

  /// A use of a name, with the step it belongs to: m with the subscript t or t − 1.
  [[nodiscard]] Formula use(const ast::Name &name, Moment moment) const;

  /// What an equation defines: the parameter or a state, at the end of a step or, for a state, at creation.
  [[nodiscard]] Formula defined(const std::string &target, Moment moment) const;

private:
  /// Gives each of the names a symbol; those of `states` are looked at at every moment.
  void choose(const std::vector<std::string> &names, const std::vector<std::string> &states);

  std::map<std::string, Formula> symbols;
};

/// The symbol of a name by itself. Without `customary`, `lr` and its like are words as others are, and what several
/// uses of a function bring along is numbered.
[[nodiscard]] Formula symbolOf(std::string_view name, bool customary = true);

} // namespace ravine::documentation
