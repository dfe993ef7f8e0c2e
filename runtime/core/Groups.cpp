// Placing group buffers and fields.
#include "runtime/core/Groups.h"

#include <algorithm>

namespace ravine::core {

namespace {

constexpr size_t cacheLine = 64;

} // namespace

uint32_t columnReductionCount(const ravine_plan_sweep &sweep) {
  return static_cast<uint32_t>(std::count_if(sweep.reductions, sweep.reductions + sweep.reduction_count,
                                             [](auto &reduction) { return isColumnLike(reduction.set); }));
}

void Groups::measure(size_t tensor, uint32_t variant, const ravine_optimizer_info &description, const Cut &cut,
                     size_t *bytes) const {
  size_t *spread = bytes + groupCount(), *fields = spread + groupCount(), &arrays = bytes[entryCount() - 1];
  const size_t columnBytes = columnCount(tensor) * sizeof(double);
  auto meet = [&](const ravine_plan_sweep &sweep) {
    forEachGroup(sweep, [&](uint32_t group) { bytes[group] = memberCountOf(tensor, group) * sizeof(double); });
    for (uint32_t i = 0; i < sweep.buffer_count; ++i) {
      const ravine_plan_buffer &buffer = sweep.buffers[i];
      if (buffer.kind == RAVINE_BUFFER_FIELD)
        fields[buffer.index] = static_cast<size_t>((*tensors_)[tensor].count) * buffer.scratch_bytes;
      else if (buffer.kind == RAVINE_BUFFER_GROUP && sweep.over == RAVINE_PER_ELEMENT &&
               plan_->group_sets[buffer.index] == RAVINE_PER_CHANNEL)
        spread[buffer.index] = columnBytes;
    }
  };
  // The passes of a run fold into their arrays side by side.
  auto meetRun = [&](std::span<const uint32_t> run) {
    size_t reductions = 0;
    for (uint32_t pass : run)
      reductions += columnReductionCount(plan_->sweeps[pass]);
    arrays = std::max(arrays, reductions * cut.arrayCount() * columnBytes);
  };
  forEachForm(*plan_, description.view_count, variant, [&](const ravine_plan_stage &stage) {
    forEachSweep(*plan_, stage, meet);
    forEachRun(stage, meetRun);
  });
}

ravine_status Groups::initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                 const TensorTable &tensors, const Settings &settings, std::span<const Cut> cuts,
                                 const Memory &memory, Error error) {
  plan_ = &plan;
  tensors_ = &tensors;
  if (plan.group_count == 0 && plan.field_count == 0)
    return RAVINE_OK;
  if (!offsets_.allocate(memory, tensors.size() * entryCount()))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the table of fields");
  size_t total = 0;
  bool overflows = false;
  for (size_t tensor = 0; tensor < tensors.size(); ++tensor) {
    size_t *entries = offsets_.begin() + tensor * entryCount();
    measure(tensor, settings.variant(tensor), description, cuts[tensor], entries);
    for (size_t *entry = entries; entry != entries + entryCount(); ++entry) {
      size_t bytes = *entry;
      *entry = bytes == 0 ? absent : total;
      overflows |= __builtin_add_overflow(total, (bytes + cacheLine - 1) & ~(cacheLine - 1), &total);
    }
  }
  if (overflows || !block_.allocate(memory, total))
    return error(RAVINE_ERROR_MEMORY, Sentence()
                                          << "there is no memory for the fields, which need " << total << " bytes");
  return RAVINE_OK;
}

void Groups::spread(size_t tensor, uint32_t group) {
  if (!isSpread(tensor, group))
    return;
  const size_t channels = memberCountOf(tensor, group), length = columnCount(tensor) / channels;
  const double *from = numbers(tensor, group);
  double *to = asElementsRead(tensor, group);
  for (size_t channel = 0; channel < channels; ++channel)
    std::fill_n(to + channel * length, length, from[channel]);
}

} // namespace ravine::core
