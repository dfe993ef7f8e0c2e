// Sweep formation as a pass.
#ifndef RAVINE_FORMATION_PASSES_TD
#define RAVINE_FORMATION_PASSES_TD

include "mlir/Pass/PassBase.td"

def FormSweeps : Pass<"ravine-form-sweeps", "::mlir::ModuleOp"> {
  let summary = "decide how memory is walked: from ravine to sweep";
  let description = [{
    Adds a `sweep.program` beside every `ravine.optimizer`. For each variant, that is, each outcome of the conditions
    under which optional states exist:

    1. The step is specialised: `ravine.exists` becomes a constant and definitions of absent states go away.
    2. What varies over nothing finer than a tensor becomes a scalar program.
    3. What remains is elementwise and has no reduction, so one traversal computes it: one sweep, which reads each
       buffer it needs once and writes each buffer it changes once. That is the least any schedule can move, for every
       buffer in it has to be moved at least once.

    Initial values other than zero become an initial sweep, which runs at a tensor's first step.
  }];
  let dependentDialects = ["::ravine::sweep::SweepDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

#endif
