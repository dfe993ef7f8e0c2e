// Sweeps that know of groups of elements, operations, and stages whose runs go tile by tile.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

// CHECK: ranks [2] groups [#ravine.set<row>, #ravine.set<row>, #ravine.set<channel>] fields 1 {
sweep.program @rule.program optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [#sweep.value<reduction, "norms", 0>] exits [] patterns []
    ranks [2] groups [#ravine.set<row>, #ravine.set<row>, #ravine.set<channel>] fields 1 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  sweep.scalars @radius slots {
    %radius = sweep.hyper 0
    sweep.yield %radius : f64
  }
  // CHECK: sweep.scalars @norms fold {
  sweep.scalars @norms fold {
    %norm = sweep.tensor_value 0
    sweep.yield %norm : f64
  }
  // A sweep over elements says nothing of it.
  // CHECK: sweep.sweep @fill step variant 0 scalars @none
  // CHECK-SAME: #sweep.buffer<field, "x", 0, element, f32, false, true>] reductions [#sweep.reduction<sum, row, 0>, #sweep.reduction<max, channel, 2>] {
  sweep.sweep @fill step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>,
               #sweep.buffer<field, "x", 0, element, f32, false, true>]
      reductions [#sweep.reduction<sum, row, 0>, #sweep.reduction<max, channel, 2>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %w, %wide, %wide : f32, f64, f64
  }
  // CHECK: sweep.operation @threshold simplex_threshold variant 0 scalars @radius over <row> field 0 : f32 argument -1 result 1
  sweep.operation @threshold simplex_threshold variant 0 scalars @radius over <row> field 0 : f32 argument -1 result 1
  // CHECK: sweep.operation @largest largest variant 0 scalars @none over <row> field 0 : f32 argument 0 result -1
  sweep.operation @largest largest variant 0 scalars @none over <row> field 0 : f32 argument 0 result -1
  // CHECK: sweep.sweep @rows step variant 0 over <row> scalars @none buffers [#sweep.buffer<group, "theta", 1, row, f64, true, true>] reductions [#sweep.reduction<sum, tensor, 0>] {
  sweep.sweep @rows step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<group, "theta", 1, row, f64, true, true>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%theta: f64):
    %next = arith.negf %theta : f64
    sweep.yield %next, %theta : f64, f64
  }
  sweep.sweep @apply step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<group, "theta", 1, row, f64, true, false>] reductions [] {
  ^bb0(%w: f32, %theta: f64):
    %narrow = arith.truncf %theta : f64 to f32
    %next = arith.subf %w, %narrow : f32
    sweep.yield %next : f32
  }
  // CHECK: sweep.stage step variant 0 sweeps [@fill, @threshold, @largest, @rows, @apply] tiles [5] resident [] tiles [] fold @norms reductions [#sweep.reduction<sum, model, 0>]
  sweep.stage step variant 0 sweeps [@fill, @threshold, @largest, @rows, @apply] tiles [5] resident [] tiles []
      fold @norms reductions [#sweep.reduction<sum, model, 0>]
}
