// The lets of schedules and penalties, which come along with what uses them.
#pragma once

#include "compiler/elaboration/Expander.h"
#include "compiler/elaboration/Make.h"

#include <algorithm>

namespace ravine {

/// The body behind the lets of the declaration that it uses, in the order in which they need each other.
template <typename Declaration>
ast::ExprPtr Expander::withLets(const Declaration &declaration, const ast::Expr &body, ast::Block block,
                                SourceSpan span) {
  std::vector<std::string> before;
  for (const auto &[name, binding] : bindings)
    before.push_back(name);
  forEachName(body, [&](const ast::Name &name, const ast::Expr &) { addLet(declaration, name.text, block); });
  block.value = expand(body);
  std::erase_if(bindings, [&](const auto &entry) { return std::ranges::find(before, entry.first) == before.end(); });
  return make(span, std::move(block));
}

/// The body with the lets of the declaration written out: it is shown to people.
template <typename Declaration>
ast::ExprPtr Expander::withoutLets(const Declaration &declaration, const ast::Expr &body) {
  std::vector<std::string> added;
  auto add = [&](auto &self, const ast::Expr &expr) -> void {
    forEachName(expr, [&](const ast::Name &name, const ast::Expr &) {
      auto let = std::ranges::find(declaration.lets, name.text, [](const auto &decl) { return decl->name; });
      if (let == declaration.lets.end() || bindings.contains(name.text) || std::ranges::count(added, name.text))
        return;
      added.push_back(name.text);
      self(self, *(*let)->value);
      bindings.emplace(name.text, expand(*(*let)->value));
    });
  };
  add(add, body);
  ast::ExprPtr result = expand(body);
  for (const std::string &name : added)
    bindings.erase(name);
  return result;
}

template <typename Declaration>
void Expander::addLet(const Declaration &declaration, const std::string &name, ast::Block &block) {
  auto let = std::ranges::find(declaration.lets, name, [](const auto &decl) { return decl->name; });
  if (let == declaration.lets.end() || bindings.contains(name))
    return;
  std::string fresh = elaboration.freshName(declaration.name + "." + name);
  bindings.emplace(name, makeName((*let)->nameSpan, fresh));
  forEachName(*(*let)->value, [&](const ast::Name &used, const ast::Expr &) { addLet(declaration, used.text, block); });
  block.lets.push_back(makeLet(fresh, (*let)->nameSpan, expand(*(*let)->value)));
}

} // namespace ravine
