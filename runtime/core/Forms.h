// Walking through what the plan says for one variant.
#pragma once

#include "runtime/core/Variants.h"

namespace ravine::core {

/// Whether an index set lies between tensors and elements.
[[nodiscard]] constexpr bool isGroupSet(uint32_t set) {
  return set > RAVINE_PER_TENSOR && set < RAVINE_PER_ELEMENT;
}
/// Whether whole members lie beside each other in memory.
[[nodiscard]] constexpr bool isRowLike(uint32_t set) {
  return set == RAVINE_PER_ROW || set == RAVINE_PER_BLOCK;
}
[[nodiscard]] constexpr bool isColumnLike(uint32_t set) {
  return set == RAVINE_PER_COL || set == RAVINE_PER_CHANNEL;
}

/// Calls visit(stage) for every stage in which a tensor of that variant may take part: initial ones, those of the step,
/// of its exits, and of views.
template <typename Visit>
void forEachForm(const ravine_plan_optimizer &plan, size_t viewCount, uint32_t variant, Visit visit) {
  const uint32_t variants = variantCount(plan);
  visit(plan.initial[variant]);
  for (uint32_t i = 0; i < plan.stage_count; ++i)
    visit(plan.stages[i * variants + variant]);
  for (uint32_t exit = 0; exit < plan.exit_count; ++exit)
    for (uint32_t i = 0; i < plan.exits[exit].stage_count; ++i)
      visit(plan.exits[exit].stages[i * variants + variant]);
  for (size_t view = 0; view < viewCount; ++view)
    visit(plan.views[view * variants + variant]);
}

/// A list of sweeps, cut into runs.
struct Form {
  const uint32_t *sweeps;
  uint32_t sweepCount;
  /// tiles[i]: how many sweeps belong to run i.
  const uint32_t *tiles;
  uint32_t runCount;
};

/// The form of a stage that does for every tensor, and the one for those that stay in cache; without sweeps where there
/// is none.
[[nodiscard]] inline Form streamedForm(const ravine_plan_stage &stage) {
  return {stage.sweeps, stage.sweep_count, stage.tiles, stage.tile_count};
}
[[nodiscard]] inline Form residentForm(const ravine_plan_stage &stage) {
  return stage.resident == nullptr
             ? Form{nullptr, 0, nullptr, 0}
             : Form{stage.resident, stage.resident_count, stage.resident_tiles, stage.resident_tile_count};
}

/// Calls visit(sweep) for every sweep of a stage, in either form.
template <typename Visit>
void forEachSweep(const ravine_plan_optimizer &plan, const ravine_plan_stage &stage, Visit visit) {
  for (const Form &form : {streamedForm(stage), residentForm(stage)})
    for (uint32_t i = 0; i < form.sweepCount; ++i)
      visit(plan.sweeps[form.sweeps[i]]);
}

/// Calls visit(numbers of the sweeps) for every run of a stage, in either form.
template <typename Visit> void forEachRun(const ravine_plan_stage &stage, Visit visit) {
  for (const Form &form : {streamedForm(stage), residentForm(stage)})
    for (uint32_t run = 0, first = 0; run < form.runCount; first += form.tiles[run++])
      visit(std::span(form.sweeps + first, form.tiles[run]));
}

/// Calls visit(group buffer) for every mention of one in a sweep.
template <typename Visit> void forEachGroup(const ravine_plan_sweep &sweep, Visit visit) {
  for (uint32_t i = 0; i < sweep.buffer_count; ++i)
    if (sweep.buffers[i].kind == RAVINE_BUFFER_GROUP)
      visit(sweep.buffers[i].index);
  for (uint32_t i = 0; i < sweep.reduction_count; ++i)
    if (isGroupSet(sweep.reductions[i].set))
      visit(sweep.reductions[i].value);
  if (sweep.operation != RAVINE_OPERATION_NONE && sweep.scalars.slot_count == 0)
    visit(sweep.operation_argument);
}

} // namespace ravine::core
