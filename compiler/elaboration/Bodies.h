// What is checked in declarations before they are composed. False after a message.
#pragma once

#include "compiler/elaboration/Elaboration.h"

namespace ravine {

/// A function uses its parameters, other functions and constants.
[[nodiscard]] bool checkFunction(Elaboration &elaboration, const ast::FunctionDecl &function, const ast::Module &home);

/// A schedule uses `step`, its hypers and lets, functions, constants and other schedules.
[[nodiscard]] bool checkSchedule(Elaboration &elaboration, const ast::ScheduleDecl &schedule, const ast::Module &home);

/// A penalty uses its argument, its hypers and lets, `size`, functions, constants and its parts.
[[nodiscard]] bool checkPenalty(Elaboration &elaboration, const ast::PenaltyDecl &penalty, const ast::Module &home);

/// `g'` belongs into a `before`; `w'`, `w.old` and `delta` into an `after`.
[[nodiscard]] bool checkTransform(Elaboration &elaboration, const ast::TransformDecl &transform);

} // namespace ravine
