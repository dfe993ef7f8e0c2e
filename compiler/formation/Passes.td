// Sweep formation as a pass.
#ifndef RAVINE_FORMATION_PASSES_TD
#define RAVINE_FORMATION_PASSES_TD

include "mlir/Pass/PassBase.td"

def FormSweeps : Pass<"ravine-form-sweeps", "::mlir::ModuleOp"> {
  let summary = "decide how memory is walked: from ravine to sweep";
  let description = [{
    Adds a `sweep.program` beside every `ravine.optimizer` that no other names as its wide form. For each variant, that is,
    each way of storing parameters and gradients together with each outcome of the conditions that are decided at creation:

    1. The step is specialised: `ravine.exists` becomes a constant, and what is not chosen goes away.
    2. A schedule is found for what remains: stages, sweeps within a stage, what each sweep loads, computes, folds and
       stores, such that the fewest bytes move; and where that is cheaper another for tensors that stay in cache.
       `docs/decisions/formation.md` states the problem and what is proved of the answer. The stage of a reduction over
       the model is the same in all variants.
    3. The same is done for what follows each `ravine.skip`. Nothing is written before the last of them is asked.
    4. What varies over groups of elements, such as rows, is computed by sweeps over the groups, which stand before the
       passes over elements that need it: in the same traversal where groups lie within tiles (rows, blocks), else between
       two. Searches and rearrangements become operations of the runtime behind the pass that fills their field.
    5. What varies over nothing finer than a tensor becomes scalar programs: one before each sweep, and those for the
       initial values, the schedules of hypers, the questions of skips and the ends of a step.

    Initial values other than zero of elements and groups become an initial stage, which runs at a tensor's first step, and
    each view a stage that runs when the host asks.

    Assumes that the step of a rule is one block whose operations stand after what they use.
  }];
  let dependentDialects = ["::ravine::sweep::SweepDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

#endif
