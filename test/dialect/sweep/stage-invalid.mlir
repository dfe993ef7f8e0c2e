// The constraints of `stage`: its sweeps are those of its role and variant, both forms do the same, passes can go tile by
// tile, and what is folded at its end has a place.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @c1_no_sweep optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.stage' op c1: @absent is no step sweep of variant 0}}
  sweep.stage step variant 0 sweeps [@absent] tiles [1] resident [] tiles []
}

// -----

sweep.program @c1_another_variant optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @step_1 step variant 1 scalars @none
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [] {
  ^bb0(%m: f32):
    sweep.yield %m : f32
  }
  // expected-error@+1 {{'sweep.stage' op c1: @step_1 is no step sweep of variant 0}}
  sweep.stage step variant 0 sweeps [@step_1] tiles [1] resident [] tiles []
}

// -----

sweep.program @c1_another_role optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @initial_0 initial variant 0 scalars @none
      buffers [#sweep.buffer<state, "m", 0, element, f32, false, true>] reductions [] {
    %half = arith.constant 0.5 : f32
    sweep.yield %half : f32
  }
  // expected-error@+1 {{'sweep.stage' op c1: @initial_0 is no step sweep of variant 0}}
  sweep.stage step variant 0 sweeps [] tiles [] resident [@initial_0] tiles [1]
}

// -----

sweep.program @c2_other_buffers optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [] {
  ^bb0(%g: f32):
    sweep.yield
  }
  sweep.sweep @writes step variant 0 scalars @none
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [] {
  ^bb0(%m: f32):
    sweep.yield %m : f32
  }
  // expected-error@+1 {{'sweep.stage' op c2: the two forms write other buffers or fold other numbers}}
  sweep.stage step variant 0 sweeps [@first, @writes] tiles [1, 1] resident [@first] tiles [1]
}

// -----

sweep.program @c2_other_reductions optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @folds step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
  sweep.sweep @folds_otherwise step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<max, tensor, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
  // expected-error@+1 {{'sweep.stage' op c2: the two forms write other buffers or fold other numbers}}
  sweep.stage step variant 0 sweeps [@folds] tiles [1] resident [@folds_otherwise] tiles [1]
}

// -----

sweep.program @c3_no_such_exit optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  // expected-error@+1 {{'sweep.stage' op c3: the program has no exit 0}}
  sweep.stage step variant 0 exit 0 sweeps [] tiles [] resident [] tiles []
}

// -----

sweep.program @c4_too_few optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  // expected-error@+1 {{'sweep.stage' op c4: the runs do not add up to the sweeps}}
  sweep.stage step variant 0 sweeps [@first, @second] tiles [1] resident [] tiles []
}

// -----

sweep.program @c4_too_many optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  // expected-error@+1 {{'sweep.stage' op c4: the runs do not add up to the sweeps}}
  sweep.stage step variant 0 sweeps [@first, @second] tiles [1, 2] resident [] tiles []
}

// -----

sweep.program @c4_empty_run optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  // expected-error@+1 {{'sweep.stage' op c4: the runs do not add up to the sweeps}}
  sweep.stage step variant 0 sweeps [@first] tiles [0, 1] resident [] tiles []
}

// -----

sweep.program @c5_columns optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<col>] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.sweep @columns step variant 0 over <col> scalars @none buffers [#sweep.buffer<group, "n", 0, col, f64, true, false>] reductions [] {
  ^bb0(%n: f64):
    sweep.yield
  }
  // expected-error@+1 {{'sweep.stage' op c5: a pass over col cannot go tile by tile}}
  sweep.stage step variant 0 sweeps [@first, @columns] tiles [2] resident [] tiles []
}

// -----

sweep.program @c5_own_fold optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.scalars @reads slots {
    %r = sweep.tensor_value 0
    sweep.yield %r : f64
  }
  sweep.sweep @third step variant 0 scalars @reads buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32, %r: f64):
    sweep.yield %w : f32
  }
  // expected-error@+1 {{'sweep.stage' op c5: @reads reads what its own run folds}}
  sweep.stage step variant 0 sweeps [@first, @third] tiles [2] resident [] tiles []
}

// -----

sweep.program @c6_folds_over_the_model optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "r", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first initial variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  // expected-error@+1 {{'sweep.stage' op c6: folds over the model, has a resident form or belongs to an exit}}
  sweep.stage initial variant 0 sweeps [@first] tiles [1] resident [] tiles []
}

// -----

sweep.program @c6_no_view optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.sweep @first view variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, tensor, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  // expected-error@+1 {{'sweep.stage' op c6: must write its view once}}
  sweep.stage view variant 0 sweeps [@first] tiles [1] resident [] tiles []
}

// -----

sweep.program @c7_no_fold optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "r", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.stage' op c7: @none is no scalar program for a fold}}
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles [] fold @none reductions [#sweep.reduction<sum, model, 0>]
}

// -----

sweep.program @c7_count optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [#sweep.value<reduction, "r", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.scalars @fold fold {
    %r = sweep.tensor_value 0
    sweep.yield %r : f64
  }
  // expected-error@+1 {{'sweep.stage' op c7: folds 2 numbers of 1}}
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles [] fold @fold reductions [#sweep.reduction<sum, model, 0>, #sweep.reduction<max, model, 0>]
}

// -----

sweep.program @c7_no_place optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<reduction, "r", 0>] model_values [#sweep.value<reduction, "r", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  sweep.scalars @fold fold {
    %r = sweep.tensor_value 0
    sweep.yield %r : f64
  }
  // expected-error@+1 {{'sweep.stage' op c7: the table of model values has no reduction at 1}}
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles [] fold @fold reductions [#sweep.reduction<sum, model, 1>]
}
