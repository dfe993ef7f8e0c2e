// Routing tensors through the sweeps of a stage.
#include "runtime/core/Stages.h"

#include "runtime/core/Cache.h"

#include <utility>

namespace ravine::core {

namespace {

constexpr size_t cacheLine = 64;

/// Bytes of `count` elements of a scratch buffer, so that the next one starts at a cache line.
size_t scratchSize(const ravine_plan_buffer &buffer, int64_t count) {
  return (static_cast<size_t>(count) * buffer.scratch_bytes + cacheLine - 1) & ~(cacheLine - 1);
}

/// Elements of a batch of streamed tensors: enough to keep all threads busy between two waits, and else few, so that a
/// later sweep may find what an earlier one has touched in the cache that the threads share.
int64_t batchElements() {
  return static_cast<int64_t>(std::max<size_t>(32, 4 * onlineProcessors())) * chunkElements;
}

size_t elementBytes(const ravine_plan_buffer &buffer, const Tensor &tensor, const ravine_plan_optimizer &plan) {
  switch (buffer.kind) {
  case RAVINE_BUFFER_PARAMETER:
    return dtypeSize(tensor.parameterDtype);
  case RAVINE_BUFFER_GRADIENT:
    return dtypeSize(tensor.gradientDtype);
  case RAVINE_BUFFER_STATE:
    return dtypeSize(storageOf(plan, buffer.index, tensor.precision));
  default:
    return buffer.scratch_bytes;
  }
}

} // namespace

// ---- preparation

bool Stage::initialize(const ravine_plan_optimizer &plan, const ravine_plan_stage *variants, const Settings &settings,
                       size_t residentBytes, const SweepContext &context) {
  plan_ = &plan;
  batchElements_ = batchElements();
  const TensorTable &tensors = context.tensors;
  if (!routes_.allocate(context.memory, tensors.size()))
    return false;
  for (size_t i = 0; i < tensors.size(); ++i)
    routes_[i] = chooseRoute(variants[settings.variant(i)], tensors[i], residentBytes);
  return initializePasses(context) && initializeRegions(context) && layOutTaskScratch(context) &&
         listModelColumns(variants, context.memory);
}

Stage::Route Stage::chooseRoute(const ravine_plan_stage &form, const Tensor &tensor, size_t residentBytes) const {
  Route streamed{Placement::Streamed, form.sweeps, form.sweep_count};
  if (tensor.count == 0 || form.sweep_count == 0)
    return {Placement::Nothing, nullptr, 0};
  if (form.sweep_count == 1) {
    streamed.placement = Placement::Chunked;
    return streamed;
  }
  Route resident{Placement::Resident, form.sweeps, form.sweep_count};
  if (form.resident != nullptr && form.resident_count > 0)
    resident = {Placement::Resident, form.resident, form.resident_count};
  size_t bytesPerElement = 0;
  forEachBuffer(resident,
                [&](const ravine_plan_buffer &buffer) { bytesPerElement += elementBytes(buffer, tensor, *plan_); });
  bool fits = bytesPerElement == 0 || static_cast<size_t>(tensor.count) <= residentBytes / bytesPerElement;
  return fits ? resident : streamed;
}

template <typename Visit> void Stage::forEachBuffer(const Route &route, Visit visit) const {
  auto occursIn = [](const ravine_plan_buffer *first, const ravine_plan_buffer *last,
                     const ravine_plan_buffer &buffer) {
    return std::any_of(first, last,
                       [&](auto &other) { return other.kind == buffer.kind && other.index == buffer.index; });
  };
  for (uint32_t pass = 0; pass < route.sweepCount; ++pass) {
    const ravine_plan_sweep &sweep = plan_->sweeps[route.sweeps[pass]];
    for (uint32_t b = 0; b < sweep.buffer_count; ++b) {
      bool occurred = occursIn(sweep.buffers, sweep.buffers + b, sweep.buffers[b]);
      for (uint32_t before = 0; before < pass && !occurred; ++before) {
        const ravine_plan_sweep &earlier = plan_->sweeps[route.sweeps[before]];
        occurred = occursIn(earlier.buffers, earlier.buffers + earlier.buffer_count, sweep.buffers[b]);
      }
      if (!occurred)
        visit(sweep.buffers[b]);
    }
  }
}

size_t Stage::scratchBelow(const Route &route, int64_t count, uint32_t index) const {
  size_t bytes = 0;
  forEachBuffer(route, [&](const ravine_plan_buffer &buffer) {
    if (buffer.kind == RAVINE_BUFFER_SCRATCH && buffer.index < index)
      bytes += scratchSize(buffer, count);
  });
  return bytes;
}

template <typename Visit> void Stage::forEachStreamed(size_t first, size_t last, Visit visit) const {
  for (size_t i = first; i < last; ++i)
    if (routes_[i].placement == Placement::Streamed)
      visit(i);
}

Stage::Batch Stage::nextBatch(size_t from, const TensorTable &tensors) const {
  Batch batch{from, from, 0, 0};
  int64_t elements = 0;
  for (size_t i = from; i < tensors.size() && elements < batchElements_; ++i) {
    batch.last = i + 1;
    if (routes_[i].placement != Placement::Streamed)
      continue;
    elements += tensors[i].count;
    batch.passCount = std::max(batch.passCount, routes_[i].sweepCount);
    batch.scratchBytes += scratchBelow(routes_[i], tensors[i].count, UINT32_MAX);
  }
  return batch;
}

bool Stage::initializePasses(const SweepContext &context) {
  uint32_t passCount = 0;
  for (const Route &route : routes_)
    passCount = std::max(passCount, route.sweepCount);
  Array<const ravine_plan_sweep *> plans;
  if (!passes_.make(context.memory, passCount) || !plans.allocate(context.memory, routes_.size()))
    return false;
  for (uint32_t pass = 0; pass < passCount; ++pass) {
    for (size_t i = 0; i < routes_.size(); ++i)
      plans[i] = pass < routes_[i].sweepCount ? &plan_->sweeps[routes_[i].sweeps[pass]] : nullptr;
    if (!passes_[pass].initialize({plans.data(), plans.size()}, context))
      return false;
  }
  return true;
}

bool Stage::initializeRegions(const SweepContext &context) {
  const TensorTable &tensors = context.tensors;
  size_t regionCount = 1;
  for (Batch batch{}; batch.last < tensors.size();) {
    batch = nextBatch(batch.last, tensors);
    regionCount += batch.passCount;
    needs_.sharedBytes = std::max(needs_.sharedBytes, batch.scratchBytes);
  }
  if (!regions_.make(context.memory, regionCount))
    return false;

  auto shareOfUnstreamed = [&](size_t i) -> Share {
    if (routes_[i].placement == Placement::Resident)
      return {Share::Whole, routes_[i].sweepCount};
    return {routes_[i].placement == Placement::Chunked ? Share::Chunks : Share::None};
  };
  Region *region = regions_.begin();
  if (!region->tasks.build(tensors, context.memory, shareOfUnstreamed))
    return false;
  for (Batch batch{}; batch.last < tensors.size();) {
    batch = nextBatch(batch.last, tensors);
    for (uint32_t pass = 0; pass < batch.passCount; ++pass) {
      ++region;
      region->pass = pass;
      region->first = batch.first;
      region->last = batch.last;
      bool isBuilt = region->tasks.build(tensors, context.memory, [&](size_t i) -> Share {
        bool isIn = i >= batch.first && i < batch.last && routes_[i].placement == Placement::Streamed &&
                    pass < routes_[i].sweepCount;
        return {isIn ? Share::Chunks : Share::None};
      });
      if (!isBuilt)
        return false;
    }
  }
  return true;
}

bool Stage::layOutTaskScratch(const SweepContext &context) {
  auto forEachScratch = [&](auto visit) {
    for (size_t i = 0; i < routes_.size(); ++i)
      if (routes_[i].placement == Placement::Resident)
        forEachBuffer(routes_[i], [&](const ravine_plan_buffer &buffer) {
          if (buffer.kind == RAVINE_BUFFER_SCRATCH)
            visit(buffer, context.tensors[i].count);
        });
  };
  size_t count = 0;
  forEachScratch([&](auto &buffer, int64_t) { count = std::max<size_t>(count, buffer.index + 1); });
  if (!taskScratch_.allocate(context.memory, count))
    return false;
  forEachScratch([&](auto &buffer, int64_t elements) {
    taskScratch_[buffer.index] = std::max(taskScratch_[buffer.index], scratchSize(buffer, elements));
  });
  for (size_t &place : taskScratch_)
    needs_.taskBytes += std::exchange(place, needs_.taskBytes);
  needs_.taskCount = regions_[0].tasks.taskCount();
  return true;
}

bool Stage::listModelColumns(const ravine_plan_stage *variants, const Memory &memory) {
  if (!modelColumns_.allocate(memory, plan_->model_value_count))
    return false;
  for (uint32_t variant = 0; variant < variantCount(*plan_); ++variant)
    for (uint32_t pass = 0; pass < variants[variant].sweep_count; ++pass) {
      const ravine_plan_sweep &sweep = plan_->sweeps[variants[variant].sweeps[pass]];
      for (uint32_t r = 0; r < sweep.reduction_count; ++r) {
        uint32_t column = sweep.reductions[r].value, *end = modelColumns_.begin() + modelColumnCount_;
        if (sweep.reductions[r].set == RAVINE_PER_MODEL && std::find(modelColumns_.begin(), end, column) == end)
          modelColumns_[modelColumnCount_++] = column;
      }
    }
  return true;
}

void Stage::bindShared(char *scratch, const TensorTable &tensors) {
  for (Batch batch{}; batch.last < tensors.size();) {
    batch = nextBatch(batch.last, tensors);
    char *next = scratch;
    forEachStreamed(batch.first, batch.last, [&](size_t i) {
      const Route &route = routes_[i];
      for (Sweep &pass : passes_)
        pass.bindEach(i, RAVINE_BUFFER_SCRATCH,
                      [&](uint32_t index) { return next + scratchBelow(route, tensors[i].count, index); });
      next += scratchBelow(route, tensors[i].count, UINT32_MAX);
    });
  }
}

// ---- execution

void Stage::run(const StageContext &context) {
  computeScalars(context);
  for (const Region &region : regions_)
    runRegion(context, region);
  for (size_t i = 0; i < modelColumnCount_; ++i)
    context.partials.finishModel(modelColumns_[i], context.scalars.tensors, context.values);
}

void Stage::computeScalars(const StageContext &context) {
  for (Sweep &pass : passes_)
    pass.computeShared(context.scalars);
  if (passes_.size() == 0 || !passes_[0].readsOwnValues())
    return;
  for (size_t i = 0; i < routes_.size(); ++i)
    if (context.scalars.include(context.scalars.tensors[i]))
      passes_[0].computeOwn(context.scalars, i);
}

void Stage::runRegion(const StageContext &context, const Region &region) {
  const TensorTable &tensors = context.scalars.tensors;
  if (region.tasks.taskCount() == 0)
    return;
  if (region.pass > 0 && passes_[region.pass].readsOwnValues())
    forEachStreamed(region.first, region.last, [&](size_t i) {
      if (tensors[i].takesPart)
        passes_[region.pass].computeOwn(context.scalars, i);
    });

  struct Call {
    Stage &stage;
    const StageContext &context;
    const Region &region;
  } call{*this, context, region};
  context.parallel.run(
      region.tasks.taskCount(),
      [](void *self, size_t task) {
        auto &[stage, stageContext, itsRegion] = *static_cast<Call *>(self);
        stage.runTask(stageContext, itsRegion, task);
      },
      &call);

  bool isStreamed = region.last > region.first;
  size_t first = isStreamed ? region.first : 0, last = isStreamed ? region.last : routes_.size();
  for (size_t i = first; i < last; ++i)
    if (tensors[i].takesPart && routes_[i].placement == (isStreamed ? Placement::Streamed : Placement::Chunked))
      context.partials.finishTensor(passes_[region.pass], tensors[i], i, context.values);
}

void Stage::runTask(const StageContext &context, const Region &region, size_t task) {
  FloatingPointMode mode(context.kernelMode);
  const Sweep &pass = passes_[region.pass];
  auto runChunks = [&](char *scratch) {
    for (const Chunk &chunk : region.tasks.task(task)) {
      if (!context.scalars.tensors[chunk.tensor].takesPart)
        continue;
      if (routes_[chunk.tensor].placement == Placement::Resident)
        runResident(context, chunk, scratch);
      else
        pass.run(chunk.tensor, chunk.begin, chunk.end, context.partials.ofChunk(chunk.number));
    }
  };
  if (needs_.taskBytes > 0 && region.last == region.first)
    runChunks(Scratch::Claim(context.scratch).data());
  else
    runChunks(nullptr);
}

void Stage::runResident(const StageContext &context, const Chunk &whole, char *scratch) {
  const size_t tensor = whole.tensor;
  for (uint32_t i = 0; i < routes_[tensor].sweepCount; ++i) {
    Sweep &pass = passes_[i];
    pass.bindEach(tensor, RAVINE_BUFFER_SCRATCH, [&](uint32_t index) { return scratch + taskScratch_[index]; });
    if (i > 0)
      pass.computeOwn(context.scalars, tensor);
    size_t number = whole.number;
    for (int64_t begin = 0; begin < whole.end; begin += chunkElements)
      pass.run(tensor, begin, std::min(begin + chunkElements, whole.end), context.partials.ofChunk(number++));
    context.partials.finishTensor(pass, context.scalars.tensors[tensor], tensor, context.values);
  }
}

} // namespace ravine::core
