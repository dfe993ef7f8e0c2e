// `P.prox(w, 1/beta)` becomes what the penalty says, with each argument computed once.
#include "compiler/elaboration/ExpandLets.h"
#include "compiler/elaboration/Laws.h"
#include "compiler/elaboration/Under.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

namespace {

/// What its second argument is called in its body.
const std::string &secondName(const PenaltyDecl &penalty, Member member) {
  return member == Member::Contains ? penalty.tolerance : penalty.step;
}

Bindings cloned(const Bindings &values) {
  Bindings copies;
  for (const auto &[name, binding] : values) {
    if (const auto *value = std::get_if<ExprPtr>(&binding))
      copies.emplace(name, clone(**value));
    else if (const auto *function = std::get_if<FunctionValue>(&binding))
      copies.emplace(name, *function);
  }
  return copies;
}

/// Whether it looks at its argument in the order of memory, which columns and channels are not.
bool isInOrder(const PenaltyDecl &penalty) {
  auto isIn = [](const auto &self, const Expr &expr) -> bool {
    const auto *reduction = expr.as<Reduction>();
    bool isFound = reduction && (isSearch(reduction->kind) || isRearrangement(reduction->kind));
    forEachChild(expr, [&](const Expr &child) { isFound = isFound || self(self, child); });
    return isFound;
  };
  bool isFound = false;
  for (const ExprPtr *body : {&penalty.value, &penalty.prox, &penalty.gradient, &penalty.project, &penalty.contains})
    isFound = isFound || (*body && isIn(isIn, **body));
  return isFound;
}

bool isNumber(Member member) {
  return member == Member::Value || member == Member::Contains;
}

SourceSpan extentOf(const PenaltyDecl &penalty) {
  return SourceSpan::covering(penalty.nameSpan, penalty.span);
}

/// What numbers of several members come to as one. `asked`: what the source asks for, as `P.value`.
ExprPtr folded(Member member, ExprPtr value, IndexSet set, const std::string &asked) {
  SourceSpan span = value->span;
  ExprPtr fold = member == Member::Value ? makeReduction(ReductionKind::Sum, "sum", span, set, std::move(value))
                                         : makeReduction(ReductionKind::All, "all", span, set, std::move(value));
  fold->as<Reduction>()->standsFor = asked;
  return fold;
}

ExprPtr joined(Member member, ExprPtr left, ExprPtr right) {
  if (!right)
    return left;
  return makeBinary(member == Member::Value ? BinaryOp::Add : BinaryOp::And, std::move(left), std::move(right));
}

} // namespace

// ---- uses

ExprPtr Expander::expandMember(const Expr &expr, const Call &call) {
  const Call::Request request = *call.request();
  std::string part(request.part);
  std::optional<Member> member = findMember(request.member);
  const Penalty *penalty = findPart(call, part);
  if (!penalty || !checkMember(*penalty, member, expr, call)) {
    for (const ExprPtr &argument : call.arguments)
      (void)expand(*argument); // which may have errors, too
    return makePlaceholder(expr.span);
  }
  Block block;
  std::vector<ExprPtr> arguments;
  for (size_t index = 0; index < call.arguments.size(); ++index) {
    ExprPtr value = expand(*call.arguments[index]);
    // The projection onto a set has no step.
    bool isUsed = index == 0 || !isSet(*penalty) || member == Member::Contains;
    std::optional<IndexSet> stepOver;
    bool mayVary = !value->as<Number>();
    if (index > 0 && member == Member::Prox && penalty->set && mayVary && !isElementwise(elaboration, *penalty))
      stepOver = penalty->set;
    if ((!isSimple(*value) || stepOver) && isUsed) {
      const PenaltyDecl *declared = penalty->declared;
      std::string own = index > 0  ? (declared ? secondName(*declared, *member) : "")
                        : declared ? declared->argument
                                   : "";
      std::string name = elaboration.freshName(part + "." + (own.empty() ? (index > 0 ? "tau" : "x") : own));
      SourceSpan span = value->span;
      block.lets.push_back(makeLet(name, span, std::move(value)));
      block.lets.back()->stepOver = stepOver;
      value = makeName(span, name);
    }
    arguments.push_back(std::move(value));
  }
  Scoped asking(asked, call.callee);
  ExprPtr value = apply(*penalty, *member, arguments, expr.span);
  if (block.lets.empty())
    return value;
  block.value = std::move(value);
  return make(expr.span, std::move(block));
}

/// Null after a message.
const Penalty *Expander::findPart(const Call &call, const std::string &name) {
  if (penalties)
    if (auto found = penalties->find(name); found != penalties->end())
      return found->second.get();
  bool isAmbiguous = false;
  const Scope::Entry *entry = elaboration.find(*home, name, call.calleeSpan, &isAmbiguous);
  if (entry && std::holds_alternative<const PenaltyDecl *>(entry->definition))
    elaboration.report(Code::E0323, call.calleeSpan,
                       (isInFunction ? "a function cannot use " : "here nothing can use ") + kindOf(entry->definition),
                       "its hypers would belong to nobody",
                       isInFunction ? "give its result to the function as an argument"
                                    : "use it in the rule of an optimizer, in a transform or in another penalty");
  else if (locals->parts.contains(name) || bindings.contains(name))
    elaboration.report(Code::E0350, call.calleeSpan, quote(name) + " is not a penalty", "", "", {});
  else if (!isAmbiguous)
    (void)findPenalty(elaboration, *home, name, call.calleeSpan);
  return nullptr;
}

bool Expander::checkMember(const Penalty &penalty, std::optional<Member> member, const Expr &expr, const Call &call) {
  std::vector<Note> notes;
  if (penalty.declared)
    notes.push_back({penalty.declared->nameSpan, quote(penalty.declared->name) + " is declared here"});
  else if (penalty.standsFor)
    notes.push_back({penalty.standsFor->nameSpan, quote(penalty.standsFor->name) + " is given here"});
  if (!member || !offers(penalty, *member)) {
    std::string asked(call.request()->member);
    std::string hint = "it has " + membersOf(penalty);
    if (member == Member::Gradient && offers(penalty, Member::Prox) && promises(penalty, LawKind::Convex))
      hint += "; " + quote("envelope<" + penalty.name + ">") + ", which is smooth, has a `grad`";
    elaboration.report(Code::E0354, call.calleeSpan, quote(penalty.name) + " has no " + quote(asked), "",
                       std::move(hint), std::move(notes));
    return false;
  }
  size_t wanted = member == Member::Prox || member == Member::Contains ? 2 : 1;
  if (!call.argumentNames.empty()) {
    elaboration.report(Code::E0626, call.calleeSpan, quote(call.callee) + " takes no names for its arguments", "",
                       "give them in their order");
    return false;
  }
  if (call.arguments.size() == wanted)
    return true;
  elaboration.report(Code::E0404, expr.span,
                     quote(call.callee) + " takes " + (wanted == 1 ? "1 argument" : "2 arguments") + ", found " +
                         std::to_string(call.arguments.size()),
                     "",
                     "write `" + call.callee +
                         (wanted == 1                  ? "(w)`"
                          : member == Member::Contains ? "(w, 1e-6)`, with how far away it may be"
                                                       : "(w, lr)`, with the length of the step"),
                     std::move(notes));
  return false;
}

// ---- what they come to

ExprPtr Expander::apply(const Penalty &penalty, Member member, const std::vector<ExprPtr> &arguments, SourceSpan span) {
  if (penalty.standsFor)
    return applyStandIn(penalty, member, arguments, span);
  return penalty.branches.empty() ? applyDeclared(penalty, member, arguments, span)
                                  : applySelected(penalty, member, arguments, span);
}

ExprPtr Expander::applyDeclared(const Penalty &penalty, Member member, const std::vector<ExprPtr> &arguments,
                                SourceSpan span) {
  const PenaltyDecl &declared = *penalty.declared;
  if (declared.isSet && member == Member::Value)
    return makeNumber(span, 0, true);
  std::optional<IndexSet> set = penalty.set;
  IndexSet outer = outerSet();
  // Hypers may differ between the tensors of the model.
  if (!set && isNumber(member) && isElementwise(elaboration, penalty))
    set = outer == IndexSet::Model ? IndexSet(IndexSet::Tensor) : outer;
  if (isNumber(member) && set && !refines(*set, outer)) {
    elaboration.report(Code::E0353, penalty.use,
                       quote(penalty.name) + " is over `[" + ravine::spelling(*set) +
                           "]`, and what it is part of over `[" + ravine::spelling(outer) + "]`",
                       "its members do not lie within those");
    return makePlaceholder(span);
  }
  if (!elaboration.spend(span))
    return makePlaceholder(span);
  Bindings bound = cloned(penalty.values);
  bound.insert_or_assign(declared.argument, clone(*arguments.front()));
  if (arguments.size() > 1 && !(declared.isSet && member == Member::Prox))
    bound.insert_or_assign(secondName(declared, member), clone(*arguments[1]));
  Locals names = Locals::of(declared);
  Frame frame = enter(*penalty.home, std::move(bound));
  locals = &names;
  penalties = &penalty.parts;
  whole = Whole{&penalty, set};
  ExprPtr value;
  {
    Scoped inBody(isInBody, true);
    value = withLets(declared, *bodyOf(declared, member), {}, span);
  }
  leave(std::move(frame));
  std::string what = (declared.isSet ? "the set " : "the penalty ") + quote(declared.name);
  addExpansion(expansions, bodyOf(declared, member)->span, span, what);
  addExpansion(expansions, extentOf(declared), span, std::move(what));
  return isNumber(member) && set && *set != outer ? folded(member, std::move(value), outer, asked) : std::move(value);
}

/// Each tensor has one of the branches. The values of all together are those of each branch for its tensors.
ExprPtr Expander::applySelected(const Penalty &penalty, Member member, const std::vector<ExprPtr> &arguments,
                                SourceSpan span) {
  bool isOfModel = isNumber(member) && outerSet() == IndexSet::Model;
  ExprPtr result;
  for (auto branch = penalty.branches.rbegin(); branch != penalty.branches.rend(); ++branch) {
    ExprPtr value = apply(*branch->penalty, member, arguments, span);
    // What it takes the model for are the tensors that it applies to.
    putUnder(*value, *branch->condition);
    if (isOfModel)
      result = joined(member, std::move(value), std::move(result));
    else
      result = result ? makeCase(*branch->condition, std::move(value), std::move(result)) : std::move(value);
  }
  return result;
}

/// Something of the right kind, whatever it is.
ExprPtr Expander::applyStandIn(const Penalty &penalty, Member member, const std::vector<ExprPtr> &arguments,
                               SourceSpan span) {
  auto argument = [&](size_t index) { return clone(*arguments[index]); };
  auto product = [&](ExprPtr left, ExprPtr right) {
    return makeBinary(BinaryOp::Multiply, std::move(left), std::move(right));
  };
  auto whole = [&](ExprPtr value) {
    value->span = span;
    return value;
  };
  switch (member) {
  case Member::Value:
    return isSet(penalty) ? makeNumber(span, 0, true)
                          : folded(member, whole(product(argument(0), argument(0))), outerSet(), asked);
  case Member::Prox:
    if (!isSet(penalty))
      return whole(makeBinary(BinaryOp::Subtract, argument(0), product(argument(1), argument(0))));
    [[fallthrough]];
  case Member::Project:
    return whole(makeCall("max", argument(0), makeNumber(span, 0, true)));
  case Member::Gradient:
    return whole(argument(0));
  case Member::Contains: {
    ExprPtr least = make(span, Unary{UnaryOp::Negate, argument(1)});
    return folded(member, whole(makeBinary(BinaryOp::GreaterEqual, argument(0), std::move(least))), outerSet(), asked);
  }
  }
  return makePlaceholder(span);
}

// ---- the argument as a whole

/// Over what the penalty around this takes its argument; nothing after a message.
std::optional<IndexSet> Expander::wholeSet(SourceSpan span) {
  if (whole->set)
    return whole->set;
  const Penalty &penalty = *whole->penalty;
  const std::string name = penalty.declared->name;
  std::string hint = "write " + quote(name + "[row]") + ", " +
                     (isInOrder(*penalty.declared) ? "" : quote(name + "[channel]") + ", ") +
                     quote(name + "[block 64]") + " or " + quote(name + "[tensor]");
  if (penalty.isByName)
    hint = "give it a name of its own, `" + std::string(penalty.declared->isSet ? "set" : "penalty") + " " + name +
           "_of_rows = " + name + "[row]`, and use that";
  elaboration.report(Code::E0352, penalty.use, quote(name) + " is not told over what it takes its argument", "",
                     std::move(hint), {{span, "it needs all of its argument here"}});
  return std::nullopt;
}

ExprPtr Expander::expandReduction(const Expr &expr, const Reduction &reduction) {
  std::optional<IndexSet> set = wholeSet(expr.span);
  Reduction known{reduction.kind, reduction.name, reduction.nameSpan, set, reduction.nameSpan, {}, {}};
  for (const ExprPtr &argument : reduction.arguments)
    known.arguments.push_back(expand(*argument));
  return set ? make(expr.span, std::move(known)) : makePlaceholder(expr.span);
}

/// How many elements the argument has.
ExprPtr Expander::expandSize(SourceSpan span) {
  std::optional<IndexSet> set = wholeSet(span);
  if (!set)
    return makePlaceholder(span);
  switch (set->kind) {
  case IndexSet::Tensor:
    return makeName(span, "size");
  case IndexSet::Row:
    return makeName(span, "cols");
  case IndexSet::Col:
    return makeName(span, "rows");
  case IndexSet::Channel:
    return makeBinary(BinaryOp::Divide, makeName(span, "size"), makeName(span, "channels"));
  case IndexSet::Model:
    return makeReduction(ReductionKind::Sum, "sum", span, *set, makeName(span, "size"));
  default: {
    // The last block of a tensor may be shorter. What is counted is true everywhere.
    ExprPtr isItself = makeBinary(BinaryOp::Equal, makeName(span, "w"), makeName(span, "w"));
    ExprPtr always = makeBinary(BinaryOp::Or, std::move(isItself), make(span, Boolean{true}));
    return makeReduction(ReductionKind::Count, "count", span, *set, std::move(always));
  }
  }
}

// ---- what it says of its hypers

ExprPtr Expander::expandOfHypers(const Penalty &penalty, const Expr &expr) {
  Frame frame = enter(*penalty.home, cloned(penalty.values));
  Locals names = Locals::of(*penalty.declared);
  locals = &names;
  Scoped inBody(isInBody, true);
  ExprPtr value = withoutLets(*penalty.declared, expr);
  leave(std::move(frame));
  return value;
}

} // namespace ravine
