// Defaults and ranges.
#include "compiler/frontend/Checker.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Constants.h"
#include "compiler/frontend/HyperRange.h"
#include "compiler/frontend/Placeholder.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ravine {

using namespace ast;

namespace {

bool isWhole(double value) {
  return std::floor(value) == value;
}

bool isEmpty(const HyperDecl &hyper) {
  double lower = hyper.lower.value;
  double upper = hyper.upper.value;
  if (hyper.kind == ValueKind::Int) {
    lower = hyper.lower.isOpen && isWhole(lower) ? lower + 1 : std::ceil(lower);
    upper = hyper.upper.isOpen && isWhole(upper) ? upper - 1 : std::floor(upper);
    return lower > upper;
  }
  return lower > upper || (lower == upper && (hyper.lower.isOpen || hyper.upper.isOpen));
}

bool holdsPlaceholder(const Expr &expr) {
  bool holds = isPlaceholder(expr);
  forEachChild(expr, [&](const Expr &child) { holds = holds || holdsPlaceholder(child); });
  return holds;
}

class HyperChecker {
public:
  HyperChecker(CheckContext &context, HyperDecl &hyper) : context(context), hyper(hyper) {}

  void run() {
    bool hasRange = checkRange();
    // What it is at step 1 depends on other hypers: that is found when all of them have been looked at.
    if (holdsPlaceholder(*hyper.defaultExpr) || hyper.isScheduled)
      return;
    switch (hyper.kind) {
    case ValueKind::Bool:
      return checkBool();
    case ValueKind::Enum:
      return checkEnum();
    case ValueKind::Real:
    case ValueKind::Int:
      return checkNumber(hasRange);
    }
  }

private:
  /// Whether the hyper has a range that the default can be held against.
  bool checkRange() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    bool isWritten = hyper.rangeSpan.end > 0;
    if (!isWritten) {
      hyper.lower = {-infinity, true};
      hyper.upper = {infinity, true};
      return false;
    }
    if (hyper.kind == ValueKind::Bool || hyper.kind == ValueKind::Enum) {
      report(Code::E0608, hyper.rangeSpan, std::string(kindName()) + " hyper takes no range", "",
             "delete `in` and the range");
      return false;
    }
    if (isEmpty(hyper)) {
      bool isReversed = hyper.lower.value > hyper.upper.value;
      report(Code::E0602, hyper.rangeSpan, "the range of " + quote(hyper.name) + " is empty", "",
             isReversed ? "the smaller end stands first" : "no value lies in it; widen it or close its ends");
      return false;
    }
    for (const Bound &bound : {hyper.lower, hyper.upper}) {
      if (hyper.kind != ValueKind::Int || std::isinf(bound.value) || isWhole(bound.value))
        continue;
      report(Code::E0604, hyper.rangeSpan, "the range of the int hyper " + quote(hyper.name) + " has a fraction",
             shown(bound.value) + " is not whole", "write whole numbers");
      return false;
    }
    return true;
  }

  std::string_view kindName() const { return hyper.kind == ValueKind::Bool ? "a bool" : "an enum"; }

  void checkBool() {
    const auto *boolean = hyper.defaultExpr->as<Boolean>();
    if (!boolean)
      return report(Code::E0605, hyper.defaultExpr->span, "the default of a bool hyper is `true` or `false`");
    hyper.defaultValue = boolean->value ? 1 : 0;
    hyper.defaultExpr->type = {ValueKind::Bool, IndexSet::Model, nullptr};
  }

  void checkEnum() {
    auto *name = hyper.defaultExpr->as<Name>();
    if (hyper.choices.empty())
      return;
    auto choice = name ? std::ranges::find(hyper.choices, name->text) : hyper.choices.end();
    if (choice == hyper.choices.end() || name->isPrimed) {
      std::vector<std::string_view> candidates(hyper.choices.begin(), hyper.choices.end());
      std::optional<std::string_view> meant = name ? suggest(name->text, candidates) : std::nullopt;
      return report(Code::E0605, hyper.defaultExpr->span,
                    "the default of " + quote(hyper.name) + " is not one of its choices", "",
                    meant ? "did you mean " + quote(*meant) + "?" : "write " + quote(hyper.choices.front()));
    }
    auto index = static_cast<uint32_t>(choice - hyper.choices.begin());
    name->symbol = EnumChoice{&hyper, index};
    hyper.defaultExpr->type = {ValueKind::Enum, IndexSet::Model, &hyper};
    hyper.defaultValue = index;
  }

  void checkNumber(bool hasRange) {
    SourceSpan span = hyper.defaultExpr->span;
    if (hyper.defaultExpr->as<Boolean>())
      return report(Code::E0605, span, "the default of a number is a number", "",
                    "write `hyper " + hyper.name + " : bool`, or a number");
    std::optional<double> value = constantValue(*hyper.defaultExpr);
    if (!value)
      return report(Code::E0603, span, "the default of " + quote(hyper.name) + " is not a constant", "",
                    "a default is made of numbers, `pi`, operators and functions, of other hypers, and of `step`");
    if (!std::isfinite(*value))
      return report(Code::E0603, span, "the default of " + quote(hyper.name) + " is not a finite number",
                    "its value is " + (std::isnan(*value) ? "not a number" : shown(*value)));
    hyper.defaultExpr->type = {hyper.kind, IndexSet::Model, nullptr};
    hyper.defaultValue = *value;
    if (hyper.kind == ValueKind::Int && !isWhole(*value))
      return report(Code::E0604, span, "the default of the int hyper " + quote(hyper.name) + " has a fraction",
                    "its value is " + shown(*value), "write a whole number, or drop `: int`");
    if (hasRange && !isInRange(hyper, *value))
      context.report(Code::E0601, span,
                     "the default " + shown(*value) + " of " + quote(hyper.name) + " is outside its range " +
                         shownRange(hyper),
                     "", "change the default or the range", {{hyper.rangeSpan, "the range is given here"}});
  }

  void report(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "") {
    context.report(code, span, std::move(message), std::move(label), std::move(hint));
  }

  CheckContext &context;
  HyperDecl &hyper;
};

/// What scheduled hypers are at step 1.
class ScheduleStart {
public:
  explicit ScheduleStart(CheckContext &context) : context(context) {
    for (auto &hyper : context.optimizer.hypers)
      if (!hyper->name.empty()) // the parser has said so
        hypers.emplace(hyper->name, hyper.get());
  }

  void run() {
    for (auto &hyper : context.optimizer.hypers)
      if (hyper->isScheduled)
        valueOfHyper(*hyper);
  }

private:
  std::optional<double> valueOfHyper(HyperDecl &hyper) {
    if (!hyper.isScheduled)
      return hyper.defaultValue;
    if (auto known = values.find(&hyper); known != values.end())
      return known->second;
    if (auto first = std::ranges::find(path, &hyper); first != path.end()) {
      reportCycle(first - path.begin());
      return std::nullopt;
    }
    path.push_back(&hyper);
    std::optional<double> value = valueOf(*hyper.defaultExpr, [&](const Name &name) -> std::optional<double> {
      if (name.isPrimed)
        return std::nullopt;
      if (name.text == "step")
        return 1;
      auto found = hypers.find(name.text);
      return found == hypers.end() ? std::nullopt : valueOfHyper(*found->second);
    });
    path.pop_back();
    values.emplace(&hyper, value);
    if (value)
      checkStart(hyper, *value);
    return value;
  }

  void checkStart(HyperDecl &hyper, double value) {
    hyper.defaultValue = value;
    if (std::isfinite(value) && isInRange(hyper, value))
      return;
    std::string what = std::isfinite(value) ? "outside its range " + shownRange(hyper) : "not a finite number";
    context.report(Code::E0601, hyper.defaultExpr->span,
                   quote(hyper.name) + " is " + (std::isnan(value) ? "not a number" : shown(value)) +
                       " at step 1, which is " + what,
                   "", "", {{hyper.nameSpan, quote(hyper.name) + " is declared here"}});
  }

  void reportCycle(ptrdiff_t first) {
    std::string chain;
    for (auto at = path.begin() + first; at != path.end(); ++at)
      chain += quote((*at)->name) + " follows ";
    context.report(Code::E0623, path.back()->defaultExpr->span, "cycle: " + chain + quote(path[first]->name), "",
                   "give one of them a number");
  }

  CheckContext &context;
  std::unordered_map<std::string_view, HyperDecl *> hypers;
  std::unordered_map<const HyperDecl *, std::optional<double>> values;
  std::vector<HyperDecl *> path;
};

} // namespace

std::string shownRange(const HyperDecl &hyper) {
  return std::string(hyper.lower.isOpen ? "(" : "[") + shown(hyper.lower.value) + ", " + shown(hyper.upper.value) +
         (hyper.upper.isOpen ? ")" : "]");
}

bool isInRange(const HyperDecl &hyper, double value) {
  if (hyper.rangeSpan.end == 0)
    return true;
  bool isAbove = hyper.lower.isOpen ? value > hyper.lower.value : value >= hyper.lower.value;
  bool isBelow = hyper.upper.isOpen ? value < hyper.upper.value : value <= hyper.upper.value;
  return isAbove && isBelow;
}

void checkHypers(CheckContext &context) {
  for (auto &hyper : context.optimizer.hypers)
    HyperChecker(context, *hyper).run();
  ScheduleStart(context).run();
}

} // namespace ravine
