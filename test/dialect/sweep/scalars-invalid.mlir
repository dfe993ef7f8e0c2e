// What a scalar program can read: the clock has seven entries, there is no hyper before the first, the tables of values have
// the entries that the program says they have, and only conditions compare names with the patterns that there are.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @clock optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{attribute 'index' failed to satisfy constraint}}
    %value = sweep.clock 8
    sweep.yield %value : f64
  }
}

// -----

sweep.program @hyper optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{attribute 'index' failed to satisfy constraint}}
    %value = sweep.hyper -1
    sweep.yield %value : f64
  }
}

// -----

sweep.program @c1_tensor_value optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{'sweep.tensor_value' op c1: the table of tensor values has no entry 0}}
    %value = sweep.tensor_value 0
    sweep.yield %value : f64
  }
}

// -----

sweep.program @c1_model_value optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{'sweep.model_value' op c1: the table of model values has no entry 1}}
    %value = sweep.model_value 1
    sweep.yield %value : f64
  }
}

// -----

sweep.program @c1_pattern optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [#sweep.pattern<"*.bias", false>] ranks [0, 0] groups [] fields 0 {
  sweep.scalars @conditions conditions {
    // expected-error@+1 {{'sweep.matches' op c1: the program has no pattern 1}}
    %value = sweep.matches 1
    sweep.yield %value : f64
  }
}

// -----

sweep.program @c2_matches_in_a_step optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [#sweep.pattern<"*.bias", false>] ranks [0] groups [] fields 0 {
  sweep.scalars @step_scalars slots {
    // expected-error@+1 {{'sweep.matches' op c2: only conditions compare names}}
    %value = sweep.matches 0
    sweep.yield %value : f64
  }
}
