// Whether a blank stands between two tokens of a line.
#pragma once

#include "compiler/formatter/Gaps.h"
#include "compiler/frontend/AST.h"

namespace ravine::formatter {

/// What a sign is that can be several things.
enum class Role : uint8_t {
  Ordinary,
  Unary,    // `-x`
  Angle,    // `<` and `>` around what a use is built from
  Typed,    // `:` between a hyper and its type
  Declared, // `[` behind the name of a hyper or a state
  Word,     // a name that is no function, before `(`: `where (rank > 1)`
};

/// One for each token of a file without mistakes.
[[nodiscard]] std::vector<Role> rolesOf(std::span<const Token> tokens, const ast::Module &module);

/// Whether a blank stands in front of a token that does not begin a line.
[[nodiscard]] bool isSpaced(std::span<const Token> tokens, std::span<const Role> roles, std::span<const Gap> gaps,
                            size_t index);

} // namespace ravine::formatter
