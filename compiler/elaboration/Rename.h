// Giving the names of a part, which are its own, other names in the optimizer that is made of it.
#pragma once

#include "compiler/frontend/Walk.h"

#include <string>
#include <unordered_map>

namespace ravine {

/// From a name to the one that takes its place. A key that ends in a prime stands for the primed name only, which then
/// loses its prime; any other key stands for the name with and without.
using Names = std::unordered_map<std::string, std::string>;

void rename(ast::Expr &expr, const Names &names);

/// Renames declarations and all their uses.
void rename(ast::OptimizerDecl &optimizer, const Names &names);
void rename(ast::TransformDecl &transform, const Names &names);

/// Renames only what a step computes: `w` and `g` stay what they are in initial values and in views.
void renameInStep(ast::OptimizerDecl &optimizer, const Names &names);

/// Calls `visit` with each declaration that the host sees: hypers, states, metrics and views.
template <typename Part, typename Visit> void forEachVisible(Part &part, Visit visit) {
  for (auto &hyper : part.hypers)
    visit(*hyper);
  for (auto &state : part.states)
    visit(*state);
  for (auto &metric : part.metrics)
    visit(*metric);
  for (auto &view : part.views)
    visit(*view);
}

} // namespace ravine
