// The constraints of `sweep`: its arguments and results are its buffers and slots, and gradients are not written.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @c1_buffer_that_is_not_read optimizer @rule conditions 0 states [-1] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c1: the arguments must be the buffers read, then the slots of the scalar program}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<state, "m", 0, f32, false, true>] {
  ^bb0(%m: f32):
    sweep.yield %m : f32
  }
}

// -----

sweep.program @c1_number_type optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c1: the arguments must be the buffers read, then the slots of the scalar program}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>] {
  ^bb0(%g: f64):
    sweep.yield
  }
}

// -----

sweep.program @c1_missing_slot optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @one_slot slots {
    %lr = sweep.hyper 0
    sweep.yield %lr : f64
  }
  // expected-error@+1 {{'sweep.sweep' op c1: the arguments must be the buffers read, then the slots of the scalar program}}
  sweep.sweep @step step variant 0 scalars @one_slot buffers [#sweep.buffer<gradient, "g", 0, f32, true, false>] {
  ^bb0(%g: f32):
    sweep.yield
  }
}

// -----

sweep.program @c1_no_scalar.program optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  // expected-error@+1 {{'sweep.sweep' op c1: @none is no scalar program}}
  sweep.sweep @step step variant 0 scalars @none buffers [] {}
}

// -----

sweep.program @c2_missing_result optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c2: must yield one number for each buffer written}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, f32, true, true>] {
  ^bb0(%w: f32):
    sweep.yield
  }
}

// -----

sweep.program @c2_number_type optimizer @rule conditions 0 states [-1] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c2: must yield one number for each buffer written}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<state, "m", 0, f64, false, true>] {
    %zero = arith.constant 0.0 : f32
    sweep.yield %zero : f32
  }
}

// -----

sweep.program @c3 optimizer @rule conditions 0 states [] requirements 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c3: writes the gradient}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, f32, true, true>] {
  ^bb0(%g: f32):
    sweep.yield %g : f32
  }
}
