// Functions, schedules and constants are checked where they are declared, used or not: which names stand in them.
#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/Bodies.h"
#include "compiler/frontend/ElaboratedNames.h"
#include "compiler/frontend/NameHints.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace ravine {

using namespace ast;

namespace {

/// What can stand in a body, and what to say of all else.
struct BodyKind {
  /// Of the predefined names, beside `pi`.
  std::optional<Predefined> known;
  /// For names that are known elsewhere, and for those that are known nowhere.
  std::string instead;
  std::string declareIt;
  /// Whether penalties can be asked for something.
  bool hasMembers = false;
  /// The argument of a penalty, which only its definitions see.
  std::string argument = {};
};

class BodyChecker {
public:
  BodyChecker(Elaboration &elaboration, const Module &home, std::string what, BodyKind kind)
      : elaboration(elaboration), home(home), what(std::move(what)), kind(std::move(kind)) {}

  void declare(const std::string &name, SourceSpan span) {
    if (name.empty())
      return;
    if (auto [earlier, isNew] = known.try_emplace(name, span); !isNew)
      report(Code::E0303, span, "the name " + quote(name) + " is declared twice", "",
             "choose another name for one of them", {{earlier->second, quote(name) + " is declared here"}});
  }

  void check(const Expr &expr) {
    if (const auto *name = expr.as<Name>())
      return checkName(*name, expr.span);
    if (const auto *call = expr.as<Call>())
      checkCallee(*call);
    if (const auto *block = expr.as<Block>())
      return checkBlock(*block);
    if (const auto *binary = expr.as<Binary>();
        binary && (binary->op == BinaryOp::Equal || binary->op == BinaryOp::NotEqual)) {
      if (!isChoice(*binary->left, *binary->right))
        check(*binary->left);
      if (!isChoice(*binary->right, *binary->left))
        check(*binary->right);
      return;
    }
    forEachChild(expr, [&](const Expr &child) { check(child); });
  }

  /// What is declared from here on is known until then.
  void forget(const std::string &name) { known.erase(name); }

  /// How long a schedule is does not depend on the step.
  void checkLength(const Expr &expr) {
    forEachName(expr, [&](const Name &name, const Expr &use) {
      if (name.text == "step")
        report(Code::E0323, use.span, "the length of a schedule cannot use `step`", "",
               "it is made of numbers and hypers");
    });
    check(expr);
  }

  /// The choices of the enums of a schedule stand beside their hyper.
  void addEnum(const std::string &hyper) { enums.insert(hyper); }

  [[nodiscard]] bool isSound() const { return sound; }

private:
  bool isChoice(const Expr &side, const Expr &other) const {
    const auto *name = other.as<Name>();
    return side.as<Name>() && name && enums.contains(name->text);
  }

  void checkBlock(const Block &block) {
    std::vector<std::string> added;
    for (const auto &let : block.lets) {
      check(*let->value);
      if (!known.contains(let->name))
        added.push_back(let->name);
      declare(let->name, let->nameSpan);
    }
    check(*block.value);
    for (const std::string &name : added)
      known.erase(name);
  }

  void checkName(const Name &name, SourceSpan span) {
    if (name.text.empty())
      return;
    bool isKnown = known.contains(name.text) || isOfFile(name.text);
    std::string place = isKnown ? "" : whereKnown(name.text, name.isPrimed);
    if (!place.empty())
      return report(Code::E0323, span, what + " cannot use " + quote(name.text + (name.isPrimed ? "'" : "")), "",
                    place + "; " + kind.instead);
    if (name.isPrimed)
      return report(Code::E0501, span, quote(name.text) + " has no next value", "", "delete the prime");
    if (known.contains(name.text))
      return;
    if (std::optional<Predefined> meaning = predefined(name.text)) {
      if (*meaning != Predefined::Pi && *meaning != kind.known)
        report(Code::E0323, span, what + " cannot use " + quote(name.text), "", kind.instead);
      return;
    }
    bool isFunction = findFunction(name.text) != nullptr;
    if (isFunction || isOfFile(name.text))
      return;
    if (!kind.argument.empty() && name.text == kind.argument)
      return report(Code::E0323, span, what + " cannot use its argument here", "",
                    "hypers and constants are known here; a definition has `let`s of its own in a block, `prox(tau) = "
                    "{ let n = norm(" +
                        name.text + "); … }`");
    std::vector<std::string_view> candidates;
    for (const auto &[own, place] : known)
      candidates.push_back(own);
    for (std::string_view other : elaboration.program.scopes.at(&home).names())
      candidates.push_back(other);
    std::optional<std::string_view> meant = suggest(name.text, candidates);
    report(Code::E0301, span, "unknown name " + quote(name.text), "",
           meant                    ? "did you mean " + quote(*meant) + "?"
           : kind.declareIt.empty() ? kind.instead
                                    : "declare it: `" + kind.declareIt + " " + name.text + " = …`");
  }

  bool isOfFile(const std::string &name) const {
    return !elaboration.program.scopes.at(&home).find(name).empty() || elaboration.mayBeMissing(home, name);
  }

  void checkCallee(const Call &call) {
    // Whether there is such a penalty is found out where it is asked.
    if (call.request()) {
      if (!kind.hasMembers)
        report(Code::E0323, call.calleeSpan, what + " cannot use " + quote(call.callee),
               "the hypers of a penalty belong to an optimizer, a transform or another penalty",
               "give its result to what you call as an argument");
      return;
    }
    if (known.contains(call.callee) || findFunction(call.callee) || isOfFile(call.callee))
      return;
    std::vector<std::string_view> candidates;
    if (importOf(call.callee).empty())
      candidates = elaboration.program.scopes.at(&home).names();
    std::optional<std::string_view> meant = suggest(call.callee, candidates);
    report(Code::E0302, call.calleeSpan, "unknown function " + quote(call.callee), "",
           meant ? "did you mean " + quote(*meant) + "?" : functionHint(call.callee));
  }

  void report(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
              std::vector<Note> notes = {}) {
    sound = false;
    elaboration.report(code, span, std::move(message), std::move(label), std::move(hint), std::move(notes));
  }

  Elaboration &elaboration;
  const Module &home;
  std::string what;
  BodyKind kind;
  std::map<std::string, SourceSpan> known;
  std::unordered_set<std::string> enums;
  bool sound = true;
};

} // namespace

bool checkFunction(Elaboration &elaboration, const FunctionDecl &function, const Module &home) {
  BodyChecker checker(elaboration, home, "the function " + quote(function.name),
                      {std::nullopt, "a function knows only what it is given: make it a parameter", ""});
  for (const FunctionDecl::Parameter &parameter : function.parameters)
    if (parameter.defaultExpr)
      checker.check(*parameter.defaultExpr);
  for (const FunctionDecl::Parameter &parameter : function.parameters)
    checker.declare(parameter.name, parameter.nameSpan);
  checker.check(*function.body);
  return checker.isSound();
}

bool checkSchedule(Elaboration &elaboration, const ScheduleDecl &schedule, const Module &home) {
  BodyChecker checker(
      elaboration, home, "the schedule " + quote(schedule.name),
      {Predefined::Step, "a schedule is a number for each step, made of `step` and its hypers", "hyper"});
  for (const auto &hyper : schedule.hypers) {
    checker.declare(hyper->name, hyper->nameSpan);
    if (hyper->kind == ValueKind::Enum)
      checker.addEnum(hyper->name);
  }
  for (const auto &let : schedule.lets)
    checker.declare(let->name, let->nameSpan);
  for (const Requirement &requirement : schedule.requirements)
    checker.check(*requirement.condition);
  for (const auto &let : schedule.lets)
    checker.check(*let->value);
  if (schedule.length)
    checker.checkLength(*schedule.length);
  checker.check(*schedule.value);
  return checker.isSound();
}

bool checkPenalty(Elaboration &elaboration, const PenaltyDecl &penalty, const Module &home) {
  bool saysSomething = penalty.value || penalty.prox || penalty.gradient || penalty.project;
  if (penalty.composition || !saysSomething || penalty.name.empty())
    return penalty.composition != nullptr; // else it has been reported
  std::string what = (penalty.isSet ? "the set " : "the penalty ") + quote(penalty.name);
  BodyChecker checker(elaboration, home, what,
                      {Predefined::Size,
                       (penalty.isSet ? "a set" : "a penalty") +
                           (" is made of its argument " + quote(penalty.argument)) + ", its hypers and `size`",
                       "hyper", true, penalty.argument});
  auto checkAll = [&](const auto &expressions) {
    for (const ExprPtr *expr : expressions)
      if (*expr)
        checker.check(**expr);
  };
  for (const GenericParameter &parameter : penalty.generics)
    checker.declare(parameter.name, parameter.nameSpan);
  for (const auto &hyper : penalty.hypers) {
    checker.declare(hyper->name, hyper->nameSpan);
    if (hyper->kind == ValueKind::Enum)
      checker.addEnum(hyper->name);
  }
  for (const auto &let : penalty.lets)
    checker.declare(let->name, let->nameSpan);
  for (const Requirement &requirement : penalty.requirements)
    checker.check(*requirement.condition);
  for (const auto &let : penalty.lets)
    checker.check(*let->value);
  for (const Law &law : penalty.laws)
    for (const ExprPtr &argument : law.arguments)
      checker.check(*argument);
  checker.declare(penalty.argument, penalty.argumentSpan);
  checkAll(std::array{&penalty.value, &penalty.gradient, &penalty.project});
  auto checkWith = [&](const ExprPtr &body, const std::string &name, SourceSpan span) {
    checker.declare(name, span);
    checkAll(std::array{&body});
    checker.forget(name);
  };
  if (penalty.prox)
    checkWith(penalty.prox, penalty.step, penalty.stepSpan);
  if (penalty.contains)
    checkWith(penalty.contains, penalty.tolerance, penalty.toleranceSpan);
  return checker.isSound();
}

} // namespace ravine
