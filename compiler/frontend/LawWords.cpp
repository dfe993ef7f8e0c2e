// The words of laws.
#include "compiler/frontend/LawWords.h"

#include <algorithm>
#include <array>

namespace ravine {

using ast::LawKind;

namespace {

constexpr std::array lawTable = {
    LawInfo{"convex", LawKind::Convex, LawArguments::None, "convex"},
    LawInfo{"separable", LawKind::Separable, LawArguments::None, "separable"},
    LawInfo{"nonexpansive", LawKind::Nonexpansive, LawArguments::None, "nonexpansive"},
    LawInfo{"minimizes", LawKind::Minimizes, LawArguments::None, "minimizes"},
    LawInfo{"idempotent", LawKind::Idempotent, LawArguments::None, "idempotent"},
    LawInfo{"projection", LawKind::Projection, LawArguments::None, "projection"},
    LawInfo{"conjugate", LawKind::Conjugate, LawArguments::Component, "conjugate(linf_ball(radius = lambda))"},
    LawInfo{"quadratic", LawKind::Quadratic, LawArguments::Numbers, "quadratic(lambda, 0)"},
    LawInfo{"gradient", LawKind::Gradient, LawArguments::None, "gradient"},
    LawInfo{"agrees_with", LawKind::AgreesWith, LawArguments::Component, "agrees_with(other)"},
};

} // namespace

std::span<const LawInfo> laws() {
  return lawTable;
}

const LawInfo *findLaw(std::string_view name) {
  const auto *found = std::ranges::find(lawTable, name, &LawInfo::name);
  return found == lawTable.end() ? nullptr : found;
}

std::string_view spelling(LawKind kind) {
  return lawTable[static_cast<size_t>(kind)].name;
}

std::string_view spelling(ast::ParameterKind kind) {
  constexpr std::string_view names[] = {"optimizer", "penalty", "set", "fn"};
  return names[static_cast<size_t>(kind)];
}

} // namespace ravine
