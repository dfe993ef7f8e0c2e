// An optimizer in the interpreter: what the rule means, in f64.
#pragma once

#include "compiler/interpreter/Interpreter.h"
#include "compiler/testing/Subject.h"

namespace ravine::testing {

/// `rule` is the optimizer that the case tries, for the precision that it tries.
[[nodiscard]] std::unique_ptr<Subject> interpretedSubject(ir::OptimizerOp rule, const Case &tried);

} // namespace ravine::testing
