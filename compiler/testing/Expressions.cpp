// Evaluates the syntax tree of an expression on a tape.
#include "compiler/testing/Expressions.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Placeholder.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"
#include "compiler/testing/Derivatives.h"

#include <limits>
#include <numbers>

namespace ravine::testing {

using namespace ast;

namespace {

class Evaluation {
public:
  using Value = std::optional<Tape::Index>;

  Evaluation(const SourceManager &sources, Diagnostics &diagnostics, const Names &names)
      : sources(sources), diagnostics(diagnostics), names(names) {}

  Value run(const Expr &expr) {
    return std::visit([&](const auto &node) { return evaluate(node, expr); }, expr.node);
  }

  /// Where a name was recorded, if the expression contains it.
  [[nodiscard]] Value placeOf(const std::string &name) const {
    auto found = recorded.find(name);
    return found == recorded.end() ? std::nullopt : Value(found->second);
  }

  Tape tape;

private:
  Value complain(Code code, SourceSpan span, std::string message, std::string hint = "") {
    diagnostics.add({code, span, std::move(message), "", std::move(hint), {}});
    return std::nullopt;
  }

  // ---- leaves

  Value evaluate(const Number &number, const Expr &) { return tape.record(Array::of(number.value)); }
  Value evaluate(const Boolean &boolean, const Expr &) { return tape.record(Array::truth(boolean.value)); }

  Value evaluate(const Name &name, const Expr &expr) {
    std::string text = name.text + (name.isPrimed ? "'" : "");
    for (const auto *known : {&lets, &recorded})
      if (auto found = known->find(text); found != known->end())
        return found->second;
    std::optional<Array> value = meaning(text);
    if (!value)
      return isPlaceholder(expr) ? std::nullopt : unknown(text, expr.span);
    return recorded.emplace(text, tape.record(std::move(*value))).first->second;
  }

  [[nodiscard]] std::optional<Array> meaning(const std::string &text) const {
    if (auto found = names.find(text); found != names.end())
      return found->second;
    if (text == "pi")
      return Array::of(std::numbers::pi);
    if (text == "nan")
      return Array::of(std::numeric_limits<double>::quiet_NaN());
    if (text == "inf")
      return Array::of(std::numeric_limits<double>::infinity());
    return std::nullopt;
  }

  Value unknown(const std::string &text, SourceSpan span) {
    std::vector<std::string_view> candidates;
    for (const auto &[name, value] : names)
      candidates.push_back(name);
    std::optional<std::string_view> near = suggest(text, candidates);
    std::string known;
    for (std::string_view name : candidates)
      known += (known.empty() ? "" : ", ") + quote(name);
    std::string hint = near ? "did you mean " + quote(*near) + "?" : known.empty() ? "" : "there are " + known;
    return complain(Code::E0640, span, "unknown name " + quote(text) + " in a test", hint);
  }

  // ---- what is made of several

  /// All of them, or nothing.
  std::optional<std::vector<Tape::Index>> runAll(std::span<const ExprPtr> exprs) {
    std::vector<Tape::Index> values;
    for (const ExprPtr &expr : exprs)
      if (Value value = run(*expr))
        values.push_back(*value);
    return values.size() == exprs.size() ? std::optional(std::move(values)) : std::nullopt;
  }

  /// Reports operands of different shapes.
  bool fit(std::span<const Tape::Index> values, SourceSpan span) {
    const std::vector<int64_t> *shape = nullptr;
    for (Tape::Index value : values) {
      const std::vector<int64_t> &other = tape[value].shape;
      if (other.empty())
        continue;
      if (shape && *shape != other) {
        complain(Code::E0641, span, "the shapes " + shownShape(*shape) + " and " + shownShape(other) + " do not fit",
                 "elements go together one by one; only a single number goes with each of them");
        return false;
      }
      shape = &other;
    }
    return true;
  }

  /// Reports numbers where truth values belong, or the other way round.
  bool isKind(Tape::Index value, bool isTruth, const Expr &expr) {
    if (tape[value].isTruth == isTruth)
      return true;
    complain(Code::E0644, expr.span,
             quote(sources.text(expr.span)) +
                 (isTruth ? " is a number, not a condition" : " is a condition, not a number"));
    return false;
  }

  Value evaluate(const Unary &unary, const Expr &) {
    Value operand = run(*unary.operand);
    bool isNot = unary.op == UnaryOp::Not;
    if (!operand || !isKind(*operand, isNot, *unary.operand))
      return std::nullopt;
    return tape.map(std::span(&*operand, 1), isNot, [&](std::span<const double> x) {
      return isNot ? Tape::Local{x[0] == 0 ? 1.0 : 0.0, {}} : Tape::Local{-x[0], {-1}};
    });
  }

  Value evaluate(const Binary &binary, const Expr &) {
    Value left = run(*binary.left), right = run(*binary.right);
    bool ofTruths = isLogical(binary.op);
    if (!left || !right || !isKind(*left, ofTruths, *binary.left) || !isKind(*right, ofTruths, *binary.right))
      return std::nullopt;
    Tape::Index operands[] = {*left, *right};
    if (!fit(operands, binary.opSpan))
      return std::nullopt;
    return tape.map(operands, ofTruths || isComparison(binary.op),
                    [&](std::span<const double> x) { return testing::evaluate(binary.op, x[0], x[1]); });
  }

  Value evaluate(const If &choice, const Expr &expr) {
    Value condition = run(*choice.condition), thenValue = run(*choice.thenValue), elseValue = run(*choice.elseValue);
    if (!condition || !thenValue || !elseValue || !isKind(*condition, true, *choice.condition) ||
        !isKind(*elseValue, tape[*thenValue].isTruth, *choice.elseValue))
      return std::nullopt;
    Tape::Index operands[] = {*condition, *thenValue, *elseValue};
    if (!fit(operands, expr.span))
      return std::nullopt;
    return tape.map(operands, tape[*thenValue].isTruth, [](std::span<const double> x) {
      bool holds = x[0] != 0;
      return Tape::Local{holds ? x[1] : x[2], {0, holds ? 1.0 : 0.0, holds ? 0.0 : 1.0}};
    });
  }

  Value evaluate(const Call &call, const Expr &expr) {
    if (call.callee == arrayCallee)
      return array(call, expr);
    // Without an index set, `max(x)` is parsed as the elementwise function.
    const ReductionInfo *reduction = findReduction(call.callee);
    if (reduction && call.arguments.size() == reduction->arguments)
      return fold(*reduction, call.arguments, expr);
    const FunctionInfo *info = findFunction(call.callee);
    if (!info)
      return complain(Code::E0640, call.calleeSpan, "unknown function " + quote(call.callee) + " in a test",
                      "tests know the elementary functions and reductions; write out what a `fn` computes");
    if (call.arguments.size() < info->leastArguments || call.arguments.size() > info->mostArguments)
      return complain(Code::E0641, expr.span, "wrong number of arguments for " + quote(call.callee));
    auto operands = numbersOf(call.arguments);
    if (!operands || !fit(*operands, expr.span))
      return std::nullopt;
    return tape.map(*operands, false, [&](std::span<const double> x) { return testing::evaluate(info->function, x); });
  }

  /// A `let` hides what else has its name until the block ends.
  Value evaluate(const Block &block, const Expr &) {
    auto outside = lets;
    bool isSound = true;
    for (const auto &let : block.lets) {
      Value value = run(*let->value);
      isSound = isSound && value;
      if (value)
        lets[let->name] = *value;
    }
    Value value = isSound ? run(*block.value) : std::nullopt;
    lets = std::move(outside);
    return value;
  }

  std::optional<std::vector<Tape::Index>> numbersOf(std::span<const ExprPtr> exprs) {
    auto values = runAll(exprs);
    for (size_t i = 0; values && i < exprs.size(); ++i)
      if (!isKind((*values)[i], false, *exprs[i]))
        return std::nullopt;
    return values;
  }

  Value array(const Call &call, const Expr &expr) {
    auto items = numbersOf(call.arguments);
    if (!items)
      return std::nullopt;
    for (size_t i = 1; i < items->size(); ++i)
      if (tape[(*items)[i]].shape != tape[items->front()].shape)
        return complain(Code::E0641, call.arguments[i]->span,
                        "the items of an array differ in shape: " + shownShape(tape[items->front()].shape) + " and " +
                            shownShape(tape[(*items)[i]].shape),
                        "rows of a matrix are of one length");
    if (items->empty())
      return complain(Code::E0641, expr.span, "an array without items", "a tensor of a test has at least one element");
    return tape.stack(*items);
  }

  Value evaluate(const Reduction &reduction, const Expr &expr) {
    if (reduction.set)
      return complain(Code::E0641, reduction.setSpan, "an index set in a test",
                      "in tests a reduction folds all of its argument: write " + quote(reduction.name + "(…)"));
    const ReductionInfo *info = findReduction(reduction.name);
    if (reduction.arguments.size() != info->arguments)
      return complain(Code::E0641, expr.span, "wrong number of arguments for " + quote(reduction.name));
    return fold(*info, reduction.arguments, expr);
  }

  Value fold(const ReductionInfo &info, std::span<const ExprPtr> arguments, const Expr &expr) {
    if (isSearch(info.kind) || isRearrangement(info.kind))
      return complain(Code::E0641, expr.span, quote(info.name) + " cannot stand in a test",
                      "tests know the elementary functions and what folds; write out the numbers");
    auto values = runAll(arguments);
    if (!values)
      return std::nullopt;
    for (size_t i = 0; i < arguments.size(); ++i)
      if (!isKind((*values)[i], info.takesCondition, *arguments[i]))
        return std::nullopt;
    Tape::Index folded = values->front();
    if (info.kind == ReductionKind::Dot) {
      if (!fit(*values, expr.span))
        return std::nullopt;
      folded = tape.map(*values, false,
                        [](std::span<const double> x) { return testing::evaluate(BinaryOp::Multiply, x[0], x[1]); });
    }
    bool isTruth = info.kind == ReductionKind::Any || info.kind == ReductionKind::All;
    return tape.fold(folded, isTruth, [&](std::span<const double> x) { return testing::fold(info.kind, x); });
  }

  template <typename Node> Value evaluate(const Node &, const Expr &expr) {
    return complain(Code::E0641, expr.span, quote(sources.text(expr.span)) + " cannot stand in a test",
                    "values of a test are numbers, arrays, names and functions of them");
  }

  const SourceManager &sources;
  Diagnostics &diagnostics;
  const Names &names;
  /// The names that the expression contains, and the lets of the blocks around.
  std::map<std::string, Tape::Index> recorded, lets;
};

} // namespace

std::optional<Array> Expressions::evaluate(const Expr &expr, const Names &names) const {
  Evaluation evaluation(sources, diagnostics, names);
  Evaluation::Value value = evaluation.run(expr);
  return value ? std::optional(evaluation.tape[*value]) : std::nullopt;
}

std::optional<Expressions::Derivative> Expressions::differentiate(const Expr &expr, const Names &names,
                                                                  std::span<const std::string> variables) const {
  Evaluation evaluation(sources, diagnostics, names);
  Evaluation::Value value = evaluation.run(expr);
  if (!value)
    return std::nullopt;
  const Array &result = evaluation.tape[*value];
  if (!result.isScalar() || result.isTruth) {
    diagnostics.add({Code::E0644,
                     expr.span,
                     result.isTruth ? "the objective is a condition, not a number"
                                    : "the objective has the shape " + shownShape(result.shape) + ", not one number",
                     "",
                     result.isTruth ? "" : "fold it with `sum(…)` or `mean(…)`",
                     {}});
    return std::nullopt;
  }
  std::vector<Array> derivatives = evaluation.tape.derivatives(*value);
  Derivative derivative{result.numbers.front(), {}};
  for (const std::string &variable : variables) {
    Evaluation::Value place = evaluation.placeOf(variable);
    bool isUsed = place && *place < derivatives.size();
    derivative.slopes[variable] = isUsed ? derivatives[*place] : Array::filled(names.find(variable)->second.shape, 0);
  }
  return derivative;
}

} // namespace ravine::testing
