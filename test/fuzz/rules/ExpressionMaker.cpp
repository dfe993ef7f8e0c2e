// Making expressions from the root to the leaves.
#include "test/fuzz/rules/ExpressionMaker.h"

#include <algorithm>

namespace ravine::fuzz {

static bool isConstant(const Expression &expression) {
  if (expression.operands.empty())
    return expression.form == "pi" || (expression.form[0] >= '0' && expression.form[0] <= '9');
  return std::ranges::all_of(expression.operands, isConstant);
}

Expression ExpressionMaker::number(Place place, IndexSet finest, size_t depth, int guard) {
  return number(Where{place, finest, depth, {guard}});
}

Expression ExpressionMaker::condition(Place place, IndexSet finest, size_t depth, int guard) {
  return condition(Where{place, finest, depth, {guard}});
}

Expression ExpressionMaker::elements(Place place, size_t depth, int guard) {
  return elements(Where{place, IndexSet::Element, depth, {guard}});
}

Expression ExpressionMaker::elements(const Where &given) {
  Where where = given;
  where.finest = IndexSet::Element;
  Expression made = number(where);
  if (made.set == IndexSet::Element)
    return made;
  Expression varying = leaf(isOfStep(where.place) && choice.once(2) ? "g" : "w", IndexSet::Element);
  return make(choice.once(2) ? "(%0*%1)" : "(%0 + %1)", {made, varying});
}

std::vector<Expression> ExpressionMaker::usable(const Where &where, bool isCondition) const {
  std::vector<Expression> found;
  for (const KnownName &name : names)
    if (name.use.isCondition == isCondition && refines(where.finest, name.use.set) &&
        name.places.contains(where.place) && where.guards.contains(name.guard))
      found.push_back(name.use);
  return found;
}

Expression ExpressionMaker::numberLeaf(const Where &where) {
  static const std::array numbers = {"0", "1", "2", "3", "7", "0.5", "0.1", "0.9", "10", "1e-3", "1e-8", "1e20", "pi"};
  std::vector<Expression> candidates = usable(where, false);
  // What varies over elements is what rules are about.
  if (where.finest == IndexSet::Element && !choice.once(3))
    std::erase_if(candidates, [](const Expression &name) { return name.set != IndexSet::Element; });
  if (candidates.empty() || choice.once(6))
    return leaf(choice.from(numbers), IndexSet::Model);
  return choice.from(candidates);
}

Expression ExpressionMaker::number(const Where &where) {
  if (where.depth == 0)
    return numberLeaf(where);
  switch (choice.below(groups.sets.empty() ? 22 : 26)) {
  case 20:
    return callOf(where);
  case 21:
    return answer(where);
  case 22:
    if (mayReduce(where))
      return choice.once(3) ? rearrangement(where, false) : search(where);
    return arithmetic(where);
  case 23:
  case 24:
  case 25:
    return mayReduce(where) ? reduction(where, false) : arithmetic(where);
  case 0:
  case 1:
    return numberLeaf(where);
  case 2:
  case 3:
    return quotient(where);
  case 4:
    return power(where);
  case 5:
  case 6:
  case 7:
    return function(where);
  case 8:
  case 9:
    return choiceOf(where, false);
  case 10:
    return block(where);
  case 11:
  case 12:
    if (mayReduce(where))
      return reduction(where, false);
    [[fallthrough]];
  default:
    return arithmetic(where);
  }
}

Expression ExpressionMaker::arithmetic(const Where &where) {
  static const std::array binary = {"(%0 + %1)", "(%0 - %1)",   "(%0*%1)",    "(%0*%1)",
                                    "(%0 + %1)", "min(%0, %1)", "max(%0, %1)"};
  static const std::array ternary = {"(%0*%1 + %2)", "(%0 - %1*%2)", "clamp(%0, %1, %2)", "min(%0, %1, %2)"};
  Where inner = where.deeper();
  if (choice.once(4))
    return make(choice.from(ternary), {number(inner), number(inner), number(inner)});
  return make(choice.from(binary), {number(inner), number(inner)});
}

Expression ExpressionMaker::quotient(const Where &where) {
  Expression divisor = number(where.deeper());
  if (isConstant(divisor)) // which may be zero
    divisor = leaf("3", IndexSet::Model);
  else if (!choice.once(4))
    divisor = make("(abs(%0) + 0.5)", {divisor});
  return make("(%0/%1)", {number(where.deeper()), divisor});
}

Expression ExpressionMaker::power(const Where &where) {
  static const std::array whole = {"%0^2", "%0^3", "%0^4", "%0^-1", "%0^-2", "%0^5", "%0^0", "%0^1"};
  Expression base = number(where.deeper());
  if (choice.once(2) && !isConstant(base))
    return make("(" + std::string(choice.from(whole)) + ")", {base});
  base = make("(abs(%0) + 0.1)", {base});
  if (choice.once(3))
    return make("(%0^0.5)", {base});
  return make("(%0^%1)", {base, make("clamp(%0, 0 - 3, 3)", {number(where.deeper())})});
}

Expression ExpressionMaker::function(const Where &where) {
  // Mostly inside their domain and without overflow: infinities and NaN tell little.
  static const std::array tame = {"abs(%0)",
                                  "sign(%0)",
                                  "sqrt(abs(%0))",
                                  "exp(min(%0, 5))",
                                  "log(abs(%0) + 0.1)",
                                  "log1p(abs(%0))",
                                  "expm1(min(%0, 3))",
                                  "sin(%0)",
                                  "cos(%0)",
                                  "tan(clamp(%0, 0 - 1, 1))",
                                  "asin(clamp(%0, 0 - 1, 1))",
                                  "acos(clamp(%0, 0 - 1, 1))",
                                  "atan(%0)",
                                  "sinh(clamp(%0, 0 - 5, 5))",
                                  "cosh(clamp(%0, 0 - 5, 5))",
                                  "tanh(%0)",
                                  "erf(%0)",
                                  "floor(%0)",
                                  "ceil(%0)",
                                  "round(%0)",
                                  "(-%0)"};
  static const std::array wild = {"sqrt(%0)", "exp(%0)",  "log(%0)",  "log1p(%0)", "expm1(%0)", "tan(%0)",
                                  "asin(%0)", "acos(%0)", "sinh(%0)", "cosh(%0)",  "sin(%0)",   "cos(%0)"};
  return make(choice.once(8) ? choice.from(wild) : choice.from(tame), {number(where.deeper())});
}

/// Of the functions, constants and schedules that every subject may use (see Composition.cpp).
Expression ExpressionMaker::callOf(const Where &where) {
  static const std::array functions = {"soft(%0)",           "soft(%0, tau = %1)", "twice(tanh, %0)",
                                       "lerp(%0, %1, 0.25)", "even(soft, %0)",     "either(%0 > %1, %0, %1)",
                                       "(golden*%0 + %1)",   "lerp(%0, %1)"};
  static const std::array schedules = {"ramp", "ramp(2)", "wave(3)", "(ramp(2) then fall(2, floor = 0.5))"};
  bool mayAskStep = isOfStep(where.place);
  if (mayAskStep && choice.once(4))
    return leaf(choice.from(schedules), IndexSet::Model);
  return make(choice.from(functions), {number(where.deeper()), number(where.deeper())});
}

Expression ExpressionMaker::choiceOf(const Where &where, bool isCondition) {
  auto branch = [&](const Where &inner) { return isCondition ? condition(inner) : number(inner); };
  Where inner = where.deeper();
  bool mayAskConditions = isOfStep(where.place) || where.place == Place::View;
  // Which conditions hold is different for each tensor.
  if (conditions.empty() || !mayAskConditions || !refines(where.finest, IndexSet::Tensor) || choice.once(3))
    return make("(if %0 then %1 else %2)", {condition(inner), branch(inner), branch(inner)}, isCondition);
  size_t index = choice.below(conditions.size());
  Where guarded = inner;
  guarded.guards.insert(static_cast<int>(index));
  Expression decided = conditions[index];
  switch (choice.below(3)) {
  case 0:
    return make("(if %0 then %1 else %2)", {decided, branch(guarded), branch(inner)}, isCondition);
  case 1:
    return make("(if not %0 then %1 else %2)", {decided, branch(inner), branch(guarded)}, isCondition);
  default:
    return make("(case %0 { %1 } else { %2 })", {decided, branch(guarded), branch(inner)}, isCondition);
  }
}

Expression ExpressionMaker::block(const Where &where) {
  Expression value = number(where.deeper());
  Expression local = leaf("local" + std::to_string(locals++), value.set);
  // Its value may use an optional state, so that it means something only where that does.
  names.push_back({local, {where.place}, *where.guards.rbegin()});
  Expression result = number(where.deeper());
  names.erase(std::ranges::find_if(names, [&](const KnownName &name) { return name.use.form == local.form; }));
  // The name is used at least once, and nowhere else.
  return make("{ let " + local.form + " = %0; %1 + " + local.form + " }", {value, result});
}

Expression ExpressionMaker::conditionLeaf(const Where &where) {
  static const std::array comparisons = {"(%0 < %1)",  "(%0 <= %1)", "(%0 > %1)",
                                         "(%0 >= %1)", "(%0 == %1)", "(%0 != %1)"};
  std::vector<Expression> candidates = usable(where, true);
  if (!candidates.empty() && choice.once(3))
    return choice.from(candidates);
  Where inner = where.deeper();
  return make(choice.from(comparisons), {number(inner), number(inner)}, true);
}

Expression ExpressionMaker::condition(const Where &where) {
  if (where.depth == 0)
    return conditionLeaf(where);
  Where inner = where.deeper();
  switch (choice.below(12)) {
  case 0:
    return make("(%0 and %1)", {condition(inner), condition(inner)}, true);
  case 1:
    return make("(%0 or %1)", {condition(inner), condition(inner)}, true);
  case 2:
    return make("(not %0)", {condition(inner)}, true);
  case 3:
    return make("(%0 == %1)", {condition(inner), condition(inner)}, true);
  case 4:
    return choiceOf(where, true);
  case 5:
    if (mayReduce(where))
      return reduction(where, true);
    return conditionLeaf(where);
  case 6:
    if (mayReduce(where) && choice.once(2))
      return rearrangement(where, true);
    [[fallthrough]];
  default:
    return conditionLeaf(where);
  }
}

} // namespace ravine::fuzz
