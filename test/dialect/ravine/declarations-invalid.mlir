// The constraints of `optimizer`, `hyper`, `state`, `requirement` and `step`.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{'ravine.optimizer' op c1: needs exactly one step}}
ravine.optimizer @optimizer_c1_none doc "" citation "" {
  ravine.hyper @lr : real = 0.5 from 0.0 to 1.0 doc ""
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c1: needs exactly one step}}
ravine.optimizer @optimizer_c1_two doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @optimizer_c2 doc "" citation "" {
  // expected-error@+1 {{'ravine.constant' op c2: does not belong in the body of an optimizer}}
  %stray = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c1_above doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c1: the default 2.000000e+00 is outside its range}}
  ravine.hyper @lr : real = 2.0 from 0.0 to 1.0 doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c1_at_an_open_end_below doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c1: the default 0.000000e+00 is outside its range}}
  ravine.hyper @lr : real = 0.0 from 0.0 open_below to 1.0 doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c1_at_an_open_end_above doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c1: the default 1.000000e+00 is outside its range}}
  ravine.hyper @lr : real = 1.0 from 0.0 to 1.0 open_above doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c1_not_a_number doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c1: the default nan is outside its range}}
  ravine.hyper @lr : real = 0x7FF8000000000000 from 0.0 to 1.0 doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// A closed end belongs to the range: no error.
ravine.optimizer @hyper_c1_at_closed_ends doc "" citation "" {
  ravine.hyper @low : real = 0.0 from 0.0 to 1.0 doc ""
  ravine.hyper @high : real = 1.0 from 0.0 to 1.0 doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c2_enum_without_choices doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c2: choices belong to an enum, and an enum has choices}}
  ravine.hyper @mode : enum = 0.0 from 0.0 to 1.0 doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c2_number_with_choices doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c2: choices belong to an enum, and an enum has choices}}
  ravine.hyper @lr : real = 0.0 from 0.0 to 1.0 choices ["a", "b"] doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c2_no_such_choice doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c2: the default is no index of a choice}}
  ravine.hyper @mode : enum = 2.0 from 0.0 to 2.0 choices ["a", "b"] doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c2_between_choices doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c2: the default is no index of a choice}}
  ravine.hyper @mode : enum = 0.5 from 0.0 to 1.0 choices ["a", "b"] doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c1 doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c1: initial must yield one value of type '!ravine.field<f32, element>'}}
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, element>
    ravine.yield %zero : !ravine.field<f64, element>
  } when "" {}
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c2_number doc "" citation "" {
  ravine.hyper @momentum : real = 0.9 from 0.0 to 1.0 doc ""
  // expected-error@+1 {{'ravine.state' op c2: the condition must yield one truth value, per group at the finest}}
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  } when "momentum" {
    %momentum = ravine.hyper_value @momentum : !ravine.field<f64, group>
    ravine.yield %momentum : !ravine.field<f64, group>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c2_finer_than_group doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c2: the condition must yield one truth value, per group at the finest}}
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  } when "true" {
    %true = ravine.constant true : !ravine.field<i1, tensor>
    ravine.yield %true : !ravine.field<i1, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c3_scalar doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c3: a state holds a real number for each element}}
  ravine.state @m : !ravine.field<f64, tensor> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, tensor>
    ravine.yield %zero : !ravine.field<f64, tensor>
  } when "" {}
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c3_truth doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c3: a state holds a real number for each element}}
  ravine.state @m : !ravine.field<i1, element> doc "" initial {
    %false = ravine.constant false : !ravine.field<i1, element>
    ravine.yield %false : !ravine.field<i1, element>
  } when "" {}
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @requirement_c1_number doc "" citation "" {
  // expected-error@+1 {{'ravine.requirement' op c1: must yield one truth value, per group at the finest}}
  ravine.requirement "1" {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, group>
    ravine.yield %one : !ravine.field<f64, group>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @requirement_c1_finer_than_group doc "" citation "" {
  // expected-error@+1 {{'ravine.requirement' op c1: must yield one truth value, per group at the finest}}
  ravine.requirement "true" {
    %true = ravine.constant true : !ravine.field<i1, element>
    ravine.yield %true : !ravine.field<i1, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @step_c1_update doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.update %w : !ravine.field<f32, element>
    // expected-error@+1 {{'ravine.update' op c1: w is updated twice}}
    ravine.update %w : !ravine.field<f32, element>
  }
}

// -----

ravine.optimizer @step_c1_next doc "" citation "" {
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  } when "" {}
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    ravine.next @m, %g : !ravine.field<f32, element>
    // expected-error@+1 {{'ravine.next' op c1: the state is defined twice}}
    ravine.next @m, %g : !ravine.field<f32, element>
  }
}
