// A program with everything it can hold.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

// CHECK-LABEL: sweep.program @rule.program optimizer @rule conditions 1 states [-1, 0] requirements 1 {
sweep.program @rule.program optimizer @rule conditions 1 states [-1, 0] requirements 1 {
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
  // Where nothing is yielded, `yield` is not written.
  // CHECK-NEXT: sweep.scalars @none slots {
  // CHECK-NEXT: }
  sweep.scalars @none slots {}
  // CHECK-NEXT: sweep.scalars @step_scalars slots {
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
  // CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, f32, true, false>, #sweep.buffer<state, "m", 0, f32, false, true>] {
  sweep.sweep @initial_0 initial variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, f32, true, false>, #sweep.buffer<state, "m", 0, f32, false, true>] {
  // CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32):
  // CHECK-NEXT: sweep.yield %[[W]] : f32
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  // CHECK: sweep.sweep @step_0 step variant 0 scalars @step_scalars
  // CHECK-SAME: #sweep.buffer<gradient, "g", 0, f32, true, false>
  sweep.sweep @step_0 step variant 0 scalars @step_scalars
      buffers [#sweep.buffer<parameter, "w", 0, f32, true, true>, #sweep.buffer<gradient, "g", 0, f32, true, false>] {
  // CHECK-NEXT: ^{{.*}}(%{{.*}}: f32, %[[G:.*]]: f32, %{{.*}}: f64, %{{.*}}: f64):
  ^bb0(%w: f32, %g: f32, %lr: f64, %t: f64):
    sweep.yield %g : f32
  }
  // CHECK: sweep.sweep @step_1 step variant 1 scalars @none buffers [] {
  // CHECK-NEXT: }
  sweep.sweep @step_1 step variant 1 scalars @none buffers [] {}
}
