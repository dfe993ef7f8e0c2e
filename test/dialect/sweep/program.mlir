// A program with everything it can hold.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

// CHECK-LABEL: sweep.program @rule.program optimizer @rule conditions 1 states [-1, 0, -1] requirements 1
// CHECK-SAME: tensor_values [#sweep.value<hyper, "scale", 2>, #sweep.value<state, "n", 2>, #sweep.value<reduction, "norm", 0>]
// CHECK-SAME: model_values [#sweep.value<reduction, "guard", 1>] guard 0 after 0 {
sweep.program @rule.program optimizer @rule conditions 1 states [-1, 0, -1] requirements 1
    tensor_values [#sweep.value<hyper, "scale", 2>, #sweep.value<state, "n", 2>, #sweep.value<reduction, "norm", 0>]
    model_values [#sweep.value<reduction, "guard", 1>] guard 0 after 0 {
  // CHECK-NEXT: sweep.scalars @conditions conditions {
  // CHECK-NEXT: %[[MOMENTUM:.*]] = sweep.hyper 1
  // CHECK-NEXT: sweep.yield %[[MOMENTUM]] : f64
  // CHECK-NEXT: }
  sweep.scalars @conditions conditions {
    %momentum = sweep.hyper 1
    sweep.yield %momentum : f64
  }
  // CHECK-NEXT: sweep.scalars @requirements requirements {
  // CHECK-NEXT: %[[TRUE:.*]] = arith.constant 1.000000e+00 : f64
  // CHECK-NEXT: sweep.yield %[[TRUE]] : f64
  // CHECK-NEXT: }
  sweep.scalars @requirements requirements {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  // Variant 0 is not written. Where nothing is yielded, neither is `yield`.
  // CHECK-NEXT: sweep.scalars @initial_tensor_0 initial_tensor {
  // CHECK-NEXT: }
  // CHECK-NEXT: sweep.scalars @initial_tensor_1 initial_tensor variant 1 {
  sweep.scalars @initial_tensor_0 initial_tensor variant 0 {}
  sweep.scalars @initial_tensor_1 initial_tensor variant 1 {}
  // CHECK: sweep.scalars @initial_model initial_model {
  sweep.scalars @initial_model initial_model {}
  // CHECK: sweep.scalars @end_tensor_0 end_tensor {
  // CHECK-NEXT: %[[SCALE:.*]] = sweep.tensor_value 0
  // CHECK-NEXT: %[[GUARD:.*]] = sweep.model_value 0
  // CHECK-NEXT: %[[NEXT:.*]] = arith.mulf %[[SCALE]], %[[GUARD]] : f64
  // CHECK-NEXT: sweep.yield %[[NEXT]] : f64
  sweep.scalars @end_tensor_0 end_tensor {
    %scale = sweep.tensor_value 0
    %guard = sweep.model_value 0
    %next = arith.mulf %scale, %guard : f64
    sweep.yield %next : f64
  }
  // CHECK: sweep.scalars @end_tensor_1 end_tensor variant 1 {
  sweep.scalars @end_tensor_1 end_tensor variant 1 {}
  // CHECK: sweep.scalars @end_model end_model {
  sweep.scalars @end_model end_model {}
  // CHECK: sweep.scalars @none slots {
  sweep.scalars @none slots {}
  // CHECK: sweep.scalars @step_scalars slots {
  // CHECK-NEXT: %[[LR:.*]] = sweep.hyper 0
  // CHECK-NEXT: %[[T:.*]] = sweep.clock 0
  // CHECK-NEXT: sweep.yield %[[LR]], %[[T]] : f64, f64
  // CHECK-NEXT: }
  sweep.scalars @step_scalars slots {
    %lr = sweep.hyper 0
    %t = sweep.clock 0
    sweep.yield %lr, %t : f64, f64
  }
  // CHECK-NEXT: sweep.sweep @initial_0 initial variant 0 scalars @none
  // CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, f32, true, false>, #sweep.buffer<state, "m", 0, f32, false, true>] reductions [] {
  sweep.sweep @initial_0 initial variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, f32, true, false>, #sweep.buffer<state, "m", 0, f32, false, true>]
      reductions [] {
  // CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32):
  // CHECK-NEXT: sweep.yield %[[W]] : f32
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  // CHECK: sweep.sweep @norms_0 step variant 0 scalars @none
  // CHECK-SAME: #sweep.buffer<scratch, "u", 0, f32, false, true>
  // CHECK-SAME: reductions [#sweep.reduction<max, tensor, 2>, #sweep.reduction<sum, model, 0>] {
  sweep.sweep @norms_0 step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>, #sweep.buffer<scratch, "u", 0, f32, false, true>]
      reductions [#sweep.reduction<max, tensor, 2>, #sweep.reduction<sum, model, 0>] {
  // CHECK-NEXT: ^{{.*}}(%[[G:.*]]: f32):
  // CHECK-NEXT: %[[WIDE:.*]] = arith.extf %[[G]] : f32 to f64
  // CHECK-NEXT: sweep.yield %[[G]], %[[WIDE]], %[[WIDE]] : f32, f64, f64
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %g, %wide, %wide : f32, f64, f64
  }
  // The same without scratch.
  // CHECK: sweep.sweep @norms_resident_0 step variant 0
  sweep.sweep @norms_resident_0 step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>]
      reductions [#sweep.reduction<max, tensor, 2>, #sweep.reduction<sum, model, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide, %wide : f64, f64
  }
  // CHECK: sweep.sweep @step_0 step variant 0 scalars @step_scalars
  // CHECK-SAME: #sweep.buffer<gradient, "g", 0, f32, true, false>
  sweep.sweep @step_0 step variant 0 scalars @step_scalars
      buffers [#sweep.buffer<parameter, "w", 0, f32, true, true>, #sweep.buffer<gradient, "g", 0, f32, true, false>]
      reductions [] {
  // CHECK-NEXT: ^{{.*}}(%{{.*}}: f32, %[[G:.*]]: f32, %{{.*}}: f64, %{{.*}}: f64):
  ^bb0(%w: f32, %g: f32, %lr: f64, %t: f64):
    sweep.yield %g : f32
  }
  // CHECK: sweep.sweep @step_1 step variant 1 scalars @none buffers [] reductions [] {
  // CHECK-NEXT: }
  sweep.sweep @step_1 step variant 1 scalars @none buffers [] reductions [] {}
  // The first view has number 0, which is not written.
  // CHECK: sweep.sweep @eval_0 view variant 0 scalars @none
  // CHECK: sweep.sweep @shadow_0 view number 1 variant 0 scalars @none buffers [#sweep.buffer<view, "shadow", 0, f32, false, true>]
  sweep.sweep @eval_0 view variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, f32, true, false>, #sweep.buffer<view, "eval", 0, f32, false, true>]
      reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.sweep @shadow_0 view number 1 variant 0 scalars @none
      buffers [#sweep.buffer<view, "shadow", 0, f32, false, true>] reductions [] {
    %half = arith.constant 0.5 : f32
    sweep.yield %half : f32
  }
  // CHECK: sweep.stage variant 0 sweeps [@norms_0] resident [@norms_resident_0]
  // CHECK-NEXT: sweep.stage variant 0 sweeps [@step_0] resident []
  // CHECK-NEXT: sweep.stage variant 1 sweeps [] resident []
  // CHECK-NEXT: sweep.stage variant 1 sweeps [@step_1] resident []
  sweep.stage variant 0 sweeps [@norms_0] resident [@norms_resident_0]
  sweep.stage variant 0 sweeps [@step_0] resident []
  sweep.stage variant 1 sweeps [] resident []
  sweep.stage variant 1 sweeps [@step_1] resident []
}
