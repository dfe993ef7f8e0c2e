// The constraints of `program`: one scalar program for each role and variant, few conditions, stages alike, a guard that
// comes first.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

// -----

// expected-error@+1 {{'sweep.program' op c1: needs one scalar program for the conditions}}
sweep.program @c1_no_conditions optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

// expected-error@+1 {{'sweep.program' op c1: needs one scalar program for the requirements}}
sweep.program @c1_two_requirements optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @more_requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

sweep.program @c1_missing_condition optimizer @rule conditions 1 states [0] requirements 0
    tensor_values [] model_values [] {
  // expected-error@+1 {{'sweep.scalars' op c1: must yield 1 values}}
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
}

// -----

sweep.program @c1_surplus_requirement optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  // expected-error@+1 {{'sweep.scalars' op c1: must yield 0 values}}
  sweep.scalars @requirements requirements {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 1 needs one scalar program for the initial values and one for the ends of tensors, and at most one initial sweep}}
sweep.program @c2_variant_without_ends optimizer @rule conditions 1 states [0] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_tensor_1 initial_tensor variant 1 {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs one scalar program for the initial values and one for the ends of tensors, and at most one initial sweep}}
sweep.program @c2_two_initial_values optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @again initial_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs one scalar program for the initial values and one for the ends of tensors, and at most one initial sweep}}
sweep.program @c2_two_initial_sweeps optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  sweep.sweep @initial initial variant 0 scalars @none buffers [] reductions [] {}
  sweep.sweep @again initial variant 0 scalars @none buffers [] reductions [] {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: needs one scalar program for the initial values and one for the ends of the model}}
sweep.program @c2_model_without_ends optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: has more than 8 conditions}}
sweep.program @c3 optimizer @rule conditions 9 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
}

// -----

// expected-error@+1 {{'sweep.program' op c4: variant 1 has another number of stages than variant 0}}
sweep.program @c4 optimizer @rule conditions 1 states [0] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_tensor_1 initial_tensor variant 1 {}
  sweep.scalars @end_tensor_1 end_tensor variant 1 {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.stage variant 0 sweeps [] resident []
  sweep.stage variant 0 sweeps [] resident []
  sweep.stage variant 1 sweeps [] resident []
}

// -----

// expected-error@+1 {{'sweep.program' op c5: the guard names no model value, or no stage}}
sweep.program @c5_no_such_value optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>]
    guard 1 after 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.stage variant 0 sweeps [] resident []
}

// -----

// expected-error@+1 {{'sweep.program' op c5: the guard names no model value, or no stage}}
sweep.program @c5_no_such_stage optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>]
    guard 0 after 1 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.stage variant 0 sweeps [] resident []
}

// -----

// expected-error@+1 {{'sweep.program' op c5: the guard names no model value, or no stage}}
sweep.program @c5_nothing_before_the_step optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>]
    guard 0 after -1 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.stage variant 0 sweeps [] resident []
}

// -----

sweep.program @c5_writes_too_early optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>]
    guard 0 after 1 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: writes before the step is known to happen}}
  sweep.sweep @step_0 step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.stage variant 0 sweeps [] resident []
  sweep.stage variant 0 sweeps [@step_0] resident []
}

// -----

// Writing scratch changes nothing that lasts, and after the guard everything is allowed.
sweep.program @c5_scratch optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>]
    guard 0 after 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  sweep.sweep @before step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>, #sweep.buffer<scratch, "s", 0, f32, false, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.sweep @after step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.stage variant 0 sweeps [@before] resident []
  sweep.stage variant 0 sweeps [@after] resident []
}

// -----

ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
// expected-error@+1 {{'sweep.program' op c6: the optimizer has 0 states}}
sweep.program @c6_states optimizer @rule conditions 0 states [-1] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
// expected-error@+1 {{'sweep.program' op c6: the optimizer has no hyper 0}}
sweep.program @c6_value optimizer @rule conditions 0 states [] requirements 0
    tensor_values [#sweep.value<hyper, "scale", 0>] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
sweep.program @c6_hyper optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @slots slots {
    // expected-error@+1 {{'sweep.hyper' op c6: the optimizer has no such hyper}}
    %rate = sweep.hyper 0
    sweep.yield %rate : f64
  }
}

// -----

ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
sweep.program @c6_buffer optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [] {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c6: the optimizer has no state 0}}
  sweep.sweep @step_0 step variant 0 scalars @none
      buffers [#sweep.buffer<state, "m", 0, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
}
