// The syntax tree as indented text.
#include "compiler/frontend/PrintAST.h"

#include "compiler/frontend/Vocabulary.h"

#include <charconv>

namespace ravine {

namespace {

std::string_view spell(ast::ValueKind kind) {
  constexpr std::string_view names[] = {"real", "int", "bool", "enum"};
  return names[static_cast<size_t>(kind)];
}

/// The shortest decimal that reads back as the same number.
std::string spell(double value) {
  char digits[32];
  auto [end, problem] = std::to_chars(std::begin(digits), std::end(digits), value);
  return {digits, end};
}

class Printer {
public:
  std::string text;

  void print(const ast::OptimizerDecl &optimizer) {
    line("optimizer " + optimizer.name);
    Indent indent(*this);
    if (optimizer.keepsSubnormals)
      line("denormals keep");
    if (optimizer.nonFinite != ast::NonFinite::Propagate)
      line(optimizer.nonFinite == ast::NonFinite::Skip ? "nonfinite skip" : "nonfinite error");
    for (const auto &hyper : optimizer.hypers)
      print(*hyper);
    for (const auto &state : optimizer.states)
      print(*state);
    for (const ast::Requirement &requirement : optimizer.requirements)
      named("require", *requirement.condition);
    for (const auto &let : optimizer.lets)
      named("let " + let->name, *let->value);
    for (const ast::Equation &equation : optimizer.equations)
      named("equation " + equation.target + "'", *equation.value);
    for (const auto &metric : optimizer.metrics)
      named("metric " + metric->name, *metric->value);
    for (const auto &view : optimizer.views)
      named("view " + view->name, *view->value);
  }

private:
  struct Indent {
    explicit Indent(Printer &printer) : printer(printer) { ++printer.depth; }
    ~Indent() { --printer.depth; }
    Printer &printer;
  };

  void line(const std::string &content) { text += std::string(2 * depth, ' ') + content + "\n"; }

  void named(const std::string &name, const ast::Expr &value) {
    line(name);
    Indent indent(*this);
    print(value);
  }

  void print(const ast::HyperDecl &hyper) {
    std::string text = "hyper " + hyper.name + " [" + std::string(spelling(hyper.set)) +
                       "] : " + std::string(spell(hyper.kind)) + " = ";
    if (hyper.kind == ast::ValueKind::Enum)
      text += hyper.choices[static_cast<size_t>(hyper.defaultValue)];
    else
      text += spell(hyper.defaultValue);
    text += std::string(" in ") + (hyper.lower.isOpen ? "(" : "[") + spell(hyper.lower.value) + ", " +
            spell(hyper.upper.value) + (hyper.upper.isOpen ? ")" : "]");
    line(text);
  }

  void print(const ast::StateDecl &state) {
    line("state " + state.name + " [" + std::string(spelling(state.set)) + "]");
    Indent indent(*this);
    if (state.condition)
      named("when", *state.condition);
    named("initial", *state.initial);
  }

  void print(const ast::Expr &expression) {
    std::visit([&](const auto &node) { print(node, expression); }, expression.node);
  }

  static std::string typed(const std::string &text, const ast::Expr &expression) {
    return text + " : " + std::string(spell(expression.type.kind)) + "[" + std::string(spelling(expression.type.set)) +
           "]";
  }

  template <typename... Children>
  void node(const std::string &name, const ast::Expr &expression, const Children &...children) {
    line(typed(name, expression));
    Indent indent(*this);
    (print(*children), ...);
  }

  void print(const ast::Number &number, const ast::Expr &expression) { node(spell(number.value), expression); }
  void print(const ast::Boolean &boolean, const ast::Expr &expression) {
    node(boolean.value ? "true" : "false", expression);
  }
  void print(const ast::Name &name, const ast::Expr &expression) {
    node(name.text + (name.isPrimed ? "'" : ""), expression);
  }
  void print(const ast::Unary &unary, const ast::Expr &expression) {
    node(unary.op == ast::UnaryOp::Negate ? "negate" : "not", expression, unary.operand);
  }
  void print(const ast::Binary &binary, const ast::Expr &expression) {
    node(std::string(spelling(binary.op)), expression, binary.left, binary.right);
  }
  void print(const ast::If &conditional, const ast::Expr &expression) {
    node("if", expression, conditional.condition, conditional.thenValue, conditional.elseValue);
  }
  void print(const ast::Call &call, const ast::Expr &expression) {
    line(typed("call " + call.callee, expression));
    Indent indent(*this);
    for (const ast::ExprPtr &argument : call.arguments)
      print(*argument);
  }
  void print(const ast::Reduction &reduction, const ast::Expr &expression) {
    std::string set = reduction.set ? std::string(spelling(*reduction.set)) : "";
    line(typed("reduction " + reduction.name + "[" + set + "]", expression));
    Indent indent(*this);
    for (const ast::ExprPtr &argument : reduction.arguments)
      print(*argument);
  }
  void print(const ast::Case &choice, const ast::Expr &expression) {
    node("case", expression, choice.condition, choice.thenValue, choice.elseValue);
  }
  void print(const ast::Block &block, const ast::Expr &expression) {
    line(typed("block", expression));
    Indent indent(*this);
    for (const auto &let : block.lets)
      named("let " + let->name, *let->value);
    print(*block.value);
  }

  size_t depth = 0;
};

} // namespace

std::string printAst(const ast::Module &module) {
  Printer printer;
  for (const auto &optimizer : module.optimizers)
    printer.print(*optimizer);
  return printer.text;
}

} // namespace ravine
