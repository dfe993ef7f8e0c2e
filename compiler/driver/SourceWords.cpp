// How the source itself puts what the compiler has taken apart.
#include "compiler/driver/SourceWords.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include "llvm/ADT/StringExtras.h"

using namespace ravine;
using namespace ravine::driver;

/// In characters; an expression of this length is read at a glance.
static constexpr size_t longest = 40;

/// At most `longest` characters, cut between two of them and never within one.
static std::string shortened(const std::string &text) {
  auto beginsCharacter = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80u; };
  size_t characters = 0, cut = 0;
  for (size_t place = 0; place < text.size(); ++place) {
    if (!beginsCharacter(text[place]))
      continue;
    if (++characters == longest)
      cut = place;
    if (characters > longest)
      return text.substr(0, cut) + "…";
  }
  return text;
}

SourceWords::SourceWords(const LibraryCompilation &compilation) : sources(compilation.sources()) {
  for (const auto &module : compilation.modules())
    askedFor.push_back(sources.name(module->file));
  for (const auto &module : compilation.modules())
    for (const auto &optimizer : module->optimizers)
      forEachRoot(static_cast<const ast::OptimizerDecl &>(*optimizer), [&](const ast::Expr &root) { collect(root); });
}

void SourceWords::collect(const ast::Expr &expression) {
  if (expression.as<ast::Reduction>())
    reductions.push_back(expression.span);
  forEachChild(expression, [&](const ast::Expr &child) { collect(child); });
}

bool SourceWords::has(const FoldedNumber &number) const {
  return find(number).has_value();
}

std::string SourceWords::of(const FoldedNumber &number) const {
  if (std::optional<SourceSpan> span = find(number))
    return shortened(codeOnOneLine(sources.text(*span))) + " (" + place(number.file, number.line) + ")";
  return number.isGuard ? "the sum of 0*g over the model" : number.name;
}

std::string SourceWords::place(llvm::StringRef file, unsigned line) const {
  bool isImported = !llvm::is_contained(askedFor, std::string_view(file));
  return (isImported ? file.str() + ":" : "line ") + std::to_string(line);
}

std::optional<SourceSpan> SourceWords::find(const FoldedNumber &number) const {
  for (SourceSpan span : reductions) {
    LineColumn place = sources.position(span.file, span.begin);
    if (sources.name(span.file) == number.file && place.line == number.line && place.column == number.column)
      return span;
  }
  return std::nullopt;
}
