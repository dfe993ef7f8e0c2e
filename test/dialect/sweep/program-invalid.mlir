// The constraints of `program`: one scalar program for each role, variant and exit, few conditions, stages alike, exits
// before anything is written.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

// -----

// expected-error@+1 {{'sweep.program' op c1: needs one scalar program for the conditions}}
sweep.program @c1_no_conditions optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

// expected-error@+1 {{'sweep.program' op c1: needs one scalar program for the requirements}}
sweep.program @c1_two_requirements optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @more_requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

sweep.program @c1_missing_condition optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
  // expected-error@+1 {{'sweep.scalars' op c1: must yield 1 values}}
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
}

// -----

sweep.program @c1_surplus_requirement optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  // expected-error@+1 {{'sweep.scalars' op c1: must yield 0 values}}
  sweep.scalars @requirements requirements {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
}

// -----

// expected-error@+1 {{'sweep.program' op c1: has two scalar programs for the schedules}}
sweep.program @c1_two_schedules optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @schedules schedules {}
  sweep.scalars @again schedules {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 1 needs one scalar program for the initial values and one for the ends of tensors, and at most one initial stage}}
sweep.program @c2_variant_without_ends optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
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

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs one scalar program for the initial values and one for the ends of tensors, and at most one initial stage}}
sweep.program @c2_two_initial_values optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @again initial_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs one scalar program for the initial values and one for the ends of tensors, and at most one initial stage}}
sweep.program @c2_two_initial_stages optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  sweep.stage initial variant 0 sweeps [] tiles [] resident [] tiles []
  sweep.stage initial variant 0 sweeps [] tiles [] resident [] tiles []
}

// -----

// expected-error@+1 {{'sweep.program' op c2: needs one scalar program for the initial values and one for the ends of the model}}
sweep.program @c2_model_without_ends optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: has more than 32 conditions}}
sweep.program @c3_conditions optimizer @rule conditions 33 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: needs an outcome and a precision}}
sweep.program @c3_outcomes optimizer @rule conditions 0 outcomes [] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: needs an outcome and a precision}}
sweep.program @c3_precisions optimizer @rule conditions 0 outcomes [0] precisions 0 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: two outcomes are the same}}
sweep.program @c3_same_outcomes optimizer @rule conditions 2 outcomes [1, 2, 1] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0, 0, 0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: needs a minimum rank for each outcome}}
sweep.program @c3_ranks optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
}

// -----

// expected-error@+1 {{'sweep.program' op c3: tensor is no set of groups of elements}}
sweep.program @c3_groups optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [#ravine.set<tensor>] fields 0 {
  sweep.scalars @conditions conditions {}
}

// -----

// expected-error@+1 {{'sweep.program' op c4: variant 1 has another number of stages than variant 0}}
sweep.program @c4 optimizer @rule conditions 1 outcomes [0, 1] precisions 1 states [false, true] : [f32] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0, 0] groups [] fields 0 {
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
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles []
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles []
  sweep.stage step variant 1 sweeps [] tiles [] resident [] tiles []
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs one scalar program for the ends of tensors in exit 0}}
sweep.program @c2_exit_without_ends optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_model_0 end_model exit 0 {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: needs one scalar program for the ends of the model in exit 0}}
sweep.program @c2_exit_without_ends_of_the_model optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
}

// -----

// expected-error@+1 {{'sweep.program' op c2: variant 0 needs no scalar program for the ends of tensors in exit 0}}
sweep.program @c2_ends_of_a_refusal optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, true, 0>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
}

// -----

// expected-error@+1 {{'sweep.program' op c4: variant 0 has stages in an exit that refuses, 0}}
sweep.program @c4_stages_of_a_refusal optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, true, 0>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.stage step variant 0 exit 0 sweeps [] tiles [] resident [] tiles []
}

// -----

// expected-error@+1 {{'sweep.program' op c4: variant 1 has another number of stages than variant 0 in exit 0}}
sweep.program @c4_stages_of_an_exit optimizer @rule conditions 0 outcomes [0] precisions 2 states [] : [] requirements 0
    tensor_values [] model_values [] exits [#sweep.exit<0, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @initial_tensor_1 initial_tensor variant 1 {}
  sweep.scalars @end_tensor_1 end_tensor variant 1 {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
  sweep.scalars @end_tensor_0_1 end_tensor variant 1 exit 0 {}
  sweep.stage step variant 0 exit 0 sweeps [] tiles [] resident [] tiles []
}

// -----

// expected-error@+1 {{'sweep.program' op c5: exit 0 needs one scalar program for its condition}}
sweep.program @c5_no_condition optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
}

// -----

sweep.program @c5_unclear_condition optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
  // expected-error@+1 {{'sweep.scalars' op c5: must yield one value}}
  sweep.scalars @exit_0 exit_condition exit 0 {}
}

// -----

sweep.program @c5_no_such_exit optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  // expected-error@+1 {{'sweep.scalars' op c5: the program has no exit 0}}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
}

// -----

// expected-error@+1 {{'sweep.program' op c5: exit 0 is asked before the one in front of it, or after more stages than there are}}
sweep.program @c5_no_such_stage optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<2, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles []
}

// -----

// expected-error@+1 {{'sweep.program' op c5: exit 1 is asked before the one in front of it, or after more stages than there are}}
sweep.program @c5_order optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<1, false, -1>, #sweep.exit<0, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
  sweep.scalars @exit_1 exit_condition exit 1 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_1 end_tensor exit 1 {}
  sweep.scalars @end_model_1 end_model exit 1 {}
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles []
}

// -----

// expected-error@+1 {{'sweep.program' op c5: exit 0 refuses, and no model value says what is to blame}}
sweep.program @c5_no_culprit optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, true, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
}

// -----

// expected-error@+1 {{'sweep.program' op c5: exit 0 refuses, and no model value says what is to blame}}
sweep.program @c5_no_such_culprit optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<0, true, 1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
}

// -----

// The last of the exits counts: the first one is asked before anything is written.
sweep.program @c5_writes_too_early optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<1, true, 0>, #sweep.exit<2, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @exit_1 exit_condition exit 1 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_1 end_tensor exit 1 {}
  sweep.scalars @end_model_1 end_model exit 1 {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: writes before the step is known to happen}}
  sweep.sweep @step_0 step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles []
  sweep.stage step variant 0 sweeps [@step_0] tiles [1] resident [] tiles []
}

// -----

sweep.program @c5_zeroes_too_early optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<2, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c5: writes before the step is known to happen}}
  sweep.sweep @step_0 step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, false, true>] reductions [] {
    %zero = arith.constant 0.0 : f32
    sweep.yield %zero : f32
  }
  sweep.stage step variant 0 sweeps [] tiles [] resident [] tiles []
  sweep.stage step variant 0 sweeps [@step_0] tiles [1] resident [] tiles []
}

// -----

// Writing scratch changes nothing that lasts, and behind the exit, or in it, everything is allowed.
sweep.program @c5_scratch optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [#sweep.exit<1, false, -1>] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @exit_0 exit_condition exit 0 {
    %true = arith.constant 1.0 : f64
    sweep.yield %true : f64
  }
  sweep.scalars @end_tensor_0 end_tensor exit 0 {}
  sweep.scalars @end_model_0 end_model exit 0 {}
  sweep.scalars @none slots {}
  sweep.sweep @before step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>, #sweep.buffer<scratch, "s", 0, element, f32, false, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.sweep @after step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
  sweep.stage step variant 0 sweeps [@before] tiles [1] resident [] tiles []
  sweep.stage step variant 0 sweeps [@after] tiles [1] resident [] tiles []
  sweep.stage step variant 0 exit 0 sweeps [@after] tiles [1] resident [] tiles []
}

// -----

ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
// expected-error@+1 {{'sweep.program' op c6: the optimizer has 0 states}}
sweep.program @c6_states optimizer @rule conditions 0 outcomes [0] precisions 1 states [true] : [f32] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
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
sweep.program @c6_value optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [#sweep.value<hyper, "scale", 0>] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
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
sweep.program @c6_hyper optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
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
sweep.program @c6_buffer optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  // expected-error@+1 {{'sweep.sweep' op c6: the optimizer has no state 0}}
  sweep.sweep @step_0 step variant 0 scalars @none
      buffers [#sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32):
    sweep.yield %w : f32
  }
}

// -----

ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
sweep.program @c1_schedules optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  // expected-error@+1 {{'sweep.scalars' op c1: must yield 0 values}}
  sweep.scalars @schedules schedules {
    %one = arith.constant 1.0 : f64
    sweep.yield %one : f64
  }
}

// -----

ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
// expected-error@+1 {{'sweep.program' op c6: the optimizer has 0 states}}
sweep.program @c6_state_types optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [f32] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
}
