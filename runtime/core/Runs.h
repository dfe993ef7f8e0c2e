// A run of a stage for one tensor: the passes of one traversal, or an operation on the whole tensor.
#pragma once

#include "runtime/core/Partials.h"
#include "runtime/core/operations/Elements.h"

namespace ravine::core {

/// How the work of a run is shared out.
enum class RunKind : uint8_t {
  /// Chunks in any order, each tile by tile through all passes.
  Chunks,
  /// The same, where columns are folded: strips in any order, their chunks one after another.
  Strips,
  /// One call for all columns or channels.
  Once,
  /// An operation over the tensor.
  Operation
};

/// What a run is for one of its passes; of several passes the greatest counts.
[[nodiscard]] RunKind kindOf(const ravine_plan_sweep &pass);

/// Where operations on whole tensors, and on the model, keep what they find out about pieces.
class OperationRoom {
public:
  /// False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors, const Memory &memory);

  /// The records of one tensor's pieces, of chunkElements elements each.
  [[nodiscard]] std::span<operations::PieceRecord> ofTensor(size_t tensor) {
    return {records_.begin() + firstRecord_[tensor], records_.begin() + firstRecord_[tensor + 1]};
  }
  [[nodiscard]] std::span<operations::PieceRecord> ofModel() { return {records_.begin(), records_.end()}; }
  [[nodiscard]] std::span<operations::Histogram> histograms() { return {histograms_.begin(), histograms_.end()}; }
  /// Room for a stretch of each tensor.
  [[nodiscard]] std::span<operations::Stretch> stretches() { return {stretches_.begin(), stretches_.end()}; }

private:
  Array<operations::PieceRecord> records_;
  Array<size_t> firstRecord_;
  Array<operations::Histogram> histograms_;
  Array<operations::Stretch> stretches_;
};

/// The passes of a run, made ready, for one tensor.
struct Run {
  std::span<const Sweep> passes;
  RunKind kind;
  size_t tensor;
};

/// What runs work with.
struct RunContext {
  const TensorTable &tensors;
  std::span<const Cut> cuts;
  Groups &groups;
  Partials &partials;
  ValueTables &values;
  OperationRoom &room;
};

/// Works on a piece of a tensor, in the floating-point mode of kernels.
void runPiece(const Run &run, const Piece &piece, const RunContext &context);

/// Carries out an operation over the tensor: on the calling thread, or, with a `parallel`, on all.
void runOperation(const Run &run, const RunContext &context, Parallel *parallel);

/// Folds what the pieces of a run have left, when all are done.
void finishRun(const Run &run, const RunContext &context);

} // namespace ravine::core
