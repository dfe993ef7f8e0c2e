// Formulas as MathML. That all of it is well formed is tested on whole pages.
#include "test/documentation/Typeset.h"

namespace ravine::test {
namespace {

using namespace documentation;

/// The content of the `math` element.
std::string inside(const Formula &formula) {
  std::string text = writeMathML(formula);
  std::string_view open = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mrow>", close = "</mrow></math>";
  EXPECT_TRUE(text.starts_with(open) && text.ends_with(close)) << text;
  return text.substr(open.size(), text.size() - open.size() - close.size());
}

TEST(MathML, elements) {
  const std::pair<const char *, const char *> table[] = {
      {"a/b", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"},
      {"(a + b)/c", "<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac>"},
      {"sqrt(x)", "<msqrt><mi>x</mi></msqrt>"},
      {"x^2", "<msup><mi>x</mi><mn>2</mn></msup>"},
      {"x^-2", "<msup><mi>x</mi><mrow><mo>−</mo><mn>2</mn></mrow></msup>"},
      {"beta1", "<msub><mi>β</mi><mn>1</mn></msub>"},
      {"beta1^t", "<msubsup><mi>β</mi><mn>1</mn><mi>t</mi></msubsup>"},
      {"m", "<msub><mi>m</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>"},
      {"a*b", "<mi>a</mi><mo>\xE2\x81\xA2</mo><mi>b</mi>"},
      {"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"},
      {"a >= b", "<mi>a</mi><mo>≥</mo><mi>b</mi>"},
      {"nesterov", "<mi mathvariant=\"normal\">nesterov</mi>"},
      {"sum[model](g)", "<munder><mo>∑</mo><mi mathvariant=\"normal\">model</mi></munder>"
                        "<msub><mi>g</mi><mi>t</mi></msub>"},
      {"abs(x)", "<mrow><mo fence=\"true\" form=\"prefix\">|</mo><mi>x</mi>"
                 "<mo fence=\"true\" form=\"postfix\">|</mo></mrow>"},
      {"floor(x)", "<mrow><mo fence=\"true\" form=\"prefix\">⌊</mo><mi>x</mi>"
                   "<mo fence=\"true\" form=\"postfix\">⌋</mo></mrow>"},
      {"exp(x)", "<mi>exp</mi><mo>\xE2\x81\xA1</mo><mrow><mo fence=\"true\" form=\"prefix\">(</mo><mi>x</mi>"
                 "<mo fence=\"true\" form=\"postfix\">)</mo></mrow>"},
  };
  for (auto [source, markup] : table)
    EXPECT_EQ(inside(formulaOf(source)), markup) << source;
}

TEST(MathML, wordsKeepTheirSpaces) {
  EXPECT_EQ(inside(words("not ")), "<mtext>not\xC2\xA0</mtext>");
}

TEST(MathML, equationsStandBelowEachOther) {
  std::string text = writeMathML(std::vector<Equation>{{letter("a"), number("1"), {}}, {letter("b"), number("2"), {}}});
  EXPECT_EQ(text, "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\">"
                  "<mtable class=\"equations\" displaystyle=\"true\">\n"
                  "<mtr><mtd><mi>a</mi></mtd><mtd><mo>=</mo><mn>1</mn></mtd></mtr>\n"
                  "<mtr><mtd><mi>b</mi></mtd><mtd><mo>=</mo><mn>2</mn></mtd></mtr>\n"
                  "</mtable></math>");
}

} // namespace
} // namespace ravine::test
