// The names that a component is written with.
#pragma once

#include "compiler/frontend/AST.h"

#include <functional>

namespace ravine {

/// Calls `visit` with every name of a declaration that the component, its parts and its arguments may refer to.
void forEachNameIn(const ast::Component &component, const std::function<void(const std::string &)> &visit);

} // namespace ravine
