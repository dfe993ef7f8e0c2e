// The file: a sequence of declarations, and how the parser finds its way back after a mistake.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <array>

namespace ravine {

Parser::Parser(const SourceManager &sources, uint32_t file, const TokenStream &stream, Diagnostics &diagnostics)
    : TokenReader(sources, file, stream, diagnostics), docs(stream.docs) {}

ast::Module Parser::run() {
  collectNames();
  ast::Module module;
  module.file = file;
  while (!at(TokenKind::EndOfFile)) {
    size_t start = position;
    parseTopLevel(module);
    panicking = false;
    if (position == start)
      next();
  }
  dropDocumentation();
  return module;
}

void Parser::collectNames() {
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token &token = tokens[i];
    const Token &following = tokens[i + 1];
    if (following.kind != TokenKind::Identifier)
      continue;
    if (token.kind == TokenKind::State)
      stateNames.insert(following.text);
    bool introduces = token.startsLine && token.kind == TokenKind::Identifier && token.text == "compressor";
    if (introduces)
      refusedNames.insert(following.text);
  }
}

void Parser::parseTopLevel(ast::Module &module) {
  bool isConstant = at(TokenKind::Let) && peek().startsLine;
  if (isConstant || atDeclarationWord() || at(TokenKind::Optimizer) || atWord("export"))
    return parseDeclaration(module);
  if (parseMisspelt(module))
    return;
  if (refuseItem())
    return;
  dropDocumentation();
  if (accept(TokenKind::Semicolon))
    return;
  bool closes = at(TokenKind::RightBrace) || at(TokenKind::RightParenthesis) || at(TokenKind::RightBracket);
  if (closes) {
    complain(Code::E0205, peek().span, quote(peek().text) + " closes nothing", "", "delete it, or open it before");
    next();
    return;
  }
  reportOutside();
  skipStatement();
}

void Parser::reportOutside() {
  // One message for a run of them: most often a brace is closed too early.
  if (saidOutside)
    return;
  saidOutside = true;
  if (looksLikeItem())
    complain(Code::E0218, peek().span, quote(peek().text) + " stands outside an optimizer", "",
             "put it between the braces of an optimizer");
  else
    complain(Code::E0201, peek().span, "expected a declaration such as `optimizer`, found " + quote(peek().text));
}

bool Parser::atDeclarationWord() const {
  if (!peek().startsLine || peek(1).startsLine)
    return false;
  if (at(TokenKind::Optimizer))
    return true;
  TokenKind after = peek(1).kind;
  bool isBeforeName = after == TokenKind::Identifier;
  if (atWord("fn") || atWord("schedule") || atWord("transform") || atWord("penalty"))
    return isBeforeName;
  // `set lr = 0.1` stands in a test.
  if (atWord("set"))
    return isBeforeName && !(inTest && (peek(2).kind == TokenKind::Assign || peek(2).kind == TokenKind::Dot));
  if (atWord("import"))
    return isBeforeName || after == TokenKind::Text;
  if (atWord("test"))
    return after == TokenKind::Text;
  return atWord("export") && (isBeforeName || after == TokenKind::Optimizer || after == TokenKind::Let);
}

bool Parser::atDeclaration() const {
  if (at(TokenKind::Optimizer))
    return peek().startsLine;
  // Inside of braces, the other words begin a declaration of the file only where nothing is in front of them.
  return atOutermost() && atDeclarationWord();
}

void Parser::recover() {
  size_t start = position;
  while (!at(TokenKind::EndOfFile) && !atDeclaration()) {
    bool isFeature = position > start && featureOfItem(peek().text);
    bool beginsNext = peek().startsLine && (looksLikeItem() || looksLikeForeignAssignment() || isFeature);
    if (openBraces == 0 && (at(TokenKind::RightBrace) || at(TokenKind::Semicolon) || beginsNext))
      break;
    if (at(TokenKind::LeftBrace))
      ++openBraces;
    if (at(TokenKind::RightBrace))
      --openBraces;
    next();
  }
  openBraces = 0;
  openParentheses = 0;
  panicking = false;
}

void Parser::skipBalanced() {
  const Token &open = peek();
  int depth = 0;
  do {
    if (at(TokenKind::EndOfFile) || atDeclaration()) {
      bool isBrace = open.kind == TokenKind::LeftBrace;
      return error(isBrace ? Code::E0204 : Code::E0203, open.span, quote(open.text) + " is not closed");
    }
    TokenKind kind = next().kind;
    if (kind == TokenKind::LeftBrace || kind == TokenKind::LeftBracket || kind == TokenKind::LeftParenthesis)
      ++depth;
    if (kind == TokenKind::RightBrace || kind == TokenKind::RightBracket || kind == TokenKind::RightParenthesis)
      --depth;
  } while (depth > 0);
}

void Parser::skipStatement() {
  do {
    bool opens = at(TokenKind::LeftBrace) || at(TokenKind::LeftBracket) || at(TokenKind::LeftParenthesis);
    if (opens)
      skipBalanced();
    else if (at(TokenKind::RightBrace) || at(TokenKind::Semicolon) || at(TokenKind::EndOfFile))
      return;
    else
      next();
  } while (!peek().startsLine || at(TokenKind::Else) || at(TokenKind::Then) || at(TokenKind::Pipe));
}

void Parser::finishDeclaration() {
  bool isFinished = peek().startsLine || at(TokenKind::Semicolon) || at(TokenKind::EndOfFile);
  if (!panicking && !isFinished)
    unexpected("the end of the line");
  accept(TokenKind::Semicolon);
  if (!panicking)
    return;
  openBraces = 0;
  openParentheses = 0;
  panicking = false;
  auto goesOn = [&] {
    constexpr std::array kinds = {TokenKind::RightBrace, TokenKind::RightBracket, TokenKind::RightParenthesis,
                                  TokenKind::Pipe,       TokenKind::Then,         TokenKind::Else};
    return std::ranges::find(kinds, peek().kind) != kinds.end();
  };
  while (!at(TokenKind::EndOfFile) && !atDeclaration() && (!atOutermost() || goesOn()))
    next();
  nextDoc = std::max(nextDoc, previous().docsBefore);
}

ast::Module parse(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics) {
  size_t errorsBefore = diagnostics.errors();
  TokenStream stream = tokenize(sources, file, diagnostics);
  ast::Module module = Parser(sources, file, stream, diagnostics).run();
  bool isEmpty = module.optimizers.empty() && module.transforms.empty() && module.schedules.empty() &&
                 module.functions.empty() && module.constants.empty() && module.penalties.empty() &&
                 module.tests.empty();
  if (isEmpty && diagnostics.errors() == errorsBefore)
    diagnostics.add(
        {Code::E0214, {file, 0, 0}, "there is no optimizer in this file", "", "write `optimizer name { … }`", {}});
  return module;
}

} // namespace ravine
