// The sample plan: see SamplePlan.h.
#include "SamplePlan.h"
#include "SamplePlans.h"

#include <math.h>
#include <stdatomic.h>

static atomic_ulong scalar_calls[3];
static atomic_uint targets_used;

unsigned long sample_scalar_calls(int optimizer) {
  return atomic_load(&scalar_calls[optimizer]);
}
unsigned sample_targets_used(void) {
  return atomic_exchange(&targets_used, 0);
}

// Kernels for one dtype and one target. Two targets with the same arithmetic, told apart by what they leave in
// targets_used.
#define KERNELS(T, suffix, target)                                                                                     \
  static void momentum_plain_##suffix(void *const *buffers, const double *scalars, int64_t begin, int64_t end,         \
                                      double *partials) {                                                              \
    (void)partials;                                                                                                    \
    T *w = buffers[0];                                                                                                 \
    const T *g = buffers[1];                                                                                           \
    atomic_fetch_or(&targets_used, 1u << target);                                                                      \
    for (int64_t i = begin; i < end; ++i)                                                                              \
      w[i] -= (T)scalars[0] * g[i];                                                                                    \
  }                                                                                                                    \
  static void momentum_heavy_##suffix(void *const *buffers, const double *scalars, int64_t begin, int64_t end,         \
                                      double *partials) {                                                              \
    (void)partials;                                                                                                    \
    T *w = buffers[0], *b = buffers[2];                                                                                \
    const T *g = buffers[1];                                                                                           \
    atomic_fetch_or(&targets_used, 1u << target);                                                                      \
    for (int64_t i = begin; i < end; ++i) {                                                                            \
      b[i] = (T)scalars[1] * b[i] + (T)scalars[2] * g[i];                                                              \
      w[i] -= (T)scalars[0] * b[i];                                                                                    \
    }                                                                                                                  \
  }                                                                                                                    \
  static void averaged_initial_##suffix(void *const *buffers, const double *scalars, int64_t begin, int64_t end,       \
                                        double *partials) {                                                            \
    (void)partials;                                                                                                    \
    T *u = buffers[0];                                                                                                 \
    const T *w = buffers[1];                                                                                           \
    (void)scalars;                                                                                                     \
    for (int64_t i = begin; i < end; ++i)                                                                              \
      u[i] = w[i];                                                                                                     \
  }                                                                                                                    \
  static void averaged_average_##suffix(void *const *buffers, const double *scalars, int64_t begin, int64_t end,       \
                                        double *partials) {                                                            \
    (void)partials;                                                                                                    \
    T *u = buffers[0];                                                                                                 \
    const T *w = buffers[1];                                                                                           \
    for (int64_t i = begin; i < end; ++i)                                                                              \
      u[i] += (T)scalars[0] * (w[i] - u[i]);                                                                           \
  }

KERNELS(float, f32_v3, RAVINE_TARGET_X86_64_V3)
KERNELS(float, f32_v4, RAVINE_TARGET_X86_64_V4)
KERNELS(double, f64_v3, RAVINE_TARGET_X86_64_V3)
KERNELS(double, f64_v4, RAVINE_TARGET_X86_64_V4)

#define KERNEL_TABLE(name)                                                                                             \
  static const ravine_kernel_function name##_f32[] = {name##_f32_v3, name##_f32_v4};                                   \
  static const ravine_kernel_function name##_f64[] = {name##_f64_v3, name##_f64_v4}

KERNEL_TABLE(momentum_plain);
KERNEL_TABLE(momentum_heavy);
KERNEL_TABLE(averaged_initial);
KERNEL_TABLE(averaged_average);

static const ravine_precision_info precisions[] = {
    {sizeof(ravine_precision_info), "f32", RAVINE_F32, RAVINE_F32, RAVINE_F32},
    {sizeof(ravine_precision_info), "f64", RAVINE_F64, RAVINE_F64, RAVINE_F64},
};

// ---- momentum

enum { LR, MOMENTUM, DAMPING, NESTEROV, PERIOD, MODE };

static const char *const modes[] = {"plain", "signed", "cubic"};

#define HYPER(name, kind, value, lower, upper, upper_open)                                                             \
  {sizeof(ravine_hyper_info), name, "", kind, value, lower, upper, 0, upper_open, 0, 0, RAVINE_PER_GROUP, ""}

static const ravine_hyper_info momentum_hypers[] = {
    HYPER("lr", RAVINE_HYPER_REAL, 0.5, 0, INFINITY, 1),
    HYPER("momentum", RAVINE_HYPER_REAL, 0, 0, 1, 1),
    HYPER("damping", RAVINE_HYPER_REAL, 0, 0, 1, 0),
    HYPER("nesterov", RAVINE_HYPER_BOOL, 0, 0, 1, 0),
    HYPER("period", RAVINE_HYPER_INT, 15, 1, 127, 0),
    {sizeof(ravine_hyper_info), "mode", "", RAVINE_HYPER_ENUM, 0, 0, 2, 0, 0, modes, 3, RAVINE_PER_GROUP, ""},
};

static const ravine_state_info momentum_states[] = {
    {sizeof(ravine_state_info), "b", "the velocity", RAVINE_PER_ELEMENT, RAVINE_DTYPE_COMPUTE, "momentum > 0"},
};

static const ravine_requirement_info momentum_requirements[] = {
    {sizeof(ravine_requirement_info), "damping <= momentum"},
};

static void momentum_conditions(const double *hypers, const double *clock, const double *tensor_values,
                                const double *model_values, double *out) {
  (void)tensor_values;
  (void)model_values;
  (void)clock;
  out[0] = hypers[MOMENTUM] > 0;
}

static void momentum_requirement(const double *hypers, const double *clock, const double *tensor_values,
                                 const double *model_values, double *out) {
  (void)tensor_values;
  (void)model_values;
  (void)clock;
  out[0] = hypers[DAMPING] <= hypers[MOMENTUM];
}

static void momentum_scalars(const double *hypers, const double *clock, const double *tensor_values,
                             const double *model_values, double *out) {
  (void)tensor_values;
  (void)model_values;
  (void)clock;
  atomic_fetch_add(&scalar_calls[0], 1);
  out[0] = hypers[LR];
  out[1] = hypers[MOMENTUM];
  out[2] = 1 - hypers[DAMPING];
}

static const ravine_plan_buffer momentum_plain_buffers[] = {PARAMETER(1), GRADIENT(0)};
static const ravine_plan_buffer momentum_heavy_buffers[] = {PARAMETER(1), GRADIENT(0), STATE(0)};
// Variants: f32 without and with b, f64 without and with b.
static const uint32_t momentum_outcomes[] = {0, 1};
static const uint8_t momentum_state_exists[] = {0, 1, 0, 1};
static const ravine_dtype computed[] = {RAVINE_F32, RAVINE_F64};
static const ravine_plan_stage momentum_initial[4];
#define MOMENTUM_SLOTS {momentum_scalars, 3, 0}
static const ravine_plan_sweep momentum_sweeps[] = {
    SWEEP(momentum_plain_buffers, 2, momentum_plain_f32, MOMENTUM_SLOTS),
    SWEEP(momentum_heavy_buffers, 3, momentum_heavy_f32, MOMENTUM_SLOTS),
    SWEEP(momentum_plain_buffers, 2, momentum_plain_f64, MOMENTUM_SLOTS),
    SWEEP(momentum_heavy_buffers, 3, momentum_heavy_f64, MOMENTUM_SLOTS),
};
static const uint32_t numbers[] = {0, 1, 2, 3, 4, 5};
#define ONE(sweep) STAGE(&numbers[sweep], 1)
static const ravine_plan_stage momentum_stages[] = {ONE(0), ONE(1), ONE(2), ONE(3)};

// ---- averaged

static const ravine_hyper_info averaged_hypers[] = {HYPER("lr", RAVINE_HYPER_REAL, 0.5, 0, INFINITY, 1)};

static const ravine_state_info averaged_states[] = {
    {sizeof(ravine_state_info), "u", "the average of the iterates", RAVINE_PER_ELEMENT, RAVINE_DTYPE_COMPUTE, ""},
};

static void averaged_step_scalars(const double *hypers, const double *clock, const double *tensor_values,
                                  const double *model_values, double *out) {
  (void)tensor_values;
  (void)model_values;
  atomic_fetch_add(&scalar_calls[1], 1);
  out[0] = hypers[0] / clock[RAVINE_CLOCK_STEP];
}

static void averaged_average_scalars(const double *hypers, const double *clock, const double *tensor_values,
                                     const double *model_values, double *out) {
  (void)tensor_values;
  (void)model_values;
  (void)hypers;
  atomic_fetch_add(&scalar_calls[1], 1);
  out[0] = 1 / clock[RAVINE_CLOCK_T];
}

static const ravine_plan_buffer averaged_average_buffers[] = {STATE(0), PARAMETER(0)};
static const uint32_t no_conditions[] = {0};
static const uint8_t averaged_state_exists[] = {1, 1};
#define OF_STEP {averaged_step_scalars, 1, 1u << RAVINE_CLOCK_STEP}
#define OF_T {averaged_average_scalars, 1, 1u << RAVINE_CLOCK_T}
static const ravine_plan_sweep averaged_sweeps[] = {
    SWEEP(momentum_plain_buffers, 2, momentum_plain_f32, OF_STEP),
    SWEEP(momentum_plain_buffers, 2, momentum_plain_f64, OF_STEP),
    SWEEP(averaged_average_buffers, 2, averaged_average_f32, OF_T),
    SWEEP(averaged_average_buffers, 2, averaged_average_f64, OF_T),
    SWEEP(averaged_average_buffers, 2, averaged_initial_f32, {0}),
    SWEEP(averaged_average_buffers, 2, averaged_initial_f64, {0}),
};
static const ravine_plan_stage averaged_initial[] = {ONE(4), ONE(5)};
static const ravine_plan_stage averaged_stages[] = {ONE(0), ONE(1), ONE(2), ONE(3)};

// ---- sized

static void sized_scalars(const double *hypers, const double *clock, const double *tensor_values,
                          const double *model_values, double *out) {
  (void)tensor_values;
  (void)model_values;
  atomic_fetch_add(&scalar_calls[2], 1);
  out[0] = hypers[0] / clock[RAVINE_CLOCK_SIZE];
}

static const ravine_plan_stage sized_initial[1];
static const ravine_plan_sweep sized_sweeps[] = {
    SWEEP(momentum_plain_buffers, 2, momentum_plain_f32, {sized_scalars, 1, 1u << RAVINE_CLOCK_SIZE}),
};

// ---- the library

static const ravine_optimizer_info descriptions[] = {
    {sizeof(ravine_optimizer_info), "momentum", "Gradient descent with momentum.", "Polyak 1964", momentum_hypers, 6,
     momentum_states, 1, momentum_requirements, 1, precisions, 2},
    {sizeof(ravine_optimizer_info), "averaged", "The average of the iterates.", "Polyak & Juditsky 1992",
     averaged_hypers, 1, averaged_states, 1, 0, 0, precisions, 2},
    {sizeof(ravine_optimizer_info), "sized", "", "", averaged_hypers, 1, 0, 0, 0, 0, precisions, 1},
};

static const ravine_plan_optimizer optimizers[] = {
    {.conditions = momentum_conditions,
     .condition_count = 1,
     .outcomes = momentum_outcomes,
     .outcome_count = 2,
     .precision_count = 2,
     .state_exists = momentum_state_exists,
     .state_dtypes = computed,
     .requirements = momentum_requirement,
     .initial = momentum_initial,
     .sweeps = momentum_sweeps,
     .sweep_count = 4,
     .stages = momentum_stages,
     .stage_count = 1,
     .flush_subnormals = 1},
    {.outcomes = no_conditions,
     .outcome_count = 1,
     .precision_count = 2,
     .state_exists = averaged_state_exists,
     .state_dtypes = computed,
     .initial = averaged_initial,
     .sweeps = averaged_sweeps,
     .sweep_count = 6,
     .stages = averaged_stages,
     .stage_count = 2,
     .flush_subnormals = 1},
    {.outcomes = no_conditions,
     .outcome_count = 1,
     .precision_count = 1,
     .initial = sized_initial,
     .sweeps = sized_sweeps,
     .sweep_count = 1,
     .stages = momentum_stages,
     .stage_count = 1,
     .flush_subnormals = 1},
};

static const uint32_t targets[] = {RAVINE_TARGET_X86_64_V3, RAVINE_TARGET_X86_64_V4};
static const char *const target_names[] = {"x86-64-v3", "x86-64-v4"};

__attribute__((visibility("hidden"))) const ravine_plan_library ravine_plan = {
    .name = "sample",
    .compiler = "written by hand",
    .source_hash = "0000000000000000000000000000000000000000000000000000000000000000",
    .manifest = "{}",
    .targets = targets,
    .target_names = target_names,
    .target_count = 2,
    .optimizer_count = 3,
    .descriptions = descriptions,
    .optimizers = optimizers,
};
