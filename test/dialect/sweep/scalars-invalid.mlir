// What a scalar program can read: the clock has five entries, there is no hyper before the first, and the tables of values
// have the entries that the program says they have.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @clock optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{attribute 'index' failed to satisfy constraint}}
    %value = sweep.clock 5
    sweep.yield %value : f64
  }
}

// -----

sweep.program @hyper optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{attribute 'index' failed to satisfy constraint}}
    %value = sweep.hyper -1
    sweep.yield %value : f64
  }
}

// -----

sweep.program @c1_tensor_value optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{'sweep.tensor_value' op c1: the table of tensor values has no entry 0}}
    %value = sweep.tensor_value 0
    sweep.yield %value : f64
  }
}

// -----

sweep.program @c1_model_value optimizer @rule conditions 0 states [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{'sweep.model_value' op c1: the table of model values has no entry 1}}
    %value = sweep.model_value 1
    sweep.yield %value : f64
  }
}
