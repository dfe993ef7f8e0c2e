// Gathering the fields of the tensors that take part.
#include "runtime/core/ModelOperations.h"

#include "runtime/core/operations/Operations.h"

namespace ravine::core {

namespace {

template <typename Visit>
void forEachOperation(const ravine_plan_optimizer &plan, const ravine_plan_stage &stage, Visit visit) {
  for (uint32_t i = 0; i < stage.sweep_count; ++i)
    if (const ravine_plan_sweep &sweep = plan.sweeps[stage.sweeps[i]]; isOverModel(sweep))
      visit(sweep);
}

} // namespace

bool ModelOperations::areOne(const ravine_plan_sweep &a, const ravine_plan_sweep &b) {
  if (a.operation != b.operation || a.reduction_count != b.reduction_count)
    return false;
  return a.reduction_count > 0 ? a.reductions[0].value == b.reductions[0].value
                               : a.buffers[0].index == b.buffers[0].index;
}

void ModelOperations::add(const ravine_plan_sweep &sweep) {
  auto end = operations_.begin() + operationCount_;
  if (std::none_of(operations_.begin(), end, [&](auto *other) { return areOne(*other, sweep); }))
    operations_[operationCount_++] = &sweep;
}

bool ModelOperations::initialize(const ravine_plan_optimizer &plan, const ravine_plan_stage *variants,
                                 const Settings &settings, const SweepContext &context) {
  size_t most = 0;
  for (uint32_t variant = 0; variant < variantCount(plan); ++variant)
    forEachOperation(plan, variants[variant], [&](auto &) { ++most; });
  if (!operations_.allocate(context.memory, most))
    return false;
  for (uint32_t variant = 0; variant < variantCount(plan); ++variant)
    forEachOperation(plan, variants[variant], [&](auto &sweep) { add(sweep); });

  tensorCount_ = context.tensors.size();
  if (!fields_.allocate(context.memory, operationCount_ * tensorCount_))
    return false;
  for (size_t tensor = 0; tensor < tensorCount_; ++tensor)
    forEachOperation(plan, variants[settings.variant(tensor)], [&](const ravine_plan_sweep &sweep) {
      auto found = std::find_if(operations_.begin(), operations_.begin() + operationCount_,
                                [&](auto *other) { return areOne(*other, sweep); });
      fields_[static_cast<size_t>(found - operations_.begin()) * tensorCount_ + tensor] = {
          context.groups.field(tensor, sweep.buffers[0].index), context.tensors[tensor].count, sweep.compute_bytes};
    });
  return true;
}

void ModelOperations::run(const ScalarInputs &inputs, std::span<const bool> participants, const RunContext &context,
                          Parallel &parallel) {
  for (size_t i = 0; i < operationCount_; ++i) {
    const ravine_plan_sweep &plan = *operations_[i];
    std::span<operations::Stretch> stretches = context.room.stretches();
    size_t count = 0;
    for (size_t tensor = 0; tensor < tensorCount_; ++tensor) {
      const operations::Stretch &field = fields_[i * tensorCount_ + tensor];
      if (participants[tensor] && field.data != nullptr && field.count > 0)
        stretches[count++] = field;
    }
    double argument = 0;
    if (plan.scalars.function != nullptr)
      inputs.runForModel(plan.scalars, &argument);
    const operations::Elements elements(stretches.first(count), chunkElements);
    operations::Crew crew(context.room.ofModel(), context.room.histograms(), parallel);
    double found = operations::operate(plan.operation, elements, argument, crew);
    if (plan.reduction_count > 0)
      context.values.ofModel()[plan.reductions[0].value] = found;
  }
}

} // namespace ravine::core
