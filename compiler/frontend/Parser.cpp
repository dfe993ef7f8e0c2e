// The file: a sequence of optimizers, and how the parser finds its way back after a mistake.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <array>

namespace ravine {

Parser::Parser(const SourceManager &sources, uint32_t file, const TokenStream &stream, Diagnostics &diagnostics)
    : sources(sources), tokens(stream.tokens), docs(stream.docs), file(file), diagnostics(diagnostics) {}

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
  constexpr std::array introducing = {"fn", "penalty", "set", "compressor", "schedule", "transform"};
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token &token = tokens[i];
    const Token &following = tokens[i + 1];
    if (following.kind != TokenKind::Identifier)
      continue;
    if (token.kind == TokenKind::State)
      stateNames.insert(following.text);
    bool introduces = token.startsLine && token.kind == TokenKind::Identifier &&
                      std::ranges::find(introducing, token.text) != introducing.end();
    if (introduces)
      refusedNames.insert(following.text);
  }
}

void Parser::parseTopLevel(ast::Module &module) {
  bool isMisspelt = at(TokenKind::Identifier) && peek(1).kind == TokenKind::Identifier &&
                    peek(2).kind == TokenKind::LeftBrace && !featureOfItem(peek().text);
  if (at(TokenKind::Optimizer))
    return parseOptimizer(module);
  if (isMisspelt) {
    constexpr std::array<std::string_view, 1> candidates = {"optimizer"};
    complain(Code::E0212, peek().span, "unknown declaration " + quote(peek().text), "",
             suggest(peek().text, candidates) ? "did you mean `optimizer`?" : "an optimizer begins with `optimizer`");
    return parseOptimizer(module);
  }
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
    complain(Code::E0201, peek().span, "expected `optimizer`, found " + quote(peek().text));
}

bool Parser::looksLikeItem() const {
  switch (peek().kind) {
  case TokenKind::Optimizer:
  case TokenKind::Hyper:
  case TokenKind::State:
  case TokenKind::Let:
  case TokenKind::Require:
  case TokenKind::When:
    return true;
  case TokenKind::Identifier: {
    TokenKind after = peek(1).kind;
    return after == TokenKind::Assign || (after == TokenKind::Prime && peek(2).kind == TokenKind::Assign) ||
           atItemWord();
  }
  default:
    return false;
  }
}

void Parser::recover() {
  size_t start = position;
  while (!at(TokenKind::EndOfFile) && !atOptimizer()) {
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

bool Parser::atItemWord() const {
  constexpr std::array<std::string_view, 4> words = {"denormals", "nonfinite", "metric", "view"};
  return at(TokenKind::Identifier) && std::ranges::find(words, peek().text) != words.end() &&
         peek(1).kind == TokenKind::Identifier && !peek(1).startsLine;
}

bool Parser::looksLikeForeignAssignment() const {
  const Token &sign = peek(1);
  bool isArrow =
      sign.kind == TokenKind::Less && peek(2).kind == TokenKind::Minus && sign.span.end == peek(2).span.begin;
  return at(TokenKind::Identifier) && (isArrow || (sign.kind == TokenKind::Foreign && sign.text.ends_with('=')));
}

void Parser::skipBalanced() {
  const Token &open = peek();
  int depth = 0;
  do {
    if (at(TokenKind::EndOfFile) || atOptimizer()) {
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

ast::Module parse(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics) {
  size_t errorsBefore = diagnostics.errors();
  TokenStream stream = tokenize(sources, file, diagnostics);
  ast::Module module = Parser(sources, file, stream, diagnostics).run();
  if (module.optimizers.empty() && diagnostics.errors() == errorsBefore)
    diagnostics.add(
        {Code::E0214, {file, 0, 0}, "there is no optimizer in this file", "", "write `optimizer name { … }`", {}});
  return module;
}

} // namespace ravine
