// Whether two expressions are the same tree over the same names.
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Placeholder.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

bool isSameSymbol(const Symbol &left, const Symbol &right) {
  if (left.index() != right.index())
    return false;
  if (const auto *choice = std::get_if<EnumChoice>(&left)) {
    const auto &other = std::get<EnumChoice>(right);
    return choice->hyper == other.hyper && choice->index == other.index;
  }
  return std::visit(
      [&]<typename S>(const S &symbol) {
        if constexpr (std::is_same_v<S, EnumChoice> || std::is_same_v<S, std::monostate>)
          return false;
        else
          return symbol == std::get<S>(right);
      },
      left);
}

bool isSame(const Number &left, const Number &right) {
  return left.value == right.value;
}
bool isSame(const Boolean &left, const Boolean &right) {
  return left.value == right.value;
}

bool isSame(const Name &left, const Name &right) {
  return left.isPrimed == right.isPrimed && isSameSymbol(left.symbol, right.symbol);
}

bool isSame(const Unary &left, const Unary &right) {
  return left.op == right.op && isSameExpression(*left.operand, *right.operand);
}

bool isSame(const Binary &left, const Binary &right) {
  return left.op == right.op && isSameExpression(*left.left, *right.left) &&
         isSameExpression(*left.right, *right.right);
}

bool isSame(const If &left, const If &right) {
  return isSameExpression(*left.condition, *right.condition) && isSameExpression(*left.thenValue, *right.thenValue) &&
         isSameExpression(*left.elseValue, *right.elseValue);
}

bool isSame(const Call &left, const Call &right) {
  auto same = [](const ExprPtr &a, const ExprPtr &b) { return isSameExpression(*a, *b); };
  return left.callee == right.callee && std::ranges::equal(left.arguments, right.arguments, same);
}

bool isSame(const Reduction &left, const Reduction &right) {
  auto same = [](const ExprPtr &a, const ExprPtr &b) { return isSameExpression(*a, *b); };
  return left.kind == right.kind && left.set == right.set && left.under == right.under &&
         std::ranges::equal(left.arguments, right.arguments, same);
}

bool isSame(const Case &left, const Case &right) {
  return isSameExpression(*left.condition, *right.condition) && isSameExpression(*left.thenValue, *right.thenValue) &&
         isSameExpression(*left.elseValue, *right.elseValue);
}

bool isSame(const Match &left, const Match &right) {
  return left.isOfGroup == right.isOfGroup && left.patterns == right.patterns;
}

/// Gone where expressions are compared.
bool isSame(const Then &, const Then &) {
  return false;
}

/// The lets of two blocks are different names, whatever they are called.
bool isSame(const Block &left, const Block &right) {
  return left.lets.empty() && right.lets.empty() && isSameExpression(*left.value, *right.value);
}

} // namespace

bool isSameExpression(const Expr &left, const Expr &right) {
  if (left.node.index() != right.node.index())
    return false;
  return std::visit([&]<typename Node>(const Node &node) { return isSame(node, std::get<Node>(right.node)); },
                    left.node);
}

} // namespace ravine
