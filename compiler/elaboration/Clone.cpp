// Copies of syntax trees.
#include "compiler/elaboration/Clone.h"

namespace ravine {

using namespace ast;

namespace {

/// Copies one node; its parts go through the map.
class NodeCopy {
public:
  explicit NodeCopy(const ExprMap &map) : map(map) {}

  auto operator()(const Number &number) const { return number; }
  auto operator()(const Boolean &boolean) const { return boolean; }
  auto operator()(const Name &name) const { return name; }
  auto operator()(const Match &match) const { return match; }
  Unary operator()(const Unary &unary) const { return {unary.op, map(*unary.operand)}; }

  Binary operator()(const Binary &binary) const {
    ExprPtr left = map(*binary.left);
    return {binary.op, binary.opSpan, std::move(left), map(*binary.right)};
  }

  If operator()(const If &choice) const {
    ExprPtr condition = map(*choice.condition);
    ExprPtr thenValue = map(*choice.thenValue);
    return {std::move(condition), std::move(thenValue), map(*choice.elseValue)};
  }

  Call operator()(const Call &call) const {
    return {call.callee, call.calleeSpan, all(call.arguments), call.function, call.argumentNames};
  }

  Reduction operator()(const Reduction &reduction) const {
    return {reduction.kind,    reduction.name,           reduction.nameSpan, reduction.set,
            reduction.setSpan, all(reduction.arguments), reduction.under,    reduction.standsFor};
  }

  Case operator()(const Case &choice) const {
    ExprPtr condition = map(*choice.condition);
    ExprPtr thenValue = map(*choice.thenValue);
    return {std::move(condition), choice.conditionSpan, std::move(thenValue), map(*choice.elseValue)};
  }

  Block operator()(const Block &block) const {
    Block copied;
    copied.lets = copyAll(block.lets, map);
    copied.value = map(*block.value);
    return copied;
  }

  Then operator()(const Then &then) const {
    ExprPtr first = map(*then.first);
    return {std::move(first), map(*then.second), then.thenSpan};
  }

private:
  std::vector<ExprPtr> all(const std::vector<ExprPtr> &parts) const {
    std::vector<ExprPtr> copies;
    for (const ExprPtr &part : parts)
      copies.push_back(map(*part));
    return copies;
  }

  const ExprMap &map;
};

ExprPtr mapped(const ExprPtr &expr, const ExprMap &map) {
  return expr ? map(*expr) : nullptr;
}

} // namespace

ExprPtr withParts(const Expr &expr, const ExprMap &part) {
  auto copied = std::make_unique<Expr>();
  copied->span = expr.span;
  copied->type = expr.type;
  std::visit([&](const auto &node) { copied->node = NodeCopy(part)(node); }, expr.node);
  return copied;
}

ExprPtr clone(const Expr &expr) {
  return withParts(expr, clone);
}

std::unique_ptr<HyperDecl> copy(const HyperDecl &hyper, const ExprMap &map) {
  auto copied = std::make_unique<HyperDecl>();
  copied->name = hyper.name;
  copied->nameSpan = hyper.nameSpan;
  copied->doc = hyper.doc;
  copied->kind = hyper.kind;
  copied->set = hyper.set;
  copied->choices = hyper.choices;
  // The default of an enum is one of its choices, which is no name of anything else.
  copied->defaultExpr =
      hyper.kind == ValueKind::Enum ? mapped(hyper.defaultExpr, clone) : mapped(hyper.defaultExpr, map);
  copied->rangeSpan = hyper.rangeSpan;
  copied->lower = hyper.lower;
  copied->upper = hyper.upper;
  return copied;
}

std::unique_ptr<StateDecl> copy(const StateDecl &state, const ExprMap &map) {
  auto copied = std::make_unique<StateDecl>();
  copied->name = state.name;
  copied->nameSpan = state.nameSpan;
  copied->doc = state.doc;
  copied->condition = mapped(state.condition, map);
  copied->conditionSpan = state.conditionSpan;
  copied->initial = mapped(state.initial, map);
  copied->set = state.set;
  copied->storage = state.storage;
  copied->under = state.under;
  return copied;
}

std::unique_ptr<LetDecl> copy(const LetDecl &let, const ExprMap &map) {
  return std::make_unique<LetDecl>(LetDecl{let.name, let.nameSpan, mapped(let.value, map), let.stepOver});
}

std::unique_ptr<MetricDecl> copy(const MetricDecl &metric, const ExprMap &map) {
  return std::make_unique<MetricDecl>(MetricDecl{metric.name, metric.nameSpan, metric.doc, mapped(metric.value, map)});
}

std::unique_ptr<ViewDecl> copy(const ViewDecl &view, const ExprMap &map) {
  return std::make_unique<ViewDecl>(ViewDecl{view.name, view.nameSpan, view.doc, mapped(view.value, map)});
}

Requirement copy(const Requirement &requirement, const ExprMap &map) {
  return {requirement.span, mapped(requirement.condition, map), requirement.text};
}

Equation copy(const Equation &equation, const ExprMap &map) {
  return {equation.targetSpan, equation.target, equation.symbol, mapped(equation.value, map), equation.skipsBefore};
}

Skip copy(const Skip &skip, const ExprMap &map) {
  return {skip.span, mapped(skip.condition, map)};
}

} // namespace ravine
