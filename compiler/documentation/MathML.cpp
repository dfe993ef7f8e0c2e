// Formulas as MathML Core, which browsers set without a script.
#include "compiler/documentation/Formula.h"

#include "compiler/documentation/Markup.h"

#include <algorithm>
#include <array>

namespace ravine::documentation {

using Kind = Formula::Kind;

namespace {

constexpr std::string_view invisibleTimes = "\xE2\x81\xA2", applyFunction = "\xE2\x81\xA1";

std::string element(std::string_view name, std::string_view content, std::string_view attributes = "") {
  return "<" + std::string(name) + (attributes.empty() ? "" : " ") + std::string(attributes) + ">" +
         std::string(content) + "</" + std::string(name) + ">";
}

std::string write(const Formula &formula);

std::string concatenated(const std::vector<Formula> &parts) {
  std::string result;
  for (const Formula &part : parts)
    result += write(part);
  return result;
}

/// As one element, which scripts and fractions need.
std::string single(const Formula &formula) {
  return formula.is(Kind::Row) && formula.parts.size() != 1 ? element("mrow", concatenated(formula.parts))
                                                            : write(formula);
}

std::string writeSign(std::string_view text) {
  // Names of functions are identifiers; \min and the like are signs only to the eye.
  bool isFunction = text.front() >= 'a' && text.front() <= 'z';
  if (isFunction)
    return element("mi", text) + element("mo", applyFunction);
  if (text == "∞")
    return element("mn", text);
  return element("mo", escapeMarkup(text), text == "," ? "separator=\"true\"" : "");
}

std::string writeScript(const Formula &formula) {
  const Formula &sub = formula.parts[1], &super = formula.parts[2];
  const Formula &baseFormula = formula.parts[0];
  // A function's name takes its scripts before it is applied.
  bool isName = baseFormula.is(Kind::Sign) && baseFormula.text.front() >= 'a' && baseFormula.text.front() <= 'z';
  std::string base = isName ? element("mi", baseFormula.text) : single(baseFormula);
  bool isSum = baseFormula.is(Kind::Sign) && baseFormula.text == "∑";
  if (super.isEmpty())
    return element(isSum ? "munder" : "msub", base + single(sub));
  if (sub.isEmpty())
    return element("msup", base + single(super));
  return element("msubsup", base + single(sub) + single(super));
}

struct Fence {
  std::string_view open;
  std::string_view close;
};

constexpr std::array fences = {Fence{"(", ")"}, Fence{"|", "|"}, Fence{"‖", "‖"},
                               Fence{"⌊", "⌋"}, Fence{"⌈", "⌉"}, Fence{"⟨", "⟩"}};

std::string writeFenced(const Formula &formula) {
  const auto *fence = std::ranges::find(fences, formula.text, &Fence::open);
  return element("mrow", element("mo", fence->open, "fence=\"true\" form=\"prefix\"") + concatenated(formula.parts) +
                             element("mo", fence->close, "fence=\"true\" form=\"postfix\""));
}

std::string writeCases(const Formula &formula) {
  std::string rows;
  for (size_t at = 0; at < formula.parts.size(); at += 2)
    rows += element("mtr", element("mtd", write(formula.parts[at])) + element("mtd", write(formula.parts[at + 1])));
  return element("mrow",
                 element("mo", "{", "fence=\"true\" form=\"prefix\"") + element("mtable", rows, "class=\"cases\""));
}

std::string writeAccent(const Formula &formula) {
  std::string_view mark = formula.text == "hat" ? "^" : formula.text == "bar" ? "¯" : "~";
  return element("mover", single(formula.parts[0]) + element("mo", mark, "stretchy=\"false\""), "accent=\"true\"");
}

std::string write(const Formula &formula) {
  switch (formula.kind) {
  case Kind::Letter:
    return element("mi", escapeMarkup(formula.text));
  case Kind::Word:
    return element("mi", escapeMarkup(formula.text), "mathvariant=\"normal\"");
  case Kind::Verbatim:
    return element("mi", escapeMarkup(formula.text), "class=\"verbatim\"");
  case Kind::Number:
    return element("mn", formula.text);
  case Kind::Sign:
    return writeSign(formula.text);
  case Kind::Times:
    return element("mo", invisibleTimes);
  case Kind::Space:
    return "<mspace width=\"0.17em\"/>";
  case Kind::Text: {
    // Spaces at the ends of a text would be trimmed.
    std::string text = escapeMarkup(formula.text);
    for (size_t at = 0; (at = text.find(' ', at)) != std::string::npos;)
      text.replace(at, 1, "\xC2\xA0");
    return element("mtext", text);
  }
  case Kind::Row:
    return concatenated(formula.parts);
  case Kind::Fraction:
    return element("mfrac", single(formula.parts[0]) + single(formula.parts[1]));
  case Kind::Root:
    return element("msqrt", write(formula.parts[0]));
  case Kind::Script:
    return writeScript(formula);
  case Kind::Accent:
    return writeAccent(formula);
  case Kind::Fenced:
    return writeFenced(formula);
  case Kind::Cases:
    return writeCases(formula);
  }
  return "";
}

constexpr std::string_view nameSpace = "xmlns=\"http://www.w3.org/1998/Math/MathML\"";

} // namespace

std::string writeMathML(const Formula &formula) {
  return element("math", element("mrow", write(formula)), nameSpace);
}

std::string writeMathML(const std::vector<Equation> &equations) {
  std::string rows;
  for (const Equation &equation : equations) {
    std::string cells =
        element("mtd", write(equation.left)) + element("mtd", element("mo", "=") + write(equation.right));
    if (!equation.condition.isEmpty())
      cells += element("mtd", element("mtext", "if\xC2\xA0") + write(equation.condition));
    rows += element("mtr", cells) + "\n";
  }
  return element("math", element("mtable", "\n" + rows, "class=\"equations\" displaystyle=\"true\""),
                 std::string(nameSpace) + " display=\"block\"");
}

} // namespace ravine::documentation
