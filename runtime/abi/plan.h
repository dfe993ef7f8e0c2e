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
  RAVINE_CLOCK_T = 0,          /* steps in which this tensor took part, this one included */
  RAVINE_CLOCK_STEP = 1,       /* committed steps of the optimizer, this one included */
  RAVINE_CLOCK_SIZE = 2,       /* elements of this tensor */
  RAVINE_CLOCK_RANK = 3,       /* axes of this tensor */
  RAVINE_CLOCK_MODEL_SIZE = 4, /* elements of all tensors that take part in this step */
  RAVINE_CLOCK_ROWS = 5,       /* extents of its row axes, multiplied; 0 where it has fewer than two axes */
  RAVINE_CLOCK_COLS = 6,       /* extents of its other axes, multiplied; 0 where it has fewer than two */
  RAVINE_CLOCK_CHANNELS = 7,   /* extent of the first of these other axes; 0 where it has fewer than two */
  RAVINE_CLOCK_COUNT = 8
};

/**
 * A scalar program: uniform arithmetic, in f64, that was moved out of the loops.
 * hypers: the group's values in the order of the description (those of per-tensor hypers are not used). clock:
 * RAVINE_CLOCK_COUNT doubles. tensor_values, model_values: the row of the tensor at hand and the row of the model in
 * the tables of values (see ravine_plan_value). out: what the program computes, its slots. A program of the model finds
 * hypers of any group, of which it reads those of the model, t equal to step, no size, no rank and a null
 * tensor_values. Conditions and requirements find null tables; conditions find, behind the clock, 1 or 0 for each
 * pattern of the optimizer. A view finds the clock of the last committed step. Hypers are those in force in this step:
 * what `schedules` gave.
 */
typedef void (*ravine_scalar_function)(const double *hypers, const double *clock, const double *tensor_values,
                                       const double *model_values, double *out);

/**
 * A kernel: one sweep over elements [begin, end) of one tensor.
 * buffers: the first element of each of the sweep's buffers for this tensor. scalars: the slots of its scalar program.
 * partials: receives what each of the sweep's reductions gives for these elements alone, one double each.
 */
typedef void (*ravine_kernel_function)(void *const *buffers, const double *scalars, int64_t begin, int64_t end,
                                       double *partials);

/**
 * Part of a tensor as a matrix of `row_length` columns: rows [first_row, last_row) and of each the columns [first_col,
 * last_col). Element (r, c) is number r * row_length + c; `count` elements there are in all, so that the last row may
 * be shorter. Blocks of elements are the rows of such a matrix.
 */
typedef struct ravine_plan_tile {
  int64_t first_row, last_row;
  int64_t first_col, last_col;
  int64_t row_length;
  int64_t count;
} ravine_plan_tile;

/**
 * A kernel that knows of groups of elements. buffers: as for ravine_kernel_function where a buffer is over elements. A
 * group buffer over rows or blocks: its first number; one over columns or channels that is read: a number for each
 * column. After these, for each reduction of the sweep over groups, in order: where its numbers go. Over rows or
 * blocks, whole ones alone are walked, and the number of row r is stored at [r]; over columns or channels, what the
 * tile's elements give is folded into the number that [c] holds, for each column. partials: one double for each
 * reduction over the tensor or the model, in order, for these elements alone.
 */
typedef void (*ravine_tile_function)(void *const *buffers, const double *scalars, const ravine_plan_tile *tile,
                                     double *partials);

typedef struct ravine_plan_scalars {
  /** Null where there is nothing to compute. */
  ravine_scalar_function function;
  uint32_t slot_count;
  /** Bit RAVINE_CLOCK_x is set where the result depends on that entry of the clock. */
  uint32_t clock_mask;
  /** 1 where the result depends on the table of tensor values, of model values. */
  uint8_t reads_tensor_values;
  uint8_t reads_model_values;
} ravine_plan_scalars;

enum { RAVINE_VALUE_HYPER = 0, RAVINE_VALUE_STATE = 1, RAVINE_VALUE_REDUCTION = 2 };

/**
 * A column of a table of values. There are two tables of doubles that live as long as the optimizer: one with a row for
 * each tensor, one with a single row for the model.
 */
typedef struct ravine_plan_value {
  /** RAVINE_VALUE_x. Hypers are in the tensors' table only. */
  uint32_t kind;
  /** Which hyper or state, or which reduction of the rule. */
  uint32_t index;
} ravine_plan_value;

enum { RAVINE_REDUCE_SUM = 0, RAVINE_REDUCE_MAX = 1, RAVINE_REDUCE_MIN = 2 };

/** A number that a sweep folds. Of nothing, it is 0, -inf or +inf. */
typedef struct ravine_plan_reduction {
  /** RAVINE_REDUCE_x. A maximum or minimum is NaN where any part of it is. */
  uint32_t kind;
  /** RAVINE_PER_TENSOR: complete when the tensor's sweep is; RAVINE_PER_MODEL: when the stage is; RAVINE_PER_ROW and
   *  RAVINE_PER_BLOCK: when the tile's sweep is; RAVINE_PER_COL and RAVINE_PER_CHANNEL: when the tensor's sweep is. */
  uint32_t set;
  /** Its column in the table of that index set, or, for groups of elements, its group buffer. */
  uint32_t value;
} ravine_plan_reduction;

/** What is done with all elements of a member of an index set at once, by the core itself; see `search` and `rearrange`
 *  in dialect/ravine/RavineOps.td, which define each. */
enum {
  RAVINE_OPERATION_NONE = 0,
  RAVINE_OPERATION_KTH_LARGEST = 1,
  RAVINE_OPERATION_QUANTILE = 2,
  RAVINE_OPERATION_SIMPLEX_THRESHOLD = 3,
  RAVINE_OPERATION_LARGEST = 4,
  RAVINE_OPERATION_DIFFERENCE = 5,
  RAVINE_OPERATION_TAUT_STRING = 6
};

enum {
  RAVINE_BUFFER_PARAMETER = 0,
  RAVINE_BUFFER_GRADIENT = 1,
  RAVINE_BUFFER_STATE = 2,
  /** Memory of the runtime's, as long as the tensor, that carries a value from one sweep of a stage to a later one. */
  RAVINE_BUFFER_SCRATCH = 3,
  /** What the host gave `read_view` to write to. */
  RAVINE_BUFFER_VIEW = 4,
  /** Memory of the runtime's that holds an f64 for each member of an index set of the tensor, from where it is written
   *  to the end of the step. Those over columns and channels that a kernel over elements reads are spread to one number
   *  for each column. */
  RAVINE_BUFFER_GROUP = 5,
  /** Memory of the runtime's, as long as the tensor, of the type that elements are computed in; keeps what it holds to
   *  the end of the step. */
  RAVINE_BUFFER_FIELD = 6
};

typedef struct ravine_plan_buffer {
  /** RAVINE_BUFFER_x. */
  uint32_t kind;
  /** Which state, which scratch buffer of the stage, or which group buffer or field of the optimizer. */
  uint32_t index;
  /** Bytes of an element, for RAVINE_BUFFER_SCRATCH and RAVINE_BUFFER_FIELD. */
  uint32_t scratch_bytes;
  uint8_t is_read;
  uint8_t is_written;
} ravine_plan_buffer;

/**
 * One sweep as it is walked in one variant, or an operation that stands in its place.
 *
 * With `tile_kernels` it goes over elements and knows of groups of them. With `kernels` it goes over elements, or,
 * where `over` is another index set, over the members of that: its buffers, which are states and group buffers over
 * that set, hold one number for each, and the kernel is called with ranges of members.
 *
 * An operation reads its argument from the one slot of `scalars`, or, where these have none, from the group buffer
 * `operation_argument`, for each member of `over`. It works on buffers[0], a field; what it finds goes to
 * reductions[0]. Over the model it works on all tensors at once, when the sweeps of the stage are done; its argument is
 * a program of the model. The operations over the model of a stage's variants are one where they are of the same kind
 * and have the same result or, without one, the same field.
 */
typedef struct ravine_plan_sweep {
  const ravine_plan_buffer *buffers;
  uint32_t buffer_count;
  /** kernels[target]; null where there is nothing to do. */
  const ravine_kernel_function *kernels;
  /** tile_kernels[target]; null where `kernels` are not. */
  const ravine_tile_function *tile_kernels;
  /** RAVINE_PER_x: what the sweep has members of. */
  uint32_t over;
  /** RAVINE_OPERATION_x */
  uint32_t operation;
  uint32_t operation_argument;
  /** Bytes of a number in which the sweep computes: 4 or 8. */
  uint32_t compute_bytes;
  /** What its kernels find in `scalars`. */
  ravine_plan_scalars scalars;
  const ravine_plan_reduction *reductions;
  uint32_t reduction_count;
  /** Elements of a block, where `over` is RAVINE_PER_BLOCK. */
  uint32_t block_size;
} ravine_plan_sweep;

/**
 * Sweeps between two points at which all tensors wait for each other: every tensor goes through them on its own, and
 * the reductions over the model are complete when all have; one is folded in the same stage in every variant that folds
 * it. A stage of one sweep needs no order among chunks; in a stage of several, the scalar program of each sweep reads
 * the tensor's reductions of the ones before.
 *
 * `tiles` cuts the sweeps into runs. Those of one run are passes of one traversal: each tile, which is some whole rows
 * or blocks, goes through all of them before the next tile is begun, so that a pass finds in cache what the one before
 * has left there. The scalar programs of a run read nothing that the run itself folds.
 */
typedef struct ravine_plan_stage {
  /** Which sweeps of the optimizer, in order. None where this variant has nothing to do. */
  const uint32_t *sweeps;
  uint32_t sweep_count;
  /** tiles[i]: how many sweeps belong to run i. They add up to sweep_count. */
  const uint32_t *tiles;
  uint32_t tile_count;
  /** The same, bit for bit, for a tensor that stays in cache from one sweep to the next; null where `sweeps` is best.
   */
  const uint32_t *resident;
  uint32_t resident_count;
  const uint32_t *resident_tiles;
  uint32_t resident_tile_count;
  /** Run for each tensor that takes part when its sweeps are done: one slot for each of `fold_reductions`, which are
   * over the model. No slots where there are none. */
  ravine_plan_scalars fold;
  const ravine_plan_reduction *fold_reductions;
  uint32_t fold_reduction_count;
} ravine_plan_stage;

/**
 * A place where a step may end early. Its condition is asked after the first `after_stages` stages of the step, none of
 * which writes to a parameter, a gradient or a state; several exits after the same stage are asked in order. Where it
 * holds, the exit's stages and end programs follow in place of the rest of the step; `steps` and `t` do not advance and
 * metrics stay, but what has got its initial value keeps counting as initialized.
 */
typedef struct ravine_plan_exit {
  /** One slot, 1 where the step ends here; a program of the model. */
  ravine_plan_scalars condition;
  uint32_t after_stages;
  /** 1: the step answers RAVINE_ERROR_NONFINITE and nothing changes; there are no stages and no end programs. */
  uint32_t refuses;
  /** For an exit that refuses: the column of the model's table whose part of each tensor tells which are to blame. */
  uint32_t culprit;
  /** stages[stage * variant_count + variant] */
  const ravine_plan_stage *stages;
  uint32_t stage_count;
  /** As in ravine_plan_optimizer, without metrics. */
  const ravine_plan_scalars *end_tensor;
  ravine_plan_scalars end_model;
} ravine_plan_exit;

/** What the name of a tensor, or of its group, is compared with: `*` stands for any characters, `?` for one. */
typedef struct ravine_plan_pattern {
  const char *pattern;
  uint32_t is_of_group;
} ravine_plan_pattern;

/**
 * What one optimizer does. A variant is one precision together with one outcome of the conditions under which optional
 * states exist and cases apply: variant = precision * outcome_count + outcome, and in an outcome condition i is true
 * where bit i of outcomes[outcome] is set. It is chosen for each tensor at creation.
 *
 * A step: the initial sweep and the initial values of tensors at their first step, and of the model at the first step
 * of all; the stages in order, with the exits between them; then the end programs, first all of them and then what they
 * say is stored.
 */
typedef struct ravine_plan_optimizer {
  /** Writes 1 or 0 for each condition. Reads hypers, of the clock size, rank, rows and cols, and what the patterns say.
   */
  ravine_scalar_function conditions;
  uint32_t condition_count;
  /** Bit RAVINE_CLOCK_x: which of these the conditions read. */
  uint32_t condition_clock_mask;
  const ravine_plan_pattern *patterns;
  uint32_t pattern_count;
  /** The outcomes that there are; the conditions never come to another one. */
  const uint32_t *outcomes;
  uint32_t outcome_count;
  /** As many as the description has. */
  uint32_t precision_count;
  /** state_exists[state * variant_count + variant]: 1 where it does. */
  const uint8_t *state_exists;
  /** state_dtypes[state * precision_count + precision]: how elements of the state are stored. */
  const ravine_dtype *state_dtypes;
  /** The value of every hyper in a step, from what the host has set and NaN for those that follow their schedule; reads
   *  `step`. Without a function, hypers are what the host has set. */
  ravine_plan_scalars schedules;
  /** Writes 1 or 0 for each requirement. Reads hypers only. */
  ravine_scalar_function requirements;

  /** The columns of the two tables of values. */
  const ravine_plan_value *tensor_values;
  uint32_t tensor_value_count;
  const ravine_plan_value *model_values;
  uint32_t model_value_count;

  /** group_sets[i], group_block_sizes[i]: what group buffer i has a number for. */
  const uint32_t *group_sets;
  const uint32_t *group_block_sizes;
  uint32_t group_count;
  /** How many fields there are. A tensor has those group buffers and fields that the sweeps of its variant mention. */
  uint32_t field_count;
  /** minimum_ranks[outcome]: how many axes a tensor needs. */
  const uint32_t *minimum_ranks;

  /** initial[variant]: gives states their initial values from the parameters, before the first step of a tensor. No
   *  sweeps where zero memory is enough. */
  const ravine_plan_stage *initial;
  const ravine_plan_sweep *sweeps;
  uint32_t sweep_count;
  /** stages[stage * variant_count + variant] */
  const ravine_plan_stage *stages;
  uint32_t stage_count;
  /** In the order in which they are asked. */
  const ravine_plan_exit *exits;
  uint32_t exit_count;
  /** views[view * variant_count + variant]. Without sweeps it shows the parameter. Neither these nor the initial stages
   *  have resident forms, scratch or anything that is folded over the model. */
  const ravine_plan_stage *views;

  /** [variant]: the initial values of the states in the table of tensor values, in the order of its columns, those that
   * do not exist in this variant included. */
  const ravine_plan_scalars *initial_tensor;
  /** [variant]: the next values of those states, then the metrics per tensor in the order of the description. */
  const ravine_plan_scalars *end_tensor;
  /** The same for the model. */
  ravine_plan_scalars initial_model;
  ravine_plan_scalars end_model;

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
