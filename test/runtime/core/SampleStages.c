// The sample plan of stages: see SampleStages.h.
#include "SampleStages.h"
#include "SamplePlans.h"

#include <math.h>
#include <stdatomic.h>

static atomic_ulong carried_chunks, tensor_scalar_calls, model_scalar_calls;

unsigned long sample_carried_chunks(void) {
  return atomic_exchange(&carried_chunks, 0);
}
unsigned long sample_tensor_scalar_calls(void) {
  return atomic_exchange(&tensor_scalar_calls, 0);
}
unsigned long sample_model_scalar_calls(void) {
  return atomic_exchange(&model_scalar_calls, 0);
}

// ---- kernels

#define KERNEL(name)                                                                                                   \
  static void name(void *const *buffers, const double *scalars, int64_t begin, int64_t end, double *partials)

// buffers: g
KERNEL(fold_gradient) {
  const float *g = buffers[0];
  double square = 0, largest = -INFINITY;
  (void)scalars;
  for (int64_t i = begin; i < end; ++i) {
    double size = fabs(g[i]);
    square += size * size;
    largest = isnan(largest) || largest > size ? largest : size;
  }
  partials[0] = square;
  partials[1] = largest;
}

// buffers: w, g, and for `store_direction` d; scalars: 1/largest
static void fold_direction(const float *w, const float *g, float *d, double factor, int64_t begin, int64_t end,
                           double *partials) {
  double square = 0, lowest = INFINITY;
  for (int64_t i = begin; i < end; ++i) {
    float direction = (float)factor * g[i];
    square += (double)direction * direction;
    lowest = isnan(lowest) || lowest < w[i] ? lowest : w[i];
    if (d)
      d[i] = direction;
  }
  partials[0] = square;
  partials[1] = lowest;
}
KERNEL(measure) {
  fold_direction(buffers[0], buffers[1], 0, scalars[0], begin, end, partials);
}
KERNEL(store_direction) {
  fold_direction(buffers[0], buffers[1], buffers[2], scalars[0], begin, end, partials);
}

// buffers: w, u, g; scalars: 1/largest, lr*scale*sqrt(dd)
KERNEL(move) {
  float *w = buffers[0], *u = buffers[1];
  const float *g = buffers[2];
  (void)partials;
  for (int64_t i = begin; i < end; ++i) {
    float direction = (float)scalars[0] * g[i];
    u[i] = w[i] -= (float)scalars[1] * direction;
  }
}

// buffers: w, u, d; the same scalars
KERNEL(move_along) {
  float *w = buffers[0], *u = buffers[1];
  const float *d = buffers[2];
  (void)partials;
  atomic_fetch_add(&carried_chunks, 1);
  for (int64_t i = begin; i < end; ++i)
    u[i] = w[i] -= (float)scalars[1] * d[i];
}

// buffers: w, g; scalars: lr
KERNEL(descend) {
  float *w = buffers[0];
  const float *g = buffers[1];
  (void)partials;
  for (int64_t i = begin; i < end; ++i)
    w[i] -= (float)scalars[0] * g[i];
}

// buffers: u, w
KERNEL(copy_parameter) {
  float *u = buffers[0];
  const float *w = buffers[1];
  (void)scalars, (void)partials;
  for (int64_t i = begin; i < end; ++i)
    u[i] = w[i];
}

// buffers: u, the output; scalars: t
KERNEL(view_eval) {
  const float *u = buffers[0];
  float *output = buffers[1];
  (void)partials;
  for (int64_t i = begin; i < end; ++i)
    output[i] = (float)scalars[0] * u[i];
}

// buffers: w, the output, which may be w; scalars: n
KERNEL(view_shifted) {
  const float *w = buffers[0];
  float *output = buffers[1];
  (void)partials;
  for (int64_t i = begin; i < end; ++i)
    output[i] = w[i] + (float)scalars[0];
}

// ---- scalar programs

enum { LR, FIRST, SCALE };
// Columns of tensors and of the model.
enum { V_SCALE, V_N, V_DD, V_LOWEST, TENSOR_VALUES };
enum { V_TOTAL, V_SQUARE, V_LARGEST, MODEL_VALUES };

#define SCALARS(name)                                                                                                  \
  static void name(const double *hypers, const double *clock, const double *tensor_values, const double *model_values, \
                   double *out)
#define UNUSED (void)hypers, (void)clock, (void)tensor_values, (void)model_values

SCALARS(is_long) {
  UNUSED;
  out[0] = clock[RAVINE_CLOCK_SIZE] >= 8;
}
SCALARS(direction_slots) {
  UNUSED;
  atomic_fetch_add(&model_scalar_calls, 1);
  out[0] = 1 / model_values[V_LARGEST];
}
SCALARS(move_slots) {
  UNUSED;
  atomic_fetch_add(&tensor_scalar_calls, 1);
  out[0] = 1 / model_values[V_LARGEST];
  out[1] = hypers[LR] * tensor_values[V_SCALE] * sqrt(tensor_values[V_DD]);
}
SCALARS(descend_slots) {
  UNUSED;
  out[0] = hypers[LR];
}
SCALARS(eval_slots) {
  UNUSED;
  out[0] = clock[RAVINE_CLOCK_T];
}
SCALARS(shifted_slots) {
  UNUSED;
  out[0] = tensor_values[V_N];
}
SCALARS(is_not_finite) {
  UNUSED;
  out[0] = !isfinite(model_values[V_SQUARE]);
}
SCALARS(start_tensor) {
  UNUSED;
  out[0] = clock[RAVINE_CLOCK_SIZE];
}
SCALARS(start_model) {
  UNUSED;
  out[0] = hypers[FIRST];
}
SCALARS(end_tensor) {
  UNUSED;
  out[0] = tensor_values[V_N] + tensor_values[V_DD];
  out[1] = tensor_values[V_N];
  out[2] = tensor_values[V_LOWEST];
}
SCALARS(end_model) {
  UNUSED;
  out[0] = model_values[V_TOTAL] + model_values[V_SQUARE];
  out[1] = sqrt(model_values[V_SQUARE]);
  out[2] = clock[RAVINE_CLOCK_MODEL_SIZE];
}

// ---- sweeps

#define STATE_U STATE(0)
#define SCRATCH(written) {RAVINE_BUFFER_SCRATCH, 0, sizeof(float), !written, written}

static const ravine_plan_buffer gradient_alone[] = {GRADIENT(0)};
static const ravine_plan_buffer both[] = {PARAMETER(0), GRADIENT(0)};
static const ravine_plan_buffer both_and_scratch[] = {PARAMETER(0), GRADIENT(0), SCRATCH(1)};
static const ravine_plan_buffer all[] = {PARAMETER(1), STATE_U, GRADIENT(0)};
static const ravine_plan_buffer all_and_scratch[] = {PARAMETER(1), STATE_U, SCRATCH(0)};
static const ravine_plan_buffer moved[] = {PARAMETER(1), GRADIENT(0)};
static const ravine_plan_buffer copied[] = {STATE_U, PARAMETER(0)};
static const ravine_plan_buffer viewed_u[] = {STATE_U, OUTPUT};
static const ravine_plan_buffer viewed_w[] = {PARAMETER(0), OUTPUT};

// One precision and two targets, which are the same.
#define KERNELS(name) static const ravine_kernel_function name##_kernels[] = {name, name}
KERNELS(fold_gradient);
KERNELS(measure);
KERNELS(store_direction);
KERNELS(move);
KERNELS(move_along);
KERNELS(descend);
KERNELS(copy_parameter);
KERNELS(view_eval);
KERNELS(view_shifted);

static const ravine_plan_reduction of_gradient[] = {{RAVINE_REDUCE_SUM, RAVINE_PER_MODEL, V_SQUARE},
                                                    {RAVINE_REDUCE_MAX, RAVINE_PER_MODEL, V_LARGEST}};
static const ravine_plan_reduction of_direction[] = {{RAVINE_REDUCE_SUM, RAVINE_PER_TENSOR, V_DD},
                                                     {RAVINE_REDUCE_MIN, RAVINE_PER_TENSOR, V_LOWEST}};

enum { FOLD, MEASURE, MOVE, STORE, MOVE_ALONG, DESCEND, COPY, SHOW_U, SHOW_W, SWEEPS };

#define ONE_OF_MODEL(program) {program, 1, 0, 0, 1}
#define TWO_OF_BOTH(program) {program, 2, 0, 1, 1}
static const ravine_plan_sweep sweeps[SWEEPS] = {
    [FOLD] = FOLDING(gradient_alone, 1, fold_gradient_kernels, of_gradient, 2, {0}),
    [MEASURE] = FOLDING(both, 2, measure_kernels, of_direction, 2, ONE_OF_MODEL(direction_slots)),
    [MOVE] = SWEEP(all, 3, move_kernels, TWO_OF_BOTH(move_slots)),
    [STORE] = FOLDING(both_and_scratch, 3, store_direction_kernels, of_direction, 2, ONE_OF_MODEL(direction_slots)),
    [MOVE_ALONG] = SWEEP(all_and_scratch, 3, move_along_kernels, TWO_OF_BOTH(move_slots)),
    [DESCEND] = SWEEP(moved, 2, descend_kernels, {descend_slots, 1, 0, 0, 0}),
    [COPY] = SWEEP(copied, 2, copy_parameter_kernels, {0}),
    [SHOW_U] = SWEEP(viewed_u, 2, view_eval_kernels, {eval_slots, 1, 1u << RAVINE_CLOCK_T, 0, 0}),
    [SHOW_W] = SWEEP(viewed_w, 2, view_shifted_kernels, {shifted_slots, 1, 0, 1, 0}),
};

static const uint32_t folded[] = {FOLD}, descended[] = {DESCEND}, measured[] = {MEASURE, MOVE},
                      stored[] = {STORE, MOVE_ALONG}, copying[] = {COPY}, showing_u[] = {SHOW_U},
                      showing_w[] = {SHOW_W};
// Two stages of two variants: short tensors, and long ones.
static const ravine_plan_stage recomputed_stages[] = {STAGE(folded, 1), STAGE(folded, 1), STAGE(descended, 1),
                                                      STAGE_IN_TWO_FORMS(measured, 2, stored, 2)};
static const ravine_plan_stage carried_stages[] = {STAGE(folded, 1), STAGE(folded, 1), STAGE(descended, 1),
                                                   STAGE(stored, 2)};
static const ravine_plan_stage initial[] = {NO_STAGE, STAGE(copying, 1)};
static const ravine_plan_stage views[] = {NO_STAGE, STAGE(showing_u, 1), STAGE(showing_w, 1), STAGE(showing_w, 1)};

// ---- the library

#define HYPER(name, value, set)                                                                                        \
  {sizeof(ravine_hyper_info), name, "", RAVINE_HYPER_REAL, value, 0, INFINITY, 0, 1, 0, 0, set, ""}
static const ravine_hyper_info hypers[] = {HYPER("lr", 0.5, RAVINE_PER_GROUP), HYPER("first", 0, RAVINE_PER_MODEL),
                                           HYPER("scale", 1, RAVINE_PER_TENSOR)};
static const ravine_state_info states[] = {
    {sizeof(ravine_state_info), "u", "", RAVINE_PER_ELEMENT, RAVINE_DTYPE_COMPUTE, "size >= 8"},
    {sizeof(ravine_state_info), "n", "", RAVINE_PER_TENSOR, RAVINE_F64, ""},
    {sizeof(ravine_state_info), "total", "", RAVINE_PER_MODEL, RAVINE_F64, ""},
};
// Two outcomes: short tensors, and long ones, which have a u.
static const uint32_t outcomes[] = {0, 1};
static const uint8_t state_exists[] = {0, 1, 1, 1, 1, 1};
static const ravine_dtype state_dtypes[] = {RAVINE_F32, RAVINE_F64, RAVINE_F64};
static const ravine_metric_info metrics[] = {
    {sizeof(ravine_metric_info), "depth", "", RAVINE_PER_TENSOR},
    {sizeof(ravine_metric_info), "norm", "", RAVINE_PER_MODEL},
    {sizeof(ravine_metric_info), "low", "", RAVINE_PER_TENSOR},
    {sizeof(ravine_metric_info), "elements", "", RAVINE_PER_MODEL},
};
static const ravine_view_info view_infos[] = {{sizeof(ravine_view_info), "eval", ""},
                                              {sizeof(ravine_view_info), "shifted", ""}};
static const ravine_precision_info precisions[] = {
    {sizeof(ravine_precision_info), "f32", RAVINE_F32, RAVINE_F32, RAVINE_F32}};

static const ravine_plan_value tensor_values[TENSOR_VALUES] = {[V_SCALE] = {RAVINE_VALUE_HYPER, SCALE},
                                                               [V_N] = {RAVINE_VALUE_STATE, 1},
                                                               [V_DD] = {RAVINE_VALUE_REDUCTION, 2},
                                                               [V_LOWEST] = {RAVINE_VALUE_REDUCTION, 3}};
static const ravine_plan_value model_values[MODEL_VALUES] = {[V_TOTAL] = {RAVINE_VALUE_STATE, 2},
                                                             [V_SQUARE] = {RAVINE_VALUE_REDUCTION, 0},
                                                             [V_LARGEST] = {RAVINE_VALUE_REDUCTION, 1}};

static const ravine_plan_scalars start_tensors[] = {{start_tensor, 1, 1u << RAVINE_CLOCK_SIZE, 0, 0},
                                                    {start_tensor, 1, 1u << RAVINE_CLOCK_SIZE, 0, 0}};
static const ravine_plan_scalars end_tensors[] = {{end_tensor, 3, 0, 1, 0}, {end_tensor, 3, 0, 1, 0}};

#define DESCRIPTION(its_name, its_nonfinite)                                                                           \
  {.struct_size = sizeof(ravine_optimizer_info),                                                                       \
   .name = its_name,                                                                                                   \
   .doc = "",                                                                                                          \
   .citation = "",                                                                                                     \
   .hypers = hypers,                                                                                                   \
   .hyper_count = 3,                                                                                                   \
   .states = states,                                                                                                   \
   .state_count = 3,                                                                                                   \
   .precisions = precisions,                                                                                           \
   .precision_count = 1,                                                                                               \
   .metrics = metrics,                                                                                                 \
   .metric_count = 4,                                                                                                  \
   .views = view_infos,                                                                                                \
   .view_count = 2,                                                                                                    \
   .nonfinite = its_nonfinite}
// A gradient that is not finite ends the step behind the stage that sums its squares.
static const ravine_plan_exit skips[] = {{{is_not_finite, 1, 0, 0, 1}, .after_stages = 1}};
static const ravine_plan_exit refuses[] = {
    {{is_not_finite, 1, 0, 0, 1}, .after_stages = 1, .refuses = 1, .culprit = V_SQUARE}};

#define PLAN(its_stages, its_exits, its_exit_count)                                                                    \
  {.conditions = is_long,                                                                                              \
   .condition_count = 1,                                                                                               \
   .condition_clock_mask = 1u << RAVINE_CLOCK_SIZE,                                                                    \
   .outcomes = outcomes,                                                                                               \
   .outcome_count = 2,                                                                                                 \
   .precision_count = 1,                                                                                               \
   .state_exists = state_exists,                                                                                       \
   .state_dtypes = state_dtypes,                                                                                       \
   .tensor_values = tensor_values,                                                                                     \
   .tensor_value_count = TENSOR_VALUES,                                                                                \
   .model_values = model_values,                                                                                       \
   .model_value_count = MODEL_VALUES,                                                                                  \
   .initial = initial,                                                                                                 \
   .sweeps = sweeps,                                                                                                   \
   .sweep_count = SWEEPS,                                                                                              \
   .stages = its_stages,                                                                                               \
   .stage_count = 2,                                                                                                   \
   .views = views,                                                                                                     \
   .initial_tensor = start_tensors,                                                                                    \
   .end_tensor = end_tensors,                                                                                          \
   .initial_model = {start_model, 1, 0, 0, 0},                                                                         \
   .end_model = {end_model, 3, 1u << RAVINE_CLOCK_MODEL_SIZE, 0, 1},                                                   \
   .exits = its_exits,                                                                                                 \
   .exit_count = its_exit_count,                                                                                       \
   .flush_subnormals = 1}

static const ravine_optimizer_info descriptions[] = {DESCRIPTION("recomputed", RAVINE_SKIPS_NONFINITE),
                                                     DESCRIPTION("carried", RAVINE_REFUSES_NONFINITE),
                                                     DESCRIPTION("unguarded", RAVINE_PROPAGATES_NONFINITE)};
static const ravine_plan_optimizer optimizers[] = {PLAN(recomputed_stages, skips, 1), PLAN(carried_stages, refuses, 1),
                                                   PLAN(recomputed_stages, 0, 0)};
static const uint32_t targets[] = {RAVINE_TARGET_X86_64_V3, RAVINE_TARGET_X86_64_V4};
static const char *const target_names[] = {"x86-64-v3", "x86-64-v4"};

const ravine_plan_library sample_stages = {
    .name = "stages",
    .compiler = "written by hand",
    .source_hash = "1111111111111111111111111111111111111111111111111111111111111111",
    .manifest = "{}",
    .targets = targets,
    .target_names = target_names,
    .target_count = 2,
    .optimizer_count = 3,
    .descriptions = descriptions,
    .optimizers = optimizers,
};
