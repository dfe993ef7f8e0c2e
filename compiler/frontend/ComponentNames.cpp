// Visiting the names of a component.
#include "compiler/frontend/ComponentNames.h"

#include "compiler/frontend/Walk.h"

namespace ravine {

using namespace ast;

namespace {

using Visit = std::function<void(const std::string &)>;

void visitExpression(const Expr &expr, const Visit &visit) {
  if (const auto *name = expr.as<Name>())
    visit(name->text);
  if (const auto *call = expr.as<Call>())
    visit(call->callee);
  forEachChild(expr, [&](const Expr &child) { visitExpression(child, visit); });
}

} // namespace

void forEachNameIn(const Component &component, const Visit &visit) {
  if (const auto *use = component.as<Use>()) {
    visit(use->name);
    for (const ComponentPtr &part : use->parts)
      forEachNameIn(*part, visit);
    for (const Argument &argument : use->arguments)
      visitExpression(*argument.value, visit);
  } else if (const auto *pipe = component.as<Pipe>()) {
    for (const Stage &stage : pipe->stages) {
      forEachNameIn(*stage.component, visit);
      if (stage.condition)
        visitExpression(*stage.condition, visit);
    }
  } else if (const auto *select = component.as<Select>()) {
    for (const Branch &branch : select->branches) {
      forEachNameIn(*branch.component, visit);
      if (branch.condition)
        visitExpression(*branch.condition, visit);
    }
  } else if (const auto *with = component.as<With>()) {
    forEachNameIn(*with->base, visit);
  } else if (const auto *scaled = component.as<Scaled>()) {
    visitExpression(*scaled->factor, visit);
    forEachNameIn(*scaled->penalty, visit);
  } else if (const auto *sum = component.as<Sum>()) {
    forEachNameIn(*sum->left, visit);
    forEachNameIn(*sum->right, visit);
  }
}

} // namespace ravine
