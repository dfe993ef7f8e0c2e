// A program with everything it can hold.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

// CHECK-LABEL: sweep.program @rule.program optimizer @rule conditions 1 outcomes [1] precisions 2 states [true, true, true, false, true, true] : [f32, f32, bf16, f32, f32, f32] requirements 1
// CHECK-SAME: tensor_values [#sweep.value<hyper, "scale", 2>, #sweep.value<state, "n", 2>, #sweep.value<reduction, "norm", 0>]
// CHECK-SAME: model_values [#sweep.value<reduction, "guard", 1>] exits [#sweep.exit<1, true, 0>, #sweep.exit<1, false, -1>] patterns [#sweep.pattern<"*.bias", false>, #sweep.pattern<"slow", true>] ranks [0] groups [] fields 0 {
sweep.program @rule.program optimizer @rule conditions 1 outcomes [1] precisions 2 states [true, true, true, false, true, true] : [f32, f32, bf16, f32, f32, f32] requirements 1
    tensor_values [#sweep.value<hyper, "scale", 2>, #sweep.value<state, "n", 2>, #sweep.value<reduction, "norm", 0>]
    model_values [#sweep.value<reduction, "guard", 1>] exits [#sweep.exit<1, true, 0>, #sweep.exit<1, false, -1>] patterns [#sweep.pattern<"*.bias", false>, #sweep.pattern<"slow", true>] ranks [0] groups [] fields 0 {
  // CHECK-NEXT: sweep.scalars @conditions conditions {
  // CHECK-NEXT: %[[IS_BIAS:.*]] = sweep.matches 0
  // CHECK-NEXT: sweep.yield %[[IS_BIAS]] : f64
  // CHECK-NEXT: }
  sweep.scalars @conditions conditions {
    %isBias = sweep.matches 0
    sweep.yield %isBias : f64
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
  // What follows an exit that does not refuse ends in its own way.
  // CHECK: sweep.scalars @exit_0 exit_condition exit 0 {
  sweep.scalars @exit_0 exit_condition exit 0 {
    %norm = sweep.model_value 0
    sweep.yield %norm : f64
  }
  sweep.scalars @exit_1 exit_condition exit 1 {
    %norm = sweep.model_value 0
    sweep.yield %norm : f64
  }
  // CHECK: sweep.scalars @end_tensor_1_1 end_tensor variant 1 exit 1 {
  sweep.scalars @end_tensor_0_1 end_tensor variant 0 exit 1 {}
  sweep.scalars @end_tensor_1_1 end_tensor variant 1 exit 1 {}
  sweep.scalars @end_model_1 end_model exit 1 {}
  // CHECK: sweep.scalars @schedules schedules {
  // CHECK-NEXT: sweep.clock 1
  sweep.scalars @schedules schedules {
    %step = sweep.clock 1
    sweep.yield %step : f64
  }
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
  // CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<state, "m", 0, element, f32, false, true>] reductions [] {
  sweep.sweep @initial_0 initial variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<state, "m", 0, element, f32, false, true>]
      reductions [] {
  // CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32):
  // CHECK-NEXT: sweep.yield %[[W]] : f32
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  // CHECK: sweep.sweep @norms_0 step variant 0 scalars @none
  // CHECK-SAME: #sweep.buffer<scratch, "u", 0, element, f32, false, true>
  // CHECK-SAME: reductions [#sweep.reduction<max, tensor, 2>, #sweep.reduction<sum, model, 0>] {
  sweep.sweep @norms_0 step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>, #sweep.buffer<scratch, "u", 0, element, f32, false, true>]
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
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>]
      reductions [#sweep.reduction<max, tensor, 2>, #sweep.reduction<sum, model, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide, %wide : f64, f64
  }
  // CHECK: sweep.sweep @step_0 step variant 0 scalars @step_scalars
  // CHECK-SAME: #sweep.buffer<gradient, "g", 0, element, f32, true, false>
  sweep.sweep @step_0 step variant 0 scalars @step_scalars
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>]
      reductions [] {
  // CHECK-NEXT: ^{{.*}}(%{{.*}}: f32, %[[G:.*]]: f32, %{{.*}}: f64, %{{.*}}: f64):
  ^bb0(%w: f32, %g: f32, %lr: f64, %t: f64):
    sweep.yield %g : f32
  }
  // CHECK: sweep.sweep @step_1 step variant 1 scalars @none buffers [] reductions [] {
  // CHECK-NEXT: }
  sweep.sweep @step_1 step variant 1 scalars @none buffers [] reductions [] {}
  // What memory stores need not be what is computed.
  // CHECK: sweep.sweep @zero_0 step variant 0
  // CHECK-SAME: #sweep.buffer<gradient, "g", 0, element, bf16, false, true>
  sweep.sweep @zero_0 step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, bf16, false, true>] reductions [] {
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: sweep.yield %[[ZERO]] : f32
    %zero = arith.constant 0.0 : f32
    sweep.yield %zero : f32
  }
  // The first view has number 0, which is not written.
  // CHECK: sweep.sweep @eval_0 view variant 0 scalars @none
  // CHECK: sweep.sweep @shadow_0 view number 1 variant 0 scalars @none buffers [#sweep.buffer<view, "shadow", 0, element, f32, false, true>]
  sweep.sweep @eval_0 view variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<view, "eval", 0, element, f32, false, true>]
      reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.sweep @shadow_0 view number 1 variant 0 scalars @none
      buffers [#sweep.buffer<view, "shadow", 0, element, f32, false, true>] reductions [] {
    %half = arith.constant 0.5 : f32
    sweep.yield %half : f32
  }
  // CHECK: sweep.stage step variant 0 sweeps [@norms_0] tiles [1] resident [@norms_resident_0] tiles [1]
  // CHECK-NEXT: sweep.stage step variant 0 sweeps [@step_0] tiles [1] resident [] tiles []
  // CHECK-NEXT: sweep.stage step variant 1 sweeps [] tiles [] resident [] tiles []
  // CHECK-NEXT: sweep.stage step variant 1 sweeps [@step_1] tiles [1] resident [] tiles []
  sweep.stage step variant 0 sweeps [@norms_0] tiles [1] resident [@norms_resident_0] tiles [1]
  sweep.stage step variant 0 sweeps [@step_0] tiles [1] resident [] tiles []
  sweep.stage step variant 1 sweeps [] tiles [] resident [] tiles []
  sweep.stage step variant 1 sweeps [@step_1] tiles [1] resident [] tiles []
  // CHECK-NEXT: sweep.stage step variant 0 exit 1 sweeps [@zero_0] tiles [1] resident [] tiles []
  // CHECK-NEXT: sweep.stage step variant 1 exit 1 sweeps [] tiles [] resident [] tiles []
  sweep.stage step variant 0 exit 1 sweeps [@zero_0] tiles [1] resident [] tiles []
  sweep.stage step variant 1 exit 1 sweeps [] tiles [] resident [] tiles []
  // CHECK-NEXT: sweep.stage initial variant 0 sweeps [@initial_0] tiles [1] resident [] tiles []
  // CHECK-NEXT: sweep.stage view variant 0 sweeps [@eval_0] tiles [1] resident [] tiles []
  // CHECK-NEXT: sweep.stage view number 1 variant 0 sweeps [@shadow_0] tiles [1] resident [] tiles []
  sweep.stage initial variant 0 sweeps [@initial_0] tiles [1] resident [] tiles []
  sweep.stage view variant 0 sweeps [@eval_0] tiles [1] resident [] tiles []
  sweep.stage view number 1 variant 0 sweeps [@shadow_0] tiles [1] resident [] tiles []
}
