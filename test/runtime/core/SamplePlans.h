// What plans that are written by hand share: short forms of buffers, sweeps and stages.
#pragma once

#include "runtime/abi/plan.h"

#define PARAMETER(written) {RAVINE_BUFFER_PARAMETER, 0, 0, 1, written}
#define GRADIENT(written) {RAVINE_BUFFER_GRADIENT, 0, 0, 1, written}
#define STATE(index) {RAVINE_BUFFER_STATE, index, 0, 1, 1}
#define OUTPUT {RAVINE_BUFFER_VIEW, 0, 0, 0, 1}

// A sweep over elements, computed in f32 where that matters; the rest are its scalar program and, with FOLDING, before
// that, its reductions.
#define SWEEP(its_buffers, its_buffer_count, its_kernels, ...)                                                         \
  FOLDING(its_buffers, its_buffer_count, its_kernels, 0, 0, __VA_ARGS__)
#define FOLDING(its_buffers, its_buffer_count, its_kernels, its_reductions, its_reduction_count, ...)                  \
  {.buffers = its_buffers,                                                                                             \
   .buffer_count = its_buffer_count,                                                                                   \
   .kernels = its_kernels,                                                                                             \
   .over = RAVINE_PER_ELEMENT,                                                                                         \
   .compute_bytes = sizeof(float),                                                                                     \
   .scalars = __VA_ARGS__,                                                                                             \
   .reductions = its_reductions,                                                                                       \
   .reduction_count = its_reduction_count}

// A stage whose sweeps are runs of their own: `count` of them from `first` on, and as many in the other form.
static const uint32_t single_passes[] = {1, 1, 1, 1, 1, 1, 1, 1};
#define STAGE(first, count) {.sweeps = first, .sweep_count = count, .tiles = single_passes, .tile_count = count}
#define STAGE_IN_TWO_FORMS(first, count, its_resident, its_resident_count)                                             \
  {.sweeps = first,                                                                                                    \
   .sweep_count = count,                                                                                               \
   .tiles = single_passes,                                                                                             \
   .tile_count = count,                                                                                                \
   .resident = its_resident,                                                                                           \
   .resident_count = its_resident_count,                                                                               \
   .resident_tiles = single_passes,                                                                                    \
   .resident_tile_count = its_resident_count}
#define NO_STAGE {0}
