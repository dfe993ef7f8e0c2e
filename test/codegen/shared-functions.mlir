// Sweeps and scalar programs that are alike share a function; what differs in more than the memory at hand does not.
// RUN: ravine-opt %s -ravine-sweeps-to-vector | FileCheck %s --check-prefix=KERNELS
// RUN: ravine-opt %s -ravine-scalars-to-functions | FileCheck %s --check-prefix=SCALARS

// KERNELS: func.func @rule_step_0(
// KERNELS: func.func @rule_other_storage(
// KERNELS: func.func @rule_read_only(
// KERNELS: func.func @rule_scratch(
// KERNELS: func.func @rule_other_constant(
// KERNELS: func.func @rule_other_fold(
// KERNELS: func.func @rule_of_elements(
// KERNELS: func.func @rule_fold_to_rows(
// KERNELS-NOT: func.func @rule_fold_to_rows_too(
// KERNELS: func.func @rule_fold_to_columns(
// KERNELS: func.func @rule_pass(
// KERNELS: func.func @rule_next_pass(
// KERNELS-NOT: func.func

// SCALARS: func.func @rule_conditions(
// SCALARS: func.func @rule_rate(
// SCALARS: func.func @rule_other_hyper(
// SCALARS-NOT: func.func

sweep.program @rule.program optimizer @rule conditions 0 outcomes [0] precisions 2 states [true, true, true, true] : [f32, f32, f32, f32]
    requirements 0 tensor_values [] model_values [#sweep.value<reduction, "norm", 0>, #sweep.value<reduction, "size", 1>]
    exits [] patterns [] ranks [0] groups [#ravine.set<row>, #ravine.set<row>, #ravine.set<col>, #ravine.set<row>] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @initial_tensor_1 initial_tensor variant 1 {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @end_tensor_1 end_tensor variant 1 {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @rate slots {
    %lr = sweep.hyper 0
    sweep.yield %lr : f64
  }
  sweep.scalars @same_rate slots {
    %lr = sweep.hyper 0
    sweep.yield %lr : f64
  }
  sweep.scalars @other_hyper slots {
    %lr = sweep.hyper 1
    sweep.yield %lr : f64
  }
  sweep.sweep @step_0 step variant 0 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  // Another state in another variant, another number that is folded, another slot.
  sweep.sweep @step_1 step variant 1 scalars @other_hyper
      buffers [#sweep.buffer<state, "n", 1, element, f32, true, true>] reductions [#sweep.reduction<sum, model, 1>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @other_storage step variant 1 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, bf16, true, true>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @read_only step variant 0 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, false>, #sweep.buffer<state, "n", 1, element, f32, false, true>]
      reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  // Scratch is not fetched ahead.
  sweep.sweep @scratch step variant 0 scalars @rate
      buffers [#sweep.buffer<scratch, "s", 0, element, f32, true, true>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @other_constant step variant 0 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.constant 1.0 : f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @other_fold step variant 0 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<max, model, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  // Over members in place of elements of f64, it is the same.
  sweep.sweep @of_elements step variant 1 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f64, true, true>] reductions [] {
  ^bb0(%m: f64, %slot: f64):
    sweep.yield %slot : f64
  }
  sweep.sweep @over_rows step variant 1 over <row> scalars @rate
      buffers [#sweep.buffer<group, "r", 3, row, f64, true, true>] reductions [] {
  ^bb0(%r: f64, %slot: f64):
    sweep.yield %slot : f64
  }
  // To which rows does not matter, to columns does; so does which part of the next tile a pass has to fetch.
  sweep.sweep @fold_to_rows step variant 0 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<max, row, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @fold_to_rows_too step variant 0 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<max, row, 1>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @fold_to_columns step variant 0 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<max, col, 2>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @pass step variant 1 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<max, row, 0>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.sweep @next_pass step variant 1 scalars @rate
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [#sweep.reduction<max, row, 1>] {
  ^bb0(%m: f32, %slot: f64):
    %wide = arith.extf %m : f32 to f64
    sweep.yield %m, %wide : f32, f64
  }
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles []
  sweep.stage step variant 1 sweeps [@pass, @next_pass] tiles [2] resident [] tiles []
}
