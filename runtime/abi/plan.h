/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/**
 * plan.h: what the compiler leaves in a library for the runtime core.
 *
 * A compiled library is a constant plan plus kernels. The compiler emits one `ravine_plan_library` as data, with
 * these exact layouts, under the hidden symbol RAVINE_PLAN_SYMBOL; the core, which is linked into every library,
 * interprets it. The two are always built together, so this file carries no version. Hosts never see it.
 */
#ifndef RAVINE_ABI_PLAN_H
#define RAVINE_ABI_PLAN_H

#include "ravine.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RAVINE_PLAN_SYMBOL "ravine_plan"

/**
 * What a scalar program may read besides hypers. An array of doubles in this order; the same bits, shifted, say what a
 * program depends on.
 */
enum {
  RAVINE_CLOCK_T = 0,    /* steps in which this tensor took part, this one included */
  RAVINE_CLOCK_STEP = 1, /* committed steps of the optimizer, this one included */
  RAVINE_CLOCK_SIZE = 2, /* elements of this tensor */
  RAVINE_CLOCK_COUNT = 3
};

/**
 * A scalar program: uniform arithmetic, in f64, that was moved out of the loops.
 * hypers: the group's values in the order of the description. clock: RAVINE_CLOCK_COUNT doubles. out: the slots.
 */
typedef void (*ravine_scalar_function)(const double *hypers, const double *clock, double *out);

/**
 * A kernel: one sweep over elements [begin, end) of one tensor.
 * buffers: the first element of each of the sweep's buffers for this tensor. scalars: the slots of its scalar program.
 */
typedef void (*ravine_kernel_function)(void *const *buffers, const double *scalars, int64_t begin, int64_t end);

typedef struct ravine_plan_scalars {
  /** Null where there is nothing to compute. */
  ravine_scalar_function function;
  uint32_t slot_count;
  /** Bit RAVINE_CLOCK_x is set where the result depends on that entry of the clock. */
  uint32_t clock_mask;
} ravine_plan_scalars;

enum { RAVINE_BUFFER_PARAMETER = 0, RAVINE_BUFFER_GRADIENT = 1, RAVINE_BUFFER_STATE = 2 };

typedef struct ravine_plan_buffer {
  /** RAVINE_BUFFER_x. */
  uint32_t kind;
  /** Which state, for RAVINE_BUFFER_STATE. */
  uint32_t state;
  uint8_t is_read;
  uint8_t is_written;
} ravine_plan_buffer;

/** One sweep as it is walked in one variant. */
typedef struct ravine_plan_sweep {
  const ravine_plan_buffer *buffers;
  /** 0 where this variant has nothing to do in the sweep. */
  uint32_t buffer_count;
  /** kernels[precision * target_count + target]. */
  const ravine_kernel_function *kernels;
  /** What its kernels find in `scalars`. */
  ravine_plan_scalars scalars;
} ravine_plan_sweep;

/** The next instruction of a step's program. */
enum {
  /** Run the scalar programs of sweep `operand`, then the sweep, over every tensor that takes part. */
  RAVINE_PLAN_SWEEP = 0
};

typedef struct ravine_plan_instruction {
  uint32_t opcode;
  uint32_t operand;
} ravine_plan_instruction;

/**
 * What one optimizer does. A variant is one outcome of the conditions under which optional states exist: variant v has
 * condition i true where bit i of v is set. It is chosen per group at creation.
 */
typedef struct ravine_plan_optimizer {
  /** Writes 1 or 0 for each condition of an optional state. */
  ravine_scalar_function conditions;
  uint32_t condition_count;
  /** state_conditions[state]: the condition it exists under, or UINT32_MAX where it always exists. */
  const uint32_t *state_conditions;
  /** Writes 1 or 0 for each requirement. */
  ravine_scalar_function requirements;
  /** initial[variant]: gives states their initial values from the parameters, at a tensor's first step, before it. A
   *  buffer_count of 0 where zero memory is enough. */
  const ravine_plan_sweep *initial;
  /** sweeps[sweep * variant_count + variant], where variant_count is 1 << condition_count. */
  const ravine_plan_sweep *sweeps;
  uint32_t sweep_count;
  const ravine_plan_instruction *instructions;
  uint32_t instruction_count;
  /** 1: subnormal numbers count as zero while kernels run (FTZ and DAZ on x86). */
  uint32_t flush_subnormals;
} ravine_plan_optimizer;

/** Instruction sets that a kernel can be generated for. */
enum { RAVINE_TARGET_X86_64_V3 = 0, RAVINE_TARGET_X86_64_V4 = 1 };

typedef struct ravine_plan_library {
  const char *name;
  const char *compiler;
  const char *source_hash;
  const char *manifest;
  /** RAVINE_TARGET_x of each target, from plain to wide, and their names. */
  const uint32_t *targets;
  const char *const *target_names;
  uint32_t target_count;
  uint32_t optimizer_count;
  const ravine_optimizer_info *descriptions;
  const ravine_plan_optimizer *optimizers;
} ravine_plan_library;

#ifdef __cplusplus
}
#endif

#endif /* RAVINE_ABI_PLAN_H */
