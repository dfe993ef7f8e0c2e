// Reductions: `norm[model](g)`.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

bool Parser::atReduction() const {
  const Token &after = peek(1);
  if (atAngleReduction())
    return true;
  if (!findReduction(peek().text) || (after.startsLine && openParentheses == 0))
    return false;
  return after.kind == TokenKind::LeftBracket ||
         (after.kind == TokenKind::LeftParenthesis && !findFunction(peek().text));
}

ExprPtr Parser::parseReduction() {
  const Token &name = next();
  Reduction reduction{findReduction(name.text)->kind, std::string(name.text), name.span, {}, {}, {}};
  bool isUnderstood = true;
  if (at(TokenKind::Less)) {
    reduction.set = parseAngleSet(name);
    isUnderstood = reduction.set.has_value();
  } else if (at(TokenKind::LeftBracket)) {
    const Token &open = peek();
    reduction.set = parseIndexSet(SetOwner::Reduction);
    reduction.setSpan = since(open);
    isUnderstood = reduction.set.has_value();
  }
  if (!panicking && (!at(TokenKind::LeftParenthesis) || atLineEnd())) {
    if (isUnderstood)
      complain(Code::E0306, since(name), "the reduction " + quote(name.text) + " needs arguments", "",
               "write " + quote(std::string(sources.text(since(name))) + "(…)"));
    return placeholder(since(name));
  }
  if (panicking)
    return placeholder(since(name));
  std::optional<unsigned> tallest =
      parseArguments(reduction.arguments, nullptr,
                     "there are no keyword arguments; a reduction takes a value and an index set, "
                     "as in `mean[tensor](…)`");
  if (!tallest || !isUnderstood)
    return placeholder(since(name));
  // `norm(g, tensor)` names no index set, and no value either.
  const auto *last = reduction.arguments.empty() ? nullptr : reduction.arguments.back()->as<Name>();
  bool isMeantAsSet = !reduction.set && reduction.arguments.size() > 1 && last && findIndexSetKind(last->text);
  if (isMeantAsSet)
    reduction.arguments.pop_back();
  return make(since(name), std::move(reduction), *tallest + 1);
}

ExprPtr Parser::refuseIndexed() {
  const Token &name = next();
  size_t closing = 1;
  while (peek(closing).kind != TokenKind::RightBracket && !peek(closing).startsLine &&
         peek(closing).kind != TokenKind::EndOfFile)
    ++closing;
  bool isCall = peek(closing + 1).kind == TokenKind::LeftParenthesis && !peek(closing + 1).startsLine;
  if (!isCall || findFunction(name.text)) {
    refuseIndexSet(quote(name.text));
  } else {
    std::vector<std::string_view> candidates;
    for (const ReductionInfo &info : reductions())
      candidates.push_back(info.name);
    std::optional<std::string_view> meant = suggest(name.text, candidates);
    std::string_view replacement = replacementOfFunction(name.text);
    complain(Code::E0302, name.span, "unknown reduction " + quote(name.text), "",
             meant                  ? "did you mean " + quote(*meant) + "?"
             : !replacement.empty() ? "write " + std::string(replacement)
                                    : "");
  }
  skipPostfix();
  return placeholder(since(name));
}

} // namespace ravine
