// The sample plan of groups: see SampleGroups.h.
#include "SampleGroups.h"
#include "SamplePlans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- kernels

#define KERNEL(name)                                                                                                   \
  static void name(void *const *buffers, const double *scalars, int64_t begin, int64_t end, double *partials)
#define TILE_KERNEL(name)                                                                                              \
  static void name(void *const *buffers, const double *scalars, const ravine_plan_tile *tile, double *partials)
#define UNUSED (void)buffers, (void)scalars, (void)partials

// Walks a tile: row r, column c, element i.
#define FOR_TILE                                                                                                       \
  for (int64_t r = tile->first_row; r < tile->last_row; ++r)                                                           \
    for (int64_t c = tile->first_col, i = r * tile->row_length + c; c < tile->last_col && i < tile->count; ++c, ++i)

// buffers: w, g; rows: n; partials: sum of squares; scalars: lr
TILE_KERNEL(fold_rows) {
  const float *w = buffers[0], *g = buffers[1];
  double *n = buffers[2];
  memset(n + tile->first_row, 0, (size_t)(tile->last_row - tile->first_row) * sizeof *n);
  partials[0] = 0;
  FOR_TILE {
    double v = (double)w[i] - scalars[0] * g[i];
    n[r] += v * v;
    partials[0] += v * v;
  }
}
// Over rows. buffers: n, s; partials: sum of s; scalars: lambda
KERNEL(scale_rows) {
  const double *n = buffers[0];
  double *s = buffers[1];
  partials[0] = 0;
  for (int64_t r = begin; r < end; ++r)
    partials[0] += s[r] = fmax(0, 1 - scalars[0] / sqrt(n[r]));
}
// buffers: w, g, s; scalars: lr
TILE_KERNEL(shrink_rows) {
  UNUSED;
  float *w = buffers[0];
  const float *g = buffers[1];
  const double *s = buffers[2];
  FOR_TILE w[i] = (float)(s[r] * ((double)w[i] - scalars[0] * g[i]));
}
// Over rows. buffers: r, n
KERNEL(keep_rows) {
  UNUSED;
  float *kept = buffers[0];
  const double *n = buffers[1];
  for (int64_t r = begin; r < end; ++r)
    kept[r] += (float)n[r];
}
// buffers: w; rows: n
TILE_KERNEL(measure_rows) {
  UNUSED;
  const float *w = buffers[0];
  double *n = buffers[1];
  memset(n + tile->first_row, 0, (size_t)(tile->last_row - tile->first_row) * sizeof *n);
  FOR_TILE n[r] += (double)w[i] * w[i];
}
// Over rows. buffers: n, s
KERNEL(invert_rows) {
  UNUSED;
  const double *n = buffers[0];
  double *s = buffers[1];
  for (int64_t r = begin; r < end; ++r)
    s[r] = 1 / sqrt(n[r]);
}
// buffers: w, s, the output
TILE_KERNEL(show_rows) {
  UNUSED;
  const float *w = buffers[0];
  const double *s = buffers[1];
  float *output = buffers[2];
  FOR_TILE output[i] = (float)(w[i] * s[r]);
}

// buffers: w, g; columns: c, and by column h
TILE_KERNEL(fold_columns) {
  UNUSED;
  const float *w = buffers[0], *g = buffers[1];
  double *sums = buffers[2], *largest = buffers[3];
  FOR_TILE {
    sums[c] += (double)g[i] * g[i];
    largest[c] = fmax(largest[c], fabs(w[i]));
  }
}
// buffers: w; columns: o
TILE_KERNEL(measure_columns) {
  UNUSED;
  const float *w = buffers[0];
  double *sums = buffers[1];
  FOR_TILE sums[c] += (double)w[i] * w[i];
}
// Over columns. buffers: c, 1/(1 + c)
KERNEL(scale_columns) {
  UNUSED;
  const double *sums = buffers[0];
  double *scales = buffers[1];
  for (int64_t c = begin; c < end; ++c)
    scales[c] = 1 / (1 + sums[c]);
}
// Over channels. buffers: h, the same again
KERNEL(copy_channels) {
  UNUSED;
  const double *h = buffers[0];
  double *copy = buffers[1];
  for (int64_t c = begin; c < end; ++c)
    copy[c] = h[c];
}
// buffers: w, g, by column 1/(1 + c) and the copy of h; scalars: lr
TILE_KERNEL(move_columns) {
  UNUSED;
  float *w = buffers[0];
  const float *g = buffers[1];
  const double *scales = buffers[2], *h = buffers[3];
  FOR_TILE w[i] -= (float)(scalars[0] * g[i] * h[c] * scales[c]);
}
// Over columns. buffers: p in bf16, c
KERNEL(keep_columns) {
  UNUSED;
  uint16_t *kept = buffers[0];
  const double *sums = buffers[1];
  for (int64_t c = begin; c < end; ++c) {
    float sum = (float)sums[c];
    uint32_t bits;
    memcpy(&bits, &sum, sizeof bits);
    kept[c] = (uint16_t)(bits >> 16);
  }
}
// Over channels or columns. buffers: q, h
KERNEL(keep_channels) {
  UNUSED;
  float *kept = buffers[0];
  const double *h = buffers[1];
  for (int64_t c = begin; c < end; ++c)
    kept[c] += (float)h[c];
}

// buffers: w, g, f, d; scalars: lr
KERNEL(fill_blocks) {
  UNUSED;
  const float *w = buffers[0], *g = buffers[1];
  float *f = buffers[2], *d = buffers[3];
  for (int64_t i = begin; i < end; ++i)
    f[i] = d[i] = w[i] - (float)scalars[0] * g[i];
}
// buffers: w, f, d, m
TILE_KERNEL(move_blocks) {
  UNUSED;
  float *w = buffers[0];
  const float *f = buffers[1], *d = buffers[2];
  const double *m = buffers[3];
  FOR_TILE w[i] = f[i] - (float)m[r] + d[i];
}

// buffers: g, f, k
KERNEL(fill_sizes) {
  UNUSED;
  const float *g = buffers[0];
  float *f = buffers[1], *k = buffers[2];
  for (int64_t i = begin; i < end; ++i)
    f[i] = k[i] = fabsf(g[i]);
}
// buffers: w, k; scalars: a, b
KERNEL(move_marked) {
  UNUSED;
  float *w = buffers[0];
  const float *k = buffers[1];
  for (int64_t i = begin; i < end; ++i)
    w[i] -= (float)scalars[0] * k[i] + (float)scalars[1];
}
// buffers: w; scalars: a, b
KERNEL(move_unmarked) {
  UNUSED;
  float *w = buffers[0];
  for (int64_t i = begin; i < end; ++i)
    w[i] -= (float)scalars[1];
}

// ---- scalar programs

enum { LR, LAMBDA };
enum { V_SCALES, V_A, TENSOR_VALUES };
enum { V_KEPT, V_SQUARE, V_B, MODEL_VALUES };

#define SCALARS(name)                                                                                                  \
  static void name(const double *hypers, const double *clock, const double *tensor_values, const double *model_values, \
                   double *out)
#define NOT_ALL_READ (void)hypers, (void)clock, (void)tensor_values, (void)model_values

SCALARS(lr_slot) {
  NOT_ALL_READ;
  out[0] = hypers[LR];
}
SCALARS(lambda_slot) {
  NOT_ALL_READ;
  out[0] = hypers[LAMBDA];
}
SCALARS(zero_slot) {
  NOT_ALL_READ;
  out[0] = 0;
}
SCALARS(two_slot) {
  NOT_ALL_READ;
  out[0] = 2;
}
SCALARS(three_slot) {
  NOT_ALL_READ;
  out[0] = 3;
}
SCALARS(found_slots) {
  NOT_ALL_READ;
  out[0] = tensor_values[V_A];
  out[1] = model_values[V_B];
}
SCALARS(fold_scales) {
  NOT_ALL_READ;
  out[0] = tensor_values[V_SCALES];
}
SCALARS(is_long) {
  NOT_ALL_READ;
  out[0] = clock[RAVINE_CLOCK_SIZE] > 1;
}
SCALARS(end_model) {
  NOT_ALL_READ;
  out[0] = model_values[V_KEPT];
  out[1] = model_values[V_SQUARE];
}

// ---- sweeps

enum { N, S, C, C_SCALE, H, H_COPY, M, O, GROUPS };
static const uint32_t group_sets[GROUPS] = {
    [N] = RAVINE_PER_ROW,     [S] = RAVINE_PER_ROW,          [C] = RAVINE_PER_COL,   [C_SCALE] = RAVINE_PER_COL,
    [H] = RAVINE_PER_CHANNEL, [H_COPY] = RAVINE_PER_CHANNEL, [M] = RAVINE_PER_BLOCK, [O] = RAVINE_PER_COL};
static const uint32_t group_block_sizes[GROUPS] = {[M] = 4};
enum { F, D, FIELDS };

#define GROUP(index, written) {RAVINE_BUFFER_GROUP, index, 0, !written, written}
#define FIELD(index, written) {RAVINE_BUFFER_FIELD, index, sizeof(float), !written, written}
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const ravine_plan_buffer of_w[] = {PARAMETER(0)}, of_w_g[] = {PARAMETER(0), GRADIENT(0)},
                                of_n_s[] = {GROUP(N, 0), GROUP(S, 1)},
                                of_w_g_s[] = {PARAMETER(1), GRADIENT(0), GROUP(S, 0)},
                                of_r_n[] = {STATE(0), GROUP(N, 0)}, of_w_s_view[] = {PARAMETER(0), GROUP(S, 0), OUTPUT},
                                of_c_scale[] = {GROUP(C, 0), GROUP(C_SCALE, 1)},
                                of_h_copy[] = {GROUP(H, 0), GROUP(H_COPY, 1)},
                                of_columns[] = {PARAMETER(1), GRADIENT(0), GROUP(C_SCALE, 0), GROUP(H_COPY, 0)},
                                of_p_c[] = {STATE(0), GROUP(C, 0)}, of_q_h[] = {STATE(1), GROUP(H, 0)},
                                of_o[] = {STATE(2), GROUP(O, 0)},
                                of_w_g_f_d[] = {PARAMETER(0), GRADIENT(0), FIELD(F, 1), FIELD(D, 1)},
                                of_w_f_d_m[] = {PARAMETER(1), FIELD(F, 0), FIELD(D, 0), GROUP(M, 0)},
                                of_f[] = {FIELD(F, 0)}, of_d[] = {FIELD(D, 1)},
                                of_g_f_k[] = {GRADIENT(0), FIELD(F, 1), FIELD(D, 1)},
                                of_w_k[] = {PARAMETER(1), FIELD(D, 0)}, of_moved_w[] = {PARAMETER(1)};

#define FOLDED(kind, set, value) {RAVINE_REDUCE_##kind, RAVINE_PER_##set, value}
static const ravine_plan_reduction to_n_square[] = {FOLDED(SUM, MODEL, V_SQUARE), FOLDED(SUM, ROW, N)},
                                   to_n[] = {FOLDED(SUM, ROW, N)}, to_scales[] = {FOLDED(SUM, TENSOR, V_SCALES)},
                                   to_c_h[] = {FOLDED(SUM, COL, C), FOLDED(MAX, CHANNEL, H)},
                                   to_o[] = {FOLDED(SUM, COL, O)}, to_m[] = {FOLDED(SUM, BLOCK, M)},
                                   to_a[] = {FOLDED(SUM, TENSOR, V_A)}, to_b[] = {FOLDED(SUM, MODEL, V_B)},
                                   to_kept[] = {FOLDED(MAX, MODEL, V_KEPT)};

#define PLAIN(program) {program, 1, 0, 0, 0}
#define IN_BOTH(name)                                                                                                  \
  (const ravine_kernel_function[]) {                                                                                   \
    name, name                                                                                                         \
  }
#define TILES_IN_BOTH(name)                                                                                            \
  (const ravine_tile_function[]) {                                                                                     \
    name, name                                                                                                         \
  }
#define PART(set, its_buffers, ...)                                                                                    \
  {.over = RAVINE_PER_##set,                                                                                           \
   .compute_bytes = sizeof(float),                                                                                     \
   .buffers = its_buffers,                                                                                             \
   .buffer_count = COUNT(its_buffers),                                                                                 \
   __VA_ARGS__}
#define TO(its_reductions) .reductions = its_reductions, .reduction_count = COUNT(its_reductions)
#define OPERATION(kind) .operation = RAVINE_OPERATION_##kind

enum {
  FOLD_ROWS,
  SCALE_ROWS,
  SHRINK_ROWS,
  KEEP_ROWS,
  MEASURE_ROWS,
  INVERT_ROWS,
  SHOW_ROWS,
  FOLD_COLUMNS,
  MEASURE_COLUMNS,
  SCALE_COLUMNS,
  COPY_CHANNELS,
  MOVE_COLUMNS,
  KEEP_COLUMNS,
  KEEP_CHANNELS,
  KEEP_MEASURES,
  FILL_BLOCKS,
  QUANTILES,
  DIFFERENCES,
  MOVE_BLOCKS,
  FILL_SIZES,
  FIND_A,
  FIND_B,
  MARK,
  MOVE_MARKED,
  MOVE_UNMARKED,
  SWEEPS
};
static const ravine_plan_sweep sweeps[SWEEPS] = {
    [FOLD_ROWS] =
        PART(ELEMENT, of_w_g, .tile_kernels = TILES_IN_BOTH(fold_rows), .scalars = PLAIN(lr_slot), TO(to_n_square)),
    [SCALE_ROWS] = PART(ROW, of_n_s, .kernels = IN_BOTH(scale_rows), .scalars = PLAIN(lambda_slot), TO(to_scales)),
    [SHRINK_ROWS] = PART(ELEMENT, of_w_g_s, .tile_kernels = TILES_IN_BOTH(shrink_rows), .scalars = PLAIN(lr_slot)),
    [KEEP_ROWS] = PART(ROW, of_r_n, .kernels = IN_BOTH(keep_rows)),
    [MEASURE_ROWS] = PART(ELEMENT, of_w, .tile_kernels = TILES_IN_BOTH(measure_rows), TO(to_n)),
    [INVERT_ROWS] = PART(ROW, of_n_s, .kernels = IN_BOTH(invert_rows)),
    [SHOW_ROWS] = PART(ELEMENT, of_w_s_view, .tile_kernels = TILES_IN_BOTH(show_rows)),
    [FOLD_COLUMNS] = PART(ELEMENT, of_w_g, .tile_kernels = TILES_IN_BOTH(fold_columns), TO(to_c_h)),
    [MEASURE_COLUMNS] = PART(ELEMENT, of_w, .tile_kernels = TILES_IN_BOTH(measure_columns), TO(to_o)),
    [SCALE_COLUMNS] = PART(COL, of_c_scale, .kernels = IN_BOTH(scale_columns)),
    [COPY_CHANNELS] = PART(CHANNEL, of_h_copy, .kernels = IN_BOTH(copy_channels)),
    [MOVE_COLUMNS] = PART(ELEMENT, of_columns, .tile_kernels = TILES_IN_BOTH(move_columns), .scalars = PLAIN(lr_slot)),
    [KEEP_COLUMNS] = PART(COL, of_p_c, .kernels = IN_BOTH(keep_columns)),
    [KEEP_CHANNELS] = PART(CHANNEL, of_q_h, .kernels = IN_BOTH(keep_channels)),
    [KEEP_MEASURES] = PART(COL, of_o, .kernels = IN_BOTH(keep_channels)),
    [FILL_BLOCKS] = PART(ELEMENT, of_w_g_f_d, .kernels = IN_BOTH(fill_blocks), .scalars = PLAIN(lr_slot)),
    [QUANTILES] = PART(BLOCK, of_f, OPERATION(QUANTILE), .block_size = 4, .scalars = PLAIN(lambda_slot), TO(to_m)),
    [DIFFERENCES] = PART(BLOCK, of_d, OPERATION(DIFFERENCE), .block_size = 4, .scalars = PLAIN(zero_slot)),
    [MOVE_BLOCKS] = PART(ELEMENT, of_w_f_d_m, .tile_kernels = TILES_IN_BOTH(move_blocks)),
    [FILL_SIZES] = PART(ELEMENT, of_g_f_k, .kernels = IN_BOTH(fill_sizes)),
    [FIND_A] = PART(TENSOR, of_f, OPERATION(KTH_LARGEST), .scalars = PLAIN(two_slot), TO(to_a)),
    [FIND_B] = PART(MODEL, of_f, OPERATION(SIMPLEX_THRESHOLD), .scalars = PLAIN(lambda_slot), TO(to_b)),
    [MARK] = PART(MODEL, of_d, OPERATION(LARGEST), .scalars = PLAIN(three_slot)),
    [MOVE_MARKED] = PART(ELEMENT, of_w_k, .kernels = IN_BOTH(move_marked), .scalars = {found_slots, 2, 0, 1, 1}),
    [MOVE_UNMARKED] =
        PART(ELEMENT, of_moved_w, .kernels = IN_BOTH(move_unmarked), .scalars = {found_slots, 2, 0, 1, 1}),
};

// ---- stages

static const uint32_t four_passes[] = {4}, three_passes[] = {3}, two_passes[] = {2},
                      first_two_passes[] = {2, 1, 1, 1, 1, 1, 1};
#define LIST(name, ...) static const uint32_t name[] = {__VA_ARGS__}
LIST(row_sweeps, FOLD_ROWS, SCALE_ROWS, SHRINK_ROWS, KEEP_ROWS);
LIST(row_starts, MEASURE_ROWS, KEEP_ROWS);
LIST(row_views, MEASURE_ROWS, INVERT_ROWS, SHOW_ROWS);
LIST(column_sweeps, FOLD_COLUMNS, MEASURE_COLUMNS, SCALE_COLUMNS, COPY_CHANNELS, MOVE_COLUMNS, KEEP_COLUMNS,
     KEEP_CHANNELS, KEEP_MEASURES);
LIST(block_sweeps, FILL_BLOCKS, QUANTILES, DIFFERENCES, MOVE_BLOCKS);
LIST(short_searches, FILL_SIZES, FIND_A, FIND_B);
LIST(long_searches, FILL_SIZES, FIND_A, FIND_B, MARK);
LIST(marked_move, MOVE_MARKED);
LIST(unmarked_move, MOVE_UNMARKED);

#define TILED(list, passes) {.sweeps = list, .sweep_count = COUNT(list), .tiles = passes, .tile_count = 1}
static const ravine_plan_stage no_stage[2];
static const ravine_plan_stage row_stages[] = {{.sweeps = row_sweeps,
                                                .sweep_count = 4,
                                                .tiles = four_passes,
                                                .tile_count = 1,
                                                .fold = {fold_scales, 1, 0, 1, 0},
                                                .fold_reductions = to_kept,
                                                .fold_reduction_count = 1}};
static const ravine_plan_stage row_initial[] = {TILED(row_starts, two_passes)};
static const ravine_plan_stage row_view[] = {TILED(row_views, three_passes)};
static const ravine_plan_stage column_stages[] = {
    {.sweeps = column_sweeps, .sweep_count = 8, .tiles = first_two_passes, .tile_count = 7}};
static const ravine_plan_stage block_stages[] = {TILED(block_sweeps, four_passes)};
// Two stages of two variants: tensors of one element, and longer ones.
static const ravine_plan_stage searched_stages[] = {STAGE(short_searches, 3), STAGE(long_searches, 4),
                                                    STAGE(unmarked_move, 1), STAGE(marked_move, 1)};

// ---- the library

#define HYPER(name, value)                                                                                             \
  {sizeof(ravine_hyper_info), name, "", RAVINE_HYPER_REAL, value, 0, INFINITY, 0, 1, 0, 0, RAVINE_PER_MODEL, ""}
static const ravine_hyper_info hypers[] = {HYPER("lr", 0.5), HYPER("lambda", 0.25)};
#define OF_GROUPS(name, set, storage) {sizeof(ravine_state_info), name, "", RAVINE_PER_##set, storage, "", 0}
static const ravine_state_info row_states[] = {OF_GROUPS("r", ROW, RAVINE_F32)},
                               column_states[] = {OF_GROUPS("p", COL, RAVINE_BF16), OF_GROUPS("q", CHANNEL, RAVINE_F32),
                                                  OF_GROUPS("o", COL, RAVINE_F32)};
static const uint8_t states_exist[] = {1, 1, 1};
static const ravine_dtype row_dtypes[] = {RAVINE_F32}, column_dtypes[] = {RAVINE_BF16, RAVINE_F32, RAVINE_F32};
static const ravine_metric_info row_metrics[] = {{sizeof(ravine_metric_info), "kept", "", RAVINE_PER_MODEL},
                                                 {sizeof(ravine_metric_info), "square", "", RAVINE_PER_MODEL}};
static const ravine_view_info row_view_infos[] = {{sizeof(ravine_view_info), "unit", ""}};
static const ravine_precision_info precisions[] = {
    {sizeof(ravine_precision_info), "f32", RAVINE_F32, RAVINE_F32, RAVINE_F32}};

static const ravine_plan_value tensor_values[TENSOR_VALUES] = {{RAVINE_VALUE_REDUCTION, 0},
                                                               {RAVINE_VALUE_REDUCTION, 1}};
static const ravine_plan_value model_values[MODEL_VALUES] = {
    {RAVINE_VALUE_REDUCTION, 2}, {RAVINE_VALUE_REDUCTION, 3}, {RAVINE_VALUE_REDUCTION, 4}};
static const uint32_t matrices[] = {2}, any_rank[] = {0, 0}, one_outcome[] = {0}, two_outcomes[] = {0, 1};
static const ravine_plan_scalars no_scalars[2];

#define DESCRIPTION(its_name, ...)                                                                                     \
  {.struct_size = sizeof(ravine_optimizer_info),                                                                       \
   .name = its_name,                                                                                                   \
   .doc = "",                                                                                                          \
   .citation = "",                                                                                                     \
   .hypers = hypers,                                                                                                   \
   .hyper_count = 2,                                                                                                   \
   .precisions = precisions,                                                                                           \
   .precision_count = 1,                                                                                               \
   __VA_ARGS__}
#define PLAN(its_stages, count, ...)                                                                                   \
  {.precision_count = 1,                                                                                               \
   .tensor_values = tensor_values,                                                                                     \
   .tensor_value_count = TENSOR_VALUES,                                                                                \
   .model_values = model_values,                                                                                       \
   .model_value_count = MODEL_VALUES,                                                                                  \
   .group_sets = group_sets,                                                                                           \
   .group_block_sizes = group_block_sizes,                                                                             \
   .group_count = GROUPS,                                                                                              \
   .field_count = FIELDS,                                                                                              \
   .sweeps = sweeps,                                                                                                   \
   .sweep_count = SWEEPS,                                                                                              \
   .stages = its_stages,                                                                                               \
   .stage_count = count,                                                                                               \
   .initial_tensor = no_scalars,                                                                                       \
   .end_tensor = no_scalars,                                                                                           \
   .flush_subnormals = 1,                                                                                              \
   __VA_ARGS__}
#define ONE_OUTCOME .outcomes = one_outcome, .outcome_count = 1

static const ravine_optimizer_info descriptions[] = {
    DESCRIPTION("rows", .states = row_states, .state_count = 1, .metrics = row_metrics, .metric_count = 2,
                .views = row_view_infos, .view_count = 1),
    DESCRIPTION("columns", .states = column_states, .state_count = 3),
    DESCRIPTION("blocks", .state_count = 0),
    DESCRIPTION("searched", .state_count = 0),
};
static const ravine_plan_optimizer optimizers[] = {
    PLAN(row_stages, 1, ONE_OUTCOME, .minimum_ranks = matrices, .initial = row_initial, .views = row_view,
         .state_exists = states_exist, .state_dtypes = row_dtypes, .end_model = {end_model, 2, 0, 0, 1}),
    PLAN(column_stages, 1, ONE_OUTCOME, .minimum_ranks = matrices, .initial = no_stage, .state_exists = states_exist,
         .state_dtypes = column_dtypes),
    PLAN(block_stages, 1, ONE_OUTCOME, .minimum_ranks = any_rank, .initial = no_stage),
    PLAN(searched_stages, 2, .outcomes = two_outcomes, .outcome_count = 2, .minimum_ranks = any_rank,
         .conditions = is_long, .condition_count = 1, .condition_clock_mask = 1u << RAVINE_CLOCK_SIZE,
         .initial = no_stage),
};
static const uint32_t targets[] = {RAVINE_TARGET_X86_64_V3, RAVINE_TARGET_X86_64_V4};
static const char *const target_names[] = {"x86-64-v3", "x86-64-v4"};

const ravine_plan_library sample_groups = {
    .name = "groups",
    .compiler = "written by hand",
    .source_hash = "3333333333333333333333333333333333333333333333333333333333333333",
    .manifest = "{}",
    .targets = targets,
    .target_names = target_names,
    .target_count = 2,
    .optimizer_count = COUNT(optimizers),
    .descriptions = descriptions,
    .optimizers = optimizers,
};
