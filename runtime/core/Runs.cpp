// Walking through tiles, and folding what that leaves.
#include "runtime/core/Runs.h"

#include "runtime/core/operations/Operations.h"

namespace ravine::core {

namespace {

using operations::Crew;
using operations::Elements;
using operations::PieceRecord;
using operations::Stretch;

/// Histograms of an operation on all threads: more of them than processors that share one memory would take up more of
/// it than they save time.
constexpr size_t mostHistograms = 64;

/// The field of an operation.
Stretch fieldOf(const TensorSweep &work, int64_t count) {
  return {work.buffers[0], count, work.plan->compute_bytes};
}

/// An operation on each row, or block, of a tile.
void operateOnRows(const TensorSweep &work, const ravine_plan_tile &tile, size_t tensor, Groups &groups) {
  const ravine_plan_sweep &plan = *work.plan;
  const bool hasSlot = plan.scalars.slot_count > 0;
  const double *arguments = hasSlot ? nullptr : groups.numbers(tensor, plan.operation_argument);
  double *results = plan.reduction_count > 0 ? groups.numbers(tensor, plan.reductions[0].value) : nullptr;
  const Stretch field = fieldOf(work, tile.count);
  for (int64_t row = tile.first_row; row < tile.last_row; ++row) {
    int64_t first = row * tile.row_length;
    PieceRecord record;
    Crew alone({&record, 1});
    double found =
        operations::operate(plan.operation, Elements(field.part(first, std::min(first + tile.row_length, tile.count))),
                            hasSlot ? work.scalars[0] : arguments[row], alone);
    if (results != nullptr)
      results[row] = found;
  }
}

/// A pass over one tile. `partials` has room for its reductions over the tensor and the model.
void runPass(const TensorSweep &work, const ravine_plan_tile &tile, const Piece &piece, double *partials,
             Groups &groups) {
  void **buffers = work.buffers + (work.tableCount > 1 ? piece.array * work.entryCount : 0);
  if (work.plan->operation != RAVINE_OPERATION_NONE) {
    operateOnRows(work, tile, piece.tensor, groups);
  } else if (work.tileKernel != nullptr) {
    work.tileKernel(buffers, work.scalars, &tile, partials);
  } else if (work.kernel != nullptr && work.plan->over == RAVINE_PER_ELEMENT) {
    ElementRange range = elementsOf(tile);
    work.kernel(buffers, work.scalars, range.first, range.last, partials);
  } else if (work.kernel != nullptr) {
    work.kernel(buffers, work.scalars, tile.first_row, tile.last_row, partials);
  }
}

/// Calls visit(reduction, i) for the i-th of a sweep's reductions over the tensor and the model.
template <typename Visit> void forEachPartial(const ravine_plan_sweep &sweep, Visit visit) {
  uint32_t number = 0;
  for (uint32_t r = 0; sweep.operation == RAVINE_OPERATION_NONE && r < sweep.reduction_count; ++r)
    if (!isGroupSet(sweep.reductions[r].set))
      visit(sweep.reductions[r], number++);
}
/// Calls visit(reduction, i) for the i-th of a sweep's reductions over columns and channels.
template <typename Visit> void forEachColumnReduction(const ravine_plan_sweep &sweep, Visit visit) {
  uint32_t number = 0;
  for (uint32_t r = 0; r < sweep.reduction_count; ++r)
    if (isColumnLike(sweep.reductions[r].set))
      visit(sweep.reductions[r], number++);
}

void runChunk(const Run &run, const Piece &piece, size_t chunk, const RunContext &context) {
  const Cut &cut = context.cuts[run.tensor];
  Partials::Room room = context.partials.ofChunk(run.tensor, chunk);
  bool isFirst = true;
  cut.forEachTile(cut.chunk(chunk), [&](const ravine_plan_tile &tile) {
    for (const Sweep &pass : run.passes) {
      const TensorSweep &work = pass[run.tensor];
      double *kept = room.kept + work.firstPartial, *fresh = room.fresh + work.firstPartial;
      runPass(work, tile, piece, isFirst ? kept : fresh, context.groups);
      if (!isFirst)
        forEachPartial(*work.plan, [&](const ravine_plan_reduction &reduction, uint32_t i) {
          kept[i] = fold(reduction.kind, kept[i], fresh[i]);
        });
    }
    isFirst = false;
  });
}

/// Where strips put the numbers of one of a pass's reductions over columns.
struct ColumnArrays {
  const Run &run;
  const TensorSweep &work;
  uint32_t reduction;
  Groups &groups;

  [[nodiscard]] double *operator[](uint32_t array) const {
    return groups.columnArray(run.tensor, work.firstColumnReduction + reduction, array, work.tableCount);
  }
};

/// Prepares the columns that a strip folds into.
void clearColumns(const Run &run, const Piece &piece, const RunContext &context) {
  const Cut &cut = context.cuts[run.tensor];
  const ravine_plan_tile columns = cut.chunk(piece.first);
  for (const Sweep &pass : run.passes)
    forEachColumnReduction(*pass[run.tensor].plan, [&](const ravine_plan_reduction &reduction, uint32_t i) {
      double *array = ColumnArrays{run, pass[run.tensor], i, context.groups}[piece.array];
      std::fill(array + columns.first_col, array + columns.last_col, foldOfNothing(reduction.kind));
    });
}

/// Folds the arrays of one reduction over columns, in order, and these into channels where it is over those.
void finishColumns(const Run &run, const TensorSweep &work, const ravine_plan_reduction &reduction, uint32_t number,
                   const RunContext &context) {
  Groups &groups = context.groups;
  const ColumnArrays arrays{run, work, number, groups};
  const size_t columns = groups.columnCount(run.tensor);
  double *all = arrays[0];
  for (uint32_t array = 1; array < context.cuts[run.tensor].arrayCount(); ++array)
    for (size_t column = 0; column < columns; ++column)
      all[column] = fold(reduction.kind, all[column], arrays[array][column]);

  double *numbers = groups.numbers(run.tensor, reduction.value);
  const size_t members = groups.memberCountOf(run.tensor, reduction.value), length = columns / members;
  for (size_t member = 0; member < members; ++member)
    numbers[member] = foldPairwise(reduction.kind, all + member * length, length, 1);
}

} // namespace

RunKind kindOf(const ravine_plan_sweep &pass) {
  if (pass.operation != RAVINE_OPERATION_NONE)
    return isRowLike(pass.over) ? RunKind::Chunks : RunKind::Operation;
  if (isColumnLike(pass.over))
    return RunKind::Once;
  return columnReductionCount(pass) > 0 ? RunKind::Strips : RunKind::Chunks;
}

bool OperationRoom::initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors, const Memory &memory) {
  auto isWhole = [](const ravine_plan_sweep &sweep) { return kindOf(sweep) == RunKind::Operation; };
  if (std::none_of(plan.sweeps, plan.sweeps + plan.sweep_count, isWhole))
    return true;
  if (!firstRecord_.allocate(memory, tensors.size() + 1))
    return false;
  for (size_t i = 0; i < tensors.size(); ++i)
    firstRecord_[i + 1] = firstRecord_[i] + static_cast<size_t>((tensors[i].count + chunkElements - 1) / chunkElements);
  const size_t records = firstRecord_[tensors.size()];
  return records_.allocate(memory, records) && stretches_.allocate(memory, tensors.size()) &&
         histograms_.allocate(memory, std::clamp<size_t>(records, 1, mostHistograms));
}

void runPiece(const Run &run, const Piece &piece, const RunContext &context) {
  if (run.kind == RunKind::Once) {
    const TensorSweep &work = run.passes[0][run.tensor];
    if (work.kernel != nullptr)
      work.kernel(work.buffers, work.scalars, 0, memberCount(context.tensors[run.tensor], work.plan->over, 0),
                  context.partials.ofChunk(run.tensor, 0).kept);
    return;
  }
  if (run.kind == RunKind::Strips)
    clearColumns(run, piece, context);
  for (size_t chunk = piece.first; chunk < piece.last; ++chunk)
    runChunk(run, piece, chunk, context);
}

void runOperation(const Run &run, const RunContext &context, Parallel *parallel) {
  const TensorSweep &work = run.passes[0][run.tensor];
  const ravine_plan_sweep &plan = *work.plan;
  Stretch field = fieldOf(work, context.tensors[run.tensor].count);
  const Elements elements({&field, 1}, chunkElements);
  auto operateWith = [&](Crew &&crew) {
    double found = operations::operate(plan.operation, elements, work.scalars[0], crew);
    if (plan.reduction_count > 0)
      context.values.ofTensor(run.tensor)[plan.reductions[0].value] = found;
  };
  std::span<PieceRecord> records = context.room.ofTensor(run.tensor);
  if (parallel != nullptr)
    operateWith(Crew(records, context.room.histograms(), *parallel));
  else
    operateWith(Crew(records));
}

void finishRun(const Run &run, const RunContext &context) {
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  const size_t chunks = run.kind == RunKind::Once ? 1 : context.cuts[run.tensor].chunkCount();
  for (const Sweep &pass : run.passes) {
    const TensorSweep &work = pass[run.tensor];
    if (work.kernel == nullptr && work.tileKernel == nullptr)
      continue;
    forEachPartial(*work.plan, [&](const ravine_plan_reduction &reduction, uint32_t i) {
      context.partials.finish(reduction, work.firstPartial + i, run.tensor, chunks, context.values);
    });
    forEachColumnReduction(*work.plan, [&](const ravine_plan_reduction &reduction, uint32_t i) {
      finishColumns(run, work, reduction, i, context);
      context.groups.spread(run.tensor, reduction.value);
    });
    for (uint32_t b = 0; run.kind == RunKind::Once && b < work.plan->buffer_count; ++b) {
      const ravine_plan_buffer &buffer = work.plan->buffers[b];
      if (buffer.kind == RAVINE_BUFFER_GROUP && buffer.is_written != 0)
        context.groups.spread(run.tensor, buffer.index);
    }
  }
}

} // namespace ravine::core
