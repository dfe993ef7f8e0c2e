// Folding what kernels leave.
#include "runtime/core/Partials.h"

#include "runtime/core/FloatingPoint.h"

namespace ravine::core {

namespace {

/// What an operation finds among no elements.
double foundInNothing(uint32_t operation) {
  return operation == RAVINE_OPERATION_KTH_LARGEST ? -std::numeric_limits<double>::infinity()
                                                   : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

size_t Partials::widestRun(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description) {
  size_t widest = 0;
  for (uint32_t variant = 0; variant < variantCount(plan); ++variant)
    forEachForm(plan, description.view_count, variant, [&](const ravine_plan_stage &stage) {
      forEachRun(stage, [&](std::span<const uint32_t> sweeps) {
        size_t width = 0;
        for (uint32_t sweep : sweeps)
          width += partialCount(plan.sweeps[sweep]);
        widest = std::max(widest, width);
      });
    });
  return widest;
}

bool Partials::initialize(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description,
                          const TensorTable &tensors, std::span<const Cut> cuts, ValueTables &values,
                          const Memory &memory) {
  tensorCount_ = tensors.size();
  stride_ = widestRun(plan, description);
  if (!firstChunk_.allocate(memory, tensorCount_))
    return false;
  size_t chunks = 0;
  for (size_t i = 0; i < tensorCount_; chunks += cuts[i++].chunkCount())
    firstChunk_[i] = chunks;
  if (!chunks_.allocate(memory, chunks * 2 * stride_) ||
      !parts_.allocate(memory, plan.model_value_count * tensorCount_) || !folded_.allocate(memory, tensorCount_) ||
      !kinds_.allocate(memory, plan.model_value_count))
    return false;

  for (uint32_t i = 0; i < plan.sweep_count; ++i)
    for (uint32_t r = 0; r < plan.sweeps[i].reduction_count; ++r) {
      const ravine_plan_reduction &reduction = plan.sweeps[i].reductions[r];
      const uint32_t operation = plan.sweeps[i].operation;
      startFrom(reduction,
                operation == RAVINE_OPERATION_NONE ? foldOfNothing(reduction.kind) : foundInNothing(operation), values);
    }
  for (uint32_t variant = 0; variant < variantCount(plan); ++variant)
    forEachForm(plan, description.view_count, variant, [&](const ravine_plan_stage &stage) {
      for (uint32_t r = 0; r < stage.fold_reduction_count; ++r)
        startFrom(stage.fold_reductions[r], foldOfNothing(stage.fold_reductions[r].kind), values);
    });
  return true;
}

void Partials::startFrom(const ravine_plan_reduction &reduction, double nothing, ValueTables &values) {
  if (reduction.set == RAVINE_PER_TENSOR) {
    for (size_t tensor = 0; tensor < tensorCount_; ++tensor)
      values.ofTensor(tensor)[reduction.value] = nothing;
  } else if (reduction.set == RAVINE_PER_MODEL) {
    kinds_[reduction.value] = reduction.kind;
    values.ofModel()[reduction.value] = nothing;
    std::fill_n(parts_.begin() + reduction.value * tensorCount_, tensorCount_, nothing);
  }
}

void Partials::finish(const ravine_plan_reduction &reduction, uint32_t place, size_t tensor, size_t chunkCount,
                      ValueTables &values) {
  double folded = foldPairwise(reduction.kind, ofChunk(tensor, 0).kept + place, chunkCount, 2 * stride_);
  if (reduction.set == RAVINE_PER_TENSOR)
    values.ofTensor(tensor)[reduction.value] = folded;
  else
    setPart(reduction.value, tensor, folded);
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
