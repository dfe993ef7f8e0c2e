// Runs the frontend on a text and finds the parts of its tree.
#include "test/frontend/Checked.h"

#include "compiler/diagnostics/Render.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <stdexcept>

namespace ravine::test {

using namespace ast;

namespace {

template <typename Range, typename Projection>
const auto &named(const Range &range, std::string_view name, Projection projection) {
  auto found = std::ranges::find(range, name, projection);
  if (found == range.end())
    throw std::runtime_error("no declaration of " + std::string(name));
  return *found;
}

} // namespace

Checked::Checked(std::string program) {
  uint32_t file = sources.add("rule.rvn", std::move(program));
  module = parse(sources, file, diagnostics);
  check(sources, module, diagnostics);
}

Checked Checked::rule(const std::string &body) {
  return Checked("optimizer rule {\n  hyper lr = 0.1\n" + body + "\n}\n");
}

std::string Checked::codes() const {
  std::string text;
  for (const Diagnostic &diagnostic : diagnostics.all())
    text += (text.empty() ? "" : " ") + std::string(spelling(diagnostic.code));
  return text;
}

std::string Checked::messages() const {
  return render(sources, diagnostics);
}

const HyperDecl &Checked::hyper(std::string_view name) const {
  return *named(optimizer().hypers, name, [](const auto &decl) { return decl->name; });
}

const StateDecl &Checked::state(std::string_view name) const {
  return *named(optimizer().states, name, [](const auto &decl) { return decl->name; });
}

const Expr &Checked::let(std::string_view name) const {
  return *named(optimizer().lets, name, [](const auto &decl) { return decl->name; })->value;
}

const Expr &Checked::metric(std::string_view name) const {
  return *named(optimizer().metrics, name, [](const auto &decl) { return decl->name; })->value;
}

const Expr &Checked::view(std::string_view name) const {
  return *named(optimizer().views, name, [](const auto &decl) { return decl->name; })->value;
}

const Expr &Checked::next(std::string_view target) const {
  return *named(optimizer().equations, target, [](const Equation &equation) { return equation.target; }).value;
}

std::string structure(const Expr &expr) {
  std::string head;
  if (const auto *number = expr.as<Number>())
    return shown(number->value);
  if (const auto *boolean = expr.as<Boolean>())
    return boolean->value ? "true" : "false";
  if (const auto *name = expr.as<Name>())
    return name->isPrimed ? name->text + "'" : name->text;
  if (const auto *unary = expr.as<Unary>())
    head = unary->op == UnaryOp::Not ? "not" : "-";
  if (const auto *binary = expr.as<Binary>())
    head = spelling(binary->op);
  if (expr.as<If>())
    head = "if";
  if (const auto *call = expr.as<Call>())
    head = call->callee;
  if (const auto *reduction = expr.as<Reduction>())
    head = reduction->name + "[" + std::string(reduction->set ? spelling(*reduction->set) : "") + "]";
  if (expr.as<Case>())
    head = "case";
  if (expr.as<Block>())
    head = "block";
  if (expr.as<Then>())
    head = "then";
  std::string text = "(" + head;
  forEachChild(expr, [&](const Expr &child) { text += " " + structure(child); });
  return text + ")";
}

std::string structureOf(const std::string &text) {
  SourceManager sources;
  Diagnostics diagnostics;
  uint32_t file = sources.add("rule.rvn", "optimizer rule {\n  let x = " + text + "\n}\n");
  Module module = parse(sources, file, diagnostics);
  if (!diagnostics.all().empty())
    return render(sources, diagnostics);
  return structure(*module.optimizers.at(0)->lets.at(0)->value);
}

} // namespace ravine::test
