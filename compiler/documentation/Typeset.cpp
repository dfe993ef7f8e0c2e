// From expressions of the language to formulas.
#include "compiler/documentation/Typeset.h"

#include "compiler/documentation/Spellings.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ravine::documentation {

using ast::BinaryOp;
using Kind = Formula::Kind;

namespace {

/// How tightly the parts of a formula hold together, from loose to tight.
enum class Level {
  Choice,      // cases
  Or,          //
  And,         //
  Not,         //
  Comparison,  //
  Sum,         // also −a
  BigSum,      // ∑ reaches to the right over a product
  Negation,    // −a in front of a product
  Product,     //
  Application, // f(x)
  Power,       // has a superscript
  Atom,        //
};

} // namespace

/// What an expression has become, and how tightly it holds together.
struct Set {
  Formula formula;
  Level level;
  /// `a/b` on one line, in a script.
  bool isSlash = false;
};

namespace {

bool beginsWithMinus(const Formula &formula) {
  const Formula &first = leftmost(formula);
  return first.is(Kind::Sign) && first.text == "−";
}

/// Also 2/3, which after a factor would read as a mixed number.
bool beginsWithDigit(const Formula &formula) {
  const Formula &first = leftmost(formula);
  return first.is(Kind::Number) || (first.is(Kind::Fraction) && beginsWithDigit(first.parts.front()));
}

bool isWord(const Formula &formula) {
  if (formula.is(Kind::Script))
    return isWord(formula.parts.front());
  return formula.is(Kind::Word) || formula.is(Kind::Verbatim) || formula.is(Kind::Text);
}

/// Names of functions need a distance on either side.
bool isWordLike(const Formula &formula) {
  return isWord(formula) || (formula.is(Kind::Sign) && formula.text.front() >= 'a' && formula.text.front() <= 'z');
}

Formula bracketed(Formula content) {
  return fenced("(", std::move(content));
}

Formula atLeast(Level level, Set operand) {
  return operand.level >= level ? std::move(operand.formula) : bracketed(std::move(operand.formula));
}

Formula joined(std::vector<Formula> parts) {
  Formula result;
  for (Formula &part : parts) {
    if (!part.is(Kind::Row)) {
      result.parts.push_back(std::move(part));
      continue;
    }
    for (Formula &inner : part.parts)
      result.parts.push_back(std::move(inner));
  }
  return result;
}

Formula applied(Formula function, Formula arguments) {
  return row({std::move(function), bracketed(std::move(arguments))});
}

Set setNumber(double value) {
  if (std::isnan(value))
    return {words("NaN"), Level::Atom};
  char text[32];
  double magnitude = std::abs(value);
  bool isPlain = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e6);
  auto format = isPlain ? std::chars_format::fixed : std::chars_format::scientific;
  auto [end, problem] = std::to_chars(std::begin(text), std::end(text), value, format);
  std::string_view digits(text, static_cast<size_t>(end - text));
  size_t exponentAt = digits.find('e');
  if (exponentAt == std::string_view::npos)
    return {number(digits), Level::Atom};
  std::string_view mantissa = digits.substr(0, exponentAt), exponent = digits.substr(exponentAt + 1);
  bool isSmall = exponent.front() == '-';
  exponent.remove_prefix(std::min(exponent.find_first_not_of("+-0"), exponent.size() - 1));
  Formula power = withSuperscript(number("10"), isSmall ? row({sign("−"), number(exponent)}) : number(exponent));
  if (mantissa == "1")
    return {std::move(power), Level::Power};
  return {row({number(mantissa), sign("×"), std::move(power)}), Level::Product};
}

} // namespace

/// Sets one expression. `isScript`: inside a subscript or superscript, where fractions lie on the line.
class Setting {
public:
  Setting(const Typesetter &typesetter, bool isScript) : typesetter(typesetter), isScript(isScript) {}

  Set set(const ast::Expr &expr) const {
    return std::visit([&](const auto &node) { return set(node); }, expr.node);
  }

private:
  Formula formula(const ast::Expr &expr) const { return set(expr).formula; }
  Formula atLeast(Level level, const ast::Expr &expr) const { return documentation::atLeast(level, set(expr)); }

  /// To the right of a sign, where −a needs brackets.
  Formula behindSign(Level level, const ast::Expr &expr) const {
    Set operand = set(expr);
    bool needsBrackets = operand.level < level || beginsWithMinus(operand.formula);
    return needsBrackets ? bracketed(std::move(operand.formula)) : std::move(operand.formula);
  }

  static Set set(const ast::Number &number) { return setNumber(number.value); }

  static Set set(const ast::Boolean &boolean) { return {words(boolean.value ? "true" : "false"), Level::Atom}; }

  Set set(const ast::Name &name) const {
    if (const auto *let = std::get_if<const ast::LetDecl *>(&name.symbol); let && typesetter.inlinesLets)
      return set(*(*let)->value);
    if (const auto *condition = std::get_if<const ast::ConditionDecl *>(&name.symbol))
      return set(*(*condition)->condition);
    return {typesetter.notation.use(name, typesetter.moment), Level::Atom};
  }

  Set set(const ast::Unary &unary) const {
    if (unary.op == ast::UnaryOp::Not)
      return {row({words("not "), atLeast(Level::Application, *unary.operand)}), Level::Not};
    Set operand = set(*unary.operand);
    bool needsBrackets = operand.level < Level::BigSum || beginsWithMinus(operand.formula);
    Level level = std::min(needsBrackets ? Level::Atom : operand.level, Level::Negation);
    Formula content = needsBrackets ? bracketed(std::move(operand.formula)) : std::move(operand.formula);
    return {joined({sign("−"), std::move(content)}), level};
  }

  Set set(const ast::Binary &binary) const {
    const ast::Expr &left = *binary.left, &right = *binary.right;
    switch (binary.op) {
    case BinaryOp::Add:
      return {joined({atLeast(Level::Sum, left), sign("+"), behindSign(Level::Sum, right)}), Level::Sum};
    case BinaryOp::Subtract:
      return {joined({atLeast(Level::Sum, left), sign("−"), behindSign(Level::BigSum, right)}), Level::Sum};
    case BinaryOp::Multiply:
      return product(left, right);
    case BinaryOp::Divide:
      return quotient(left, right);
    case BinaryOp::Power:
      return power(left, right);
    case BinaryOp::And:
      return {joined({atLeast(Level::And, left), words(" and "), atLeast(Level::And, right)}), Level::And};
    case BinaryOp::Or:
      return {joined({alternative(left), words(" or "), alternative(right)}), Level::Or};
    default:
      return {joined({atLeast(Level::Sum, left), sign(relation(binary.op)), atLeast(Level::Sum, right)}),
              Level::Comparison};
    }
  }

  /// In words, nobody knows whether `and` or `or` is the tighter.
  [[nodiscard]] Formula alternative(const ast::Expr &expr) const {
    Set operand = set(expr);
    if (operand.level == Level::And)
      return bracketed(std::move(operand.formula));
    return documentation::atLeast(Level::Or, std::move(operand));
  }

  Set product(const ast::Expr &left, const ast::Expr &right) const {
    Set first = set(left), second = set(right);
    Formula before =
        first.level < Level::Negation || first.isSlash ? bracketed(std::move(first.formula)) : std::move(first.formula);
    bool brackets = second.level < Level::Product || second.isSlash || beginsWithMinus(second.formula);
    Formula behind = brackets ? bracketed(std::move(second.formula)) : std::move(second.formula);
    Level level = beginsWithMinus(before) ? Level::Negation : Level::Product;
    if (beginsWithDigit(behind))
      return {joined({std::move(before), sign("⋅"), std::move(behind)}), level};
    Formula times{Kind::Times, "", {}};
    bool needsSpace = isWordLike(rightmost(before)) || isWordLike(leftmost(behind));
    if (!needsSpace || behind.is(Kind::Fenced))
      return {joined({std::move(before), std::move(times), std::move(behind)}), level};
    return {joined({std::move(before), std::move(times), Formula{Kind::Space, "", {}}, std::move(behind)}), level};
  }

  Set quotient(const ast::Expr &left, const ast::Expr &right) const {
    if (!isScript)
      return {fraction(formula(left), formula(right)), Level::Product};
    Set first = set(left), second = set(right);
    Formula before =
        first.level < Level::Negation || first.isSlash ? bracketed(std::move(first.formula)) : std::move(first.formula);
    Formula behind = documentation::atLeast(Level::Application, std::move(second));
    Level level = beginsWithMinus(before) ? Level::Negation : Level::Product;
    return {joined({std::move(before), sign("/"), std::move(behind)}), level, /*isSlash=*/true};
  }

  Set power(const ast::Expr &base, const ast::Expr &exponent) const {
    Formula script = Setting(typesetter, /*isScript=*/true).set(exponent).formula;
    return {withSuperscript(atLeast(Level::Atom, base), std::move(script)), Level::Power};
  }

  Set set(const ast::If &choice) const {
    Formula cases{Kind::Cases, "", {}};
    const ast::If *at = &choice;
    for (;; at = at->elseValue->as<ast::If>()) {
      cases.parts.push_back(formula(*at->thenValue));
      cases.parts.push_back(row({words("if "), formula(*at->condition)}));
      if (!at->elseValue->as<ast::If>())
        break;
    }
    cases.parts.push_back(formula(*at->elseValue));
    cases.parts.push_back(row({words("otherwise")}));
    return {std::move(cases), Level::Choice};
  }

  Set set(const ast::Case &choice) const {
    Formula cases{Kind::Cases, "", {}};
    const ast::Case *at = &choice;
    for (;; at = at->elseValue->as<ast::Case>()) {
      cases.parts.push_back(formula(*at->thenValue));
      cases.parts.push_back(where(*at->condition));
      if (!at->elseValue->as<ast::Case>())
        break;
    }
    cases.parts.push_back(formula(*at->elseValue));
    cases.parts.push_back(row({words("elsewhere")}));
    return {std::move(cases), Level::Choice};
  }

  [[nodiscard]] Formula where(const ast::Expr &condition) const {
    const ast::ConditionDecl *declared = declaration(condition);
    if (declared && declared->choice)
      return row({words("in branch "), word(declared->name)});
    return row({words("where "), formula(condition)});
  }

  static const ast::ConditionDecl *declaration(const ast::Expr &expr) {
    const auto *name = expr.as<ast::Name>();
    const auto *condition = name ? std::get_if<const ast::ConditionDecl *>(&name->symbol) : nullptr;
    return condition ? *condition : nullptr;
  }

  Set set(const ast::Then &sequence) const {
    return {row({formula(*sequence.first), words(" then "), formula(*sequence.second)}), Level::Choice};
  }

  static Set set(const ast::Match &match) {
    std::string text = match.isOfGroup ? "group is like " : "name is like ";
    for (const std::string &pattern : match.patterns)
      text += (&pattern == match.patterns.data() ? "" : " or ") + pattern;
    return {words(text), Level::Comparison};
  }

  Set set(const ast::Block &block) const { return set(*block.value); }

  Formula arguments(const std::vector<ast::ExprPtr> &list) const {
    std::vector<Formula> parts;
    for (const ast::ExprPtr &argument : list)
      parts.push_back(formula(*argument));
    return parts.size() == 1 ? std::move(parts.front()) : commaSeparated(std::move(parts));
  }

  /// What a part is asked: `P.prox(x, tau)` is prox with the subscripts P and τ, at x.
  Set setRequest(const ast::Call &call, const ast::Call::Request &request) const {
    Formula part = word(std::string(request.part)), at = formula(*call.arguments.front());
    std::string asked(request.member);
    if (asked == "value")
      return {applied(std::move(part), std::move(at)), Level::Application};
    Formula name = withSubscript(word(asked), std::move(part));
    if (call.arguments.size() > 1)
      name = withSubscript(std::move(name), Setting(typesetter, /*isScript=*/true).formula(*call.arguments[1]));
    return {applied(std::move(name), std::move(at)), Level::Application};
  }

  Set set(const ast::Call &call) const {
    if (std::optional<ast::Call::Request> request = call.request(); request && !call.arguments.empty())
      return setRequest(call, *request);
    Formula inside = arguments(call.arguments);
    std::optional<ast::Function> function = call.function;
    // Nobody has looked at the calls of a penalty as it is written.
    if (const FunctionInfo *known = findFunction(call.callee); known && !function)
      function = known->function;
    if (!function)
      return {applied(word(call.callee), std::move(inside)), Level::Application};
    switch (*function) {
    case ast::Function::Abs:
      return {fenced("|", std::move(inside)), Level::Atom};
    case ast::Function::Sqrt:
      return {root(std::move(inside)), Level::Atom};
    case ast::Function::Floor:
      return {fenced("⌊", std::move(inside)), Level::Atom};
    case ast::Function::Ceil:
      return {fenced("⌈", std::move(inside)), Level::Atom};
    case ast::Function::Log1p:
      inside = joined({number("1"), sign("+"), behindSign(Level::Sum, *call.arguments.front())});
      break;
    case ast::Function::Expm1:
      return {row({sign("exp"), bracketed(std::move(inside)), sign("−"), number("1")}), Level::Sum};
    default:
      break;
    }
    const auto *named = std::ranges::find(namedFunctions, *function, &FunctionSpelling::function);
    Formula name = named == namedFunctions.end() ? word(call.callee) : sign(named->name);
    return {applied(std::move(name), std::move(inside)), Level::Application};
  }

  Set set(const ast::Reduction &reduction) const {
    // Over the tensors of a part.
    bool isRestricted = reduction.set == ast::IndexSet::Model && !reduction.under.empty();
    Formula over = isRestricted ? word(reduction.under.back()->name) : nameOf(reduction.set);
    Formula inside = arguments(reduction.arguments);
    auto overIts = [&](Formula base) {
      return over.isEmpty() ? std::move(base) : withSubscript(std::move(base), std::move(over));
    };
    auto norm = [&](Formula index) {
      return Set{overIts(withSubscript(fenced("‖", std::move(inside)), std::move(index))), Level::Atom};
    };
    auto folded = [&](Formula name) {
      return Set{applied(overIts(std::move(name)), std::move(inside)), Level::Application};
    };
    switch (reduction.kind) {
    case ast::ReductionKind::Norm:
      return norm(number("2"));
    case ast::ReductionKind::Norm1:
      return norm(number("1"));
    case ast::ReductionKind::NormInf:
      return norm(sign("∞"));
    case ast::ReductionKind::Dot:
      return {overIts(fenced("⟨", std::move(inside))), Level::Atom};
    case ast::ReductionKind::Sum:
      return {joined({overIts(sign("∑")), behindSign(Level::Product, *reduction.arguments[0])}), Level::BigSum};
    case ast::ReductionKind::Max:
      return folded(sign("max"));
    case ast::ReductionKind::Min:
      return folded(sign("min"));
    case ast::ReductionKind::KthLargest:
      return folded(words("kth largest"));
    case ast::ReductionKind::SimplexThreshold:
      return folded(words("simplex threshold"));
    case ast::ReductionKind::TautString:
      return folded(words("taut string"));
    default:
      return folded(word(reduction.name));
    }
  }

  /// Nothing where a penalty folds the whole of its argument.
  static Formula nameOf(std::optional<ast::IndexSet> set) {
    if (!set)
      return {};
    if (set->kind == ast::IndexSet::Block)
      return row({words("block "), number(std::to_string(set->blockSize))});
    return word(spelling(*set));
  }

  const Typesetter &typesetter;
  bool isScript;
};

Formula Typesetter::typeset(const ast::Expr &expr) const {
  return Setting(*this, /*isScript=*/false).set(expr).formula;
}

Formula typesetNumber(double value) {
  return setNumber(value).formula;
}

} // namespace ravine::documentation
