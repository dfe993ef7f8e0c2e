// Cutting tensors by their shapes.
#include "runtime/core/Cuts.h"

namespace ravine::core {

namespace {

/// Arrays that the columns of a tensor are folded into, at most, and rows for each, at least: with fewer rows, setting
/// up the arrays and folding them into one would be felt.
constexpr int64_t mostArrays = 32;
constexpr int64_t rowsPerArray = 64;

constexpr int64_t divideUp(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

} // namespace

Cut::Cut(int64_t count, const CutNeeds &needs) : count_(count), rowLength_(needs.rowLength) {
  if (count == 0)
    return;
  rowCount_ = divideUp(count, rowLength_);
  chunkRows_ = std::max<int64_t>(1, chunkElements / rowLength_);
  chunkCols_ = needs.keepsRows ? rowLength_ : std::min(rowLength_, chunkElements);
  tileRows_ = needs.hasTiles ? std::max<int64_t>(1, tileElements / rowLength_) : chunkRows_;
  columns_ = divideUp(rowLength_, chunkCols_);
  chunksPerColumn_ = divideUp(rowCount_, chunkRows_);

  int64_t wanted = std::min(chunksPerColumn_, rowCount_ / rowsPerArray);
  stripLength_ =
      divideUp(chunksPerColumn_, std::clamp<int64_t>(wanted, 1, std::max<int64_t>(1, mostArrays / columns_)));
  arrayCount_ = static_cast<uint32_t>(divideUp(chunksPerColumn_, stripLength_));
}

ravine_plan_tile Cut::chunk(size_t number) const {
  int64_t column = static_cast<int64_t>(number) / chunksPerColumn_,
          row = static_cast<int64_t>(number) % chunksPerColumn_;
  return {.first_row = row * chunkRows_,
          .last_row = std::min((row + 1) * chunkRows_, rowCount_),
          .first_col = column * chunkCols_,
          .last_col = std::min((column + 1) * chunkCols_, rowLength_),
          .row_length = rowLength_,
          .count = count_};
}

Cut::Strip Cut::strip(size_t number) const {
  int64_t column = static_cast<int64_t>(number) / arrayCount_, array = static_cast<int64_t>(number) % arrayCount_;
  int64_t begin = column * chunksPerColumn_;
  return {static_cast<size_t>(begin + array * stripLength_),
          static_cast<size_t>(begin + std::min((array + 1) * stripLength_, chunksPerColumn_)),
          static_cast<uint32_t>(array)};
}

CutNeeds cutNeeds(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description, uint32_t variant,
                  const Tensor &tensor) {
  CutNeeds needs;
  auto meetGroup = [&](uint32_t set, uint32_t blockSize) {
    if (set == RAVINE_PER_BLOCK && blockSize > 0)
      needs.rowLength = blockSize;
    else if (isGroupSet(set) && set != RAVINE_PER_BLOCK && tensor.rank >= 2)
      needs.rowLength = memberCount(tensor, RAVINE_PER_COL, 0);
    needs.keepsRows |= isRowLike(set);
  };
  auto meetSweep = [&](const ravine_plan_sweep &sweep) {
    meetGroup(sweep.over, sweep.block_size);
    forEachGroup(sweep, [&](uint32_t group) { meetGroup(plan.group_sets[group], plan.group_block_sizes[group]); });
    for (uint32_t i = 0; i < sweep.buffer_count; ++i)
      if (sweep.buffers[i].kind == RAVINE_BUFFER_STATE) {
        const ravine_state_info &state = description.states[sweep.buffers[i].index];
        meetGroup(state.index_set, state.block_size);
      }
  };
  forEachForm(plan, description.view_count, variant, [&](const ravine_plan_stage &stage) {
    forEachSweep(plan, stage, meetSweep);
    forEachRun(stage, [&](std::span<const uint32_t> sweeps) { needs.hasTiles |= sweeps.size() > 1; });
  });
  return needs;
}

} // namespace ravine::core
