// Formulas as LaTeX.
#include "compiler/documentation/Formula.h"

#include "compiler/documentation/GreekLetters.h"

#include <algorithm>
#include <array>

namespace ravine::documentation {

using Kind = Formula::Kind;

namespace {

struct Spelling {
  std::string_view character;
  std::string_view command;
};

constexpr std::array signs = {
    Spelling{"−", "-"},
    Spelling{"⋅", "\\cdot"},
    Spelling{"×", "\\times"},
    Spelling{"≤", "\\le"},
    Spelling{"≥", "\\ge"},
    Spelling{"≠", "\\ne"},
    Spelling{"∑", "\\sum"},
    Spelling{"∞", "\\infty"},
    Spelling{"min", "\\min"},
    Spelling{"max", "\\max"},
    Spelling{"exp", "\\exp"},
    Spelling{"log", "\\log"},
    Spelling{"sin", "\\sin"},
    Spelling{"cos", "\\cos"},
    Spelling{"tan", "\\tan"},
    Spelling{"arcsin", "\\arcsin"},
    Spelling{"arccos", "\\arccos"},
    Spelling{"arctan", "\\arctan"},
    Spelling{"sinh", "\\sinh"},
    Spelling{"cosh", "\\cosh"},
    Spelling{"tanh", "\\tanh"},
};

std::string_view spelled(std::string_view character) {
  const auto *found = std::ranges::find(signs, character, &Spelling::character);
  return found == signs.end() ? character : found->command;
}

struct Fence {
  std::string_view name;
  std::string_view open;
  std::string_view close;
};

constexpr std::array fences = {
    Fence{"(", "(", ")"},
    Fence{"|", "\\lvert", "\\rvert"},
    Fence{"‖", "\\lVert", "\\rVert"},
    Fence{"⌊", "\\lfloor", "\\rfloor"},
    Fence{"⌈", "\\lceil", "\\rceil"},
    Fence{"⟨", "\\langle", "\\rangle"},
};

/// Outside of mathematics as inside, these mean something to LaTeX.
std::string escaped(std::string_view text) {
  std::string result;
  for (char character : text) {
    if (std::string_view("_%#&${}").find(character) != std::string_view::npos)
      result += '\\';
    result += character;
  }
  return result;
}

std::string writeRow(const std::vector<Formula> &parts, bool isScript);

std::string braced(const Formula &formula) {
  return "{" + writeLatex(formula) + "}";
}

std::string script(const Formula &formula) {
  return "{" + (formula.is(Kind::Row) ? writeRow(formula.parts, /*isScript=*/true) : writeLatex(formula)) + "}";
}

/// Whether a blank in the source stands on either side; LaTeX itself does not care.
bool isTight(const Formula &part, bool isScript) {
  return part.is(Kind::Sign) && (part.text == "/" || (isScript && (part.text == "," || part.text == "−")));
}

std::string writeRow(const std::vector<Formula> &parts, bool isScript) {
  std::string result;
  bool isJoined = true; // to what comes next
  for (const Formula &part : parts) {
    if (part.is(Kind::Times))
      continue;
    bool isComma = part.is(Kind::Sign) && part.text == ",";
    if (!isJoined && !isComma && !isTight(part, isScript))
      result += ' ';
    bool isFirst = result.empty();
    result += writeLatex(part);
    isJoined = isTight(part, isScript) || (isFirst && part.is(Kind::Sign) && part.text == "−");
  }
  return result;
}

std::string writeFenced(const Formula &formula) {
  const auto *fence = std::ranges::find(fences, formula.text, &Fence::name);
  const Formula &content = formula.parts.front();
  std::string inside = writeLatex(content);
  if (isTall(content))
    return "\\left" + std::string(fence->open) + " " + inside + " \\right" + std::string(fence->close);
  bool isCommand = fence->open.starts_with('\\');
  std::string space = isCommand ? " " : "";
  return std::string(fence->open) + space + inside + space + std::string(fence->close);
}

std::string writeCases(const Formula &formula) {
  std::string result = "\\begin{cases} ";
  for (size_t at = 0; at < formula.parts.size(); at += 2) {
    if (at > 0)
      result += " \\\\ ";
    result += writeLatex(formula.parts[at]) + " & " + writeLatex(formula.parts[at + 1]);
  }
  return result + " \\end{cases}";
}

} // namespace

std::string writeLatex(const Formula &formula) {
  switch (formula.kind) {
  case Kind::Letter:
    return latexLetter(formula.text);
  case Kind::Word:
    return "\\mathrm{" + escaped(formula.text) + "}";
  case Kind::Verbatim:
    return "\\mathtt{" + escaped(formula.text) + "}";
  case Kind::Number:
    return formula.text;
  case Kind::Sign:
    return std::string(spelled(formula.text));
  case Kind::Times:
    return "";
  case Kind::Space:
    return "\\,";
  case Kind::Text:
    return "\\text{" + escaped(formula.text) + "}";
  case Kind::Row:
    return writeRow(formula.parts, /*isScript=*/false);
  case Kind::Fraction:
    return "\\frac" + braced(formula.parts[0]) + braced(formula.parts[1]);
  case Kind::Root:
    return "\\sqrt" + braced(formula.parts[0]);
  case Kind::Script:
    return writeLatex(formula.parts[0]) + (formula.parts[1].isEmpty() ? "" : "_" + script(formula.parts[1])) +
           (formula.parts[2].isEmpty() ? "" : "^" + script(formula.parts[2]));
  case Kind::Accent:
    return "\\" + formula.text + braced(formula.parts[0]);
  case Kind::Fenced:
    return writeFenced(formula);
  case Kind::Cases:
    return writeCases(formula);
  }
  return "";
}

std::string writeLatex(const std::vector<Equation> &equations) {
  std::string result = "\\begin{aligned}\n";
  for (const Equation &equation : equations) {
    result += writeLatex(equation.left) + " &= " + writeLatex(equation.right);
    if (!equation.condition.isEmpty())
      result += " && \\text{if } " + writeLatex(equation.condition);
    result += &equation == &equations.back() ? "\n" : " \\\\\n";
  }
  return result + "\\end{aligned}";
}

} // namespace ravine::documentation
