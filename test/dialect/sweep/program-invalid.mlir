// The constraints of `program`: one scalar program for each role, one step for each variant, few conditions.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{'sweep.program' op c1: needs one scalar program for the conditions}}
sweep.program @c1_no_conditions optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  sweep.sweep @step step variant 0 scalars @none buffers [] {}
}

// -----

// expected-error@+1 {{'sweep.program' op c1: needs one scalar program for the requirements}}
sweep.program @c1_two_requirements optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @more_requirements requirements {}
  sweep.scalars @none slots {}
  sweep.sweep @step step variant 0 scalars @none buffers [] {}
}

// -----

sweep.program @c1_missing_condition optimizer @rule conditions 1 states [0] requirements 0 {
  // expected-error@+1 {{'sweep.scalars' op c1: must yield 1 values}}
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  sweep.sweep @step_0 step variant 0 scalars @none buffers [] {}
  sweep.sweep @step_1 step variant 1 scalars @none buffers [] {}
}

// -----

sweep.program @c1_surplus_requirement optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  // expected-error@+1 {{'sweep.scalars' op c1: must yield 0 values}}
  sweep.scalars @requirements requirements {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @none slots {}
  sweep.sweep @step step variant 0 scalars @none buffers [] {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 1 needs one step sweep and at most one initial sweep}}
sweep.program @c2_variant_without_a_step optimizer @rule conditions 1 states [0] requirements 0 {
  sweep.scalars @conditions conditions {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  sweep.sweep @step_0 step variant 0 scalars @none buffers [] {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs one step sweep and at most one initial sweep}}
sweep.program @c2_two_steps optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  sweep.sweep @step step variant 0 scalars @none buffers [] {}
  sweep.sweep @again step variant 0 scalars @none buffers [] {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs one step sweep and at most one initial sweep}}
sweep.program @c2_two_initial_sweeps optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  sweep.sweep @initial initial variant 0 scalars @none buffers [] {}
  sweep.sweep @again initial variant 0 scalars @none buffers [] {}
  sweep.sweep @step step variant 0 scalars @none buffers [] {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: has more than 8 conditions}}
sweep.program @c3 optimizer @rule conditions 9 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
}
