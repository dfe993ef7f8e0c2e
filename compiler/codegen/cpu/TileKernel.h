// Kernels of sweeps that go over elements and know of groups of them: a matrix, row by row.
#pragma once

#include "compiler/codegen/cpu/ElementWalk.h"
#include "compiler/codegen/cpu/TilePasses.h"

namespace ravine {

/// Writes the function of such a sweep; the pass ravine-sweeps-to-vector says what it is like.
void writeTileKernel(mlir::OpBuilder &builder, sweep::SweepOp sweep, const Walk &walk, const TilePasses &passes,
                     llvm::StringRef name);

} // namespace ravine
