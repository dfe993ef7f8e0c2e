// Expressions as people write them.
#include "compiler/elaboration/WrittenExpression.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

namespace {

/// From loose to tight, as the grammar has it.
int precedence(const Expr &expr) {
  if (const auto *binary = expr.as<Binary>()) {
    switch (binary->op) {
    case BinaryOp::Or:
      return 1;
    case BinaryOp::And:
      return 2;
    case BinaryOp::Add:
    case BinaryOp::Subtract:
      return 5;
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
      return 6;
    case BinaryOp::Power:
      return 8;
    default:
      return 4;
    }
  }
  if (const auto *unary = expr.as<Unary>())
    return unary->op == UnaryOp::Not ? 3 : 7;
  if (const auto *number = expr.as<Number>(); number && number->value < 0)
    return 7;
  if (const auto *block = expr.as<Block>(); block && block->lets.empty())
    return precedence(*block->value);
  return expr.as<If>() ? 0 : 9;
}

std::string inside(const Expr &expr, int least) {
  return precedence(expr) < least ? "(" + written(expr) + ")" : written(expr);
}

} // namespace

std::string written(const Expr &expr) {
  int own = precedence(expr);
  if (const auto *number = expr.as<Number>())
    return shown(number->value);
  if (const auto *boolean = expr.as<Boolean>())
    return boolean->value ? "true" : "false";
  if (const auto *name = expr.as<Name>())
    return name->text + (name->isPrimed ? "'" : "");
  if (const auto *unary = expr.as<Unary>())
    return (unary->op == UnaryOp::Not ? "not " : "-") + inside(*unary->operand, own);
  if (const auto *binary = expr.as<Binary>()) {
    bool isTight = own == 6 || own == 8;
    std::string space = isTight ? "" : " ";
    bool isToTheRight = binary->op == BinaryOp::Power;
    return inside(*binary->left, isToTheRight ? own + 1 : own) + space + std::string(spelling(binary->op)) + space +
           inside(*binary->right, isToTheRight ? own : own + 1);
  }
  if (const auto *choice = expr.as<If>())
    return "if " + written(*choice->condition) + " then " + written(*choice->thenValue) + " else " +
           written(*choice->elseValue);
  if (const auto *call = expr.as<Call>()) {
    std::string text;
    for (const ExprPtr &argument : call->arguments)
      text += (text.empty() ? "" : ", ") + written(*argument);
    return call->callee + "(" + text + ")";
  }
  if (const auto *reduction = expr.as<Reduction>()) {
    std::string text;
    for (const ExprPtr &argument : reduction->arguments)
      text += (text.empty() ? "" : ", ") + written(*argument);
    std::string set(reduction->set ? spelling(*reduction->set) : "");
    for (const ConditionDecl *condition : reduction->under)
      set += " " + condition->name;
    return reduction->name + "[" + set + "](" + text + ")";
  }
  if (const auto *choice = expr.as<Case>())
    return "case " + written(*choice->condition) + " { " + written(*choice->thenValue) + " } else { " +
           written(*choice->elseValue) + " }";
  if (const auto *match = expr.as<Match>()) {
    std::string text;
    for (const std::string &pattern : match->patterns)
      text += (text.empty() ? "\"" : ", \"") + pattern + "\"";
    return (match->isOfGroup ? "group(" : "name(") + text + ")";
  }
  if (const auto *block = expr.as<Block>()) {
    std::string text;
    for (const auto &let : block->lets)
      text += "let " + let->name + " = " + written(*let->value) + "; ";
    return text.empty() ? written(*block->value) : "{ " + text + written(*block->value) + " }";
  }
  return "";
}

} // namespace ravine
