// Mutations that keep most of a program, because noise alone never gets past the first message.
#include "test/fuzz/Mutations.h"

#include <cctype>
#include <string_view>

namespace ravine::test {

namespace {

size_t below(size_t bound, Random &random) {
  return bound == 0 ? 0 : random() % bound;
}

/// Words, numbers, single signs, and what stands between them.
std::vector<std::string> split(const std::string &text) {
  std::vector<std::string> tokens;
  auto isWord = [](char character) { return std::isalnum(static_cast<unsigned char>(character)) || character == '_'; };
  for (char character : text) {
    bool joins = !tokens.empty() && isWord(character) && isWord(tokens.back().back());
    if (joins)
      tokens.back() += character;
    else
      tokens.emplace_back(1, character);
  }
  return tokens;
}

std::string join(const std::vector<std::string> &tokens) {
  std::string text;
  for (const std::string &token : tokens)
    text += token;
  return text;
}

constexpr std::string_view words[] = {
    "denormals", "keep",      "|",        "||",      "√",          "True",      "λ",       ":=",      "optimizer",
    "hyper",     "state",     "let",      "require", "when",       "in",        "if",      "then",    "else",
    "and",       "or",        "not",      "true",    "inf",        "enum",      "int",     "norm",    "grad",
    "select",    "every",     "iterate",  "case",    "penalty",    "store",     "w",       "g",       "t",
    "step",      "size",      "rows",     "pi",      "sqrt",       "max",       "clamp",   "1e999",   "{",
    "}",         "(",         ")",        "[",       "]",          "'",         "=",       "==",      "<",
    "|>",        "@",         "..",       ",",       ";",          ":",         "\n",      "^",       "-",
    "//",        "///",       "\"",       "&&",      "β",          "[tensor]",  "[model]", "model",   "tensor",
    "mean",      "dot",       "any",      "count",   "matrix",     "rank",      "metric",  "view",    "nonfinite",
    "skip",      "[element]", "norminf",  "set",     "law",        "prox",      "(tau)",   "project", "contains",
    "[row]",     "[col]",     "channel",  "block",   "64",         "P.prox",    "convex",  "2*l1",    "+ l1",
    "quantile",  "largest",   "channels", "on",      "[row, col]", "conjugate", "P:",
};

void mutateTokens(std::string &text, Random &random) {
  std::vector<std::string> tokens = split(text);
  if (tokens.empty())
    return;
  size_t at = below(tokens.size(), random);
  auto place = tokens.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(5, random)) {
  case 0:
    tokens.erase(place);
    break;
  case 1:
    tokens.insert(place, tokens[at]);
    break;
  case 2:
    std::swap(tokens[at], tokens[below(tokens.size(), random)]);
    break;
  case 3:
    tokens[at] = words[below(std::size(words), random)];
    break;
  default:
    tokens.insert(place, " " + std::string(words[below(std::size(words), random)]) + " ");
    break;
  }
  text = join(tokens);
}

void mutateBytes(std::string &text, Random &random) {
  if (text.empty())
    return;
  size_t at = below(text.size(), random);
  switch (below(4, random)) {
  case 0:
    text[at] = static_cast<char>(random());
    break;
  case 1:
    text.insert(at, 1, static_cast<char>(random()));
    break;
  case 2:
    text.resize(at);
    break;
  default:
    text.erase(at, 1 + below(20, random));
    break;
  }
}

void nest(std::string &text, Random &random) {
  constexpr std::string_view openings[] = {"(", "{", "[", "-", "abs(", "if g > 0 then ", "{ let q = ", "not ", "a + "};
  std::string_view opening = openings[below(std::size(openings), random)];
  std::string deep;
  for (size_t i = below(2000, random); i > 0; --i)
    deep += opening;
  text.insert(below(text.size() + 1, random), deep);
}

} // namespace

std::string mutant(const std::vector<std::string> &corpus, Random &random) {
  std::string text = corpus[below(corpus.size(), random)];
  if (below(4, random) == 0) {
    const std::string &other = corpus[below(corpus.size(), random)];
    text = text.substr(0, below(text.size() + 1, random)) + other.substr(below(other.size() + 1, random));
  }
  for (size_t i = below(6, random); i > 0; --i) {
    size_t kind = below(20, random);
    if (kind < 14)
      mutateTokens(text, random);
    else if (kind < 19)
      mutateBytes(text, random);
    else
      nest(text, random);
  }
  return text;
}

} // namespace ravine::test
