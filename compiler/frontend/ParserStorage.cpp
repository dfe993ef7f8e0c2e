// How numbers are stored: `store bf16`, `master f32`, `with { … }`.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <array>

namespace ravine {

using namespace ast;

namespace {

constexpr std::array<std::string_view, 4> formats = {"f32", "f64", "bf16", "f16"};

/// Formats that the full language has.
bool isOfFullLanguage(std::string_view word) {
  constexpr std::array<std::string_view, 5> words = {"fp8", "q8", "q4", "bit", "i8"};
  return std::ranges::find(words, word) != words.end();
}

/// What other languages call them; empty for any other word.
std::string_view formatFor(std::string_view foreign) {
  struct Foreign {
    std::string_view word;
    std::string_view format;
  };
  constexpr std::array words = {
      Foreign{"float", "f32"},   Foreign{"float32", "f32"}, Foreign{"single", "f32"},    Foreign{"fp32", "f32"},
      Foreign{"double", "f64"},  Foreign{"float64", "f64"}, Foreign{"fp64", "f64"},      Foreign{"half", "f16"},
      Foreign{"float16", "f16"}, Foreign{"fp16", "f16"},    Foreign{"bfloat16", "bf16"},
  };
  const auto *found = std::ranges::find(words, foreign, &Foreign::word);
  return found == words.end() ? "" : found->format;
}

} // namespace

bool Parser::atStorageClause() const {
  constexpr std::array<std::string_view, 4> words = {"store", "round", "with", "where"};
  return at(TokenKind::Identifier) && peek(1).kind != TokenKind::LeftParenthesis &&
         std::ranges::find(words, peek().text) != words.end();
}

std::optional<Storage> Parser::parseFormat() {
  const Token &word = peek();
  if (!at(TokenKind::Identifier) || peek().startsLine) {
    unexpected("a format: `f32`, `f64`, `bf16` or `f16`");
    return std::nullopt;
  }
  next();
  std::optional<Storage> storage = findStorage(word.text);
  if (storage && (!atWord("round") || atLineEnd()))
    return storage;
  bool isAvailable = !storage && !isOfFullLanguage(word.text);
  if (isAvailable) {
    std::optional<std::string_view> meant = suggest(word.text, formats);
    std::string_view own = formatFor(word.text);
    complain(Code::E0228, word.span, "unknown format " + quote(word.text), "",
             !own.empty() ? "write " + quote(own)
             : meant      ? "did you mean " + quote(*meant) + "?"
                          : "numbers are stored as `f32`, `f64`, `bf16` or `f16`");
    return own.empty() ? std::nullopt : findStorage(own);
  }
  // `q8(block 256) round stochastic`
  bool isCall = at(TokenKind::LeftParenthesis) && !atLineEnd();
  if (isCall)
    skipBalanced();
  if (atWord("round") && !atLineEnd()) {
    next();
    if (at(TokenKind::Identifier) && !atLineEnd())
      next();
  }
  refuse(features::storage, since(word));
  return storage;
}

void Parser::parseStore(StateDecl &state) {
  if (panicking || !atWord("store") || atLineEnd())
    return;
  next();
  state.storage = parseFormat().value_or(Storage::Compute);
}

void Parser::parseLateStore(StateDecl &state, SourceSpan declared) {
  if (panicking || !atWord("store") || atLineEnd())
    return;
  const Token &store = next();
  std::optional<Storage> storage = parseFormat();
  if (!storage)
    return;
  state.storage = *storage;
  complain(Code::E0201, store.span, "the format of a state stands before `=`", "",
           "write " +
               quote(std::string(sources.text(declared)) + " store " + std::string(spelling(*storage)) + " = …"));
}

bool Parser::parseMaster() {
  const Token &word = next();
  if (!at(TokenKind::Identifier) || peek().startsLine) {
    error(Code::E0229, word.span, "expected `f32` after `master`, found " + found(), "",
          "`master f32` keeps a copy of the parameters in f32 where they are stored in less");
    return false;
  }
  const Token &format = next();
  if (format.text == "f32")
    return true;
  complain(Code::E0228, format.span, "a master copy is not kept in " + quote(format.text), "", "write `master f32`");
  return false;
}

void Parser::parseMasterItem(Body &body) {
  const Token &word = peek();
  if (!parseMaster() || !isFirst(body, "master f32", word))
    return;
  body.optimizer->hasMaster = true;
  body.optimizer->masterSpan = since(word);
}

ComponentPtr Parser::parseWith(ComponentPtr base) {
  SourceSpan begin = base->span;
  next();
  const Token &open = next();
  With with;
  with.base = std::move(base);
  Scoped<unsigned> linesCount(openParentheses, 0);
  while (!panicking) {
    while (accept(TokenKind::Semicolon)) {
    }
    dropDocumentation();
    if (at(TokenKind::RightBrace) || at(TokenKind::EndOfFile) || atDeclaration())
      break;
    parseStorageClause(with);
    bool isFinished = peek().startsLine || at(TokenKind::Semicolon) || at(TokenKind::RightBrace);
    if (!panicking && !isFinished)
      unexpected("the end of the line");
  }
  expectClosing(TokenKind::RightBrace, open);
  return makeComponent(SourceSpan::covering(begin, previous().span), std::move(with));
}

void Parser::parseStorageClause(With &with) {
  StorageClause clause;
  const Token &first = peek();
  if (atWord("master") && peek(1).text != "store" && peek(1).kind != TokenKind::Comma) {
    if (!parseMaster())
      return;
    clause.span = since(first);
    with.clauses.push_back(std::move(clause));
    return;
  }
  do {
    if (!at(TokenKind::Identifier))
      return unexpected("the name of a state, or `master f32`");
    if (atWord("w") || atWord("g"))
      complain(Code::E0304, peek().span, quote(peek().text) + " is not a state", "",
               "how parameters and gradients are stored is said when the library is built");
    else
      clause.states.emplace_back(peek().text);
    if (clause.states.size() > clause.stateSpans.size())
      clause.stateSpans.push_back(peek().span);
    next();
  } while (accept(TokenKind::Comma));
  if (!atWord("store") || atLineEnd())
    return unexpected("`store` and a format");
  next();
  std::optional<Storage> storage = parseFormat();
  if (at(TokenKind::When) && !atLineEnd()) {
    const Token &when = next();
    (void)parseExpression();
    return refuse(features::storage, since(when));
  }
  if (!storage || clause.states.empty())
    return;
  clause.storage = *storage;
  clause.span = since(first);
  with.clauses.push_back(std::move(clause));
}

} // namespace ravine
