// Characters to tokens.
#include "compiler/frontend/Lexer.h"

#include "compiler/frontend/Greek.h"

#include <gtest/gtest.h>

namespace ravine {
namespace {

struct Lexed {
  SourceManager sources;
  Diagnostics diagnostics;
  TokenStream stream;

  explicit Lexed(std::string text) {
    uint32_t file = sources.add("rule.rvn", std::move(text));
    stream = tokenize(sources, file, diagnostics);
  }

  [[nodiscard]] std::string codes() const {
    std::string text;
    for (const Diagnostic &diagnostic : diagnostics.all())
      text += std::string(spelling(diagnostic.code)) + " ";
    return text;
  }

  /// The texts of all tokens but the last, each in brackets.
  [[nodiscard]] std::string texts() const {
    std::string text;
    for (const Token &token : stream.tokens)
      if (token.kind != TokenKind::EndOfFile)
        text += "[" + std::string(token.text) + "]";
    return text;
  }
};

TEST(Lexer, longestSignFirst) {
  EXPECT_EQ(Lexed("a<=b==c|>d..e").texts(), "[a][<=][b][==][c][|>][d][..][e]");
  EXPECT_EQ(Lexed("m'=v''").texts(), "[m]['][=][v]['][']");
}

TEST(Lexer, numbersAndWhatFollowsThem) {
  EXPECT_EQ(Lexed("1..10").texts(), "[1][..][10]");
  EXPECT_EQ(Lexed("1e-3 2.5E+2 1%").texts(), "[1e-3][2.5E+2][1%]");
  EXPECT_EQ(Lexed("2exp(x) 2e 2beta").texts(), "[2][exp][(][x][)][2][e][2][beta]");
}

TEST(Lexer, valuesAreTheNearestFloats) {
  auto value = [](const char *text) { return Lexed(text).stream.tokens.front().value; };
  EXPECT_EQ(value("0.1"), 0.1);
  EXPECT_EQ(value("1e-3"), 1e-3);
  EXPECT_EQ(value("1%"), 0.01);
  EXPECT_EQ(value("12.5%"), 0.125);
  EXPECT_EQ(value("1.7976931348623157e308"), 1.7976931348623157e308);
  EXPECT_EQ(value("4.9406564584124654e-324"), 4.9406564584124654e-324);
}

TEST(Lexer, onlyPlainDigitsAreAnInteger) {
  auto isInteger = [](const char *text) { return Lexed(text).stream.tokens.front().isInteger; };
  EXPECT_TRUE(isInteger("10"));
  EXPECT_FALSE(isInteger("10.0"));
  EXPECT_FALSE(isInteger("1e1"));
  EXPECT_FALSE(isInteger("10%"));
}

TEST(Lexer, greekLettersSpellTheirNames) {
  Lexed lexed("β1 beta1 Δ λ_max ε ϵ β₂ µ");
  EXPECT_EQ(lexed.texts(), "[beta1][beta1][Delta][lambda_max][epsilon][epsilon][beta2][mu]");
  EXPECT_EQ(lexed.codes(), "");
  EXPECT_EQ(lexed.sources.text(lexed.stream.tokens[0].span), "β1");
}

TEST(Lexer, theWholeGreekAlphabet) {
  constexpr std::string_view names[] = {"alpha",   "beta", "gamma", "delta",  "epsilon", "zeta", "eta",
                                        "theta",   "iota", "kappa", "lambda", "mu",      "nu",   "xi",
                                        "omicron", "pi",   "rho",   "sigma",  "sigma",   "tau",  "upsilon",
                                        "phi",     "chi",  "psi",   "omega"};
  for (char32_t i = 0; i < 25; ++i) {
    EXPECT_EQ(spelledOut(U'α' + i), names[i]);
    bool hasUpperCase = i != 17; // final sigma has none
    std::string upper(hasUpperCase ? names[i] : "");
    if (hasUpperCase)
      upper[0] = static_cast<char>(upper[0] - 'a' + 'A');
    EXPECT_EQ(spelledOut(U'Α' + i), upper);
  }
  EXPECT_EQ(spelledOut(U'ά'), "");
  EXPECT_EQ(spelledOut(U'a'), "");
}

TEST(Lexer, commentsAndDocumentation) {
  Lexed lexed("// no\n/// yes\na /// behind\n//// no\n///\n");
  EXPECT_EQ(lexed.texts(), "[a]");
  ASSERT_EQ(lexed.stream.docs.size(), 3u);
  EXPECT_EQ(lexed.stream.docs[0].text, "yes");
  EXPECT_FALSE(lexed.stream.docs[0].isTrailing);
  EXPECT_TRUE(lexed.stream.docs[1].isTrailing);
  EXPECT_EQ(lexed.stream.docs[2].text, "");
  EXPECT_EQ(lexed.stream.tokens[0].docsBefore, 1u);
}

TEST(Lexer, linesAreMarked) {
  Lexed lexed("a b\r\n\n  c");
  EXPECT_TRUE(lexed.stream.tokens[0].startsLine);
  EXPECT_FALSE(lexed.stream.tokens[1].startsLine);
  EXPECT_TRUE(lexed.stream.tokens[2].startsLine);
  EXPECT_EQ(lexed.codes(), "");
}

TEST(Lexer, lookalikesAreReportedAndUnderstood) {
  Lexed lexed("a − b·g²");
  EXPECT_EQ(lexed.codes(), "E0101 E0101 E0101 ");
  std::vector<TokenKind> kinds;
  for (const Token &token : lexed.stream.tokens)
    kinds.push_back(token.kind);
  using enum TokenKind;
  EXPECT_EQ(kinds, (std::vector{Identifier, Minus, Identifier, Star, Identifier, Caret, Number, EndOfFile}));
}

TEST(Lexer, invisibleCharactersAreNamedByNumber) {
  Lexed lexed("a\u00A0b\u200Bc");
  ASSERT_EQ(lexed.diagnostics.all().size(), 2u);
  EXPECT_EQ(lexed.diagnostics.all()[0].message, "unexpected character U+00A0");
  EXPECT_EQ(lexed.diagnostics.all()[1].message, "unexpected character U+200B");
  EXPECT_EQ(lexed.texts(), "[a][b][c]");
}

TEST(Lexer, aByteOrderMarkIsSkipped) {
  EXPECT_EQ(Lexed("\xEF\xBB\xBF"
                  "a")
                .texts(),
            "[a]");
  EXPECT_EQ(Lexed("\xEF\xBB\xBF"
                  "a")
                .codes(),
            "");
}

TEST(Lexer, invalidUtf8IsReportedOnce) {
  EXPECT_EQ(Lexed("a \xff \xfe // \x80\n").codes(), "E0102 ");
}

TEST(Lexer, theLargestFileIsRead) {
  EXPECT_EQ(Lexed(std::string(largestFile, ' ')).codes(), "");
  Lexed tooLarge(std::string(largestFile, 'a') + " ");
  EXPECT_EQ(tooLarge.codes(), "E0106 ");
  EXPECT_EQ(tooLarge.stream.tokens.size(), 1u);
}

} // namespace
} // namespace ravine
