// Tokens and comments in, text out, and the proof that both say the same.
#include "compiler/formatter/Format.h"

#include "compiler/formatter/Layout.h"
#include "compiler/formatter/Spacing.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Lexer.h"

#include <algorithm>

namespace ravine::formatter {

/// Whether the file can be laid out. That there is nothing in it is no reason against it.
static bool isSound(const Diagnostics &found, Diagnostics &diagnostics) {
  for (const Diagnostic &diagnostic : found.all())
    if (diagnostic.severity() == Severity::Error && diagnostic.code != Code::E0214)
      diagnostics.add(diagnostic);
  return !diagnostics.hasErrors();
}

/// Whether two texts have the same tokens on the same lines and the same comments between them.
static bool saysTheSame(std::string_view before, const TokenStream &tokens, std::string_view after) {
  SourceManager sources;
  Diagnostics diagnostics;
  TokenStream again = tokenize(sources, sources.add("", std::string(after)), diagnostics);
  auto isSameToken = [](const Token &left, const Token &right) {
    return left.kind == right.kind && left.text == right.text &&
           (left.startsLine == right.startsLine || left.kind == TokenKind::EndOfFile);
  };
  auto isSameGap = [](const Gap &left, const Gap &right) {
    return std::ranges::equal(left.comments, right.comments, {}, &Comment::text, &Comment::text);
  };
  return !diagnostics.hasErrors() && std::ranges::equal(tokens.tokens, again.tokens, isSameToken) &&
         std::ranges::equal(gapsOf(before, tokens.tokens), gapsOf(after, again.tokens), isSameGap);
}

std::optional<std::string> format(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics) {
  Diagnostics found;
  ast::Module module = parse(sources, file, found);
  if (!isSound(found, diagnostics))
    return std::nullopt;
  TokenStream stream = tokenize(sources, file, found);
  std::string text = layOut(sources.text(file), stream.tokens, rolesOf(stream.tokens, module));
  if (saysTheSame(sources.text(file), stream, text))
    return text;
  diagnostics.add({Code::E0804,
                   {file, 0, 0},
                   "formatting would change what the file says",
                   "",
                   "this is a fault of the compiler, not of your program; please report it with the file",
                   {}});
  return std::nullopt;
}

} // namespace ravine::formatter
