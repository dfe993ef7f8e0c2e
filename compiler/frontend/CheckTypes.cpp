// The kind of every expression and the index set over which it varies.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/CheckReductions.h"
#include "compiler/frontend/Constants.h"
#include "compiler/frontend/Placeholder.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/ReductionHints.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <ranges>

namespace ravine {

using namespace ast;

namespace {

/// Nothing where an error has been reported.
using MaybeType = std::optional<Type>;

bool isNumber(const Type &type) {
  return type.kind == ValueKind::Real || type.kind == ValueKind::Int;
}

class TypeChecker {
public:
  explicit TypeChecker(CheckContext &context) : context(context) {}

  void run() {
    for (LetDecl *let : context.letsInOrder)
      typeLet(*let);
    for (auto &state : context.optimizer.states) {
      if (state->condition && !wantCondition(*state->condition))
        context.unsoundConditions.insert(state->condition.get());
      wantNumber(*state->initial);
    }
    for (auto &hyper : context.optimizer.hypers)
      if (hyper->isScheduled)
        typeSchedule(*hyper);
    for (auto &condition : context.optimizer.conditions)
      if (!wantCondition(*condition->condition))
        context.unsoundConditions.insert(condition->condition.get());
    for (Skip &skip : context.optimizer.skips)
      typeSkip(skip);
    for (Requirement &requirement : context.optimizer.requirements)
      wantCondition(*requirement.condition);
    for (Equation &equation : context.optimizer.equations)
      wantNumber(*equation.value);
    for (auto &metric : context.optimizer.metrics)
      wantNumber(*metric->value);
    for (auto &view : context.optimizer.views)
      wantNumber(*view->value);
  }

private:
  void typeSchedule(HyperDecl &hyper) {
    MaybeType type = wantNumber(*hyper.defaultExpr);
    if (!type || refines(hyper.set, type->set) || type->set.kind > IndexSet::Group)
      return;
    context.report(Code::E0422, hyper.defaultExpr->span,
                   quote(hyper.name) + " is one number for the model, but what it follows differs between parameter "
                                       "groups",
                   "", "declare the hypers that it follows for the model, too: `hyper peak [model] = …`",
                   {{hyper.nameSpan, quote(hyper.name) + " is declared here"}});
  }

  void typeSkip(Skip &skip) {
    MaybeType type = wantCondition(*skip.condition);
    if (!type || type->set == IndexSet::Model)
      return;
    context.report(Code::E0420, skip.span, "a step is skipped for all tensors or for none", "this differs between them",
                   "fold it over the model, such as `any[model](…)`, or use hypers `[model]`");
  }

  void typeLet(LetDecl &let) {
    MaybeType type = typeOf(*let.value);
    if (type && type->kind == ValueKind::Enum)
      reportEnum(*let.value, *type);
    else if (type && checkStep(context, let))
      context.typedLets.insert(&let);
  }

  MaybeType typeOf(Expr &expr) {
    MaybeType type = std::visit([&](auto &node) { return typeOfNode(node, expr); }, expr.node);
    if (type)
      expr.type = *type;
    return type;
  }

  MaybeType typeOfNode(Number &number, Expr &) {
    return Type{number.isInteger ? ValueKind::Int : ValueKind::Real, IndexSet::Model, nullptr};
  }

  MaybeType typeOfNode(Boolean &, Expr &) { return Type{ValueKind::Bool, IndexSet::Model, nullptr}; }

  MaybeType typeOfNode(Match &, Expr &) { return Type{ValueKind::Bool, IndexSet::Tensor, nullptr}; }

  /// Schedules are gone; what is left has been reported.
  MaybeType typeOfNode(Then &, Expr &) { return std::nullopt; }

  MaybeType typeOfNode(Name &name, Expr &) {
    return std::visit([&](const auto &symbol) { return typeOfSymbol(symbol); }, name.symbol);
  }

  MaybeType typeOfSymbol(std::monostate) { return std::nullopt; }

  MaybeType typeOfSymbol(Predefined predefined) {
    switch (predefined) {
    case Predefined::Parameter:
    case Predefined::Gradient:
      return Type{ValueKind::Real, IndexSet::Element, nullptr};
    case Predefined::T:
    case Predefined::Size:
    case Predefined::Rank:
    case Predefined::Rows:
    case Predefined::Cols:
    case Predefined::Channels:
      return Type{ValueKind::Int, IndexSet::Tensor, nullptr};
    case Predefined::Matrix:
      return Type{ValueKind::Bool, IndexSet::Tensor, nullptr};
    case Predefined::Step:
      return Type{ValueKind::Int, IndexSet::Model, nullptr};
    case Predefined::Pi:
      return Type{ValueKind::Real, IndexSet::Model, nullptr};
    }
    return std::nullopt;
  }

  MaybeType typeOfSymbol(const HyperDecl *hyper) {
    return Type{hyper->kind, hyper->set, hyper->kind == ValueKind::Enum ? hyper : nullptr};
  }

  MaybeType typeOfSymbol(const StateDecl *state) { return Type{ValueKind::Real, state->set, nullptr}; }

  MaybeType typeOfSymbol(const LetDecl *let) {
    return context.typedLets.contains(let) ? MaybeType(let->value->type) : std::nullopt;
  }

  MaybeType typeOfSymbol(const ConditionDecl *) { return Type{ValueKind::Bool, IndexSet::Tensor, nullptr}; }

  MaybeType typeOfSymbol(EnumChoice choice) { return Type{ValueKind::Enum, IndexSet::Model, choice.hyper}; }

  MaybeType typeOfNode(Unary &unary, Expr &) {
    if (unary.op == UnaryOp::Not)
      return wantCondition(*unary.operand);
    return wantNumber(*unary.operand);
  }

  MaybeType typeOfNode(Binary &binary, Expr &expr) {
    if (isComparison(binary.op))
      return typeOfComparison(binary, expr);
    if (isLogical(binary.op)) {
      MaybeType left = wantCondition(*binary.left);
      MaybeType right = wantCondition(*binary.right);
      if (!left || !right)
        return std::nullopt;
      return Type{ValueKind::Bool, join(left->set, right->set), nullptr};
    }
    MaybeType left = wantNumber(*binary.left);
    MaybeType right = wantNumber(*binary.right);
    if (binary.op == BinaryOp::Divide && !isUnreached && isWrittenZero(*binary.right))
      context.report(Code::E0408, binary.right->span, "division by zero", "this is always 0");
    if (!left || !right)
      return std::nullopt;
    bool isInt = left->kind == ValueKind::Int && right->kind == ValueKind::Int && binary.op != BinaryOp::Divide &&
                 binary.op != BinaryOp::Power;
    return Type{isInt ? ValueKind::Int : ValueKind::Real, join(left->set, right->set), nullptr};
  }

  MaybeType typeOfComparison(Binary &binary, Expr &expr) {
    MaybeType left = typeOf(*binary.left);
    MaybeType right = typeOf(*binary.right);
    if (!left || !right)
      return std::nullopt;
    bool isEquality = binary.op == BinaryOp::Equal || binary.op == BinaryOp::NotEqual;
    bool areBothBool = left->kind == ValueKind::Bool && right->kind == ValueKind::Bool;
    bool isOfOneEnum = left->kind == ValueKind::Enum && left->enumeration == right->enumeration;
    Type result{ValueKind::Bool, join(left->set, right->set), nullptr};
    if ((isNumber(*left) && isNumber(*right)) || (isEquality && (areBothBool || isOfOneEnum)))
      return result;
    for (auto [side, type] : {std::pair(binary.left.get(), *left), std::pair(binary.right.get(), *right)})
      if (type.kind == ValueKind::Enum)
        return reportEnum(*side, type), std::nullopt;
    if (areBothBool)
      context.report(Code::E0407, expr.span, "conditions have no order", "",
                     "compare them with `==` or `!=`, or combine them with `and`, `or` and `not`");
    else
      context.report(Code::E0407, expr.span, "a condition is compared with a number", "",
                     "compare numbers with numbers: a condition is `true` or `false`");
    return std::nullopt;
  }

  MaybeType typeOfNode(If &choice, Expr &expr) {
    return typeOfChoice(choice, wantCondition(*choice.condition), expr, "if");
  }

  MaybeType typeOfNode(Case &choice, Expr &expr) {
    MaybeType condition = wantCondition(*choice.condition);
    if (!condition)
      context.unsoundConditions.insert(choice.condition.get());
    return typeOfChoice(choice, condition, expr, "case");
  }

  MaybeType typeOfBranch(Expr &expr, bool isReached) {
    Scoped unreached(isUnreached, isUnreached || !isReached);
    return typeOf(expr);
  }

  template <typename Choice>
  MaybeType typeOfChoice(Choice &choice, MaybeType condition, const Expr &expr, const std::string &word) {
    MaybeType then = typeOfBranch(*choice.thenValue, constantTruth(*choice.condition) != false);
    MaybeType otherwise = typeOfBranch(*choice.elseValue, constantTruth(*choice.condition) != true);
    if (!condition || !then || !otherwise)
      return std::nullopt;
    for (auto [side, type] : {std::pair(choice.thenValue.get(), *then), std::pair(choice.elseValue.get(), *otherwise)})
      if (type.kind == ValueKind::Enum)
        return reportEnum(*side, type), std::nullopt;
    if (isNumber(*then) != isNumber(*otherwise)) {
      auto kindName = [](const Type &type) { return isNumber(type) ? "this is a number" : "this is a condition"; };
      context.report(Code::E0403, expr.span, "one branch of the `" + word + "` is a number, the other a condition", "",
                     "make both of them numbers or both conditions",
                     {{choice.thenValue->span, kindName(*then)}, {choice.elseValue->span, kindName(*otherwise)}});
      return std::nullopt;
    }
    ValueKind kind = then->kind == otherwise->kind ? then->kind : ValueKind::Real;
    return Type{kind, join(condition->set, join(then->set, otherwise->set)), nullptr};
  }

  MaybeType typeOfNode(Call &call, Expr &expr) {
    bool isTyped = true;
    Type result{ValueKind::Int, IndexSet::Model, nullptr};
    for (ExprPtr &argument : call.arguments) {
      MaybeType type = wantNumber(*argument);
      isTyped &= type.has_value();
      if (!type)
        continue;
      result.set = join(result.set, type->set);
      if (type->kind == ValueKind::Real)
        result.kind = ValueKind::Real;
    }
    if (!call.function || !checkArgumentCount(call, expr) || !isTyped)
      return std::nullopt;
    constexpr Function keepingInts[] = {Function::Abs, Function::Min, Function::Max, Function::Clamp};
    if (std::ranges::find(keepingInts, *call.function) == std::end(keepingInts))
      result.kind = ValueKind::Real;
    return result;
  }

  bool checkArgumentCount(const Call &call, const Expr &expr) {
    const FunctionInfo &info = functions()[static_cast<size_t>(*call.function)];
    size_t count = call.arguments.size();
    if (count >= info.leastArguments && count <= info.mostArguments)
      return true;
    bool isOpenEnded = info.mostArguments > 3;
    std::string expected = std::string(isOpenEnded ? "at least " : "") + std::to_string(info.leastArguments) +
                           (info.leastArguments == 1 ? " argument" : " arguments");
    context.report(Code::E0404, expr.span,
                   quote(call.callee) + " takes " + expected + ", found " + std::to_string(count), "",
                   isOpenEnded && count == 1 ? "for the " + std::string(info.name) + "imum of all elements, " +
                                                   withIndexSet(context.sources, info.name, call.arguments, count)
                   : call.callee == "clamp"  ? "write `clamp(value, low, high)`"
                                             : "");
    return false;
  }

  MaybeType typeOfNode(Reduction &reduction, Expr &expr) {
    const ReductionInfo &info = reductions()[static_cast<size_t>(reduction.kind)];
    std::vector<MaybeType> arguments;
    for (ExprPtr &part : reduction.arguments)
      arguments.push_back(info.takesCondition ? wantCondition(*part) : wantNumber(*part));
    // What stands there too much has been reported.
    auto isWrong = [](const ExprPtr &part) { return isPlaceholder(*part); };
    if (std::ranges::any_of(reduction.arguments | std::views::drop(info.arguments), isWrong))
      return std::nullopt;
    if (!reduction.set) {
      reportNoSet(context, reduction);
      return std::nullopt;
    }
    bool areTyped = std::ranges::all_of(arguments, [](const MaybeType &type) { return type.has_value(); });
    if (!ravine::checkArgumentCount(context, reduction, expr) || !areTyped || !checkReductionSets(context, reduction))
      return std::nullopt;
    return typeOfReduction(reduction);
  }

  MaybeType typeOfNode(Block &block, Expr &) {
    for (auto &let : block.lets)
      typeLet(*let);
    return typeOf(*block.value);
  }

  MaybeType wantNumber(Expr &expr) {
    MaybeType type = typeOf(expr);
    if (!type || isNumber(*type))
      return type;
    if (type->kind == ValueKind::Enum)
      reportEnum(expr, *type);
    else
      context.report(Code::E0401, expr.span, "a condition is used as a number", "expected a number here",
                     "write " + quote("if " + written(expr, "c") + " then 1 else 0") + " to turn it into a number");
    return std::nullopt;
  }

  MaybeType wantCondition(Expr &expr) {
    MaybeType type = typeOf(expr);
    if (!type || type->kind == ValueKind::Bool)
      return type;
    std::string text = written(expr, "x");
    if (type->kind == ValueKind::Enum)
      reportEnum(expr, *type);
    else
      context.report(Code::E0402, expr.span, "a number is used as a condition", "expected a condition here",
                     "compare it with something: `" + text + " > 0` or `" + text + " != 0`");
    return std::nullopt;
  }

  /// How a hint quotes an expression: names and numbers as they are written, anything longer by a letter.
  std::string written(const Expr &expr, std::string_view letter) const {
    bool isShort = expr.as<Name>() || expr.as<Number>();
    return std::string(isShort ? context.sources.text(expr.span) : letter);
  }

  void reportEnum(const Expr &expr, const Type &type) {
    const HyperDecl &hyper = *type.enumeration;
    if (hyper.choices.empty())
      return;
    context.report(Code::E0405, expr.span, "an enum can only be compared with one of its choices", "",
                   "write `" + hyper.name + " == " + hyper.choices.front() + "`",
                   {{hyper.nameSpan, quote(hyper.name) + " is declared here"}});
  }

  CheckContext &context;
  /// In a branch that is never chosen.
  bool isUnreached = false;
};

} // namespace

void checkTypes(CheckContext &context) {
  TypeChecker(context).run();
}

} // namespace ravine
