// A plan written by hand, with three small optimizers whose arithmetic a test can follow:
//
//   momentum   b' = momentum*b + (1 - damping)*g,  w' = w - lr*b'      where momentum > 0
//              w' = w - lr*g                                           where momentum = 0 and there is no b
//   averaged   u starts as w;  w' = w - (lr/step)*g,  u' = u + (w' - u)/t;  in two sweeps
//   sized      w' = w - (lr/size)*g
#pragma once

#include "runtime/abi/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ravine_plan_library ravine_plan;

/// How often scalar programs of sweeps ran in this process, for each optimizer in the order above.
unsigned long sample_scalar_calls(int optimizer);

/// Bits of RAVINE_TARGET_x that kernels ran for, since the last call.
unsigned sample_targets_used(void);

#ifdef __cplusplus
}
#endif
