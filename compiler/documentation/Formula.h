// A mathematical formula as it is set on paper, without a notation: LaTeX and MathML are written from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ravine::documentation {

struct Formula {
  enum class Kind {
    Letter,   // one Latin or Greek letter, set in italics; text is the letter itself, in UTF-8
    Word,     // a name of several letters, upright
    Verbatim, // a name as it stands in the source, in a typewriter's letters
    Number,   // digits, with a point
    Sign,     // an operator, a relation or a comma; text is the character
    Times,    // multiplication that is written by putting factors side by side
    Space,    // a thin space
    Text,     // words of a sentence
    Row,      // the parts, one after the other
    Fraction, // numerator, denominator
    Root,     // the radicand
    Script,   // base, subscript, superscript; either script may be an empty row
    Accent,   // the base; text is hat, bar or tilde
    Fenced,   // the content; text is the fence: "(", "|", "‖", "⌊", "⌈", "⟨"
    Cases,    // value, condition, value, condition, …; conditions are rows that begin with their word
  };

  Kind kind = Kind::Row;
  std::string text;
  std::vector<Formula> parts;

  [[nodiscard]] bool is(Kind which) const { return kind == which; }
  [[nodiscard]] bool isEmpty() const { return kind == Kind::Row && parts.empty(); }
};

[[nodiscard]] Formula letter(std::string_view utf8);
[[nodiscard]] Formula word(std::string_view text);
[[nodiscard]] Formula number(std::string_view digits);
[[nodiscard]] Formula sign(std::string_view character);
[[nodiscard]] Formula words(std::string_view text);
[[nodiscard]] Formula row(std::vector<Formula> parts);
[[nodiscard]] Formula fraction(Formula numerator, Formula denominator);
[[nodiscard]] Formula root(Formula radicand);
[[nodiscard]] Formula accent(Formula base, std::string_view name);
[[nodiscard]] Formula fenced(std::string_view fence, Formula content);
/// `parts` with commas between them.
[[nodiscard]] Formula commaSeparated(std::vector<Formula> parts);
/// The base with one more subscript, behind a comma if it has one already.
[[nodiscard]] Formula withSubscript(Formula base, Formula subscript);
/// The base has no superscript yet.
[[nodiscard]] Formula withSuperscript(Formula base, Formula superscript);

/// The part that stands furthest to the left, or to the right, on the line; fractions, roots, fences and cases count as
/// one.
[[nodiscard]] const Formula &leftmost(const Formula &formula);
[[nodiscard]] const Formula &rightmost(const Formula &formula);

/// Whether it is higher than a line, so that brackets around it have to grow.
[[nodiscard]] bool isTall(const Formula &formula);

/// `left = right`, and under which condition it holds, if not always.
struct Equation {
  Formula left;
  Formula right;
  Formula condition;
};

/// In LaTeX's mathematical mode, as amsmath extends it.
[[nodiscard]] std::string writeLatex(const Formula &formula);
/// Equations below each other, aligned at their signs.
[[nodiscard]] std::string writeLatex(const std::vector<Equation> &equations);

/// A `math` element of MathML Core.
[[nodiscard]] std::string writeMathML(const Formula &formula);
[[nodiscard]] std::string writeMathML(const std::vector<Equation> &equations);

} // namespace ravine::documentation
