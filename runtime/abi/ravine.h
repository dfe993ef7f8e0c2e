/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/**
 * ravine.h: the contract between a compiled Ravine library and its host, version 1.
 *
 * `ravine build adamw.rvn` writes a shared library that holds one or more optimizers. A host (a C, C++ or
 * Python program, a training framework) talks to it through this header alone. There is one entry point,
 *
 *     const ravine_library *ravine_library_v1(void);
 *
 * which returns a constant table: what the library contains, in structs that describe themselves, and the
 * functions that act on it. Everything else in the library is hidden.
 *
 *   life of an optimizer     create ──▶ configure / step, any number of times ──▶ destroy
 *
 * Rules that hold for every function
 *   - It returns a status. RAVINE_OK is 0, a status below 0 is an error, a status above 0 is reserved for steps
 *     that stop to ask the host for something; libraries of this version never return one.
 *   - On an error nothing has changed: no parameter, no state, no counter, no setting. If the caller gave a
 *     `ravine_error`, it holds a sentence that names the culprit. No function throws, aborts or prints.
 *   - Every struct that the host fills starts with `struct_size`, to be set to sizeof(the struct) as the host was
 *     compiled. A later minor version appends fields; a library reads only what the host's struct has, and takes
 *     zero for the rest. Structs that the library fills in the host's memory follow the same rule. `ravine_library` may
 *     grow in the same way; the structs that describe what is in a library (`ravine_..._info`) do not within a version
 *     (from release 1.0 on; before it, host and library are built from the same sources),
 *     so that their arrays can be indexed as plain arrays.
 *   - Strings are UTF-8 and end in NUL. Strings, arrays and tables that the library hands out are constant and live
 *     as long as the library is loaded, unless said otherwise; the host copies what it passes in before `create`
 *     returns and may free it afterwards, except tensor memory, which is used during `step` only.
 *   - Different optimizer instances may be used from different threads at once. One instance is used by one thread at
 *     a time; a second thread that enters meanwhile is answered RAVINE_ERROR_BUSY.
 */
#ifndef RAVINE_ABI_RAVINE_H
#define RAVINE_ABI_RAVINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this contract. It changes only when a host compiled for another one could be misread. */
#define RAVINE_ABI_VERSION 1u

/** The symbol to look up with dlsym; its type is `ravine_entry_point`. */
#define RAVINE_ENTRY_POINT "ravine_library_v1"

/* ---------------------------------------------------------------- status */

typedef int32_t ravine_status;

enum {
  RAVINE_OK = 0,
  /** The host's RAVINE_ABI_VERSION or a struct_size is not one that the library can read. */
  RAVINE_ERROR_VERSION = -1,
  /** A pointer is null, a count is wrong or an index is out of bounds. */
  RAVINE_ERROR_ARGUMENT = -2,
  /** A tensor's name, rank, shape, strides, dtype or group cannot be used, or is not what it was at creation. */
  RAVINE_ERROR_TENSOR = -3,
  /** Two tensors share memory that the step would write. */
  RAVINE_ERROR_OVERLAP = -4,
  /** No optimizer, hyper, state or enum choice has that name. */
  RAVINE_ERROR_NAME = -5,
  /** A hyper's value is outside its range or not of its kind. */
  RAVINE_ERROR_RANGE = -6,
  /** A `require` of the rule does not hold for the hypers of a group. */
  RAVINE_ERROR_REQUIREMENT = -7,
  /** The setting would add or remove an optional state, which is decided at creation. */
  RAVINE_ERROR_FIXED = -8,
  /** The library was not built for this combination of parameter and gradient dtype. */
  RAVINE_ERROR_PRECISION = -9,
  /** An allocation failed. */
  RAVINE_ERROR_MEMORY = -10,
  /** This processor lacks the instructions that every kernel in the library needs, or RAVINE_ISA names none of them. */
  RAVINE_ERROR_TARGET = -11,
  /** Another thread is inside a call on the same instance. */
  RAVINE_ERROR_BUSY = -12,
  /** A gradient holds an infinity or a NaN, and the rule says `nonfinite error`. */
  RAVINE_ERROR_NONFINITE = -13,
  /** A file cannot be read or written, is damaged, or does not fit this optimizer. */
  RAVINE_ERROR_FILE = -14
};

/** Where a call leaves a sentence about what went wrong. Untouched on success. May be null in every call. */
typedef struct ravine_error {
  size_t struct_size;
  /** What the call returned. */
  ravine_status status;
  /** One sentence without a newline, cut to fit. */
  char message[500];
} ravine_error;

/* ---------------------------------------------------------------- what a library says of itself */

typedef int32_t ravine_dtype;

enum {
  /** Only in descriptions: the dtype that the rule computes in, for the precision combination in use. */
  RAVINE_DTYPE_COMPUTE = 0,
  RAVINE_F32 = 1,
  RAVINE_F64 = 2,
  RAVINE_BF16 = 3,
  RAVINE_F16 = 4
};

/** Over what a value varies, from coarse to fine. */
typedef int32_t ravine_index_set;

enum {
  RAVINE_PER_MODEL = 0,
  RAVINE_PER_GROUP = 1,
  RAVINE_PER_TENSOR = 2,
  /** Consecutive elements, `block_size` of them; the last block of a tensor may be shorter. */
  RAVINE_PER_BLOCK = 10,
  /** One for each index of the row axes, see ravine_tensor. */
  RAVINE_PER_ROW = 20,
  /** One for each index of the first axis behind the row axes. */
  RAVINE_PER_CHANNEL = 21,
  /** One for each index of all axes behind the row axes. */
  RAVINE_PER_COL = 22,
  RAVINE_PER_ELEMENT = 100
};

typedef int32_t ravine_hyper_kind;

enum { RAVINE_HYPER_REAL = 0, RAVINE_HYPER_INT = 1, RAVINE_HYPER_BOOL = 2, RAVINE_HYPER_ENUM = 3 };

/** One hyperparameter. Values travel as double: an int exactly, a bool as 0 or 1, an enum as the index of its choice.
 */
typedef struct ravine_hyper_info {
  size_t struct_size;
  const char *name;
  /** The documentation comment of the source, or "". */
  const char *doc;
  ravine_hyper_kind kind;
  double default_value;
  /** The range; infinite where there is no bound. */
  double lower, upper;
  /** 1 where the bound itself is outside the range. */
  int32_t lower_open, upper_open;
  /** The names of an enum's choices, in the order of their indices; null and 0 for the other kinds. */
  const char *const *choices;
  size_t choice_count;
  /** RAVINE_PER_GROUP, or RAVINE_PER_MODEL: one value for all groups, or RAVINE_PER_TENSOR: one for each tensor. */
  ravine_index_set index_set;
  /** The schedule that it follows until the host sets a value, as written; "" where its default is a constant. The
   *  default is then what the schedule gives at step 1 for the defaults of the others. */
  const char *schedule;
} ravine_hyper_info;

/** One state: memory that the optimizer keeps from step to step. */
typedef struct ravine_state_info {
  size_t struct_size;
  const char *name;
  const char *doc;
  /** RAVINE_PER_ELEMENT or RAVINE_PER_BLOCK, _ROW, _CHANNEL, _COL: an array for each tensor; or RAVINE_PER_TENSOR or
   *  RAVINE_PER_MODEL: a single number for each tensor or for all. */
  ravine_index_set index_set;
  /** How a number is stored; RAVINE_DTYPE_COMPUTE where it follows the precision combination. Single numbers are f64.
   */
  ravine_dtype storage;
  /** The condition, as written, under which the state exists; "" where it always does. A state called `master` exists
   *  for parameters that are stored in less than the step computes in. */
  const char *condition;
  /** Elements of a block, for RAVINE_PER_BLOCK; else 0. */
  uint32_t block_size;
} ravine_state_info;

/** A combination of dtypes that the library was built for. */
typedef struct ravine_precision_info {
  size_t struct_size;
  /** That of the dtype, such as "bf16", or of both where they differ: "bf16/f32" has parameters in bf16. */
  const char *name;
  ravine_dtype parameter;
  ravine_dtype gradient;
  ravine_dtype compute;
} ravine_precision_info;

/** A `require` of the rule: the condition as written. */
typedef struct ravine_requirement_info {
  size_t struct_size;
  const char *condition;
} ravine_requirement_info;

/** One metric: a number that a step computes on its way, for the host to read. */
typedef struct ravine_metric_info {
  size_t struct_size;
  const char *name;
  const char *doc;
  /** RAVINE_PER_TENSOR or RAVINE_PER_MODEL. */
  ravine_index_set index_set;
} ravine_metric_info;

/** One view: a value for each element, computed from parameters and states when the host asks. */
typedef struct ravine_view_info {
  size_t struct_size;
  const char *name;
  const char *doc;
} ravine_view_info;

/** What a step does where a gradient holds an infinity or a NaN. */
typedef int32_t ravine_nonfinite;

enum {
  /** It computes with them. */
  RAVINE_PROPAGATES_NONFINITE = 0,
  /** It changes nothing but gradients that it was going to set to 0, and returns RAVINE_OK; `ravine_progress.skipped`
   *  counts it. */
  RAVINE_SKIPS_NONFINITE = 1,
  /** It changes nothing and returns RAVINE_ERROR_NONFINITE. */
  RAVINE_REFUSES_NONFINITE = 2
};

typedef struct ravine_optimizer_info {
  size_t struct_size;
  const char *name;
  const char *doc;
  /** What `@cite` says, or "". */
  const char *citation;
  const ravine_hyper_info *hypers;
  size_t hyper_count;
  const ravine_state_info *states;
  size_t state_count;
  const ravine_requirement_info *requirements;
  size_t requirement_count;
  const ravine_precision_info *precisions;
  size_t precision_count;
  const ravine_metric_info *metrics;
  size_t metric_count;
  const ravine_view_info *views;
  size_t view_count;
  ravine_nonfinite nonfinite;
  /** 1 where a step writes zeros to the gradients, which then have to be writable. */
  int32_t writes_gradient;
} ravine_optimizer_info;

/* ---------------------------------------------------------------- what the host brings */

/**
 * Services of the host. Each pointer may be null; the library then uses its own. All of them may be called until
 * `destroy` returns, and only from inside a call on the instance.
 */
typedef struct ravine_host {
  size_t struct_size;
  /** Passed back as the first argument of every function below. */
  void *context;
  /** Returns `bytes` > 0 bytes aligned to `alignment` (a power of two, at most 4096), or null. */
  void *(*allocate)(void *context, size_t bytes, size_t alignment);
  /** Frees what `allocate` returned, with the same numbers. Give both or neither. */
  void (*release)(void *context, void *memory, size_t bytes, size_t alignment);
  /**
   * Calls task(task_context, i) once for every i in [0, count), on any threads, and returns when all have returned.
   * Results do not depend on the number of threads or on the order.
   */
  void (*parallel_for)(void *context, size_t count, void (*task)(void *task_context, size_t index), void *task_context);
  /** Receives a line that is worth a log entry but is no error. */
  void (*log)(void *context, const char *line);
  /** Threads that the library's own pool may use; 0: the RAVINE_THREADS environment variable, else every processor
   *  that the calling thread may run on. Ignored when `parallel_for` is given. */
  uint32_t thread_count;
  /** Where tensors live: 0 is main memory, the only device of this version. */
  int32_t device;
} ravine_host;

/** One parameter tensor of the model, as it stays for the life of an optimizer. */
typedef struct ravine_tensor {
  size_t struct_size;
  /** Unique among the tensors of one optimizer; not null, not empty. */
  const char *name;
  /** `rank` extents, each at least 0; null where rank is 0 (one element). */
  const int64_t *shape;
  /** `rank` strides, in elements, of parameter and gradient alike; null means contiguous, row-major. Memory has to be
   *  contiguous and row-major; strides of axes with extent 1 are ignored. */
  const int64_t *strides;
  uint32_t rank;
  /** The parameter group, below `group_count`. */
  uint32_t group;
  ravine_dtype parameter_dtype;
  ravine_dtype gradient_dtype;
  /** How many of the leading axes make up the rows, for rules that speak of rows, columns or channels: below `rank`; 0
   *  means 1. The columns are all other axes together, the channels the first of these. */
  uint32_t row_axes;
} ravine_tensor;

/** Every group at once, in a `ravine_setting`. */
#define RAVINE_ALL_GROUPS UINT32_MAX

/** A new value for one hyperparameter. */
typedef struct ravine_setting {
  size_t struct_size;
  const char *name;
  /** A group below `group_count`, or RAVINE_ALL_GROUPS. A hyper of the model takes RAVINE_ALL_GROUPS only. */
  uint32_t group;
  /** The value of a real, int (a whole number) or bool (0 or 1) hyper, or the index of an enum's choice. NaN returns a
   *  hyper that has a schedule to that. */
  double value;
  /** The name of an enum's choice, used instead of `value` when not null. */
  const char *choice;
  /** For a hyper per tensor: the name of the one tensor that is meant, whatever its group; null for all tensors of
   *  `group`. Null for the other hypers. */
  const char *tensor;
} ravine_setting;

typedef struct ravine_create_args {
  size_t struct_size;
  /** RAVINE_ABI_VERSION as the host was compiled. */
  uint32_t abi_version;
  /** Parameter groups, at least 1. */
  uint32_t group_count;
  /** Which optimizer of the library; may be null where there is only one. */
  const char *optimizer;
  /** `tensor_count` tensors, one after another, each `tensors[0].struct_size` bytes; null where there are none. */
  const ravine_tensor *tensors;
  size_t tensor_count;
  /** Values that differ from the defaults, applied in order; laid out like `tensors`. */
  const ravine_setting *settings;
  size_t setting_count;
  /** May be null. */
  const ravine_host *host;
  /** The names of the groups, `group_count` of them, for rules that ask; null, or a null entry, means "". */
  const char *const *group_names;
} ravine_create_args;

/** An optimizer at work on the tensors of one model: settings, states and counters. */
typedef struct ravine_optimizer ravine_optimizer;

/**
 * One step. Arrays hold one entry per tensor, in the order of `create`.
 *
 * Hosts reallocate gradients, so pointers may change at every step. A null array means "as in the step before", which
 * is the last one whose arguments were accepted, also if its gradients were not finite. A null gradient entry leaves
 * that tensor out of this step: its parameter and states stay and its `t` does not advance. An entry of a tensor
 * without elements may be null and takes part. The library writes parameters, and gradients only where the optimizer's
 * `writes_gradient` says so. Memory has to be aligned to the dtype's size.
 */
typedef struct ravine_step_args {
  size_t struct_size;
  void *const *parameters;
  const void *const *gradients;
  /** The tensors as they are now, or null. When given they must be as they were at creation (names may be null). */
  const ravine_tensor *tensors;
  /** The device queue to work in; null in main memory. */
  void *stream;
} ravine_step_args;

/** Where a state of one tensor is. Valid until `destroy`; not to be used while a step runs. */
typedef struct ravine_state_view {
  size_t struct_size;
  /** 1 if the state exists for this tensor. When 0 the other fields are 0. */
  int32_t exists;
  /** 1 once the initial value has been set, which the first step of the tensor does, or of the optimizer for a state of
   *  the model. Before that the memory says nothing, and what the host writes to it is lost. */
  int32_t initialized;
  ravine_dtype dtype;
  void *data;
  /** Number of elements. */
  size_t count;
} ravine_state_view;

/** How far an optimizer has come. */
typedef struct ravine_progress {
  size_t struct_size;
  /** Steps that were committed. */
  int64_t steps;
  /** Steps in which the tensor asked about took part. */
  int64_t tensor_steps;
  /** Steps that the rule ended early: with gradients that were infinite or NaN, or because it was still accumulating
   *  them. Not counted in `steps`. */
  int64_t skipped;
  /** 1 where the states of the tensor, and those of the model, have their initial values or later ones; a step that was
   *  ended early may set them too. `restore_progress` takes 1 for what has taken a step. */
  int32_t tensor_initialized;
  int32_t model_initialized;
} ravine_progress;

/* ---------------------------------------------------------------- the library */

typedef struct ravine_library {
  size_t struct_size;
  uint32_t abi_version;
  const char *name;
  /** The version of the compiler that wrote the library. */
  const char *compiler;
  /** SHA-256 of the source files' text, in hexadecimal. */
  const char *source_hash;
  /** Instruction sets that kernels exist for, from plain to wide, and how many. RAVINE_ISA selects one by name. */
  const char *const *targets;
  size_t target_count;
  /** The whole description as JSON, the text of the .json file beside the library. */
  const char *manifest;
  const ravine_optimizer_info *optimizers;
  size_t optimizer_count;

  /** A short constant name for a status, such as "RAVINE_ERROR_RANGE"; "unknown status" for any other number. */
  const char *(*status_name)(ravine_status status);

  /** Makes an optimizer for the given tensors. On success *optimizer is the caller's, to be ended by `destroy`. */
  ravine_status (*create)(const ravine_create_args *args, ravine_optimizer **optimizer, ravine_error *error);

  /** Sets hyperparameters from the next step on: all of them, or on an error none. */
  ravine_status (*configure)(ravine_optimizer *optimizer, const ravine_setting *settings, size_t count,
                             ravine_error *error);

  /** Reads the value of one hyperparameter of a group, or of the model in any group, that the next step will use. One
   * per tensor has none: that is an RAVINE_ERROR_ARGUMENT. */
  ravine_status (*read_setting)(const ravine_optimizer *optimizer, const char *name, uint32_t group, double *value,
                                ravine_error *error);

  /** Advances every tensor that has a gradient by one step, in place. */
  ravine_status (*step)(ravine_optimizer *optimizer, const ravine_step_args *args, ravine_error *error);

  /** Finds the memory of a state, to read or (between steps) to overwrite. `tensor` is ignored for a state of the
   * model. A state that is a single number is one f64. */
  ravine_status (*view_state)(const ravine_optimizer *optimizer, size_t tensor, const char *state,
                              ravine_state_view *view, ravine_error *error);

  /** Reads the counters; `tensor` below the number of tensors (ignored when there are none). */
  ravine_status (*read_progress)(const ravine_optimizer *optimizer, size_t tensor, ravine_progress *progress,
                                 ravine_error *error);

  /**
   * Sets the counters, so that a host with checkpoints of its own takes up where it left off: `steps` of the optimizer
   * and `tensor_steps` of the tensor, with 0 <= tensor_steps <= steps <= 2^53, and `skipped`, at most 2^53. A tensor
   * with tensor_steps > 0 counts as initialized, so its next step starts from what the host has written to its states;
   * so does the model with steps > 0. Call it for every tensor: a step is refused with RAVINE_ERROR_ARGUMENT while a
   * tensor has more steps than the optimizer. `tensor` and `tensor_steps` are ignored where there are no tensors.
   * Metrics stay as they are.
   */
  ravine_status (*restore_progress)(ravine_optimizer *optimizer, size_t tensor, const ravine_progress *progress,
                                    ravine_error *error);

  /** Frees an optimizer. Null is allowed. */
  void (*destroy)(ravine_optimizer *optimizer);

  /** Reads the value that a hyperparameter has for one tensor: its own, or that of its group or of the model. */
  ravine_status (*read_tensor_setting)(const ravine_optimizer *optimizer, const char *name, size_t tensor,
                                       double *value, ravine_error *error);

  /**
   * Reads a metric as the last committed step left it: NaN before the first, for a tensor that did not take part in it,
   * and for the model where no element did, which leaves states of the model as they were. `tensor` is ignored for a
   * metric of the model.
   */
  ravine_status (*read_metric)(const ravine_optimizer *optimizer, const char *name, size_t tensor, double *value,
                               ravine_error *error);

  /**
   * Computes a view from states and parameters into `outputs`: one array per tensor of as many elements as the tensor
   * has, of the parameter's dtype and alignment. `parameters` says where those are now; null means where the last step
   * found them. Counters are those of the last committed step, hyperparameters what the host has set last and what
   * schedules give at that step, which is not checked: no step is made with it. A null output leaves a tensor out;
   * `outputs` may be null where there are no tensors.
   *
   * An output may be the parameter itself, which is then replaced; otherwise it overlaps no parameter, no other output
   * and no state. A tensor that has taken no step yet has no states: it gives its parameter. Where the parameter is
   * needed, for that or by the view, and is null, the call is an RAVINE_ERROR_ARGUMENT.
   */
  ravine_status (*read_view)(ravine_optimizer *optimizer, const char *name, void *const *parameters,
                             void *const *outputs, ravine_error *error);

  /**
   * Writes settings, counters and states to a file in the safetensors format, by name. The file appears complete or not
   * at all: what stood at `path` stays until the new file is safely on disk.
   */
  ravine_status (*save)(ravine_optimizer *optimizer, const char *path, ravine_error *error);

  /**
   * Takes up where `save` left off, on tensors of the same names and shapes; states are matched by name. A file that is
   * damaged, foreign or does not fit is refused with the reason, and nothing changes.
   */
  ravine_status (*load)(ravine_optimizer *optimizer, const char *path, ravine_error *error);

  /** Reads whether a hyperparameter of a group, or of the model in any group, follows its schedule: 1, or 0 where the
   *  host has set a value or there is no schedule. */
  ravine_status (*read_following)(const ravine_optimizer *optimizer, const char *name, uint32_t group, int32_t *follows,
                                  ravine_error *error);
} ravine_library;

typedef const ravine_library *(*ravine_entry_point)(void);

#ifdef __cplusplus
}
#endif

#endif /* RAVINE_ABI_RAVINE_H */
