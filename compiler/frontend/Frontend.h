// Source text in, checked AST out.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"

namespace ravine {

/// Parses one file of the source manager. Errors go to `diagnostics`; what could be understood comes back all the same,
/// so that later phases can find further errors.
[[nodiscard]] ast::Module parse(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics);

/// Resolves names, types every expression, checks every rule of the language that is not syntax, and fills in what
/// AST.h marks as filled by the checker. After a run without errors the module is a checked AST.
void check(const SourceManager &sources, ast::Module &module, Diagnostics &diagnostics);

/// Whether two expressions are the same tree over the same names. Used to recognise, in `if momentum > 0 then …`, the
/// condition of an optional state. Both are checked.
[[nodiscard]] bool isSameExpression(const ast::Expr &left, const ast::Expr &right);

} // namespace ravine
