// The constraints of `operation`: where its argument comes from and its result goes, over what it is done, and that
// nothing waits behind one over the model.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @c1_no_scalars optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.operation' op c1: @absent is no scalar program}}
  sweep.operation @o difference variant 0 scalars @absent over <row> field 0 : f32 argument -1 result -1
}

// -----

sweep.program @c1_no_argument optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.operation' op c1: the argument is the one slot of the scalar program, or a group buffer over row}}
  sweep.operation @o largest variant 0 scalars @none over <row> field 0 : f32 argument -1 result -1
}

// -----

sweep.program @c1_two_arguments optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c1: the argument is the one slot of the scalar program, or a group buffer over row}}
  sweep.operation @o largest variant 0 scalars @one over <row> field 0 : f32 argument 0 result -1
}

// -----

sweep.program @c1_other_groups optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<col>] fields 1 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.operation' op c1: the argument is the one slot of the scalar program, or a group buffer over row}}
  sweep.operation @o largest variant 0 scalars @none over <row> field 0 : f32 argument 0 result -1
}

// -----

sweep.program @c2_rearranges optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c2: finds no number}}
  sweep.operation @o largest variant 0 scalars @one over <tensor> field 0 : f32 argument -1 result 0
}

// -----

sweep.program @c2_no_result optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c2: there is no place for a number over tensor at -1}}
  sweep.operation @o quantile variant 0 scalars @one over <tensor> field 0 : f32 argument -1 result -1
}

// -----

sweep.program @c2_no_group_buffer optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c2: there is no place for a number over row at 1}}
  sweep.operation @o quantile variant 0 scalars @one over <row> field 0 : f32 argument -1 result 1
}

// -----

sweep.program @c3_sweep_behind optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "r", 0>] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  sweep.operation @o quantile variant 0 scalars @one over <model> field 0 : f32 argument -1 result 0
  // expected-error@+1 {{'sweep.sweep' op c3: stands behind an operation over the model}}
  sweep.sweep @late step variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield
  }
  sweep.stage step variant 0 sweeps [@o, @late] tiles [1, 1] resident [] tiles []
}

// -----

sweep.program @c4_columns optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<col>] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c4: is not done over col}}
  sweep.operation @o quantile variant 0 scalars @one over <col> field 0 : f32 argument -1 result 0
}

// -----

sweep.program @c4_string_over_the_model optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c4: is not done over model}}
  sweep.operation @o taut_string variant 0 scalars @one over <model> field 0 : f32 argument -1 result -1
}

// -----

sweep.program @c4_no_field optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c4: the program has no field 1 of 'f32'}}
  sweep.operation @o difference variant 0 scalars @one over <row> field 1 : f32 argument -1 result -1
}

// -----

sweep.program @c4_number optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  sweep.scalars @one slots {
    %k = sweep.hyper 0
    sweep.yield %k : f64
  }
  // expected-error@+1 {{'sweep.operation' op c4: the program has no field 0 of 'bf16'}}
  sweep.operation @o difference variant 0 scalars @one over <row> field 0 : bf16 argument -1 result -1
}
