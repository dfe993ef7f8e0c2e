// The constraints of `current`, `next`, `hyper_value` and `exists`: what their symbols may name.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

ravine.optimizer @current_c1_unknown doc "" citation "" {
  ravine.step {
    // expected-error@+1 {{'ravine.current' op c1: @m is no ravine.state of this optimizer}}
    %m = ravine.current @m : !ravine.field<f32, element>
  }
}

// -----

ravine.optimizer @current_c1_hyper doc "" citation "" {
  ravine.hyper @lr : real = 0.1 from 0.0 to 1.0 doc ""
  ravine.step {
    // expected-error@+1 {{'ravine.current' op c1: @lr is no ravine.state of this optimizer}}
    %m = ravine.current @lr : !ravine.field<f32, element>
  }
}

// -----

ravine.optimizer @current_c1_type doc "" citation "" {
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  } when "" {}
  ravine.step {
    // expected-error@+1 {{c1: the state has type '!ravine.field<f32, element>', not '!ravine.field<f64, element>'}}
    %m = ravine.current @m : !ravine.field<f64, element>
  }
}

// -----

ravine.optimizer @next_c1_unknown doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    // expected-error@+1 {{'ravine.next' op c1: @m is no ravine.state of this optimizer}}
    ravine.next @m, %g : !ravine.field<f32, element>
  }
}

// -----

ravine.optimizer @next_c1_type doc "" citation "" {
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  } when "" {}
  ravine.step {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    // expected-error@+1 {{c1: the state has type '!ravine.field<f32, element>', not '!ravine.field<f64, model>'}}
    ravine.next @m, %one : !ravine.field<f64, model>
  }
}

// -----

ravine.optimizer @hyper_value_c1 doc "" citation "" {
  ravine.step {
    // expected-error@+1 {{'ravine.hyper_value' op c1: @lr is no ravine.hyper of this optimizer}}
    %lr = ravine.hyper_value @lr : !ravine.field<f64, group>
  }
}

// -----

ravine.optimizer @hyper_value_c2_bool_as_number doc "" citation "" {
  ravine.hyper @flag : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.step {
    // expected-error@+1 {{'ravine.hyper_value' op c2: a bool is read as i1, every other hyper as a number}}
    %flag = ravine.hyper_value @flag : !ravine.field<f64, group>
  }
}

// -----

ravine.optimizer @hyper_value_c2_enum_as_bool doc "" citation "" {
  ravine.hyper @mode : enum = 0.0 from 0.0 to 1.0 choices ["a", "b"] doc ""
  ravine.step {
    // expected-error@+1 {{'ravine.hyper_value' op c2: a bool is read as i1, every other hyper as a number}}
    %mode = ravine.hyper_value @mode : !ravine.field<i1, group>
  }
}

// -----

ravine.optimizer @exists_c1_unknown doc "" citation "" {
  ravine.step {
    // expected-error@+1 {{'ravine.exists' op c1: @m is no ravine.state of this optimizer}}
    %exists = ravine.exists @m : !ravine.field<i1, group>
  }
}

// -----

ravine.optimizer @exists_c1_always doc "" citation "" {
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  } when "" {}
  ravine.step {
    // expected-error@+1 {{'ravine.exists' op c1: @m always exists}}
    %exists = ravine.exists @m : !ravine.field<i1, group>
  }
}
