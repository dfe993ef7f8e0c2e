// A second plan written by hand, with what the first one lacks: reductions, stages of several sweeps, numbers per
// tensor and for the model, metrics, views and a guard. Its three optimizers share one rule:
//
//   hypers   lr per group, first for the model, scale per tensor
//   states   u per element, where the tensor has at least 8 elements, starts as w
//            n per tensor, starts as its size; total for the model, starts as `first`
//   stage 0  square = sum[model](g^2), largest = max[model](|g|)
//   stage 1  with at least 8 elements, in two sweeps:
//              d = g/largest, dd = sum[tensor](d^2), lowest = min[tensor](w)
//              w' = w - lr*scale*sqrt(dd)*d, u' = w'
//            with fewer: w' = w - lr*g
//   end      n' = n + dd, total' = total + square; metrics norm = sqrt(square), depth = n (the old one), low = lowest
//   views    eval = t*u where there is a u, and w elsewhere; shifted = w + n
//
//   recomputed   computes d twice where a tensor does not stay in cache, and stores it where it does
//   carried      stores d always, so that the tensors that threads share need scratch as well
//   unguarded    as recomputed, but says nothing about gradients that are not finite, which the others do
#pragma once

#include "runtime/abi/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ravine_plan_library sample_stages;

/// How often the kernel that reads d from scratch has run, since the last call.
unsigned long sample_carried_chunks(void);
/// How often the scalar program that reads tensor values has run, since the last call.
unsigned long sample_tensor_scalar_calls(void);
/// How often the scalar program that reads model values has run, since the last call.
unsigned long sample_model_scalar_calls(void);

#ifdef __cplusplus
}
#endif
