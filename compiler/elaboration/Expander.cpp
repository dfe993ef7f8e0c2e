// Names and calls inside expressions: what is declared in files becomes what it stands for.
#include "compiler/elaboration/Expander.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/Make.h"
#include "compiler/frontend/Constants.h"
#include "compiler/frontend/ElaboratedNames.h"
#include "compiler/frontend/NameHints.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <cmath>

namespace ravine {

using namespace ast;

namespace {

/// Whether a number is written without a fraction, such as `2*500`.
bool isInteger(const Expr &expr) {
  if (const auto *number = expr.as<Number>())
    return number->isInteger;
  if (const auto *unary = expr.as<Unary>())
    return isInteger(*unary->operand);
  const auto *binary = expr.as<Binary>();
  return binary && binary->op <= BinaryOp::Multiply && isInteger(*binary->left) && isInteger(*binary->right);
}

size_t countOf(const Expr &expr) {
  size_t count = 1;
  forEachChild(expr, [&](const Expr &child) { count += countOf(child); });
  return count;
}

/// The same at another place: what a parameter stands for, where the body uses it.
ExprPtr placed(const Expr &expr, SourceSpan span) {
  ExprPtr copied = clone(expr);
  if (copied->as<Name>() || copied->as<Number>() || copied->as<Boolean>())
    copied->span = span;
  if (auto *number = copied->as<Number>())
    number->isSubstituted = true;
  return copied;
}

const Call withoutArguments(const std::string &callee, SourceSpan span) {
  return {callee, span, {}, {}, {}};
}

} // namespace

ExprPtr Expander::expand(const Expr &expr) {
  if (!elaboration.spend(expr.span))
    return makePlaceholder(expr.span);
  if (const auto *name = expr.as<Name>())
    return expandName(expr, *name);
  if (const auto *call = expr.as<Call>())
    return expandCall(expr, *call);
  if (const auto *then = expr.as<Then>())
    return expandThen(expr, *then);
  if (const auto *block = expr.as<Block>())
    return expandBlock(expr, *block);
  if (const auto *reduction = expr.as<Reduction>(); reduction && whole && !reduction->set)
    return expandReduction(expr, *reduction);
  if (const auto *choice = expr.as<If>(); choice && isInBody)
    return expandChoice(expr, *choice);
  if (const auto *binary = expr.as<Binary>();
      binary && (binary->op == BinaryOp::Equal || binary->op == BinaryOp::NotEqual))
    return expandComparison(expr, *binary);
  return withParts(expr, map());
}

/// In a body the arguments may decide. What they leave out need not make sense with them: `if k > 0 then x/k else x`.
ExprPtr Expander::expandChoice(const Expr &expr, const If &choice) {
  ExprPtr condition = expand(*choice.condition);
  if (std::optional<bool> truth = constantTruth(*condition))
    return expand(*truth ? *choice.thenValue : *choice.elseValue);
  ExprPtr thenValue = expand(*choice.thenValue);
  return make(expr.span, If{std::move(condition), std::move(thenValue), expand(*choice.elseValue)});
}

ExprPtr Expander::expandName(const Expr &expr, const Name &name) {
  if (name.text.empty())
    return clone(expr);
  if (auto bound = bindings.find(name.text); bound != bindings.end()) {
    if (const auto *value = std::get_if<ExprPtr>(&bound->second); value && !name.isPrimed)
      return elaboration.spend(expr.span, countOf(**value)) ? placed(**value, expr.span) : makePlaceholder(expr.span);
    if (const auto *function = std::get_if<FunctionValue>(&bound->second); function)
      elaboration.report(Code::E0306, expr.span, "the function " + quote(name.text) + " needs arguments", "",
                         "write `" + name.text + "(…)`");
    return makePlaceholder(expr.span);
  }
  if (penalties && penalties->contains(name.text)) {
    elaboration.report(Code::E0337, expr.span, quote(name.text) + " is no value", "",
                       "ask it for one: `" + name.text + ".prox(…)`, `" + name.text + ".value(…)`");
    return makePlaceholder(expr.span);
  }
  if (whole && name.text == "size" && !name.isPrimed)
    return expandSize(expr.span);
  if (locals->isClosed && !name.isPrimed)
    if (auto let = locals->lets.find(name.text); let != locals->lets.end())
      return expand(*let->second);
  if (locals->names.contains(name.text)) {
    ExprPtr copied = clone(expr);
    // Where the expression comes to stand, the name may be that of something else as well.
    if (auto hyper = locals->hypers.find(name.text); locals->isClosed && hyper != locals->hypers.end())
      copied->as<Name>()->symbol = hyper->second;
    return copied;
  }
  if (step && name.text == "step" && !name.isPrimed)
    return placed(*step, expr.span); // a name
  if (predefined(name.text))
    return clone(expr);
  bool isAmbiguous = false;
  const Scope::Entry *entry = elaboration.find(*home, name.text, expr.span, &isAmbiguous);
  if (isAmbiguous)
    return makePlaceholder(expr.span);
  if (!entry || name.isPrimed)
    return expandUnknown(expr, name.text);
  if (const auto *constant = std::get_if<const ConstantDecl *>(&entry->definition))
    return expandConstant(**constant, *entry->home, expr.span);
  if (const auto *schedule = std::get_if<const ScheduleDecl *>(&entry->definition))
    return expandSchedule(**schedule, *entry->home, expr, withoutArguments(name.text, expr.span));
  if (std::holds_alternative<const FunctionDecl *>(entry->definition)) {
    elaboration.report(Code::E0306, expr.span, "the function " + quote(name.text) + " needs arguments", "",
                       "write `" + name.text + "(…)`");
    return makePlaceholder(expr.span);
  }
  return reportKind(*entry, name.text, expr.span);
}

ExprPtr Expander::expandUnknown(const Expr &expr, const std::string &text) {
  if (elaboration.mayBeMissing(*home, text))
    return makePlaceholder(expr.span);
  if (std::string import = importOf(text); !import.empty()) {
    elaboration.report(Code::E0301, expr.span, "unknown name " + quote(text), "", std::move(import));
    return makePlaceholder(expr.span);
  }
  std::vector<std::string_view> candidates(locals->names.begin(), locals->names.end());
  std::ranges::sort(candidates);
  for (std::string_view name : elaboration.program.scopes.at(home).names()) {
    const Scope::Entry *entry = elaboration.program.scopes.at(home).find(std::string(name)).data();
    if (std::holds_alternative<const ConstantDecl *>(entry->definition) ||
        std::holds_alternative<const ScheduleDecl *>(entry->definition))
      candidates.push_back(name);
  }
  // Whatever else there is to say about an unknown name, the checker says.
  std::optional<std::string_view> meant = suggest(text, candidates);
  bool isOfFile = meant && !locals->names.contains(std::string(*meant));
  if (!locals->isClosed && !isInBody && !isOfFile)
    return clone(expr);
  std::string place = whereKnown(text, /*isPrimed=*/false);
  elaboration.report(Code::E0301, expr.span, "unknown name " + quote(text), "",
                     meant                    ? "did you mean " + quote(*meant) + "?"
                     : !place.empty()         ? place
                     : !locals->isClosed      ? ""
                     : findIndexSetKind(text) ? "an index set stands in brackets: " + quote("[" + text + "]")
                     : locals->mayDeclare     ? "declare it above: `hyper " + text + " = …`"
                                              : "no hyper is known here: write a number, or a constant of the file");
  return makePlaceholder(expr.span);
}

ExprPtr Expander::expandConstant(const ConstantDecl &constant, const Module &itsHome, SourceSpan span) {
  if (elaboration.isRecursive(&constant, constant.name, span, "constant"))
    return makePlaceholder(span);
  elaboration.active.push_back({&constant, constant.name, span});
  Locals none;
  Frame frame = enter(itsHome, {});
  locals = &none;
  ExprPtr value = expand(*constant.value);
  leave(std::move(frame));
  elaboration.active.pop_back();
  std::optional<double> number = constantValue(*value);
  if (number && std::isfinite(*number))
    return makeNumber(span, *number, isInteger(*value));
  bool isReported = false;
  forEachName(*value, [&](const Name &name, const Expr &) { isReported |= name.text.empty(); });
  if (!isReported)
    elaboration.report(Code::E0625, constant.value->span,
                       quote(constant.name) + (number ? " is not a finite number" : " is not a constant"), "",
                       "outside of declarations, a `let` names a number: it is made of numbers, `pi`, operators, "
                       "functions and other such names");
  return makePlaceholder(span);
}

ExprPtr Expander::reportKind(const Scope::Entry &entry, const std::string &text, SourceSpan span) {
  bool isPenalty = std::holds_alternative<const PenaltyDecl *>(entry.definition);
  elaboration.report(Code::E0321, span, quote(text) + " is " + kindOf(entry.definition) + ", not a value", "",
                     isPenalty ? "ask it for one: `" + text + ".prox(…)`, `" + text + ".value(…)`" : "",
                     {{placeOf(entry.definition), quote(text) + " is declared here"}});
  return makePlaceholder(span);
}

ExprPtr Expander::expandCall(const Expr &expr, const Call &call) {
  if (call.request())
    return expandMember(expr, call);
  // Of one argument, and so of all its elements.
  if (const ReductionInfo *fold = findReduction(call.callee); fold && whole && call.arguments.size() == 1) {
    Reduction reduction{fold->kind, call.callee, call.calleeSpan, std::nullopt, {}, {}};
    reduction.arguments.push_back(clone(*call.arguments.front()));
    return expandReduction(expr, reduction);
  }
  auto bound = bindings.find(call.callee);
  if (const auto *function = bound == bindings.end() ? nullptr : std::get_if<FunctionValue>(&bound->second))
    return inlineFunction(*function, expr, call);
  if (locals->parts.contains(call.callee))
    return withParts(expr, map());
  if (penalties && penalties->contains(call.callee)) {
    elaboration.report(Code::E0337, call.calleeSpan, quote(call.callee) + " is no function", "",
                       "ask it for something: `" + call.callee + ".prox(…)`, `" + call.callee + ".value(…)`");
    return makePlaceholder(expr.span);
  }
  // A value of the same name is no function, and hides none.
  if (findFunction(call.callee))
    return inlineFunction({nullptr, nullptr, call.callee}, expr, call);
  bool isAmbiguous = false;
  const Scope::Entry *entry = elaboration.find(*home, call.callee, call.calleeSpan, &isAmbiguous);
  if (isAmbiguous)
    return makePlaceholder(expr.span);
  if (entry) {
    if (const auto *function = std::get_if<const FunctionDecl *>(&entry->definition))
      return inlineFunction({*function, entry->home, ""}, expr, call);
    if (const auto *schedule = std::get_if<const ScheduleDecl *>(&entry->definition))
      return expandSchedule(**schedule, *entry->home, expr, call);
  }
  if (bound != bindings.end()) {
    elaboration.report(Code::E0305, call.calleeSpan, quote(call.callee) + " is a value here, not a function", "",
                       "`*` is never implicit: write `" + call.callee + "*(…)` for a product");
    return makePlaceholder(expr.span);
  }
  if (locals->names.contains(call.callee) || predefined(call.callee))
    return withParts(expr, map());
  if (entry)
    return reportKind(*entry, call.callee, call.calleeSpan);
  if (elaboration.mayBeMissing(*home, call.callee))
    return makePlaceholder(expr.span);
  return reportUnknownFunction(expr, call);
}

/// Here and not in the checker, to which the default of a hyper would be no constant.
ExprPtr Expander::reportUnknownFunction(const Expr &expr, const Call &call) {
  std::vector<std::string_view> candidates;
  for (std::string_view name : elaboration.program.scopes.at(home).names()) {
    const Scope::Entry *candidate = elaboration.program.scopes.at(home).find(std::string(name)).data();
    if (std::holds_alternative<const FunctionDecl *>(candidate->definition) ||
        std::holds_alternative<const ScheduleDecl *>(candidate->definition))
      candidates.push_back(name);
  }
  bool isStandard = !importOf(call.callee).empty();
  std::optional<std::string_view> meant = isStandard ? std::nullopt : suggest(call.callee, candidates);
  elaboration.report(Code::E0302, call.calleeSpan, "unknown function " + quote(call.callee), "",
                     meant ? "did you mean " + quote(*meant) + "?" : functionHint(call.callee));
  for (const ExprPtr &argument : call.arguments)
    (void)expand(*argument); // which may have errors, too
  return makePlaceholder(expr.span);
}

const HyperDecl *Expander::enumOf(const Expr &expr) const {
  const auto *name = expr.as<Name>();
  auto found = name ? locals->hypers.find(name->text) : locals->hypers.end();
  bool isEnum = found != locals->hypers.end() && found->second->kind == ValueKind::Enum;
  return isEnum ? found->second : nullptr;
}

/// Beside an enum, a bare name is one of its choices.
ExprPtr Expander::expandComparison(const Expr &expr, const Binary &binary) {
  auto choiceOf = [&](const Expr &side) {
    const auto *name = side.as<Name>();
    auto found = name ? bindings.find(name->text) : bindings.end();
    return found == bindings.end() ? nullptr : std::get_if<ChoiceValue>(&found->second);
  };
  auto fold = [&](const ChoiceValue &choice, const Name &other) {
    return make(expr.span, Boolean{(choice.text == other.text) == (binary.op == BinaryOp::Equal)});
  };
  const auto *leftName = binary.left->as<Name>();
  const auto *rightName = binary.right->as<Name>();
  if (const ChoiceValue *choice = choiceOf(*binary.left); choice && rightName)
    return fold(*choice, *rightName);
  if (const ChoiceValue *choice = choiceOf(*binary.right); choice && leftName)
    return fold(*choice, *leftName);
  const Expr *choice = enumOf(*binary.left) && rightName   ? binary.right.get()
                       : enumOf(*binary.right) && leftName ? binary.left.get()
                                                           : nullptr;
  return withParts(expr, [&](const Expr &part) {
    if (&part != choice)
      return expand(part);
    ExprPtr copied = clone(part);
    copied->as<Name>()->symbol = EnumChoice{};
    return copied;
  });
}

/// In the body of a function the lets get names of their own, for the body may come to stand in itself.
ExprPtr Expander::expandBlock(const Expr &expr, const Block &block) {
  if (!isInBody && !renamesBlocks)
    return withParts(expr, [&](const Expr &part) {
      // The lets that stand above hide what the file declares; the checker wants them not to hide anything else.
      Locals inner = *locals;
      for (const auto &let : block.lets)
        inner.names.insert(let->name);
      const Locals *outer = std::exchange(locals, &inner);
      ExprPtr copied = expand(part);
      locals = outer;
      return copied;
    });
  std::vector<std::pair<std::string, std::optional<Binding>>> hidden;
  Block copied;
  for (const auto &let : block.lets) {
    std::string name = elaboration.freshName(let->name);
    copied.lets.push_back(makeLet(name, let->nameSpan, expand(*let->value)));
    copied.lets.back()->stepOver = let->stepOver;
    auto node = bindings.extract(let->name);
    hidden.emplace_back(let->name, node ? std::optional(std::move(node.mapped())) : std::nullopt);
    bindings.emplace(let->name, makeName(let->nameSpan, name));
  }
  copied.value = expand(*block.value);
  for (auto &[name, binding] : hidden) {
    bindings.erase(name);
    if (binding)
      bindings.emplace(name, std::move(*binding));
  }
  return make(expr.span, std::move(copied));
}

Expander::Frame Expander::enter(const Module &itsHome, Bindings bound) {
  Frame frame{home, locals, std::move(bindings), penalties, whole};
  home = &itsHome;
  penalties = nullptr;
  bindings = std::move(bound);
  return frame;
}

void Expander::leave(Frame frame) {
  home = frame.home;
  locals = frame.locals;
  bindings = std::move(frame.bindings);
  penalties = frame.penalties;
  whole = frame.whole;
}

void Expander::add(Requirement requirement) {
  auto isSame = [&](const Requirement &other) { return other.text == requirement.text; };
  if (!isSilent && std::ranges::none_of(requirements, isSame))
    requirements.push_back(std::move(requirement));
}

} // namespace ravine
