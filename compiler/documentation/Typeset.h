// From expressions of the language to formulas: which operations are fractions, roots and powers, and where brackets
// are needed.
#pragma once

#include "compiler/documentation/Notation.h"

namespace ravine::documentation {

class Typesetter {
public:
  /// With `inlinesLets`, the value of a let stands where its name is used.
  Typesetter(const Notation &notation, Moment moment, bool inlinesLets = false)
      : notation(notation), moment(moment), inlinesLets(inlinesLets) {}

  /// An expression of an optimizer that has been checked, or of a penalty as it is written. Brackets stand where
  /// mathematics needs them, not where the source has them: `a + (b + c)` needs none.
  [[nodiscard]] Formula typeset(const ast::Expr &expr) const;

private:
  friend class Setting;

  const Notation &notation;
  Moment moment;
  bool inlinesLets;
};

/// The shortest decimal that is the number, in powers of ten where it is very large or small.
[[nodiscard]] Formula typesetNumber(double value);

} // namespace ravine::documentation
