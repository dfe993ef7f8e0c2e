// What each law asks at one input.
#pragma once

#include "compiler/frontend/AST.h"
#include "compiler/testing/laws/LawInputs.h"

#include <functional>
#include <optional>

namespace ravine::testing {

/// A law that does not hold at some input.
struct Violation {
  /// What is wrong: "there is a better point than prox(x, tau)".
  std::string sentence;
  /// Names and numbers that show it.
  std::vector<std::pair<std::string, Vector>> numbers;
  /// What prox(x, tau) should be, where the law says that.
  std::optional<Vector> expected = std::nullopt;
  /// The point at which that is expected, where it is not x.
  std::optional<Vector> at = std::nullopt;
};

/// A law and what it is about.
struct LawTrial {
  ast::LawKind kind;
  PenaltyOracle &penalty;
  /// A proximal operator is declared; or, for a set, a projection. Without it a law is tried on the value alone.
  bool hasProx = true;
  bool hasValue = true;
  /// The other one, for `conjugate` and `agrees_with`. It is configured with the same hypers.
  PenaltyOracle *other = nullptr;
  /// The arguments of `quadratic`, for the hypers of an input.
  std::function<std::vector<double>(const std::map<std::string, double> &)> arguments = {};
};

/// Tries a law at one input, in f64; nothing where it holds there, or where the input is not allowed (a `require` does
/// not hold, a value is not finite). Proximal operators and values are compared up to a relative 1e-9.
[[nodiscard]] std::optional<Violation> tryLaw(const LawTrial &trial, const LawInput &input);

} // namespace ravine::testing
