// The constraints of `sweep`: its arguments and results are its buffers, slots and reductions; nothing but 0 is
// written to gradients; what is folded has a place; views are written by themselves; numbers of groups stand in buffers
// of their own.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

sweep.program @c1_buffer_that_is_not_read optimizer @rule conditions 0 outcomes [0] precisions 1 states [true] : [f32] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c1: the arguments must be the buffers read, then the slots of the scalar program}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<state, "m", 0, element, f32, false, true>] reductions [] {
  ^bb0(%m: f32):
    sweep.yield %m : f32
  }
}

// -----

sweep.program @c1_number_type optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c1: the arguments must be the buffers read, then the slots of the scalar program}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<gradient, "g", 0, element, f64, true, false>] reductions [] {
  ^bb0(%w: f32, %g: f64):
    sweep.yield
  }
}

// -----

sweep.program @c1_missing_slot optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @one_slot slots {
    %lr = sweep.hyper 0
    sweep.yield %lr : f64
  }
  // expected-error@+1 {{'sweep.sweep' op c1: the arguments must be the buffers read, then the slots of the scalar program}}
  sweep.sweep @step step variant 0 scalars @one_slot buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [] {
  ^bb0(%g: f32):
    sweep.yield
  }
}

// -----

sweep.program @c1_no_scalar.program optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  // expected-error@+1 {{'sweep.sweep' op c1: @none is no scalar program}}
  sweep.sweep @step step variant 0 scalars @none buffers [] reductions [] {}
}

// -----

sweep.program @c2_missing_result optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c2: must yield one number for each buffer written, then an f64 for each reduction}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield
  }
}

// -----

sweep.program @c2_number_type optimizer @rule conditions 0 outcomes [0] precisions 1 states [true] : [f64] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c2: must yield one number for each buffer written, then an f64 for each reduction}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>, #sweep.buffer<state, "m", 0, element, f64, false, true>] reductions [] {
  ^bb0(%g: f32):
    %zero = arith.constant 0.0 : f64
    sweep.yield %zero : f64
  }
}

// -----

sweep.program @c2_missing_reduction optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c2: must yield one number for each buffer written, then an f64 for each reduction}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%g: f32):
    sweep.yield
  }
}

// -----

sweep.program @c2_narrow_reduction optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c2: must yield one number for each buffer written, then an f64 for each reduction}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%g: f32):
    sweep.yield %g : f32
  }
}

// -----

sweep.program @c3 optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c3: writes something else than 0 to the gradient}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, true>] reductions [] {
  ^bb0(%g: f32):
    sweep.yield %g : f32
  }
}

// -----

sweep.program @c3_negative_zero optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c3: writes something else than 0 to the gradient}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, false, true>] reductions [] {
    %zero = arith.constant -0.0 : f32
    sweep.yield %zero : f32
  }
}

// -----

sweep.program @c4_no_such_value optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c4: the table of model values has no reduction at 1}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, model, 1>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
}

// -----

sweep.program @c4_other_table optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c4: the table of tensor values has no reduction at 0}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<max, tensor, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
}

// -----

sweep.program @c4_place_of_a_state optimizer @rule conditions 0 outcomes [0] precisions 1 states [true] : [f32] requirements 0
    tensor_values [] model_values [#sweep.value<state, "s", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c4: the table of model values has no reduction at 0}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
}

// -----

sweep.program @c4_groups optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c4: folds to neither groups of elements nor tensors nor the model}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, group, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    sweep.yield %wide : f64
  }
}

// -----

sweep.program @c5_view_in_a_step optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: a view is written by one sweep in that role, which writes nothing else}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<view, "eval", 0, element, f32, false, true>] reductions [] {
    %half = arith.constant 0.5 : f32
    sweep.yield %half : f32
  }
}

// -----

sweep.program @c5_view_that_writes_more optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: a view is written by one sweep in that role, which writes nothing else}}
  sweep.sweep @step view variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>,
      #sweep.buffer<view, "eval", 0, element, f32, false, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w, %w : f32, f32
  }
}

// -----

sweep.program @c5_view_that_is_read optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: a view is written and not read}}
  sweep.sweep @step view variant 0 scalars @none buffers [#sweep.buffer<view, "eval", 0, element, f32, true, true>] reductions [] {
  ^bb0(%x: f32):
    sweep.yield %x : f32
  }
}

// -----

sweep.program @c6_narrow_arithmetic optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c6: computes in 'bf16', neither f32 nor f64}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, element, bf16, true, true>] reductions [] {
  ^bb0(%w: bf16):
    sweep.yield %w : bf16
  }
}

// -----

sweep.program @c6_narrow_scratch optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c6: scratch stores 'f32', as the sweep computes}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, bf16, true, false>, #sweep.buffer<scratch, "s", 0, element, bf16, false, true>] reductions [] {
  ^bb0(%g: f32):
    sweep.yield %g : f32
  }
}

// -----

sweep.program @c6_storage optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c6: a buffer stores 'tf32', which no memory holds}}
  sweep.sweep @step step variant 0 scalars @none buffers [#sweep.buffer<parameter, "w", 0, element, tf32, true, false>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield
  }
}

// -----

sweep.program @c5_view_that_changes_a_state optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: a view changes no parameter, gradient or state}}
  sweep.sweep @step view variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
}

// -----

sweep.program @c5_view_that_folds optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: a view is written by one sweep in that role, which writes nothing else}}
  sweep.sweep @step view variant 0 scalars @none
      buffers [#sweep.buffer<view, "v", 0, element, f32, false, true>] reductions [#sweep.reduction<sum, row, 0>] {
    %half = arith.constant 0.5 : f32
    %wide = arith.constant 0.5 : f64
    sweep.yield %half, %wide : f32, f64
  }
}

// -----

sweep.program @c6_narrow_field optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 1 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c6: a field stores 'f32', as the sweep computes}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<field, "x", 0, element, f64, false, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
}

// -----

sweep.program @c6_narrow_group optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c6: a group buffer stores 'f64'}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<group, "n", 0, row, f32, true, false>] reductions [] {
  ^bb0(%w: f32, %n: f64):
    sweep.yield
  }
}

// -----

sweep.program @c1_narrow_number_of_a_group optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c1: the arguments must be the buffers read, then the slots of the scalar program}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<group, "n", 0, row, f64, true, false>] reductions [] {
  ^bb0(%w: f32, %n: f32):
    sweep.yield
  }
}

// -----

sweep.program @c2_groups_in_f32 optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c2: must yield one number for each buffer written, then an f64 for each reduction}}
  sweep.sweep @step step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<group, "n", 0, row, f64, false, true>] reductions [] {
    %half = arith.constant 0.5 : f32
    sweep.yield %half : f32
  }
}

// -----

sweep.program @c7_over_tensors optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: is over neither elements nor groups of them}}
  sweep.sweep @step step variant 0 over <tensor> scalars @none
      buffers [] reductions [] {
    sweep.yield
  }
}

// -----

sweep.program @c7_elements_over_rows optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: reads a buffer over element in a sweep over row}}
  sweep.sweep @step step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [] {
  ^bb0(%w: f64):
    sweep.yield
  }
}

// -----

sweep.program @c7_parameter_over_rows optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: parameter has no numbers of groups}}
  sweep.sweep @step step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, row, f32, true, false>] reductions [] {
  ^bb0(%w: f64):
    sweep.yield
  }
}

// -----

sweep.program @c7_columns_over_rows optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<col>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: reads a buffer over col in a sweep over row}}
  sweep.sweep @step step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<group, "n", 0, col, f64, true, false>] reductions [] {
  ^bb0(%n: f64):
    sweep.yield
  }
}

// -----

sweep.program @c7_writes_groups optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: writes a buffer over row in a sweep over element}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<group, "n", 0, row, f64, false, true>] reductions [] {
    %half = arith.constant 0.5 : f64
    sweep.yield %half : f64
  }
}

// -----

sweep.program @c7_state_of_groups optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: reads a buffer over row in a sweep over element}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<state, "s", 0, row, f32, true, false>] reductions [] {
  ^bb0(%s: f32):
    sweep.yield
  }
}

// -----

sweep.program @c7_no_group_buffer optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: the program has no group buffer 1 over row}}
  sweep.sweep @step step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<group, "n", 1, row, f64, true, false>] reductions [] {
  ^bb0(%n: f64):
    sweep.yield
  }
}

// -----

sweep.program @c7_other_groups optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: the program has no group buffer 0 over col}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, col, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
}

// -----

sweep.program @c7_groups_to_groups optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<row>, #ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: folds groups to groups}}
  sweep.sweep @step step variant 0 over <row> scalars @none
      buffers [#sweep.buffer<group, "n", 0, row, f64, true, false>] reductions [#sweep.reduction<sum, row, 1>] {
  ^bb0(%n: f64):
    sweep.yield %n : f64
  }
}

// -----

sweep.program @c7_no_field optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c7: the program has no field 0}}
  sweep.sweep @step step variant 0 scalars @none
      buffers [#sweep.buffer<field, "x", 0, element, f32, true, false>] reductions [] {
  ^bb0(%x: f32):
    sweep.yield
  }
}

// -----

sweep.program @c8_columns_and_channels optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<col>, #ravine.set<channel>] fields 0 {
  sweep.scalars @none slots {}
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, col, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  // expected-error@+1 {{'sweep.sweep' op c8: channel and col in one variant}}
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, channel, 1>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
}

// -----

sweep.program @c8_blocks_of_two_sizes optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<block 64>, #ravine.set<block 32>] fields 0 {
  sweep.scalars @none slots {}
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, block 64, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  // expected-error@+1 {{'sweep.sweep' op c8: block 32 and block 64 in one variant}}
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, block 32, 1>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
}

// -----

sweep.program @c8_blocks_and_rows optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<block 64>, #ravine.set<row>] fields 0 {
  sweep.scalars @none slots {}
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.sweep @first step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, block 64, 0>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
  // expected-error@+1 {{'sweep.sweep' op c8: row and block 64 in one variant}}
  sweep.sweep @second step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, row, 1>] {
  ^bb0(%w: f32):
    %wide = arith.extf %w : f32 to f64
    sweep.yield %wide : f64
  }
}
