// How far apart two right answers may be: the interpreter, with its last digits moved.
#pragma once

#include "compiler/interpreter/Interpreter.h"

namespace ravine::fuzz {

/// In which direction results are moved.
enum class Direction { Up, Down, ByHash };

/// Moves what compiled code may compute otherwise, by as much as it may: elementary functions of elements, which are
/// within 0.501 units in the last place, those of scalars, and sums, whose order is another one. Everything else is
/// exact and stays. `seed` tells one way of moving by hash from another.
[[nodiscard]] Adjustment perturbation(Direction direction, uint64_t seed);

/// Makes the results of one operation, such as "tanh", a little wrong: a fault to be found, for tests of the fuzzer.
[[nodiscard]] Adjustment plantedFault(std::string operation);

} // namespace ravine::fuzz
