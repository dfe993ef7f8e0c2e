// What an optimizer is composed of: pipes, uses of declarations, selections.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

ComponentPtr Parser::makeComponent(SourceSpan span, decltype(Component::node) node) {
  auto component = std::make_unique<Component>();
  component->span = span;
  component->node = std::move(node);
  return component;
}

ComponentPtr Parser::emptyComponent() {
  return makeComponent(place(), Use{});
}

ComponentPtr Parser::parsePipe() {
  const Token &first = peek();
  Pipe pipe;
  do {
    pipe.stages.push_back(parseStage());
  } while (!panicking && (accept(TokenKind::Pipe) || acceptForeignPipe()));
  Stage &stage = pipe.stages.front();
  bool isPlain = pipe.stages.size() == 1 && stage.label.empty() && !stage.condition;
  if (isPlain)
    return std::move(stage.component);
  return makeComponent(since(first), std::move(pipe));
}

/// `clip | adamw`, `clip > adamw`.
bool Parser::acceptForeignPipe() {
  bool isSign = (at(TokenKind::Foreign) && peek().text == "|") || (at(TokenKind::Greater) && !inAngles);
  if (!isSign || atLineEnd() || peek(1).kind != TokenKind::Identifier)
    return false;
  complain(Code::E0217, peek().span, quote(peek().text) + " does not join stages", "", "write `|>`");
  next();
  return true;
}

void Parser::parseLabel(std::string &label, SourceSpan &span) {
  bool isLabel = at(TokenKind::Identifier) && peek(1).kind == TokenKind::Colon && !isReserved(peek().text);
  if (!isLabel)
    return;
  span = peek().span;
  label = next().text;
  next();
}

Stage Parser::parseStage() {
  Stage stage;
  parseLabel(stage.label, stage.labelSpan);
  stage.component = parseSum();
  if (!panicking && atWord("where") && !atLineEnd()) {
    next();
    stage.condition = parseExpression();
    stage.conditionSpan = stage.condition->span;
  }
  return stage;
}

ComponentPtr Parser::parseComponent() {
  Scoped<unsigned> deeper(nesting, nesting + 1);
  if (nesting > deepestNesting)
    reportTooDeep(place());
  if (panicking)
    return emptyComponent();
  ComponentPtr component = parsePart();
  if (!panicking && atWord("with") && peek(1).kind == TokenKind::LeftBrace && !atLineEnd())
    component = parseWith(std::move(component));
  return component;
}

ComponentPtr Parser::parsePart() {
  const Token &first = peek();
  bool isWord = at(TokenKind::Identifier) && !atDeclaration();
  if (isWord && first.text == "select" && peek(1).kind == TokenKind::LeftBrace)
    return parseSelect();
  bool isUse = peek(1).kind == TokenKind::Less || peek(1).kind == TokenKind::LeftParenthesis ||
               peek(1).kind == TokenKind::LeftBracket;
  if (isWord && first.text == "frozen" && !isUse)
    return makeComponent(next().span, Frozen{});
  if (isWord)
    return parseUse();
  if (!accept(TokenKind::LeftParenthesis)) {
    std::string after = position > 0 ? " after " + quote(previous().text) : "";
    error(Code::E0224, place(), "expected " + std::string(wanted) + after + ", found " + found());
    return emptyComponent();
  }
  Scoped<unsigned> inside(openParentheses, openParentheses + 1);
  Scoped<bool> outsideAngles(inAngles, false);
  ComponentPtr inner = parsePipe();
  expectClosing(TokenKind::RightParenthesis, first);
  inner->span = since(first);
  return inner;
}

ComponentPtr Parser::parseUse() {
  const Token &name = next();
  Use use;
  use.name = name.text;
  use.nameSpan = name.span;
  if (refusedNames.contains(name.text)) {
    while (at(TokenKind::Less) && !atLineEnd() && !accept(TokenKind::Greater))
      next();
    skipPostfix();
    return emptyComponent();
  }
  if (at(TokenKind::Less) && !atLineEnd())
    parseParts(use);
  if (!panicking && at(TokenKind::LeftBracket) && !atLineEnd()) {
    const Token &open = peek();
    // Any set spares the message that there is none.
    use.set = parseIndexSet(SetOwner::Argument).value_or(IndexSet::Tensor);
    use.setSpan = since(open);
  }
  if (!panicking && at(TokenKind::LeftParenthesis) && !atLineEnd())
    parseUseArguments(use);
  return makeComponent(since(name), std::move(use));
}

/// `proximal_gd<P = l1>`, `proximal_gd<lr = 0.1>`
void Parser::refuseNamedPart() {
  if (!at(TokenKind::Identifier) || peek(1).kind != TokenKind::Assign)
    return;
  const Token &name = next();
  next();
  error(Code::E0224, since(name), "a part is given without a name", "",
        "the parts stand in their order, `<l1>`; what is set stands in parentheses behind them, `(lr = 0.1)`");
}

void Parser::parseParts(Use &use) {
  const Token &open = next();
  {
    Scoped<unsigned> inside(openParentheses, openParentheses + 1);
    Scoped<bool> between(inAngles, true);
    Scoped<std::string_view> asPart(wanted, "a part");
    do {
      refuseNamedPart();
      use.parts.push_back(parsePipe());
    } while (!panicking && accept(TokenKind::Comma));
  }
  expectClosing(TokenKind::Greater, open);
}

void Parser::parseUseArguments(Use &use) {
  const Token &open = next();
  Scoped<unsigned> inside(openParentheses, openParentheses + 1);
  Scoped<bool> outsideAngles(inAngles, false);
  bool areMore = !at(TokenKind::RightParenthesis);
  while (areMore && !panicking) {
    Argument argument;
    std::string name(peek().text);
    size_t assign = 1;
    for (; peek(assign).kind == TokenKind::Dot && peek(assign + 1).kind == TokenKind::Identifier; assign += 2)
      name += "." + std::string(peek(assign + 1).text);
    if (at(TokenKind::Identifier) && peek(assign).kind == TokenKind::Assign) {
      const Token &first = peek();
      position += assign;
      argument.name = std::move(name);
      argument.nameSpan = since(first);
      next();
    }
    argument.value = parseExpression();
    use.arguments.push_back(std::move(argument));
    areMore = accept(TokenKind::Comma);
  }
  expectClosing(TokenKind::RightParenthesis, open);
}

ComponentPtr Parser::parseSelect() {
  const Token &word = next();
  const Token &open = next();
  Select select;
  Scoped<unsigned> linesCount(openParentheses, 0);
  Scoped<bool> outsideAngles(inAngles, false);
  while (!panicking) {
    while (accept(TokenKind::Semicolon)) {
    }
    dropDocumentation();
    bool isOtherItem = looksLikeItem() && !at(TokenKind::Identifier);
    if (at(TokenKind::RightBrace) || at(TokenKind::EndOfFile) || atDeclaration() || isOtherItem)
      break;
    select.branches.push_back(parseBranch());
    bool isFinished = peek().startsLine || at(TokenKind::Semicolon) || at(TokenKind::RightBrace);
    if (!panicking && !isFinished && at(TokenKind::Comma))
      error(Code::E0225, peek().span, "branches end with their line or with `;`", "", "write `;` for `,`");
    else if (!panicking && !isFinished)
      unexpected("the end of the line");
  }
  expectClosing(TokenKind::RightBrace, open);
  if (!panicking && select.branches.empty())
    complain(Code::E0225, since(word), "there is nothing to select", "",
             "write what some tensors take and what all others do: `matrix -> muon; _ -> adamw`");
  return makeComponent(since(word), std::move(select));
}

Branch Parser::parseBranch() {
  Branch branch;
  parseLabel(branch.label, branch.labelSpan);
  const Token &first = peek();
  bool isRest = atWord("_") || at(TokenKind::Else);
  if (at(TokenKind::Else))
    complain(Code::E0225, first.span, "`else` is no condition of a branch", "", "write `_` for all other tensors");
  bool isForeignArrow = at(TokenKind::Identifier) && peek(1).kind == TokenKind::Assign;
  if (isRest) {
    next();
  } else if (isForeignArrow) {
    branch.condition = placeholder(next().span);
  } else {
    Scoped<bool> followed(isFollowed, true);
    branch.condition = parseExpression();
  }
  branch.conditionSpan = since(first);
  bool isForeign = at(TokenKind::Foreign) || at(TokenKind::Assign) || at(TokenKind::Colon);
  if (!panicking && at(TokenKind::Assign) && peek(1).kind == TokenKind::Greater)
    error(Code::E0225, place(), "`=>` is not a sign of Ravine", "", "write `->`");
  else if (!panicking && !accept(TokenKind::Arrow))
    error(Code::E0225, place(), "expected `->` after the condition of a branch, found " + found(), "",
          isForeign                   ? "write `matrix -> adamw`"
          : at(TokenKind::RightBrace) ? "what all other tensors take stands behind `_ ->`"
                                      : "a branch says what the tensors take: `matrix -> adamw`");
  branch.component = parsePipe();
  return branch;
}

} // namespace ravine
