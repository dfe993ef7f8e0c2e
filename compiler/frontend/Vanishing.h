// Which values are 0 for ordinary data, so that dividing by them makes a NaN or an infinity.
#pragma once

#include "compiler/frontend/AST.h"

#include <span>
#include <unordered_map>

namespace ravine {

/// Reads values as a person would: through lets, blocks and the equations behind primes, as far as the budget goes. The
/// optimizer is checked and has no errors.
class Vanishing {
public:
  explicit Vanishing(const ast::OptimizerDecl &optimizer);

  /// Whether `value` is likely to be 0: a root, an absolute value or a norm of what can be 0, a state that starts at 0,
  /// or what is made of such in a way that keeps a 0. A part that one of the conditions asks about is not: its author
  /// has thought of it.
  [[nodiscard]] bool isLikely(const ast::Expr &value, std::span<const ast::Expr *const> conditions);

  /// The state whose value before the step makes `value` vanish although its next value does not; null if none.
  [[nodiscard]] const ast::StateDecl *missingPrime(const ast::Expr &value);

private:
  enum class Sign : uint8_t { Unknown, NonNegative, Positive };

  [[nodiscard]] const ast::Expr &meaning(const ast::Expr &written) const;
  [[nodiscard]] const ast::Expr *nextValue(const ast::Name &name) const;
  [[nodiscard]] bool spend();

  [[nodiscard]] Sign signOf(const ast::Expr &written, unsigned depth = 0);
  [[nodiscard]] Sign signOfName(const ast::Name &name) const;
  [[nodiscard]] Sign signOfBinary(const ast::Binary &binary, unsigned depth);
  [[nodiscard]] Sign signOfCall(const ast::Call &call, unsigned depth);
  [[nodiscard]] Sign signOfReduction(const ast::Reduction &reduction, unsigned depth);

  /// `inRoot`: under a root or an absolute value, where differences count as well.
  [[nodiscard]] bool vanishes(const ast::Expr &written, bool inRoot, unsigned depth = 0);
  [[nodiscard]] bool nameVanishes(const ast::Name &name, bool inRoot, unsigned depth);
  [[nodiscard]] bool binaryVanishes(const ast::Binary &binary, bool inRoot, unsigned depth);
  [[nodiscard]] bool callVanishes(const ast::Call &call, bool inRoot, unsigned depth);
  [[nodiscard]] bool reductionVanishes(const ast::Reduction &reduction, bool inRoot, unsigned depth);

  [[nodiscard]] bool isAsked(const ast::Expr &expr);
  [[nodiscard]] bool mentions(const ast::Expr &condition, const ast::Expr &part, unsigned depth = 0);

  std::unordered_map<const ast::StateDecl *, const ast::Expr *> equations;
  std::span<const ast::Expr *const> conditions;
  unsigned budget = 0;
};

} // namespace ravine
