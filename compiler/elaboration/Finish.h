// What is left to do when an optimizer has been written out as a whole.
#pragma once

#include "compiler/elaboration/Elaboration.h"

namespace ravine {

/// Finds hypers that follow others, tells equations how many skips there are, gives conditions names of their own and
/// numbers selections from 0. False after a message.
[[nodiscard]] bool finish(Elaboration &elaboration, ast::OptimizerDecl &optimizer);

} // namespace ravine
