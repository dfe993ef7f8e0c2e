// The sample plan of a composed rule: see SampleComposition.h.
#include "SampleComposition.h"
#include "SamplePlans.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

static atomic_ulong kernel_calls, schedule_calls, slot_calls;

unsigned long sample_composition_kernels(void) {
  return atomic_exchange(&kernel_calls, 0);
}
unsigned long sample_composition_schedules(void) {
  return atomic_exchange(&schedule_calls, 0);
}
unsigned long sample_composition_slots(void) {
  return atomic_exchange(&slot_calls, 0);
}

// ---- precisions and outcomes; a variant is 4 * precision + outcome

enum { PRECISIONS = 5, OUTCOMES = 4, VARIANTS = PRECISIONS * OUTCOMES };
enum { OTHER, LIGHT, HEAVY, FROZEN };
static const ravine_dtype parameters[] = {RAVINE_F32, RAVINE_F64, RAVINE_BF16, RAVINE_F16, RAVINE_BF16};
static const ravine_dtype gradients[] = {RAVINE_F32, RAVINE_F64, RAVINE_BF16, RAVINE_F16, RAVINE_F32};
static const ravine_dtype computed[] = {RAVINE_F32, RAVINE_F64, RAVINE_F32, RAVINE_F32, RAVINE_F32};
// Bits: 1 hidden, 2 heavy, 4 frozen.
static const uint32_t outcomes[] = {0, 1, 3, 4};

static double load(ravine_dtype dtype, const void *array, int64_t i) {
  if (dtype == RAVINE_F64)
    return ((const double *)array)[i];
  if (dtype == RAVINE_F32)
    return ((const float *)array)[i];
  if (dtype == RAVINE_F16)
    return ((const _Float16 *)array)[i];
  uint32_t bits = (uint32_t)((const uint16_t *)array)[i] << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
static void store(ravine_dtype dtype, void *array, int64_t i, double value) {
  if (dtype == RAVINE_F64) {
    ((double *)array)[i] = value;
  } else if (dtype == RAVINE_F32) {
    ((float *)array)[i] = (float)value;
  } else if (dtype == RAVINE_F16) {
    ((_Float16 *)array)[i] = (_Float16)(float)value;
  } else {
    // To nearest, ties to even; a NaN keeps its upper bits, of which one is set.
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    ((uint16_t *)array)[i] = (uint16_t)((bits + (isnan(single) ? 0 : 0x7FFF + (bits >> 16 & 1))) >> 16);
  }
}

// ---- kernels, for a precision p and an outcome o

#define RULE(name)                                                                                                     \
  static void name(int p, int o, void *const *buffers, const double *scalars, int64_t begin, int64_t end,              \
                   double *partials)
#define UNUSED (void)p, (void)o, (void)buffers, (void)scalars, (void)partials

// buffers: g, acc
RULE(gather) {
  UNUSED;
  for (int64_t i = begin; i < end; ++i) {
    if (o != FROZEN)
      store(computed[p], buffers[1], i, load(computed[p], buffers[1], i) + load(gradients[p], buffers[0], i));
    store(gradients[p], buffers[0], i, 0);
  }
}
RULE(drop) {
  UNUSED;
  for (int64_t i = begin; i < end; ++i) {
    if (o != FROZEN)
      store(computed[p], buffers[1], i, 0);
    store(gradients[p], buffers[0], i, 0);
  }
}
// scalars: 1/every
static double direction(int p, void *gradient, void *gathered, double factor, int64_t i) {
  return factor * (load(computed[p], gathered, i) + load(gradients[p], gradient, i));
}
RULE(measure) {
  UNUSED;
  double square = 0;
  for (int64_t i = begin; i < end; ++i) {
    double d = direction(p, buffers[0], buffers[1], scalars[0], i);
    square += d * d;
  }
  partials[0] = square;
}
// buffers: g, acc, w, then b where heavy, then master where there is one; scalars: 1/every, lr*warm, momentum
RULE(move) {
  UNUSED;
  int hasMaster = parameters[p] == RAVINE_BF16 || parameters[p] == RAVINE_F16;
  void *b = o == HEAVY ? buffers[3] : 0, *master = hasMaster ? buffers[o == HEAVY ? 4 : 3] : 0;
  if (o == FROZEN) {
    drop(p, o, buffers, scalars, begin, end, partials);
    return;
  }
  for (int64_t i = begin; i < end; ++i) {
    double d = direction(p, buffers[0], buffers[1], scalars[0], i);
    if (b) {
      d += scalars[2] * load(RAVINE_BF16, b, i);
      store(RAVINE_BF16, b, i, d);
    }
    double w = master ? load(RAVINE_F32, master, i) : load(parameters[p], buffers[2], i);
    w -= scalars[1] * d;
    store(parameters[p], buffers[2], i, w);
    if (master)
      store(RAVINE_F32, master, i, w);
  }
  drop(p, o, buffers, scalars, begin, end, partials);
}
// buffers: w, master
RULE(copy_parameter) {
  UNUSED;
  for (int64_t i = begin; i < end; ++i)
    store(RAVINE_F32, buffers[1], i, load(parameters[p], buffers[0], i));
}
// buffers: w, the output
RULE(show_double) {
  UNUSED;
  for (int64_t i = begin; i < end; ++i)
    store(parameters[p], buffers[1], i, 2 * load(parameters[p], buffers[0], i));
}

// Calls F(name, p, o) for every variant, in order.
#define FOR_OUTCOMES(F, name, p) F(name, p, 0) F(name, p, 1) F(name, p, 2) F(name, p, 3)
#define FOR_VARIANTS(F, name)                                                                                          \
  FOR_OUTCOMES(F, name, 0)                                                                                             \
  FOR_OUTCOMES(F, name, 1) FOR_OUTCOMES(F, name, 2) FOR_OUTCOMES(F, name, 3) FOR_OUTCOMES(F, name, 4)

#define KERNEL(name, p, o)                                                                                             \
  static void name##_##p##_##o(void *const *buffers, const double *scalars, int64_t begin, int64_t end,                \
                               double *partials) {                                                                     \
    atomic_fetch_add(&kernel_calls, 1);                                                                                \
    name(p, o, buffers, scalars, begin, end, partials);                                                                \
  }                                                                                                                    \
  static const ravine_kernel_function name##_##p##_##o##_kernels[] = {name##_##p##_##o, name##_##p##_##o};
FOR_VARIANTS(KERNEL, gather)
FOR_VARIANTS(KERNEL, drop)
FOR_VARIANTS(KERNEL, measure)
FOR_VARIANTS(KERNEL, move)
FOR_VARIANTS(KERNEL, copy_parameter)
FOR_VARIANTS(KERNEL, show_double)

// ---- scalar programs

enum { PEAK, BRAKE, EVERY, LIMIT, LR, MOMENTUM, WARM, HYPERS };
enum { ACC, B, MASTER, N, COUNT, STATES };
enum { V_N, TENSOR_VALUES };
enum { V_COUNT, V_SQUARE, MODEL_VALUES };

#define SCALARS(name)                                                                                                  \
  static void name(const double *hypers, const double *clock, const double *tensor_values, const double *model_values, \
                   double *out)
#define NOT_ALL_READ (void)hypers, (void)clock, (void)tensor_values, (void)model_values

SCALARS(conditions) {
  NOT_ALL_READ;
  double isBias = clock[RAVINE_CLOCK_COUNT], isFrozen = clock[RAVINE_CLOCK_COUNT + 1];
  int isHidden = !isFrozen && clock[RAVINE_CLOCK_ROWS] >= 2 && !isBias;
  out[0] = isHidden;
  out[1] = isHidden && hypers[MOMENTUM] > 0;
  out[2] = isFrozen;
}
SCALARS(requirement) {
  NOT_ALL_READ;
  out[0] = hypers[WARM] <= hypers[LIMIT];
}
SCALARS(schedules) {
  NOT_ALL_READ;
  double step = clock[RAVINE_CLOCK_STEP];
  atomic_fetch_add(&schedule_calls, 1);
  memcpy(out, hypers, HYPERS * sizeof *out);
  if (isnan(hypers[LR]))
    out[LR] = hypers[PEAK] / step;
  if (isnan(hypers[MOMENTUM]))
    out[MOMENTUM] = 0.5 - hypers[BRAKE] * step;
  if (isnan(hypers[WARM]))
    out[WARM] = fmin(1, step / 4);
}
SCALARS(slots) {
  NOT_ALL_READ;
  atomic_fetch_add(&slot_calls, 1);
  out[0] = 1 / hypers[EVERY];
  out[1] = hypers[LR] * hypers[WARM];
  out[2] = hypers[MOMENTUM];
}
SCALARS(gathers) {
  NOT_ALL_READ;
  out[0] = model_values[V_COUNT] + 1 < hypers[EVERY];
}
SCALARS(is_not_finite) {
  NOT_ALL_READ;
  out[0] = !isfinite(model_values[V_SQUARE]);
}
SCALARS(start_tensor) {
  NOT_ALL_READ;
  out[0] = clock[RAVINE_CLOCK_ROWS] + 100 * clock[RAVINE_CLOCK_COLS];
}
SCALARS(start_model) {
  NOT_ALL_READ;
  out[0] = 0;
}
SCALARS(count_tensor) {
  NOT_ALL_READ;
  out[0] = tensor_values[V_N] + 1;
}
SCALARS(end_tensor) {
  NOT_ALL_READ;
  out[0] = out[1] = tensor_values[V_N] + 1;
}
SCALARS(count_model) {
  NOT_ALL_READ;
  out[0] = model_values[V_COUNT] + 1;
}
SCALARS(drop_model) {
  NOT_ALL_READ;
  out[0] = 0;
}
SCALARS(end_model) {
  NOT_ALL_READ;
  out[0] = 0;
  out[1] = sqrt(model_values[V_SQUARE]);
}

// ---- sweeps

// What a step walks through, in the order of `move`; other sweeps need the first ones.
static const ravine_plan_buffer plain[] = {GRADIENT(1), STATE(ACC), PARAMETER(1), STATE(MASTER)};
static const ravine_plan_buffer heavy[] = {GRADIENT(1), STATE(ACC), PARAMETER(1), STATE(B), STATE(MASTER)};
static const ravine_plan_buffer starting[] = {PARAMETER(0), STATE(MASTER)};
static const ravine_plan_buffer viewed[] = {PARAMETER(0), OUTPUT};
static const ravine_plan_reduction folded[] = {{RAVINE_REDUCE_SUM, RAVINE_PER_MODEL, V_SQUARE}};

#define HAS_MASTER(p) ((p) >= 2)
#define SLOTS {slots, 3, 0, 0, 0}
#define TWO(o) ((o) == FROZEN ? 1 : 2)
#define GATHER(name, p, o) SWEEP(plain, TWO(o), gather_##p##_##o##_kernels, {0}),
#define DROP(name, p, o) SWEEP(plain, TWO(o), drop_##p##_##o##_kernels, {0}),
#define MEASURE(name, p, o) FOLDING(plain, TWO(o), measure_##p##_##o##_kernels, folded, 1, SLOTS),
#define MOVE(name, p, o)                                                                                               \
  SWEEP((o) == HEAVY ? heavy : plain, (o) == FROZEN ? 1 : 3 + ((o) == HEAVY) + HAS_MASTER(p),                          \
        move_##p##_##o##_kernels, SLOTS),
#define COPY(name, p, o) SWEEP(starting, 2, copy_parameter_##p##_##o##_kernels, {0}),
#define SHOW(name, p, o) SWEEP(viewed, 2, show_double_##p##_##o##_kernels, {0}),

static const ravine_plan_sweep sweeps[] = {FOR_VARIANTS(GATHER, ) FOR_VARIANTS(DROP, ) FOR_VARIANTS(MEASURE, )
                                               FOR_VARIANTS(MOVE, ) FOR_VARIANTS(COPY, ) FOR_VARIANTS(SHOW, )};

#define NUMBERS(kind, p, o) VARIANTS *kind + OUTCOMES *p + o,
static const uint32_t numbers[] = {FOR_VARIANTS(NUMBERS, 0) FOR_VARIANTS(NUMBERS, 1) FOR_VARIANTS(NUMBERS, 2)
                                       FOR_VARIANTS(NUMBERS, 3) FOR_VARIANTS(NUMBERS, 4) FOR_VARIANTS(NUMBERS, 5)};
#define ONE_SWEEP(kind, p, o) STAGE(&numbers[VARIANTS * kind + OUTCOMES * p + o], 1),
// Nothing is measured of a frozen tensor, and only what moves has a master.
#define OF_MOVING(kind, p, o) STAGE(&numbers[VARIANTS * kind + OUTCOMES * p + o], (o) == FROZEN ? 0 : 1),
#define OF_MASTER(kind, p, o)                                                                                          \
  STAGE(&numbers[VARIANTS * kind + OUTCOMES * p + o], HAS_MASTER(p) && (o) != FROZEN ? 1 : 0),
static const ravine_plan_stage stages[] = {FOR_VARIANTS(OF_MOVING, 2) FOR_VARIANTS(ONE_SWEEP, 3)};
static const ravine_plan_stage gathering[] = {FOR_VARIANTS(ONE_SWEEP, 0)};
static const ravine_plan_stage dropping[] = {FOR_VARIANTS(ONE_SWEEP, 1)};
static const ravine_plan_stage initial[] = {FOR_VARIANTS(OF_MASTER, 4)};
static const ravine_plan_stage views[] = {FOR_VARIANTS(ONE_SWEEP, 5)};

#define ONE(program, p, o) {program, 2, 0, 1, 0},
static const ravine_plan_scalars start_tensors[] = {FOR_VARIANTS(ONE, start_tensor)};
static const ravine_plan_scalars end_tensors[] = {FOR_VARIANTS(ONE, end_tensor)};
static const ravine_plan_scalars count_tensors[] = {FOR_VARIANTS(ONE, count_tensor)};

// ---- the library

#define HYPER(name, kind, value, lower, upper, upper_open, set, schedule)                                              \
  {sizeof(ravine_hyper_info), name, "", kind, value, lower, upper, 0, upper_open, 0, 0, set, schedule}
static const ravine_hyper_info hypers[HYPERS] = {
    [PEAK] = HYPER("peak", RAVINE_HYPER_REAL, 1, 0, 8, 0, RAVINE_PER_GROUP, ""),
    [BRAKE] = HYPER("brake", RAVINE_HYPER_REAL, 0, 0, 1, 0, RAVINE_PER_GROUP, ""),
    [EVERY] = HYPER("every", RAVINE_HYPER_INT, 2, 1, INFINITY, 1, RAVINE_PER_MODEL, ""),
    [LIMIT] = HYPER("limit", RAVINE_HYPER_REAL, 1, 0, 1, 0, RAVINE_PER_MODEL, ""),
    [LR] = HYPER("hidden.lr", RAVINE_HYPER_REAL, 1, 0, 4, 0, RAVINE_PER_GROUP, "peak/step"),
    [MOMENTUM] = HYPER("hidden.momentum", RAVINE_HYPER_REAL, 0.5, 0, 1, 1, RAVINE_PER_GROUP, "0.5 - brake*step"),
    [WARM] = HYPER("warm", RAVINE_HYPER_REAL, 0.25, 0, 1, 0, RAVINE_PER_MODEL, "min(1, step/4)"),
};

static const ravine_state_info states[STATES] = {
    [ACC] = {sizeof(ravine_state_info), "acc", "", RAVINE_PER_ELEMENT, RAVINE_DTYPE_COMPUTE, "not frozen"},
    [B] = {sizeof(ravine_state_info), "hidden.b", "", RAVINE_PER_ELEMENT, RAVINE_BF16, "hidden.momentum > 0"},
    [MASTER] = {sizeof(ravine_state_info), "master", "", RAVINE_PER_ELEMENT, RAVINE_F32, ""},
    [N] = {sizeof(ravine_state_info), "n", "", RAVINE_PER_TENSOR, RAVINE_F64, ""},
    [COUNT] = {sizeof(ravine_state_info), "count", "", RAVINE_PER_MODEL, RAVINE_F64, ""},
};
#define ALWAYS 1, 1, 1, 1
#define MOVES 1, 1, 1, 0
#define NEVER 0, 0, 0, 0
#define IS_HEAVY 0, 0, 1, 0
static const uint8_t state_exists[STATES * VARIANTS] = {
    MOVES,    MOVES,    MOVES,    MOVES,    MOVES,    // acc
    IS_HEAVY, IS_HEAVY, IS_HEAVY, IS_HEAVY, IS_HEAVY, // hidden.b
    NEVER,    NEVER,    MOVES,    MOVES,    MOVES,    // master
    ALWAYS,   ALWAYS,   ALWAYS,   ALWAYS,   ALWAYS,   // n
    ALWAYS,   ALWAYS,   ALWAYS,   ALWAYS,   ALWAYS,   // count
};
#define ALL(dtype) dtype, dtype, dtype, dtype, dtype
static const ravine_dtype state_dtypes[STATES * PRECISIONS] = {
    RAVINE_F32,       RAVINE_F64,      RAVINE_F32,      RAVINE_F32,     RAVINE_F32, // acc
    ALL(RAVINE_BF16), ALL(RAVINE_F32), ALL(RAVINE_F64), ALL(RAVINE_F64)};

static const ravine_requirement_info requirements[] = {{sizeof(ravine_requirement_info), "warm <= limit"}};
static const ravine_precision_info precisions[] = {
    {sizeof(ravine_precision_info), "f32", RAVINE_F32, RAVINE_F32, RAVINE_F32},
    {sizeof(ravine_precision_info), "f64", RAVINE_F64, RAVINE_F64, RAVINE_F64},
    {sizeof(ravine_precision_info), "bf16", RAVINE_BF16, RAVINE_BF16, RAVINE_F32},
    {sizeof(ravine_precision_info), "f16", RAVINE_F16, RAVINE_F16, RAVINE_F32},
    {sizeof(ravine_precision_info), "bf16/f32", RAVINE_BF16, RAVINE_F32, RAVINE_F32},
};
static const ravine_metric_info metrics[] = {{sizeof(ravine_metric_info), "norm", "", RAVINE_PER_MODEL},
                                             {sizeof(ravine_metric_info), "depth", "", RAVINE_PER_TENSOR}};
static const ravine_view_info view_infos[] = {{sizeof(ravine_view_info), "eval", ""}};
static const ravine_plan_value tensor_values[] = {{RAVINE_VALUE_STATE, N}};
static const ravine_plan_value model_values[] = {{RAVINE_VALUE_STATE, COUNT}, {RAVINE_VALUE_REDUCTION, 0}};
static const ravine_plan_pattern patterns[] = {{"*bias", 0}, {"frozen*", 1}};

#define AT_START                                                                                                       \
  {.condition = {gathers, 1, 0, 0, 1},                                                                                 \
   .stages = gathering,                                                                                                \
   .stage_count = 1,                                                                                                   \
   .end_tensor = count_tensors,                                                                                        \
   .end_model = {count_model, 1, 0, 0, 1}}
static const ravine_plan_exit lenient_exits[] = {AT_START,
                                                 {.condition = {is_not_finite, 1, 0, 0, 1},
                                                  .after_stages = 1,
                                                  .stages = dropping,
                                                  .stage_count = 1,
                                                  .end_model = {drop_model, 1, 0, 0, 0}}};
static const ravine_plan_exit strict_exits[] = {
    AT_START, {.condition = {is_not_finite, 1, 0, 0, 1}, .after_stages = 1, .refuses = 1, .culprit = V_SQUARE}};

#define DESCRIPTION(its_name, its_nonfinite)                                                                           \
  {.struct_size = sizeof(ravine_optimizer_info),                                                                       \
   .name = its_name,                                                                                                   \
   .doc = "",                                                                                                          \
   .citation = "",                                                                                                     \
   .hypers = hypers,                                                                                                   \
   .hyper_count = HYPERS,                                                                                              \
   .states = states,                                                                                                   \
   .state_count = STATES,                                                                                              \
   .requirements = requirements,                                                                                       \
   .requirement_count = 1,                                                                                             \
   .precisions = precisions,                                                                                           \
   .precision_count = PRECISIONS,                                                                                      \
   .metrics = metrics,                                                                                                 \
   .metric_count = 2,                                                                                                  \
   .views = view_infos,                                                                                                \
   .view_count = 1,                                                                                                    \
   .nonfinite = its_nonfinite,                                                                                         \
   .writes_gradient = 1}
#define PLAN(its_exits)                                                                                                \
  {.conditions = conditions,                                                                                           \
   .condition_count = 3,                                                                                               \
   .condition_clock_mask = 1u << RAVINE_CLOCK_ROWS,                                                                    \
   .patterns = patterns,                                                                                               \
   .pattern_count = 2,                                                                                                 \
   .outcomes = outcomes,                                                                                               \
   .outcome_count = OUTCOMES,                                                                                          \
   .precision_count = PRECISIONS,                                                                                      \
   .state_exists = state_exists,                                                                                       \
   .state_dtypes = state_dtypes,                                                                                       \
   .schedules = {schedules, HYPERS, 1u << RAVINE_CLOCK_STEP, 0, 0},                                                    \
   .requirements = requirement,                                                                                        \
   .tensor_values = tensor_values,                                                                                     \
   .tensor_value_count = TENSOR_VALUES,                                                                                \
   .model_values = model_values,                                                                                       \
   .model_value_count = MODEL_VALUES,                                                                                  \
   .initial = initial,                                                                                                 \
   .sweeps = sweeps,                                                                                                   \
   .sweep_count = 6 * VARIANTS,                                                                                        \
   .stages = stages,                                                                                                   \
   .stage_count = 2,                                                                                                   \
   .exits = its_exits,                                                                                                 \
   .exit_count = 2,                                                                                                    \
   .views = views,                                                                                                     \
   .initial_tensor = start_tensors,                                                                                    \
   .end_tensor = end_tensors,                                                                                          \
   .initial_model = {start_model, 1, 0, 0, 0},                                                                         \
   .end_model = {end_model, 2, 0, 0, 1},                                                                               \
   .flush_subnormals = 1}

static const ravine_optimizer_info descriptions[] = {DESCRIPTION("lenient", RAVINE_SKIPS_NONFINITE),
                                                     DESCRIPTION("strict", RAVINE_REFUSES_NONFINITE)};
static const ravine_plan_optimizer optimizers[] = {PLAN(lenient_exits), PLAN(strict_exits)};
static const uint32_t targets[] = {RAVINE_TARGET_X86_64_V3, RAVINE_TARGET_X86_64_V4};
static const char *const target_names[] = {"x86-64-v3", "x86-64-v4"};

const ravine_plan_library sample_composition = {
    .name = "composition",
    .compiler = "written by hand",
    .source_hash = "2222222222222222222222222222222222222222222222222222222222222222",
    .manifest = "{}",
    .targets = targets,
    .target_names = target_names,
    .target_count = 2,
    .optimizer_count = 2,
    .descriptions = descriptions,
    .optimizers = optimizers,
};
