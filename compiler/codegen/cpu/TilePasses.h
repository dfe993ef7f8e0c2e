// How the passes over a tile share the fetching of the next one.
#pragma once

#include "dialect/sweep/Sweep.h"

namespace ravine {

/// Which of the passes of its run a sweep is, for one of its buffers: of those that touch the buffer and know of
/// groups. Each of them fetches as large a part of the next tile, so that memory is busy in all of them alike.
struct Share {
  unsigned number = 0;
  unsigned count = 1;
  friend bool operator==(const Share &, const Share &) = default;
};

/// Finds the shares of the sweeps of a program.
class TilePasses {
public:
  explicit TilePasses(sweep::ProgramOp program);

  /// One for each buffer of the sweep.
  [[nodiscard]] llvm::SmallVector<Share> sharesOf(sweep::SweepOp sweep) const;

private:
  void addRun(llvm::ArrayRef<sweep::SweepOp> passes);

  /// For sweeps that stand in runs of several.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<Share>> shares;
};

} // namespace ravine
