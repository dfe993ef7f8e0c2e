// A third plan written by hand, with what composed rules have: precisions, conditions on names, schedules, exits,
// states that are stored in less than they are computed in, and gradients that a step writes to. Its two optimizers
// share one rule, written for parameters and gradients in f32, f64, bf16, f16 and bf16/f32:
//
//   hypers   peak = 1 in [0, 8] and brake = 0 per group; every = 2 and limit = 1 for the model
//            hidden.lr = peak/step in [0, 4], hidden.momentum = 0.5 - brake*step in [0, 1) per group, and
//            warm = min(1, step/4) in [0, 1] for the model, which follow these schedules
//   require  warm <= limit
//   cases    frozen   the tensor's group is called "frozen*"
//            hidden   not frozen, with at least 2 rows and no name like "*bias"
//            heavy    hidden, and hidden.momentum > 0
//   states   acc per element, as computed, but where frozen; hidden.b per element in bf16, where heavy
//            master per element in f32, for parameters in bf16 and f16, but where frozen: starts as w
//            n per tensor, starts as rows + 100*cols; count for the model, starts as 0
//   exit 0   before any stage, where count + 1 < every: acc' = acc + g, n' = n + 1, count' = count + 1, and g becomes 0
//   stage 0  square = sum[model](((acc + g)/every)^2)
//   exit 1   where square is not finite: acc' = 0, count' = 0, and g becomes 0
//   stage 1  b' = hidden.momentum*b + (acc + g)/every, w' = w - hidden.lr*warm*b' where heavy
//            w' = w - hidden.lr*warm*(acc + g)/every elsewhere; nothing where frozen
//            acc' = 0, n' = n + 1, count' = 0, and g becomes 0
//   metrics  norm = sqrt(square), depth = n'
//   view     eval = 2*w
//
//   lenient  as above
//   strict   exit 1 refuses the step
#pragma once

#include "runtime/abi/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ravine_plan_library sample_composition;

/// How often kernels have run, since the last call.
unsigned long sample_composition_kernels(void);
/// How often the program of the schedules has run, since the last call.
unsigned long sample_composition_schedules(void);
/// How often a program of slots has run, since the last call.
unsigned long sample_composition_slots(void);

#ifdef __cplusplus
}
#endif
