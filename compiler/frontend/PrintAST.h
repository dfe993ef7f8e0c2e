// The syntax tree as indented text, for `--emit=ast`.
#pragma once

#include "compiler/frontend/AST.h"

#include <string>

namespace ravine {

/// One line for each node: what it is, its name or value, and what the checker found out (kind and index set).
[[nodiscard]] std::string printAst(const ast::Module &module);

} // namespace ravine
