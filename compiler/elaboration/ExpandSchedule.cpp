// A schedule becomes the number that it is at each step.
#include "compiler/elaboration/Expander.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/ExpandLets.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Ranges.h"
#include "compiler/elaboration/WrittenExpression.h"
#include "compiler/frontend/Constants.h"
#include "compiler/frontend/ElaboratedNames.h"
#include "compiler/frontend/HyperRange.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <cmath>

namespace ravine {

using namespace ast;

namespace {

const Locals &noLocals() {
  static const Locals none;
  return none;
}

ExprPtr currentStep(const Expr *step, SourceSpan span) {
  return step ? clone(*step) : makeName(span, "step");
}

/// The longer one; a schedule that goes on for ever makes everything do so.
Length longer(Length left, Length right) {
  using Kind = Length::Kind;
  if (left.kind != Kind::Finite || right.kind != Kind::Finite)
    return left.kind > right.kind ? std::move(left) : std::move(right);
  std::optional<double> a = constantValue(*left.steps);
  std::optional<double> b = constantValue(*right.steps);
  if (a && b)
    return *a >= *b ? std::move(left) : std::move(right);
  return {Kind::Finite, makeCall("max", std::move(left.steps), std::move(right.steps))};
}

Length together(Length first, Length second) {
  using Kind = Length::Kind;
  if (first.kind != Kind::Finite || second.kind != Kind::Finite)
    return first.kind > second.kind ? std::move(first) : std::move(second);
  std::optional<double> a = constantValue(*first.steps);
  std::optional<double> b = constantValue(*second.steps);
  if (a && b)
    return {Kind::Finite, makeNumber(first.steps->span, *a + *b, true)};
  return {Kind::Finite, makeBinary(BinaryOp::Add, std::move(first.steps), std::move(second.steps))};
}

} // namespace

ExprPtr Expander::expandSchedule(const ScheduleDecl &schedule, const Module &itsHome, const Expr &expr,
                                 const Call &call) {
  if (elaboration.isRecursive(&schedule, schedule.name, call.calleeSpan, "schedule") ||
      !elaboration.isSound(schedule, itsHome))
    return makePlaceholder(expr.span);
  if (isInFunction) {
    elaboration.report(Code::E0323, call.calleeSpan, "a function cannot use the schedule " + quote(schedule.name),
                       "it depends on `step`", "give its value to the function as an argument");
    return makePlaceholder(expr.span);
  }
  Bindings bound;
  if (!bindHypers(schedule, itsHome, call, expr, bound))
    return makePlaceholder(expr.span);
  elaboration.active.push_back({&schedule, schedule.name, call.calleeSpan});
  Frame frame = enter(itsHome, std::move(bound));
  locals = &noLocals();
  Scoped inBody(isInBody, true);
  ExprPtr result;
  ExprPtr length = schedule.length ? withLets(schedule, *schedule.length, {}, schedule.length->span) : nullptr;
  if (checkRequirements(schedule, expr) && checkLength(schedule, length.get(), expr.span)) {
    Block block;
    ExprPtr stepHere;
    if (length) {
      std::string name = elaboration.freshName(schedule.name + ".step");
      stepHere = makeName(expr.span, name);
      block.lets.push_back(makeLet(name, expr.span, makeCall("min", currentStep(step, expr.span), std::move(length))));
    }
    Scoped inner(step, stepHere ? const_cast<const Expr *>(stepHere.get()) : step);
    result = withLets(schedule, *schedule.value, std::move(block), expr.span);
  } else {
    result = makePlaceholder(expr.span);
  }
  leave(std::move(frame));
  elaboration.active.pop_back();
  addExpansion(expansions, SourceSpan::covering(schedule.nameSpan, schedule.value->span), call.calleeSpan,
               "the schedule " + quote(schedule.name));
  return result;
}

bool Expander::checkLength(const ScheduleDecl &schedule, const Expr *length, SourceSpan use) {
  std::optional<double> steps = length ? constantValue(*length) : std::nullopt;
  if (!steps || *steps > 0)
    return true;
  elaboration.report(Code::E0634, use,
                     "the schedule " + quote(schedule.name) + " is " + shown(*steps) + " steps long here", "",
                     "a schedule takes one step or more", {{schedule.length->span, "its length is given here"}});
  return false;
}

ExprPtr Expander::expandThen(const Expr &expr, const Then &then) {
  Length length = lengthOf(*then.first);
  if (length.kind != Length::Kind::Finite) {
    bool isEndless = length.kind == Length::Kind::Endless;
    elaboration.report(Code::E0631, then.thenSpan,
                       isEndless ? "what stands before `then` goes on for ever"
                                 : "what stands before `then` takes no step",
                       isEndless ? "nothing follows" : "",
                       isEndless ? "put a schedule with a length before it, such as `cosine(1000)`"
                                 : "a number is no schedule: write `constant(1e-3, 1000)` for 1000 steps",
                       {{then.first->span, isEndless ? "this has no end" : "this is a number"}});
    return makePlaceholder(expr.span);
  }
  warnAboutFactor(then);
  Block block;
  ExprPtr steps = std::move(length.steps);
  if (!steps->as<Number>()) {
    std::string name = elaboration.freshName("then.length");
    SourceSpan span = steps->span;
    block.lets.push_back(makeLet(name, span, std::move(steps)));
    steps = makeName(span, name);
  }
  std::string name = elaboration.freshName("then.step");
  block.lets.push_back(
      makeLet(name, then.thenSpan, makeBinary(BinaryOp::Subtract, currentStep(step, then.thenSpan), clone(*steps))));
  ExprPtr isFirst = makeBinary(BinaryOp::LessEqual, currentStep(step, then.thenSpan), std::move(steps));
  ExprPtr first = expand(*then.first);
  ExprPtr later = makeName(then.thenSpan, name);
  Scoped inner(step, const_cast<const Expr *>(later.get()));
  block.value = makeIf(std::move(isFirst), std::move(first), expand(*then.second));
  return make(expr.span, std::move(block));
}

// ---- how long

Length Expander::lengthOf(const Expr &expr) {
  if (const auto *then = expr.as<Then>())
    return together(lengthOf(*then->first), lengthOf(*then->second));
  if (const auto *block = expr.as<Block>())
    return lengthOfBlock(*block);
  const auto *name = expr.as<Name>();
  const auto *call = expr.as<Call>();
  if (!name && !call)
    return lengthOfParts(expr);
  const std::string &text = name ? name->text : call->callee;
  // A call means no value.
  if (name && bindings.contains(text))
    return lengthOfParts(expr);
  if (auto let = locals->lets.find(text); name && let != locals->lets.end()) {
    if (lengthDepth > mostLets)
      return {};
    Scoped deeper(lengthDepth, lengthDepth + 1);
    return lengthOf(*let->second);
  }
  if (name && locals->names.contains(text))
    return lengthOfParts(expr);
  if (name && text == "step")
    return {Length::Kind::Endless};
  const Call alone{text, expr.span, {}, {}, {}};
  for (const Scope::Entry &entry : elaboration.program.scopes.at(home).find(text))
    if (const auto *schedule = std::get_if<const ScheduleDecl *>(&entry.definition))
      return lengthOf(**schedule, *entry.home, expr, call ? *call : alone);
  return lengthOfParts(expr);
}

Length Expander::lengthOfBlock(const Block &block) {
  Locals inner = *locals;
  for (const auto &let : block.lets) {
    inner.names.insert(let->name);
    inner.lets.insert_or_assign(let->name, let->value.get());
  }
  Scoped known(locals, const_cast<const Locals *>(&inner));
  return lengthOf(*block.value);
}

Length Expander::lengthOfParts(const Expr &expr) {
  if (const auto *choice = expr.as<If>(); choice && isInBody)
    if (std::optional<bool> truth = constantTruth(*expand(*choice->condition)))
      return lengthOf(*truth ? *choice->thenValue : *choice->elseValue);
  Length length;
  forEachChild(expr, [&](const Expr &part) { length = longer(std::move(length), lengthOf(part)); });
  return length;
}

Length Expander::lengthOf(const ScheduleDecl &schedule, const Module &itsHome, const Expr &expr, const Call &call) {
  if (!schedule.length)
    return {Length::Kind::Endless};
  Scoped silent(isSilent, true);
  Bindings bound;
  if (!elaboration.isSound(schedule, itsHome) || !bindHypers(schedule, itsHome, call, expr, bound))
    return {Length::Kind::Finite, makePlaceholder(expr.span)};
  Frame frame = enter(itsHome, std::move(bound));
  locals = &noLocals();
  Scoped inBody(isInBody, true);
  ExprPtr steps = withLets(schedule, *schedule.length, {}, expr.span);
  leave(std::move(frame));
  if (std::optional<double> value = constantValue(*steps))
    steps = makeNumber(expr.span, *value, std::floor(*value) == *value);
  return {Length::Kind::Finite, std::move(steps)};
}

// ---- arguments

bool Expander::bindHypers(const ScheduleDecl &schedule, const Module &itsHome, const Call &call, const Expr &expr,
                          Bindings &bound) {
  std::unordered_map<std::string, const Expr *> given;
  Note declaration{schedule.nameSpan, quote(schedule.name) + " is declared here"};
  for (size_t index = 0; index < call.arguments.size(); ++index) {
    const Expr &argument = *call.arguments[index];
    std::string name = call.argumentNames.empty() ? "" : call.argumentNames[index];
    if (name.empty() && index >= schedule.hypers.size()) {
      elaboration.report(Code::E0404, expr.span,
                         quote(schedule.name) + " takes at most " + std::to_string(schedule.hypers.size()) +
                             " arguments, found " + std::to_string(call.arguments.size()),
                         "", "", {declaration});
      return false;
    }
    if (name.empty())
      name = schedule.hypers[index]->name;
    std::vector<std::string_view> names;
    for (const auto &hyper : schedule.hypers)
      names.push_back(hyper->name);
    if (std::ranges::find(names, name) == names.end()) {
      std::optional<std::string_view> meant = suggest(name, names);
      elaboration.report(Code::E0627, argument.span, quote(schedule.name) + " has no hyper " + quote(name), "",
                         meant ? "did you mean " + quote(*meant) + "?" : "", {declaration});
      return false;
    }
    if (auto [earlier, isNew] = given.try_emplace(name, &argument); !isNew) {
      elaboration.report(Code::E0628, argument.span, quote(name) + " is given twice", "", "give it once",
                         {{earlier->second->span, "it is given here"}});
      return false;
    }
  }
  for (const auto &hyper : schedule.hypers) {
    auto argument = given.find(hyper->name);
    const Expr &source = argument == given.end() ? *hyper->defaultExpr : *argument->second;
    ExprPtr value;
    if (hyper->kind == ValueKind::Enum) {
      value = clone(source);
    } else if (argument != given.end()) {
      value = expand(source);
    } else {
      Frame frame = enter(itsHome, {});
      locals = &noLocals();
      value = expand(source);
      leave(std::move(frame));
    }
    if (!bindHyper(*hyper, std::move(value), source, bound))
      return false;
  }
  return true;
}

bool Expander::bindHyper(const HyperDecl &hyper, ExprPtr value, const Expr &source, Bindings &bound) {
  auto reportKind = [&](const std::string &wanted) {
    elaboration.report(Code::E0624, source.span, quote(hyper.name) + " takes " + wanted, "", "",
                       {{hyper.nameSpan, quote(hyper.name) + " is declared here"}});
    return false;
  };
  if (hyper.kind == ValueKind::Enum) {
    const auto *name = value->as<Name>();
    if (!name || std::ranges::find(hyper.choices, name->text) == hyper.choices.end())
      return reportKind("one of its choices, such as " + quote(hyper.choices.empty() ? "" : hyper.choices.front()));
    bound.emplace(hyper.name, ChoiceValue{name->text});
    return true;
  }
  if (hyper.kind == ValueKind::Bool) {
    if (!value->as<Boolean>())
      return reportKind("`true` or `false`");
    bound.emplace(hyper.name, std::move(value));
    return true;
  }
  std::optional<double> number = constantValue(*value);
  if (!number) {
    if (!isOfHypers(*value, source))
      return false;
    for (ExprPtr &bound_ : boundsOf(hyper, *value)) {
      std::string text = written(*bound_);
      add({source.span, std::move(bound_), std::move(text)});
    }
  } else if (hyper.kind == ValueKind::Int && std::floor(*number) != *number) {
    return reportKind("a whole number");
  } else if (!isInRange(hyper, *number)) {
    elaboration.report(Code::E0621, source.span,
                       "the value " + shown(*number) + " of " + quote(hyper.name) + " is outside its range " +
                           shownRange(hyper),
                       "", "", {{hyper.rangeSpan, "the range is given here"}});
    return false;
  } else {
    value = makeNumber(source.span, *number, hyper.kind == ValueKind::Int);
  }
  bound.emplace(hyper.name, std::move(value));
  return true;
}

/// Whether the value is known before a step begins, so that its range can be demanded of hypers.
bool Expander::isOfHypers(const Expr &value, const Expr &source) {
  bool isKnown = true;
  auto visit = [&](auto &self, const Expr &part) -> void {
    const auto *name = part.as<Name>();
    // What hides a hyper of the declaration around cannot be written: all names that are left are its own.
    bool isHyper = name && (allHypers().contains(name->text) || name->text == "pi" || name->text.empty());
    bool isWrong =
        (name && (!isHyper || name->isPrimed)) || part.as<Reduction>() || part.as<Match>() || part.as<Case>();
    if (part.as<Block>() || isWrong) {
      if (isKnown && (isWrong || !part.as<Block>()->lets.empty()))
        elaboration.report(Code::E0633, source.span, "an argument of a schedule is made of numbers and hypers",
                           name ? quote(writtenName(name->text)) + " is not a hyper" : "", "");
      isKnown = isKnown && part.as<Block>() && part.as<Block>()->lets.empty();
    }
    forEachChild(part, [&](const Expr &child) { self(self, child); });
  };
  visit(visit, value);
  return isKnown;
}

/// What the schedule requires of its hypers, where it can be told, is checked; else the optimizer requires it.
bool Expander::checkRequirements(const ScheduleDecl &schedule, const Expr &expr) {
  bool holds = true;
  for (const Requirement &requirement : schedule.requirements) {
    ExprPtr condition = withoutLets(schedule, *requirement.condition);
    std::optional<double> truth = valueOf(*condition, [](const Name &) { return std::optional<double>(); });
    if (!truth) {
      std::string text = written(*condition);
      add({expr.span, std::move(condition), std::move(text)});
    } else if (*truth == 0) {
      elaboration.report(Code::E0635, expr.span, "the schedule " + quote(schedule.name) + " does not allow this",
                         quote(elaboration.sources.text(requirement.span)) + " does not hold", "",
                         {{requirement.span, "it is required here"}});
      holds = false;
    }
  }
  return holds;
}

} // namespace ravine
