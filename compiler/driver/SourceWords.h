// How the source itself puts what the compiler has taken apart.
#pragma once

#include "compiler/compilation/LibraryCompilation.h"
#include "compiler/formation/Report.h"

namespace ravine::driver {

/// Finds the reductions of a compilation's sources. A norm is lowered to the root of a sum; whoever wrote `norm` wants
/// to read `norm`.
class SourceWords {
public:
  /// The compilation outlives this.
  explicit SourceWords(const LibraryCompilation &compilation);

  /// Whether the source asks for a number.
  [[nodiscard]] bool has(const FoldedNumber &number) const;

  /// "norm[model](g) (line 12)", shortened where it is long; the compiler's words where it stands in no source.
  [[nodiscard]] std::string of(const FoldedNumber &number) const;

  /// "line 12" in a source that was asked for, "std/transforms/ema.rvn:12" in one that was imported.
  [[nodiscard]] std::string place(llvm::StringRef file, unsigned line) const;

private:
  [[nodiscard]] std::optional<SourceSpan> find(const FoldedNumber &number) const;
  void collect(const ast::Expr &expression);

  const SourceManager &sources;
  std::vector<std::string_view> askedFor;
  std::vector<SourceSpan> reductions;
};

} // namespace ravine::driver
