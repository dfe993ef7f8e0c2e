// Folding what kernels leave.
#include "runtime/core/Partials.h"

#include "runtime/core/FloatingPoint.h"

namespace ravine::core {

bool Partials::initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors, ValueTables &values,
                          const Memory &memory) {
  tensorCount_ = tensors.size();
  for (uint32_t i = 0; i < plan.sweep_count; ++i)
    stride_ = std::max<size_t>(stride_, plan.sweeps[i].reduction_count);
  size_t chunks = 0;
  for (const Tensor &tensor : tensors)
    chunks += chunkCount(tensor);
  if (!chunks_.allocate(memory, chunks * stride_) || !firstChunk_.allocate(memory, tensorCount_) ||
      !parts_.allocate(memory, plan.model_value_count * tensorCount_) || !folded_.allocate(memory, tensorCount_) ||
      !kinds_.allocate(memory, plan.model_value_count))
    return false;

  size_t number = 0;
  for (size_t i = 0; i < tensorCount_; number += chunkCount(tensors[i++]))
    firstChunk_[i] = number;
  // Until something is folded, and for ever where there is nothing to fold.
  for (uint32_t i = 0; i < plan.sweep_count; ++i)
    for (uint32_t r = 0; r < plan.sweeps[i].reduction_count; ++r) {
      const ravine_plan_reduction &reduction = plan.sweeps[i].reductions[r];
      double nothing = foldOfNothing(reduction.kind);
      if (reduction.set == RAVINE_PER_TENSOR) {
        for (size_t tensor = 0; tensor < tensorCount_; ++tensor)
          values.ofTensor(tensor)[reduction.value] = nothing;
        continue;
      }
      kinds_[reduction.value] = reduction.kind;
      values.ofModel()[reduction.value] = nothing;
      std::fill_n(parts_.begin() + reduction.value * tensorCount_, tensorCount_, nothing);
    }
  return true;
}

void Partials::finishTensor(const Sweep &sweep, const Tensor &tensor, size_t index, ValueTables &values) {
  std::span<const ravine_plan_reduction> reductions = sweep.reductions(index);
  if (reductions.empty() || !sweep.hasWork(index))
    return;
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  double *first = ofChunk(firstChunk_[index]);
  for (const ravine_plan_reduction &reduction : reductions) {
    double folded = foldPairwise(reduction.kind, first++, chunkCount(tensor), stride_);
    if (reduction.set == RAVINE_PER_TENSOR)
      values.ofTensor(index)[reduction.value] = folded;
    else
      parts_[reduction.value * tensorCount_ + index] = folded;
  }
}

void Partials::finishModel(uint32_t column, const TensorTable &tensors, ValueTables &values) {
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  size_t count = 0;
  for (size_t i = 0; i < tensorCount_; ++i)
    if (tensors[i].takesPart && tensors[i].count > 0)
      folded_[count++] = part(column, i);
  values.ofModel()[column] = foldPairwise(kinds_[column], folded_.data(), count, 1);
}

} // namespace ravine::core
