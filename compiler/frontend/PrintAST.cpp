// The syntax tree as indented text.
#include "compiler/frontend/PrintAST.h"

#include "compiler/frontend/LawWords.h"
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

  void print(const ast::Module &module) {
    for (const ast::Import &import : module.imports)
      print(import);
    for (const auto &constant : module.constants)
      named(exported(constant->isExported) + "constant " + constant->name, *constant->value);
    for (const auto &function : module.functions)
      print(*function);
    for (const auto &schedule : module.schedules)
      print(*schedule);
    for (const auto &transform : module.transforms)
      print(*transform);
    for (const auto &penalty : module.penalties)
      print(*penalty);
    for (const auto &optimizer : module.optimizers)
      print(*optimizer);
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

  static std::string exported(bool isExported) { return isExported ? "export " : ""; }

  /// "a, b", each as `spell` has it.
  template <typename Range, typename Spell> static std::string listed(const Range &range, Spell spell) {
    std::string result;
    for (const auto &element : range)
      result += (result.empty() ? "" : ", ") + spell(element);
    return result;
  }

  static std::string listed(const std::vector<const ast::ConditionDecl *> &under) {
    return under.empty() ? "" : " under " + listed(under, [](const auto *condition) { return condition->name; });
  }

  void print(const ast::Import &import) {
    std::string text = "import ";
    for (size_t i = 0; i < import.words.size(); ++i)
      text += (i == 0 ? "" : ".") + import.words[i];
    if (import.words.empty())
      text += "\"" + import.path + "\"";
    if (!import.items.empty())
      text += ": " + listed(import.items, [](const ast::Import::Item &item) {
                return item.alias == item.name ? item.name : item.name + " as " + item.alias;
              });
    line(text);
  }

  void print(const ast::FunctionDecl &function) {
    line(exported(function.isExported) + "fn " + function.name);
    Indent indent(*this);
    for (const ast::FunctionDecl::Parameter &parameter : function.parameters) {
      if (parameter.defaultExpr)
        named("parameter " + parameter.name, *parameter.defaultExpr);
      else
        line("parameter " + parameter.name);
    }
    named("value", *function.body);
  }

  void print(const ast::ScheduleDecl &schedule) {
    line(exported(schedule.isExported) + "schedule " + schedule.name);
    Indent indent(*this);
    printItems(schedule);
    if (schedule.length)
      named("length", *schedule.length);
    named("value", *schedule.value);
  }

  void print(const ast::TransformDecl &transform) {
    line(exported(transform.isExported) + "transform " + transform.name);
    Indent indent(*this);
    if (transform.zeroesGradient)
      line("zero g");
    printItems(transform);
    print("before", transform.before);
    print("after", transform.after);
    printResults(transform.metrics, transform.views);
  }

  void print(const std::string &word, const ast::TransformBlock &half) {
    if (half.lets.empty() && half.equations.empty() && half.skips.empty())
      return;
    line(word);
    Indent indent(*this);
    for (const auto &let : half.lets)
      named("let " + let->name, *let->value);
    for (const ast::Equation &equation : half.equations)
      print(equation);
    for (const ast::Skip &skip : half.skips)
      named("skip", *skip.condition);
  }

  void print(const ast::OptimizerDecl &optimizer) {
    line(exported(optimizer.isExported) + "optimizer " + optimizer.name);
    Indent indent(*this);
    for (const ast::GenericParameter &parameter : optimizer.generics)
      print(parameter);
    if (optimizer.isOnMatrices)
      line("on matrices");
    if (optimizer.keepsSubnormals)
      line("denormals keep");
    if (optimizer.nonFinite != ast::NonFinite::Propagate)
      line(optimizer.nonFinite == ast::NonFinite::Skip ? "nonfinite skip" : "nonfinite error");
    if (optimizer.hasMaster)
      line("master f32");
    if (optimizer.zeroesGradient)
      line("zero g");
    for (const auto &condition : optimizer.conditions)
      print(*condition);
    printItems(optimizer);
    for (const ast::Skip &skip : optimizer.skips)
      named("skip", *skip.condition);
    for (const ast::Equation &equation : optimizer.equations)
      print(equation);
    if (optimizer.composition)
      print(*optimizer.composition);
    printResults(optimizer.metrics, optimizer.views);
  }

  void print(const ast::PenaltyDecl &penalty) {
    std::string kind = penalty.isSet ? "set " : "penalty ";
    std::string argument = penalty.argument.empty() ? "" : "(" + penalty.argument + ")";
    line(exported(penalty.isExported) + kind + penalty.name + argument);
    Indent indent(*this);
    for (const ast::GenericParameter &parameter : penalty.generics)
      print(parameter);
    printItems(penalty);
    if (penalty.composition)
      print(*penalty.composition);
    if (penalty.value)
      named("value", *penalty.value);
    if (penalty.prox)
      named("prox(" + penalty.step + ")", *penalty.prox);
    if (penalty.gradient)
      named("grad", *penalty.gradient);
    if (penalty.project)
      named("project", *penalty.project);
    if (penalty.contains)
      named("contains(" + penalty.tolerance + ")", *penalty.contains);
    for (const ast::Law &law : penalty.laws)
      print(law);
  }

  void print(const ast::Law &law) {
    std::string condition = law.partLaw ? " when " + law.part + " " + law.partLaw->name : "";
    line("law " + std::string(spelling(law.kind)) + condition);
    Indent indent(*this);
    for (const ast::ExprPtr &argument : law.arguments)
      print(*argument);
    if (law.other)
      print(*law.other);
  }

  void print(const ast::GenericParameter &parameter) {
    std::string bounds = listed(parameter.laws, [](const ast::LawName &law) { return law.name; });
    line("part " + parameter.name + " : " + std::string(spelling(parameter.kind)) +
         (bounds.empty() ? "" : " with " + bounds));
    Indent indent(*this);
    if (parameter.defaultPart)
      print(*parameter.defaultPart);
  }

  /// What every declaration with braces can have.
  template <typename Declaration> void printItems(const Declaration &declaration) {
    for (const auto &hyper : declaration.hypers)
      print(*hyper);
    if constexpr (requires { declaration.states; })
      for (const auto &state : declaration.states)
        print(*state);
    for (const ast::Requirement &requirement : declaration.requirements)
      named("require", *requirement.condition);
    for (const auto &let : declaration.lets)
      named("let " + let->name, *let->value);
  }

  void printResults(const std::vector<std::unique_ptr<ast::MetricDecl>> &metrics,
                    const std::vector<std::unique_ptr<ast::ViewDecl>> &views) {
    for (const auto &metric : metrics)
      named("metric " + metric->name, *metric->value);
    for (const auto &view : views)
      named("view " + view->name, *view->value);
  }

  void print(const ast::ConditionDecl &condition) {
    std::string choice = condition.choice ? " of choice " + std::to_string(*condition.choice) : "";
    named("condition " + condition.name + choice + listed(condition.under), *condition.condition);
  }

  void print(const ast::Equation &equation) {
    std::string skips = equation.skipsBefore == 0 ? "" : " behind " + std::to_string(equation.skipsBefore) + " skips";
    named("equation " + equation.target + "'" + skips, *equation.value);
  }

  void print(const ast::Component &component) {
    std::visit([&](const auto &node) { printComponent(node); }, component.node);
  }

  void printComponent(const ast::Use &use) {
    line("use " + use.name + (use.set ? "[" + spelling(*use.set) + "]" : ""));
    Indent indent(*this);
    for (const ast::ComponentPtr &part : use.parts)
      print(*part);
    for (const ast::Argument &argument : use.arguments)
      named(argument.name.empty() ? "argument" : "argument " + argument.name, *argument.value);
  }

  void printComponent(const ast::Pipe &pipe) {
    line("pipe");
    Indent indent(*this);
    for (const ast::Stage &stage : pipe.stages) {
      line(stage.label.empty() ? "stage" : "stage " + stage.label);
      Indent deeper(*this);
      print(*stage.component);
      if (stage.condition)
        named("where", *stage.condition);
    }
  }

  void printComponent(const ast::Select &select) {
    line("select");
    Indent indent(*this);
    for (const ast::Branch &branch : select.branches) {
      line(branch.label.empty() ? "branch" : "branch " + branch.label);
      Indent deeper(*this);
      if (branch.condition)
        named("of", *branch.condition);
      print(*branch.component);
    }
  }

  void printComponent(const ast::Frozen &) { line("frozen"); }

  void printComponent(const ast::Scaled &scaled) {
    named("times", *scaled.factor);
    Indent indent(*this);
    print(*scaled.penalty);
  }

  void printComponent(const ast::Sum &sum) {
    line("sum");
    Indent indent(*this);
    print(*sum.left);
    print(*sum.right);
  }

  void printComponent(const ast::With &with) {
    line("with");
    Indent indent(*this);
    print(*with.base);
    for (const ast::StorageClause &clause : with.clauses)
      line(clause.states.empty() ? "master f32"
                                 : listed(clause.states, [](const std::string &state) { return state; }) + " store " +
                                       std::string(spelling(clause.storage)));
  }

  void print(const ast::HyperDecl &hyper) {
    std::string text =
        "hyper " + hyper.name + " [" + spelling(hyper.set) + "] : " + std::string(spell(hyper.kind)) + " = ";
    if (hyper.kind == ast::ValueKind::Enum && !hyper.choices.empty())
      text += hyper.choices[static_cast<size_t>(hyper.defaultValue)];
    else
      text += spell(hyper.defaultValue);
    text += std::string(" in ") + (hyper.lower.isOpen ? "(" : "[") + spell(hyper.lower.value) + ", " +
            spell(hyper.upper.value) + (hyper.upper.isOpen ? ")" : "]");
    line(text);
    if (hyper.isScheduled) {
      Indent indent(*this);
      named("follows", *hyper.defaultExpr);
    }
  }

  void print(const ast::StateDecl &state) {
    std::string storage =
        state.storage == ast::Storage::Compute ? "" : " store " + std::string(spelling(state.storage));
    line("state " + state.name + " [" + spelling(state.set) + "]" + storage + listed(state.under));
    Indent indent(*this);
    if (state.condition)
      named("when", *state.condition);
    named("initial", *state.initial);
  }

  void print(const ast::Expr &expression) {
    std::visit([&](const auto &node) { print(node, expression); }, expression.node);
  }

  static std::string typed(const std::string &text, const ast::Expr &expression) {
    return text + " : " + std::string(spell(expression.type.kind)) + "[" + spelling(expression.type.set) + "]";
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
    for (size_t i = 0; i < call.arguments.size(); ++i) {
      bool isNamed = i < call.argumentNames.size() && !call.argumentNames[i].empty();
      if (isNamed)
        named(call.argumentNames[i] + " =", *call.arguments[i]);
      else
        print(*call.arguments[i]);
    }
  }
  void print(const ast::Reduction &reduction, const ast::Expr &expression) {
    std::string set = reduction.set ? spelling(*reduction.set) : "";
    line(typed("reduction " + reduction.name + "[" + set + "]" + listed(reduction.under), expression));
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

  void print(const ast::Then &then, const ast::Expr &expression) { node("then", expression, then.first, then.second); }
  void print(const ast::Match &match, const ast::Expr &expression) {
    node((match.isOfGroup ? "group(" : "name(") +
             listed(match.patterns, [](const std::string &pattern) { return "\"" + pattern + "\""; }) + ")",
         expression);
  }

  size_t depth = 0;
};

} // namespace

std::string printAst(const ast::Module &module) {
  Printer printer;
  printer.print(module);
  return printer.text;
}

} // namespace ravine
