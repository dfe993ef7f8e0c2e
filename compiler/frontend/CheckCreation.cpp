// What is fixed when the optimizer is created uses only what is known then.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

class CreationChecker {
public:
  explicit CreationChecker(CheckContext &context) : context(context) {}

  void run() {
    for (auto &state : context.optimizer.states) {
      if (state->condition && !checkCondition(*state->condition, "the condition of a state"))
        context.unsoundConditions.insert(state.get());
      checkInitial(*state->initial);
    }
    for (Requirement &requirement : context.optimizer.requirements)
      checkCondition(*requirement.condition, "a requirement");
  }

private:
  bool checkCondition(const Expr &expr, std::string_view what) {
    bool isSound = true;
    forEachName(expr, [&](const Name &name, const Expr &use) {
      std::string reason = whyUnknown(name, false);
      isSound = isSound && reason.empty();
      if (!reason.empty())
        context.report(Code::E0410, use.span, std::string(what) + " cannot use " + written(name), std::move(reason),
                       "use hypers and numbers only: it is decided when the optimizer is created");
    });
    return isSound;
  }

  void checkInitial(const Expr &expr) {
    forEachName(expr, [&](const Name &name, const Expr &use) {
      std::string reason = whyUnknown(name, true);
      if (!reason.empty())
        context.report(Code::E0505, use.span, "an initial value cannot use " + written(name), std::move(reason),
                       "use `w`, hypers and numbers only: it is computed when the optimizer is created");
    });
  }

  static std::string written(const Name &name) { return quote(name.isPrimed ? name.text + "'" : name.text); }

  /// Why a name has no value at creation; empty if it has one.
  std::string whyUnknown(const Name &name, bool mayUseParameter) const {
    if (const auto *predefined = std::get_if<Predefined>(&name.symbol)) {
      bool isKnown =
          *predefined == Predefined::Pi || (*predefined == Predefined::Parameter && mayUseParameter && !name.isPrimed);
      if (isKnown)
        return "";
      return *predefined == Predefined::Size ? "it differs from tensor to tensor" : "it changes from step to step";
    }
    if (std::holds_alternative<const StateDecl *>(name.symbol))
      return "a state changes from step to step";
    // The lets of a block inside the expression are part of it.
    const auto *let = std::get_if<const LetDecl *>(&name.symbol);
    auto isUsed = [&](const auto &own) { return let && own.get() == *let; };
    return std::ranges::any_of(context.optimizer.lets, isUsed) ? "a `let` is computed in every step" : "";
  }

  CheckContext &context;
};

} // namespace

void checkCreation(CheckContext &context) {
  CreationChecker(context).run();
}

} // namespace ravine
