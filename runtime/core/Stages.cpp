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
  case RAVINE_BUFFER_GROUP:
    return 0;
  default:
    return buffer.scratch_bytes;
  }
}

} // namespace

// ---- preparation

bool Stage::initialize(const ravine_plan_optimizer &plan, const ravine_plan_stage *variants, const Settings &settings,
                       size_t residentBytes, const SweepContext &context) {
  plan_ = &plan;
  variants_ = variants;
  settings_ = &settings;
  cuts_ = context.cuts;
  batchElements_ = batchElements();
  const TensorTable &tensors = context.tensors;
  if (!routes_.allocate(context.memory, tensors.size()))
    return false;
  for (size_t i = 0; i < tensors.size(); ++i)
    routes_[i] = chooseRoute(variants[settings.variant(i)], tensors[i], residentBytes);
  return initializePasses(context) && initializeRegions(context) && layOutTaskScratch(context) &&
         listModelColumns(variants, context.memory) && modelOperations_.initialize(plan, variants, settings, context);
}

Form Stage::withoutModel(Form form) const {
  while (form.runCount > 0 && isOverModel(plan_->sweeps[form.sweeps[form.sweepCount - 1]]))
    form.sweepCount -= form.tiles[--form.runCount];
  return form;
}

Stage::Route Stage::chooseRoute(const ravine_plan_stage &stage, const Tensor &tensor, size_t residentBytes) const {
  Route streamed{Placement::Streamed, withoutModel(streamedForm(stage))};
  if (tensor.count == 0 || streamed.form.runCount == 0)
    return {Placement::Nothing, {nullptr, 0, nullptr, 0}};
  if (streamed.form.runCount == 1 && kindOfRun(streamed.form, 0) != RunKind::Operation) {
    streamed.placement = Placement::Chunked;
    return streamed;
  }
  Route resident{Placement::Resident, withoutModel(residentForm(stage))};
  if (resident.form.runCount == 0)
    resident.form = streamed.form;
  size_t bytesPerElement = 0;
  forEachBuffer(resident,
                [&](const ravine_plan_buffer &buffer) { bytesPerElement += elementBytes(buffer, tensor, *plan_); });
  bool fits = bytesPerElement == 0 || static_cast<size_t>(tensor.count) <= residentBytes / bytesPerElement;
  return fits ? resident : streamed;
}

RunKind Stage::kindOfRun(const Form &form, uint32_t run) const {
  uint32_t first = 0;
  for (uint32_t before = 0; before < run; ++before)
    first += form.tiles[before];
  RunKind kind = RunKind::Chunks;
  for (uint32_t pass = first; pass < first + form.tiles[run]; ++pass)
    kind = std::max(kind, kindOf(plan_->sweeps[form.sweeps[pass]]));
  return kind;
}

Run Stage::runOf(size_t tensor, uint32_t run) const {
  const Form &form = routes_[tensor].form;
  uint32_t first = 0;
  for (uint32_t before = 0; before < run; ++before)
    first += form.tiles[before];
  return {std::span(passes_.begin() + first, form.tiles[run]), kindOfRun(form, run), tensor};
}

Share Stage::shareOf(size_t tensor, uint32_t run) const {
  const Form &form = routes_[tensor].form;
  if (run >= form.runCount)
    return {Share::None};
  switch (kindOfRun(form, run)) {
  case RunKind::Chunks:
    return {Share::Chunks, form.tiles[run]};
  case RunKind::Strips:
    return {Share::Strips, form.tiles[run]};
  case RunKind::Once:
    return {Share::Whole};
  case RunKind::Operation:
    break;
  }
  return {Share::None};
}

template <typename Visit> void Stage::forEachBuffer(const Route &route, Visit visit) const {
  auto occursIn = [](const ravine_plan_buffer *first, const ravine_plan_buffer *last,
                     const ravine_plan_buffer &buffer) {
    return std::any_of(first, last,
                       [&](auto &other) { return other.kind == buffer.kind && other.index == buffer.index; });
  };
  for (uint32_t pass = 0; pass < route.form.sweepCount; ++pass) {
    const ravine_plan_sweep &sweep = plan_->sweeps[route.form.sweeps[pass]];
    for (uint32_t b = 0; b < sweep.buffer_count; ++b) {
      bool occurred = occursIn(sweep.buffers, sweep.buffers + b, sweep.buffers[b]);
      for (uint32_t before = 0; before < pass && !occurred; ++before) {
        const ravine_plan_sweep &earlier = plan_->sweeps[route.form.sweeps[before]];
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
    batch.runCount = std::max(batch.runCount, routes_[i].form.runCount);
    batch.scratchBytes += scratchBelow(routes_[i], tensors[i].count, UINT32_MAX);
  }
  return batch;
}

bool Stage::initializePasses(const SweepContext &context) {
  uint32_t passCount = 0;
  for (const Route &route : routes_)
    passCount = std::max(passCount, route.form.sweepCount);
  Array<Sweep::Part> parts;
  if (!passes_.make(context.memory, passCount) || !parts.allocate(context.memory, routes_.size()))
    return false;
  // By tensor: the run that the pass is in, and the first pass behind that.
  Array<uint32_t> runs, ends;
  if (!runs.allocate(context.memory, routes_.size()) || !ends.allocate(context.memory, routes_.size()))
    return false;
  for (uint32_t pass = 0; pass < passCount; ++pass) {
    for (size_t i = 0; i < routes_.size(); ++i) {
      const Form &form = routes_[i].form;
      if (pass >= form.sweepCount) {
        parts[i] = {nullptr, 0, 0};
        continue;
      }
      const bool startsRun = pass == ends[i];
      if (startsRun)
        ends[i] += form.tiles[runs[i]++];
      Sweep::Part next = {&plan_->sweeps[form.sweeps[pass]], 0, 0};
      if (!startsRun) {
        next.firstPartial = parts[i].firstPartial + partialCount(*parts[i].plan);
        next.firstColumnReduction = parts[i].firstColumnReduction + columnReductionCount(*parts[i].plan);
      }
      parts[i] = next;
    }
    if (!passes_[pass].initialize({parts.data(), parts.size()}, context))
      return false;
    readsOwnValues_ |= passes_[pass].readsOwnValues();
    leavesNumbers_ |= passes_[pass].leavesNumbers();
  }
  return true;
}

bool Stage::initializeRegions(const SweepContext &context) {
  const TensorTable &tensors = context.tensors;
  size_t regionCount = 1;
  for (Batch batch{}; batch.last < tensors.size();) {
    batch = nextBatch(batch.last, tensors);
    regionCount += batch.runCount;
    needs_.sharedBytes = std::max(needs_.sharedBytes, batch.scratchBytes);
  }
  if (!regions_.make(context.memory, regionCount))
    return false;

  auto shareOfUnstreamed = [&](size_t i) -> Share {
    if (routes_[i].placement == Placement::Resident)
      return {Share::Whole, routes_[i].form.sweepCount};
    return routes_[i].placement == Placement::Chunked ? shareOf(i, 0) : Share{Share::None};
  };
  Region *region = regions_.begin();
  if (!region->tasks.build(cuts_, context.memory, shareOfUnstreamed))
    return false;
  for (Batch batch{}; batch.last < tensors.size();) {
    batch = nextBatch(batch.last, tensors);
    for (uint32_t run = 0; run < batch.runCount; ++run) {
      ++region;
      region->run = run;
      region->first = batch.first;
      region->last = batch.last;
      bool isBuilt = region->tasks.build(cuts_, context.memory, [&](size_t i) -> Share {
        bool isIn = i >= batch.first && i < batch.last && routes_[i].placement == Placement::Streamed;
        return isIn ? shareOf(i, run) : Share{Share::None};
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
  auto add = [&](const ravine_plan_reduction &reduction) {
    uint32_t *end = modelColumns_.begin() + modelColumnCount_;
    if (reduction.set == RAVINE_PER_MODEL && std::find(modelColumns_.begin(), end, reduction.value) == end)
      modelColumns_[modelColumnCount_++] = reduction.value;
  };
  size_t mostFolds = 0;
  for (uint32_t variant = 0; variant < variantCount(*plan_); ++variant) {
    const ravine_plan_stage &stage = variants[variant];
    for (uint32_t pass = 0; pass < stage.sweep_count; ++pass) {
      const ravine_plan_sweep &sweep = plan_->sweeps[stage.sweeps[pass]];
      if (sweep.operation == RAVINE_OPERATION_NONE)
        std::for_each(sweep.reductions, sweep.reductions + sweep.reduction_count, add);
    }
    std::for_each(stage.fold_reductions, stage.fold_reductions + stage.fold_reduction_count, add);
    mostFolds = std::max<size_t>(mostFolds, stage.fold_reduction_count);
  }
  hasFolds_ = mostFolds > 0;
  return foldSlots_.allocate(memory, mostFolds);
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
  finishStage(context);
}

void Stage::computeScalars(const StageContext &context) {
  for (Sweep &pass : passes_)
    pass.computeShared(context.scalars);
  for (size_t i = 0; readsOwnValues_ && i < routes_.size(); ++i)
    if (context.participants[i])
      computeOwn(context, i, 0);
}

void Stage::computeOwn(const StageContext &context, size_t tensor, uint32_t run) {
  const Form &form = routes_[tensor].form;
  if (run >= form.runCount)
    return;
  uint32_t first = 0;
  for (uint32_t before = 0; before < run; ++before)
    first += form.tiles[before];
  for (uint32_t pass = first; pass < first + form.tiles[run]; ++pass)
    passes_[pass].computeOwn(context.scalars, tensor);
}

void Stage::runRegion(const StageContext &context, const Region &region) {
  auto forEachParticipant = [&](auto visit) {
    for (size_t i = region.first; i < region.last; ++i)
      if (context.participants[i] && routes_[i].placement == Placement::Streamed &&
          region.run < routes_[i].form.runCount)
        visit(i);
  };
  if (region.run > 0 && readsOwnValues_)
    forEachParticipant([&](size_t i) { computeOwn(context, i, region.run); });

  struct Call {
    Stage &stage;
    const StageContext &context;
    const Region &region;
  } call{*this, context, region};
  if (region.tasks.taskCount() > 0)
    context.parallel.run(
        region.tasks.taskCount(),
        [](void *self, size_t task) {
          auto &[stage, stageContext, itsRegion] = *static_cast<Call *>(self);
          stage.runTask(stageContext, itsRegion, task);
        },
        &call);
  if (!leavesNumbers_)
    return;

  auto finish = [&](size_t i, uint32_t number) {
    Run run = runOf(i, number);
    if (run.kind == RunKind::Operation)
      runOperation(run, context.runs, &context.parallel);
    else
      finishRun(run, context.runs);
  };
  if (region.isStreamed())
    forEachParticipant([&](size_t i) { finish(i, region.run); });
  for (size_t i = 0; !region.isStreamed() && i < routes_.size(); ++i)
    if (context.participants[i] && routes_[i].placement == Placement::Chunked)
      finish(i, 0);
}

void Stage::runTask(const StageContext &context, const Region &region, size_t task) {
  FloatingPointMode mode(context.kernelMode);
  auto runPieces = [&](char *scratch) {
    for (const Piece &piece : region.tasks.task(task)) {
      if (!context.participants[piece.tensor])
        continue;
      if (routes_[piece.tensor].placement == Placement::Resident)
        runResident(context, piece.tensor, scratch);
      else
        runPiece(runOf(piece.tensor, region.run), piece, context.runs);
    }
  };
  if (needs_.taskBytes > 0 && !region.isStreamed())
    runPieces(Scratch::Claim(context.scratch).data());
  else
    runPieces(nullptr);
}

void Stage::runResident(const StageContext &context, size_t tensor, char *scratch) {
  const Cut &cut = cuts_[tensor];
  for (Sweep &pass : passes_)
    pass.bindEach(tensor, RAVINE_BUFFER_SCRATCH, [&](uint32_t index) { return scratch + taskScratch_[index]; });
  for (uint32_t number = 0; number < routes_[tensor].form.runCount; ++number) {
    if (number > 0)
      computeOwn(context, tensor, number);
    const Run run = runOf(tensor, number);
    if (run.kind == RunKind::Operation) {
      runOperation(run, context.runs, nullptr);
      continue;
    }
    for (size_t i = 0; run.kind == RunKind::Strips && i < cut.stripCount(); ++i) {
      Cut::Strip strip = cut.strip(i);
      runPiece(run, {tensor, strip.first, strip.last, strip.array}, context.runs);
    }
    if (run.kind != RunKind::Strips)
      runPiece(run, {tensor, 0, cut.chunkCount(), 0}, context.runs);
    finishRun(run, context.runs);
  }
}

void Stage::finishStage(const StageContext &context) {
  for (size_t i = 0; hasFolds_ && i < routes_.size(); ++i) {
    const ravine_plan_stage &stage = variants_[settings_->variant(i)];
    if (!context.participants[i] || stage.fold_reduction_count == 0)
      continue;
    context.scalars.run(stage.fold, i, foldSlots_.data());
    for (uint32_t r = 0; r < stage.fold_reduction_count; ++r)
      context.runs.partials.setPart(stage.fold_reductions[r].value, i, foldSlots_[r]);
  }
  for (size_t i = 0; i < modelColumnCount_; ++i)
    context.runs.partials.finishModel(modelColumns_[i], context.scalars.tensors, context.runs.values);
  modelOperations_.run(context.scalars, context.participants, context.runs, context.parallel);
}

} // namespace ravine::core
