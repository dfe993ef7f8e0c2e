// What is fixed when the optimizer is created uses only what is known then.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// What is fixed at creation, from what knows least to what knows most; and what is fixed as a step begins.
enum class Fixed : uint8_t { Requirement, Condition, InitialValue, Schedule };

class CreationChecker {
public:
  explicit CreationChecker(CheckContext &context) : context(context) {}

  void run() {
    for (auto &hyper : context.optimizer.hypers)
      if (hyper->isScheduled)
        check(*hyper->defaultExpr, Fixed::Schedule, "a hyper");
    for (auto &condition : context.optimizer.conditions)
      checkCondition(*condition->condition, "a predicate");
    for (auto &state : context.optimizer.states) {
      if (state->condition)
        checkCondition(*state->condition, "the condition of a state");
      stateSet = state->set;
      check(*state->initial, Fixed::InitialValue, "an initial value");
    }
    for (Requirement &requirement : context.optimizer.requirements)
      check(*requirement.condition, Fixed::Requirement, "a requirement");
    forEachRoot(context.optimizer, [&](const Expr &root) {
      auto isRoot = [&](const Requirement &requirement) { return requirement.condition.get() == &root; };
      if (std::ranges::none_of(context.optimizer.requirements, isRoot))
        checkCases(root);
    });
  }

private:
  void checkCases(const Expr &expr) {
    if (const auto *choice = expr.as<Case>())
      checkCondition(*choice->condition, conditionOfCase);
    forEachChild(expr, [&](const Expr &child) { checkCases(child); });
  }

  void checkCondition(const Expr &condition, std::string_view what) {
    if (!check(condition, Fixed::Condition, what))
      context.unsoundConditions.insert(&condition);
  }

  bool check(const Expr &expr, Fixed fixed, std::string_view what) {
    ownLets.clear();
    root = &expr;
    return checkParts(expr, fixed, what);
  }

  bool checkParts(const Expr &expr, Fixed fixed, std::string_view what) {
    std::string reason;
    std::string used;
    const auto *reduction = expr.as<Reduction>();
    if (reduction && !canFold(*reduction, fixed)) {
      reason = whyNotFolded(*reduction, fixed);
      used = quote(reduction->written());
    } else if (const auto *name = expr.as<Name>()) {
      reason = whyUnknown(*name, fixed);
      used = quote(name->isPrimed ? name->text + "'" : name->text);
    } else {
      if (const auto *block = expr.as<Block>())
        for (const auto &let : block->lets)
          ownLets.insert(let.get());
      // The condition of a case is checked by itself, and may ask for shapes.
      const auto *choice = fixed == Fixed::Requirement ? nullptr : expr.as<Case>();
      bool isKnown = true;
      forEachChild(expr, [&](const Expr &child) {
        if (!choice || &child != choice->condition.get())
          isKnown = checkParts(child, fixed, what) && isKnown;
      });
      return isKnown;
    }
    if (reason.empty())
      return true;
    if (!isSilent)
      context.report(codeOf(fixed), expr.span, std::string(what) + " cannot use " + used, std::move(reason),
                     hint(expr, fixed, what));
    return false;
  }

  static Code codeOf(Fixed fixed) {
    return fixed == Fixed::InitialValue ? Code::E0505 : fixed == Fixed::Schedule ? Code::E0622 : Code::E0410;
  }

  std::string hint(const Expr &used, Fixed fixed, std::string_view what) {
    const auto *name = used.as<Name>();
    const auto *let = name ? std::get_if<const LetDecl *>(&name->symbol) : nullptr;
    if (let && isFixed(*(*let)->value, fixed))
      return "write `" + writtenOut(*(*let)->value, used) + "` in " + placeOf(what) + " itself";
    switch (fixed) {
    case Fixed::Requirement: {
      bool isOfTensors = name && std::holds_alternative<const HyperDecl *>(name->symbol);
      return std::string("use hypers ") + (isOfTensors ? "(but not `[tensor]` ones) " : "") +
             "and numbers only: it is decided when the optimizer is created";
    }
    case Fixed::Condition:
      return std::string("use hypers (but not `[tensor]` ones), `matrix`, `rank`, `size` and numbers only: it is "
                         "decided for each tensor when the optimizer is created") +
             (what == conditionOfCase ? "; or choose in every step: `if c then a else b`" : "");
    case Fixed::Schedule:
      return "what a hyper follows is made of `step`, other hypers (but not `[tensor]` ones) and numbers";
    case Fixed::InitialValue:
      if (const auto *fold = used.as<Reduction>(); fold && fold->standsFor.empty() && seesElements())
        return "fold each tensor by itself, such as `mean[tensor](…)`";
      return std::string("use ") + (seesElements() ? "`w`, " : "") +
             "hypers and numbers only: it is computed when the optimizer is created";
    }
    return "";
  }

  /// Whether a `let` could be written out where it is used.
  bool isFixed(const Expr &value, Fixed fixed) {
    isSilent = true;
    bool isKnown = checkParts(value, fixed, "");
    isSilent = false;
    return isKnown && isOnOneLine(context.sources.text(value.span));
  }

  /// The value as it stands in the place of `used`.
  std::string writtenOut(const Expr &value, const Expr &used) const {
    std::string text(context.sources.text(value.span));
    bool isTight = &used == root || value.as<Name>() || value.as<Number>() || value.as<Boolean>() || value.as<Call>() ||
                   text.front() == '{';
    return isTight ? text : "(" + text + ")";
  }

  static bool isOnOneLine(std::string_view text) {
    constexpr size_t longest = 40;
    return text.size() <= longest && text.find('\n') == std::string_view::npos;
  }

  static std::string placeOf(std::string_view what) {
    return what == conditionOfCase ? "the `case`" : "the " + std::string(what.substr(what.find(' ') + 1));
  }

  /// Why a name has no value at creation; empty if it has one.
  std::string whyUnknown(const Name &name, Fixed fixed) const {
    if (const auto *predefined = std::get_if<Predefined>(&name.symbol))
      return whyUnknown(*predefined, name.isPrimed, fixed);
    if (fixed == Fixed::Schedule && std::holds_alternative<const ConditionDecl *>(name.symbol))
      return "it differs from tensor to tensor";
    if (std::holds_alternative<const StateDecl *>(name.symbol))
      return "a state changes from step to step";
    if (const auto *hyper = std::get_if<const HyperDecl *>(&name.symbol))
      return (*hyper)->set == IndexSet::Tensor && fixed != Fixed::InitialValue ? "it is set for each tensor" : "";
    const auto *let = std::get_if<const LetDecl *>(&name.symbol);
    return let && !ownLets.contains(*let) ? "a `let` is computed in every step" : "";
  }

  /// Whether the initial value at hand is computed with the elements of its tensor before it.
  bool seesElements() const { return stateSet.kind > IndexSet::Tensor; }

  bool canFold(const Reduction &reduction, Fixed fixed) const {
    return fixed == Fixed::InitialValue && seesElements() && reduction.set != IndexSet::Model;
  }

  std::string whyNotFolded(const Reduction &reduction, Fixed fixed) const {
    if (!reduction.standsFor.empty())
      return "it is computed in every step, for the model as a whole";
    if (fixed != Fixed::InitialValue)
      return "elements are folded in every step";
    return seesElements() ? "tensors are folded together in a step only"
                          : "only what is kept for elements or groups of them begins with what is folded";
  }

  std::string whyUnknown(Predefined predefined, bool isPrimed, Fixed fixed) const {
    switch (predefined) {
    case Predefined::Pi:
      return "";
    case Predefined::Parameter:
      return fixed == Fixed::InitialValue && !isPrimed ? "" : "it changes from step to step";
    case Predefined::Size:
    case Predefined::Rank:
    case Predefined::Matrix:
    case Predefined::Rows:
    case Predefined::Cols:
    case Predefined::Channels:
      return fixed == Fixed::Condition || (fixed == Fixed::InitialValue && seesElements())
                 ? ""
                 : "it differs from tensor to tensor";
    case Predefined::Step:
      return fixed == Fixed::Schedule ? "" : "it changes from step to step";
    case Predefined::Gradient:
    case Predefined::T:
      return "it changes from step to step";
    }
    return "";
  }

  static constexpr std::string_view conditionOfCase = "the condition of a `case`";

  CheckContext &context;
  bool isSilent = false;
  /// The whole expression at hand.
  const Expr *root = nullptr;
  /// Of the state whose initial value is at hand: one of elements may begin as `w`, one of groups with what is folded.
  IndexSet stateSet = IndexSet::Element;
  /// The lets of blocks inside the expression, which are part of it.
  std::unordered_set<const LetDecl *> ownLets;
};

} // namespace

void checkCreation(CheckContext &context) {
  CreationChecker(context).run();
}

} // namespace ravine
