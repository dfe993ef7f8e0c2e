// Writes out what stands in expressions: constants, functions and schedules.
#pragma once

#include "compiler/elaboration/Clone.h"
#include "compiler/elaboration/Elaboration.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Walk.h"

#include <unordered_set>

namespace ravine {

/// The names that the declaration around an expression declares. They hide those of the file.
struct Locals {
  std::unordered_set<std::string> names;
  std::unordered_map<std::string, const ast::HyperDecl *> hypers;
  /// The parts of a generic optimizer, which are called like functions.
  std::unordered_set<std::string> parts;
  /// To find out how long a schedule is that a `let` names.
  std::unordered_map<std::string, const ast::Expr *> lets;
  /// The expression becomes part of something that has other names as well: an unknown name is an error at once, and a
  /// `let` is written out.
  bool isClosed = false;
  /// Where `isClosed`: whether what is around the expression could declare a hyper that stands in it.
  bool mayDeclare = true;

  template <typename Declaration> static Locals of(const Declaration &declaration);
};

template <typename Declaration> Locals Locals::of(const Declaration &declaration) {
  Locals locals;
  for (const auto &hyper : declaration.hypers) {
    locals.names.insert(hyper->name);
    locals.hypers.emplace(hyper->name, hyper.get());
  }
  for (const auto &let : declaration.lets) {
    locals.names.insert(let->name);
    locals.lets.emplace(let->name, let->value.get());
  }
  return locals;
}

/// A function as a value: one that is declared, or an elementary one by its name. Without either it stands for any.
struct FunctionValue {
  const ast::FunctionDecl *declared = nullptr;
  const ast::Module *home = nullptr;
  std::string elementary;
};

/// The choice of an enum that a schedule was given.
struct ChoiceValue {
  std::string text;
};

/// What a parameter of a function or a hyper of a schedule stands for.
using Binding = std::variant<ast::ExprPtr, FunctionValue, ChoiceValue>;
using Bindings = std::unordered_map<std::string, Binding>;

/// How many steps a schedule takes.
struct Length {
  enum class Kind : uint8_t { None, Finite, Endless } kind = Kind::None;
  ast::ExprPtr steps = nullptr; // of a finite one
};

enum class Member : uint8_t;

class Expander {
public:
  /// `renamesBlocks`: the lets of blocks get names that nothing else has.
  Expander(Elaboration &elaboration, const ast::Module &home, const Locals &locals, bool renamesBlocks = true)
      : elaboration(elaboration), home(&home), locals(&locals), outermost(&locals), renamesBlocks(renamesBlocks) {}

  [[nodiscard]] ast::ExprPtr expand(const ast::Expr &expr);
  [[nodiscard]] ExprMap map() {
    return [this](const ast::Expr &expr) { return expand(expr); };
  }

  /// The penalties that the expressions can use, and the parameters that stand for functions or numbers.
  void know(const Penalties &parts, Bindings values) {
    penalties = &parts;
    bindings = std::move(values);
  }
  /// From now on values of penalties are not of the model, but of each member of `set`.
  void takeOver(ast::IndexSet set) { whole = Whole{nullptr, set}; }
  /// What a penalty says of its hypers, in `require` or `law quadratic(rho, c)`, with its lets written out.
  [[nodiscard]] ast::ExprPtr expandOfHypers(const Penalty &penalty, const ast::Expr &expr);
  /// `P.prox(x, tau)` of a penalty, for arguments that are names or numbers. A value is one number of the model, or of
  /// each member of that over which the penalty around it takes its argument.
  [[nodiscard]] ast::ExprPtr apply(const Penalty &penalty, Member member, const std::vector<ast::ExprPtr> &arguments,
                                   SourceSpan span);

  /// What the expressions so far demand of hypers, and what they are made of.
  std::vector<ast::Requirement> requirements;
  std::vector<ast::Expansion> expansions;

private:
  // ---- Expander.cpp
  [[nodiscard]] ast::ExprPtr expandName(const ast::Expr &expr, const ast::Name &name);
  [[nodiscard]] ast::ExprPtr expandCall(const ast::Expr &expr, const ast::Call &call);
  [[nodiscard]] ast::ExprPtr expandComparison(const ast::Expr &expr, const ast::Binary &binary);
  [[nodiscard]] ast::ExprPtr expandChoice(const ast::Expr &expr, const ast::If &choice);
  [[nodiscard]] ast::ExprPtr expandBlock(const ast::Expr &expr, const ast::Block &block);
  [[nodiscard]] ast::ExprPtr expandConstant(const ast::ConstantDecl &constant, const ast::Module &itsHome,
                                            SourceSpan span);
  [[nodiscard]] ast::ExprPtr expandUnknown(const ast::Expr &expr, const std::string &text);
  [[nodiscard]] ast::ExprPtr reportUnknownFunction(const ast::Expr &expr, const ast::Call &call);
  [[nodiscard]] ast::ExprPtr reportKind(const Scope::Entry &entry, const std::string &text, SourceSpan span);
  [[nodiscard]] const ast::HyperDecl *enumOf(const ast::Expr &expr) const;
  void add(ast::Requirement requirement);

  // ---- ExpandFunction.cpp
  [[nodiscard]] ast::ExprPtr inlineFunction(const FunctionValue &function, const ast::Expr &expr,
                                            const ast::Call &call);
  [[nodiscard]] ast::ExprPtr applyUnknown(const ast::Expr &expr, const ast::Call &call);
  [[nodiscard]] bool bindParameters(const ast::FunctionDecl &function, const ast::Module &itsHome,
                                    const ast::Call &call, const ast::Expr &expr, Bindings &bound, ast::Block &block);
  [[nodiscard]] std::optional<FunctionValue> functionValue(const ast::Expr &argument);

  // ---- ExpandPenalty.cpp
  [[nodiscard]] ast::ExprPtr expandMember(const ast::Expr &expr, const ast::Call &call);
  [[nodiscard]] ast::ExprPtr expandReduction(const ast::Expr &expr, const ast::Reduction &reduction);
  [[nodiscard]] ast::ExprPtr expandSize(SourceSpan span);
  [[nodiscard]] const Penalty *findPart(const ast::Call &call, const std::string &name);
  [[nodiscard]] bool checkMember(const Penalty &penalty, std::optional<Member> member, const ast::Expr &expr,
                                 const ast::Call &call);
  [[nodiscard]] ast::ExprPtr applyDeclared(const Penalty &penalty, Member member,
                                           const std::vector<ast::ExprPtr> &arguments, SourceSpan span);
  [[nodiscard]] ast::ExprPtr applySelected(const Penalty &penalty, Member member,
                                           const std::vector<ast::ExprPtr> &arguments, SourceSpan span);
  [[nodiscard]] ast::ExprPtr applyStandIn(const Penalty &penalty, Member member,
                                          const std::vector<ast::ExprPtr> &arguments, SourceSpan span);
  /// Over what the penalty around this takes its argument.
  [[nodiscard]] ast::IndexSet outerSet() const { return whole && whole->set ? *whole->set : ast::IndexSet::Model; }
  [[nodiscard]] std::optional<ast::IndexSet> wholeSet(SourceSpan span);

  // ---- ExpandSchedule.cpp
  [[nodiscard]] ast::ExprPtr expandSchedule(const ast::ScheduleDecl &schedule, const ast::Module &itsHome,
                                            const ast::Expr &expr, const ast::Call &call);
  [[nodiscard]] ast::ExprPtr expandThen(const ast::Expr &expr, const ast::Then &then);
  void warnAboutFactor(const ast::Then &then); // LintThen.cpp
  [[nodiscard]] Length lengthOf(const ast::Expr &expr);
  [[nodiscard]] Length lengthOfBlock(const ast::Block &block);
  [[nodiscard]] Length lengthOfParts(const ast::Expr &expr);
  [[nodiscard]] Length lengthOf(const ast::ScheduleDecl &schedule, const ast::Module &itsHome, const ast::Expr &expr,
                                const ast::Call &call);
  [[nodiscard]] bool bindHypers(const ast::ScheduleDecl &schedule, const ast::Module &itsHome, const ast::Call &call,
                                const ast::Expr &expr, Bindings &bound);
  [[nodiscard]] bool bindHyper(const ast::HyperDecl &hyper, ast::ExprPtr value, const ast::Expr &source,
                               Bindings &bound);
  [[nodiscard]] bool isOfHypers(const ast::Expr &value, const ast::Expr &source);
  [[nodiscard]] bool checkLength(const ast::ScheduleDecl &schedule, const ast::Expr *length, SourceSpan use);
  [[nodiscard]] bool checkRequirements(const ast::ScheduleDecl &schedule, const ast::Expr &expr);

  // ---- ExpandLets.h, of schedules and penalties
  template <typename Declaration>
  [[nodiscard]] ast::ExprPtr withLets(const Declaration &declaration, const ast::Expr &body, ast::Block block,
                                      SourceSpan span);
  template <typename Declaration>
  [[nodiscard]] ast::ExprPtr withoutLets(const Declaration &declaration, const ast::Expr &body);
  template <typename Declaration>
  void addLet(const Declaration &declaration, const std::string &name, ast::Block &block);

  /// The penalty whose body this is, and over what it takes its argument, where that is known.
  struct Whole {
    const Penalty *penalty;
    std::optional<ast::IndexSet> set;
  };

  /// Expands under the names of another declaration. A function that a penalty calls folds what the penalty does.
  struct Frame {
    const ast::Module *home;
    const Locals *locals;
    Bindings bindings;
    const Penalties *penalties;
    std::optional<Whole> whole;
  };
  [[nodiscard]] Frame enter(const ast::Module &itsHome, Bindings bound);
  void leave(Frame frame);

  Elaboration &elaboration;
  const ast::Module *home;
  const Locals *locals;
  Bindings bindings;
  const Penalties *penalties = nullptr;
  std::optional<Whole> whole;
  /// What `step` is here; null for the optimizer's own.
  const ast::Expr *step = nullptr;
  /// Lengths are computed beside values, which have said everything.
  bool isSilent = false;
  /// The member of a penalty that is being written out: "P.value".
  std::string asked;
  bool isInBody = false;
  bool isInFunction = false;
  /// The hypers of the declaration around the whole expression.
  [[nodiscard]] const std::unordered_map<std::string, const ast::HyperDecl *> &allHypers() const {
    return outermost->hypers;
  }
  const Locals *outermost;
  bool renamesBlocks;
  unsigned lengthDepth = 0;
  static constexpr unsigned mostLets = 32;
};

} // namespace ravine
