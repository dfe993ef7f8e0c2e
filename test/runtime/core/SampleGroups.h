// A plan written by hand whose rules speak of groups of elements. f32 alone; all but `blocks` and `searched` need
// matrices.
//
//   rows      v = w - lr*g, n = sum[row](v^2), s = max(0, 1 - lambda/sqrt(n)); w' = s*v
//             state r [row] = sum[row](w^2), r' = r + n; metrics kept = max[model](sum[tensor](s)), square =
//             sum[model](v^2) view unit = w/sqrt(sum[row](w^2))
//   columns   c = sum[col](g^2), h = max[channel](|w|); w' = w - lr*g*h/(1 + c)
//             state p [col] store bf16 = 0, p' = c rounded to its upper half; state q [channel] = 0, q' = q + h; state
//             o [col] = 0, o' = o + sum[col](w^2), which is folded in a pass of its own behind that of c and h
//   blocks    f = w - lr*g, m = quantile[block 4](f, lambda), d = difference[block 4](f); w' = f - m + d
//   searched  f = |g|, a = kth_largest[tensor](f, 2), b = simplex_threshold[model](f, lambda), k = largest[model](f,
//   3);
//             w' = w - a*k - b; a tensor of one element sits `largest` out
#pragma once

#include "runtime/abi/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ravine_plan_library sample_groups;

#ifdef __cplusplus
}
#endif
