// The constraints of `stage`: its sweeps are step sweeps of its variant, and both forms do the same.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @c1_no_sweep optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.stage' op c1: @absent is no step sweep of variant 0}}
  sweep.stage variant 0 sweeps [@absent] resident []
}

// -----

sweep.program @c1_another_variant optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] {
  sweep.scalars @none slots {}
  sweep.sweep @step_1 step variant 1 scalars @none
      buffers [#sweep.buffer<state, "m", 0, f32, true, true>] reductions [] {
  ^bb0(%m: f32):
    sweep.yield %m : f32
  }
  // expected-error@+1 {{'sweep.stage' op c1: @step_1 is no step sweep of variant 0}}
  sweep.stage variant 0 sweeps [@step_1] resident []
}

// -----

sweep.program @c1_another_role optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] {
  sweep.scalars @none slots {}
  sweep.sweep @initial_0 initial variant 0 scalars @none
      buffers [#sweep.buffer<state, "m", 0, f32, false, true>] reductions [] {
    %half = arith.constant 0.5 : f32
    sweep.yield %half : f32
  }
  // expected-error@+1 {{'sweep.stage' op c1: @initial_0 is no step sweep of variant 0}}
  sweep.stage variant 0 sweeps [] resident [@initial_0]
}

// -----

sweep.program @c2_other_buffers optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] {
  sweep.scalars @none slots {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>] reductions [] {
  ^bb0(%g: f32):
    sweep.yield
  }
  sweep.sweep @writes step variant 0 scalars @none
      buffers [#sweep.buffer<state, "m", 0, f32, true, true>] reductions [] {
  ^bb0(%m: f32):
    sweep.yield %m : f32
  }
  // expected-error@+1 {{'sweep.stage' op c2: the two forms write other buffers or fold other numbers}}
  sweep.stage variant 0 sweeps [@first, @writes] resident [@first]
}

// -----

sweep.program @c2_other_reductions optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] {
  sweep.scalars @none slots {}
  sweep.sweep @folds step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
  sweep.sweep @folds_otherwise step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>] reductions [#sweep.reduction<max, tensor, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
  // expected-error@+1 {{'sweep.stage' op c2: the two forms write other buffers or fold other numbers}}
  sweep.stage variant 0 sweeps [@folds] resident [@folds_otherwise]
}

// -----

sweep.program @c3_no_such_exit optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] {
  // expected-error@+1 {{'sweep.stage' op c3: the program has no exit 0}}
  sweep.stage variant 0 exit 0 sweeps [] resident []
}
