// `adamw(lr = 3e-4)`: new defaults for the hypers of a part.
#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/Expander.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Ranges.h"
#include "compiler/frontend/Constants.h"
#include "compiler/frontend/HyperRange.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ravine {

using namespace ast;

namespace {

class Arguments {
public:
  Arguments(Elaboration &elaboration, const Use &use, std::string_view what,
            std::vector<std::unique_ptr<HyperDecl>> &hypers, Expander &expander)
      : elaboration(elaboration), use(use), what(what), hypers(hypers), expander(expander) {}

  bool run() {
    bool isSound = true;
    for (size_t index = 0; index < use.arguments.size(); ++index) {
      const Argument &argument = use.arguments[index];
      if (argument.name.empty() && index >= hypers.size())
        return reportSurplus(argument);
      HyperDecl *hyper = target(argument, index);
      isSound &= hyper && give(argument, *hyper);
    }
    return isSound;
  }

private:
  bool reportSurplus(const Argument &first) {
    elaboration.report(Code::E0404, SourceSpan::covering(first.value->span, use.arguments.back().value->span),
                       std::string(what) + " has " + (hypers.empty() ? "no" : std::to_string(hypers.size())) +
                           (hypers.size() == 1 ? " hyper, found " : " hypers, found ") +
                           std::to_string(use.arguments.size()) +
                           (use.arguments.size() == 1 ? " argument" : " arguments"),
                       "", hypers.empty() ? "write " + quote(use.name) : "delete what is too many");
    return false;
  }

  HyperDecl *target(const Argument &argument, size_t index) {
    HyperDecl *found = nullptr;
    std::vector<std::string_view> names;
    for (size_t position = 0; position < hypers.size(); ++position) {
      const std::string &name = hypers[position]->name;
      bool isOwn = name.find('.') == std::string::npos; // `hidden.lr` is given to `hidden`
      if (argument.name.empty() ? position == index : isOwn && name == argument.name)
        found = hypers[position].get();
      if (isOwn)
        names.push_back(name);
    }
    if (!found) {
      std::optional<std::string_view> meant = suggest(argument.name, names);
      std::string ofPart = meant ? "" : hintOfPart(argument.name);
      std::string hint = !ofPart.empty()  ? ofPart
                         : meant          ? "did you mean " + quote(*meant) + "?"
                         : hypers.empty() ? "it has none"
                         : names.empty()  ? "give the argument to the part that has the hyper"
                                          : "";
      for (std::string_view name : names)
        if (!meant && ofPart.empty())
          hint += (hint.empty() ? "it has " : ", ") + quote(name);
      elaboration.report(Code::E0627, argument.nameSpan, std::string(what) + " has no hyper " + quote(argument.name),
                         "", std::move(hint));
      return nullptr;
    }
    auto [earlier, isNew] = given.try_emplace(found, argument.value->span);
    if (isNew)
      return found;
    elaboration.report(Code::E0628, argument.value->span, quote(found->name) + " is given twice", "", "give it once",
                       {{earlier->second, "it is given here"}});
    return nullptr;
  }

  /// Of a name that is a part, or that one of its hypers has: `P`, `lambda`, `P.lambda`. Empty for any other.
  std::string hintOfPart(const std::string &name) const {
    for (const auto &hyper : hypers) {
      size_t dot = hyper->name.rfind('.');
      if (dot == std::string::npos)
        continue;
      std::string part = hyper->name.substr(0, dot);
      if (name == part || part.starts_with(name + "."))
        return quote(name) + " is a part: it stands in angle brackets, " + quote(use.name + "<…>");
      std::string own = hyper->name.substr(dot + 1);
      if (name == own || name == hyper->name)
        return "it is a hyper of the part " + quote(part) + ": give it there, `(" + own + " = …)` behind its name";
    }
    return "";
  }

  bool give(const Argument &argument, HyperDecl &hyper) {
    if (hyper.kind == ValueKind::Enum)
      return giveChoice(argument, hyper);
    ExprPtr value = expander.expand(*argument.value);
    if (hyper.kind == ValueKind::Bool && !value->as<Boolean>())
      return reportKind(argument, hyper, "`true` or `false`");
    if (hyper.kind != ValueKind::Bool && value->as<Boolean>())
      return reportKind(argument, hyper, "a number");
    if (!isKnownBeforeStep(*value, argument, hyper))
      return false;
    std::optional<double> number = constantValue(*value);
    if (number && hyper.kind == ValueKind::Int && std::floor(*number) != *number)
      return reportKind(argument, hyper, "a whole number");
    if (number && !std::isfinite(*number)) {
      elaboration.report(Code::E0621, argument.value->span,
                         "the value " + shown(*number) + " of " + quote(hyper.name) + " is not a finite number");
      return false;
    }
    if (number && !isInRange(hyper, *number)) {
      elaboration.report(Code::E0621, argument.value->span,
                         "the value " + shown(*number) + " of " + quote(hyper.name) + " is outside its range " +
                             shownRange(hyper),
                         "", "", {{hyper.rangeSpan, "the range is given here"}});
      return false;
    }
    hyper.defaultExpr = std::move(value);
    return true;
  }

  /// A default follows `step`, other hypers and numbers.
  bool isKnownBeforeStep(const Expr &value, const Argument &argument, const HyperDecl &hyper) {
    std::string found;
    auto visit = [&](auto &self, const Expr &part) -> void {
      const auto *name = part.as<Name>();
      std::optional<Predefined> meaning = name ? predefined(name->text) : std::nullopt;
      if (name && (name->isPrimed || (meaning && *meaning != Predefined::Step && *meaning != Predefined::Pi)))
        found = quote(name->text + (name->isPrimed ? "'" : ""));
      if (const auto *reduction = part.as<Reduction>())
        found = (reduction->standsFor.empty() ? "the reduction " : "") + quote(reduction->written());
      if (part.as<Match>() || part.as<Case>())
        found = "a question about tensors";
      forEachChild(part, [&](const Expr &child) { self(self, child); });
    };
    visit(visit, value);
    if (found.empty())
      return true;
    elaboration.report(Code::E0624, argument.value->span, quote(hyper.name) + " cannot be given " + found,
                       "it is not known before a step", "an argument is made of numbers, hypers, `step` and schedules",
                       {{hyper.nameSpan, quote(hyper.name) + " is declared here"}});
    return false;
  }

  bool giveChoice(const Argument &argument, HyperDecl &hyper) {
    const auto *name = argument.value->as<Name>();
    if (!name || std::ranges::find(hyper.choices, name->text) == hyper.choices.end())
      return reportKind(argument, hyper,
                        "one of its choices, such as " + quote(hyper.choices.empty() ? "" : hyper.choices.front()));
    hyper.defaultExpr = clone(*argument.value);
    return true;
  }

  bool reportKind(const Argument &argument, const HyperDecl &hyper, const std::string &wanted) {
    elaboration.report(Code::E0624, argument.value->span, quote(hyper.name) + " takes " + wanted, "", "",
                       {{hyper.nameSpan, quote(hyper.name) + " is declared here"}});
    return false;
  }

  Elaboration &elaboration;
  const Use &use;
  std::string_view what;
  std::vector<std::unique_ptr<HyperDecl>> &hypers;
  Expander &expander;
  std::unordered_map<const HyperDecl *, SourceSpan> given;
};

} // namespace

Locals localsOf(const Environment &environment) {
  Locals locals = environment.owner     ? Locals::of(*environment.owner)
                  : environment.penalty ? Locals::of(*environment.penalty)
                                        : Locals();
  locals.isClosed = true;
  locals.mayDeclare = environment.owner || environment.penalty;
  return locals;
}

bool applyArguments(Elaboration &elaboration, const Use &use, std::string_view what,
                    std::vector<std::unique_ptr<HyperDecl>> &hypers, const Environment &environment,
                    std::vector<Requirement> &requirements, std::vector<Expansion> &expansions) {
  if (use.arguments.empty())
    return true;
  Locals locals = localsOf(environment);
  Expander expander(elaboration, *environment.home, locals);
  bool isSound = Arguments(elaboration, use, what, hypers, expander).run();
  std::ranges::move(expander.requirements, std::back_inserter(requirements));
  std::ranges::move(expander.expansions, std::back_inserter(expansions));
  return isSound;
}

bool markScheduled(Elaboration &elaboration, OptimizerDecl &optimizer) {
  std::unordered_set<std::string> names;
  for (const auto &hyper : optimizer.hypers)
    names.insert(hyper->name);
  bool isSound = true;
  for (auto &hyper : optimizer.hypers) {
    if (hyper->kind == ValueKind::Enum)
      continue;
    forEachName(*hyper->defaultExpr, [&](const Name &name, const Expr &) {
      hyper->isScheduled |= !name.isPrimed && (name.text == "step" || names.contains(name.text));
    });
    if (!hyper->isScheduled || (hyper->kind == ValueKind::Real && hyper->set != IndexSet::Tensor))
      continue;
    hyper->isScheduled = false;
    isSound = false;
    bool isOfTensors = hyper->kind == ValueKind::Real;
    elaboration.report(Code::E0620, hyper->defaultExpr->span,
                       quote(hyper->name) + " cannot follow a schedule or another hyper",
                       isOfTensors ? "it is set for each tensor" : "only real hypers can", "give it a constant",
                       {{hyper->nameSpan, quote(hyper->name) + " is declared here"}});
    hyper->defaultExpr = makePlaceholder(hyper->defaultExpr->span);
  }
  return isSound;
}

std::vector<ExprPtr> boundsOf(const HyperDecl &hyper, const Expr &value) {
  std::vector<ExprPtr> bounds;
  if (hyper.rangeSpan.end == 0)
    return bounds;
  auto add = [&](const Bound &bound, BinaryOp open, BinaryOp closed) {
    if (std::isfinite(bound.value))
      bounds.push_back(makeBinary(bound.isOpen ? open : closed, clone(value),
                                  makeNumber(value.span, bound.value, std::floor(bound.value) == bound.value)));
  };
  add(hyper.lower, BinaryOp::Greater, BinaryOp::GreaterEqual);
  add(hyper.upper, BinaryOp::Less, BinaryOp::LessEqual);
  return bounds;
}

} // namespace ravine
