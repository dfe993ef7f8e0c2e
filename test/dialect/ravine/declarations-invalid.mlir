// The constraints of `optimizer`, `hyper`, `state` and `requirement`, and the first of `step`. (Those that concern precisions,
// schedules, cases and skips have files of their own, as have those of `metric` and `view`.)
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

ravine.optimizer @optimizer_c3 doc "" citation "" {
  // expected-error@+1 {{'ravine.metric' op c3: is not measured by the step}}
  ravine.metric @size : !ravine.field<f64, tensor> doc ""
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

ravine.optimizer @hyper_c3 doc "" citation "" {
  // expected-error@+1 {{one of the following enum values for attribute 'set' [model, group, tensor]}}
  ravine.hyper @lr per element : real = 0.5 from 0.0 to 1.0 doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c1 doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c1: initial must yield one value of type '!ravine.field<f32, element>'}}
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, element>
    ravine.yield %zero : !ravine.field<f64, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c2_group doc "" citation "" {
  // expected-error@+1 {{c2: a state holds a real number for each element, or f64 for each group of elements, each tensor or the model}}
  ravine.state @m : !ravine.field<f64, group> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, group>
    ravine.yield %zero : !ravine.field<f64, group>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c2_truth doc "" citation "" {
  // expected-error@+1 {{c2: a state holds a real number for each element, or f64 for each group of elements, each tensor or the model}}
  ravine.state @m : !ravine.field<i1, element> doc "" initial {
    %false = ravine.constant false : !ravine.field<i1, element>
    ravine.yield %false : !ravine.field<i1, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c2_scalar_truth doc "" citation "" {
  // expected-error@+1 {{c2: a state holds a real number for each element, or f64 for each group of elements, each tensor or the model}}
  ravine.state @m : !ravine.field<i1, model> doc "" initial {
    %false = ravine.constant false : !ravine.field<i1, model>
    ravine.yield %false : !ravine.field<i1, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c5_gradient doc "" citation "" {
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    // expected-error@+1 {{'ravine.gradient' op c5: does not belong in an initial value}}
    %g = ravine.gradient : !ravine.field<f32, element>
    ravine.yield %g : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c5_reduce doc "" citation "" {
  ravine.state @norm : !ravine.field<f64, tensor> doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    %wide = ravine.widen %w : !ravine.field<f32, element> to !ravine.field<f64, element>
    // expected-error@+1 {{'ravine.reduce' op c5: does not belong in the initial value of a state over tensors or the model}}
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, tensor>
    ravine.yield %sum : !ravine.field<f64, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c5_search doc "" citation "" {
  ravine.state @median : !ravine.field<f64, tensor> doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    %half = ravine.constant 0.5 : f64 : !ravine.field<f64, model>
    // expected-error@+1 {{'ravine.search' op c5: does not belong in the initial value of a state over tensors or the model}}
    %median = ravine.search quantile %w, %half : !ravine.field<f32, element>, !ravine.field<f64, model>
        to !ravine.field<f64, tensor>
    ravine.yield %median : !ravine.field<f64, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c5_over_the_model doc "" citation "" {
  ravine.state @scale : !ravine.field<f64, row> doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    %wide = ravine.widen %w : !ravine.field<f32, element> to !ravine.field<f64, element>
    // expected-error@+1 {{'ravine.reduce' op c5: does not belong in an initial value}}
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %spread = ravine.broadcast %sum : !ravine.field<f64, model> to !ravine.field<f64, row>
    ravine.yield %spread : !ravine.field<f64, row>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// What a state of elements or groups of them begins with may be folded over less than the model: no error.
ravine.optimizer @state_c5_of_its_own doc "" citation "" {
  ravine.state @scale : !ravine.field<f64, row> doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    %channels = ravine.clock channels : !ravine.field<f64, tensor>
    %largest = ravine.search kth_largest %w, %channels : !ravine.field<f32, element>, !ravine.field<f64, tensor>
        to !ravine.field<f64, row>
    ravine.yield %largest : !ravine.field<f64, row>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c5_clock doc "" citation "" {
  ravine.state @start : !ravine.field<f64, model> doc "" initial {
    // expected-error@+1 {{'ravine.clock' op c5: does not belong in an initial value}}
    %step = ravine.clock step : !ravine.field<f64, model>
    ravine.yield %step : !ravine.field<f64, model>
  }
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

ravine.optimizer @requirement_c2 doc "" citation "" {
  ravine.requirement "step < 10" {
    // expected-error@+1 {{'ravine.clock' op c2: does not belong in a requirement}}
    %step = ravine.clock step : !ravine.field<f64, model>
    %ten = ravine.constant 10.0 : f64 : !ravine.field<f64, model>
    %holds = ravine.compare lt %step, %ten : !ravine.field<f64, model> -> !ravine.field<i1, model>
    ravine.yield %holds : !ravine.field<i1, model>
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
  }
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    ravine.next @m, %g : !ravine.field<f32, element>
    // expected-error@+1 {{'ravine.next' op c1: the state is defined twice}}
    ravine.next @m, %g : !ravine.field<f32, element>
  }
}

// -----

ravine.optimizer @step_c1_measure doc "" citation "" {
  ravine.metric @size : !ravine.field<f64, tensor> doc ""
  ravine.step {
    %size = ravine.clock size : !ravine.field<f64, tensor>
    ravine.measure @size, %size : !ravine.field<f64, tensor>
    // expected-error@+1 {{'ravine.measure' op c1: the metric is measured twice}}
    ravine.measure @size, %size : !ravine.field<f64, tensor>
  }
}
