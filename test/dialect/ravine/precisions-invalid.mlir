// The constraints of precisions, of what states are stored in and of masters.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{c1: memory holds f32, f64, bf16 or f16}}
ravine.optimizer @precision_c1 doc "" citation "" precisions [#ravine.precision<"f8", f8E4M3FN, f32>] {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c4: needs a precision}}
ravine.optimizer @optimizer_c4_none doc "" citation "" precisions [] {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c4: has the precision "bf16" twice}}
ravine.optimizer @optimizer_c4_twice doc "" citation ""
    precisions [#ravine.precision<"bf16", bf16, bf16>, #ravine.precision<"bf16", bf16, f32>] {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c4: computes in 'f32', which does not fit "f64"}}
ravine.optimizer @optimizer_c4_too_wide doc "" citation "" precisions [#ravine.precision<"f64", f64, f64>] {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c4: computes in 'f64', which does not fit "f32/f64"}}
ravine.optimizer @optimizer_c4_too_narrow doc "" citation "" precisions [#ravine.precision<"f32/f64", f32, f64>] {
  ravine.step { ravine.parameter : !ravine.field<f64, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c5: @other is no optimizer that computes in f64}}
ravine.optimizer @optimizer_c5_unknown doc "" citation "" wide @other {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c5: @other is no optimizer that computes in f64}}
ravine.optimizer @optimizer_c5_as_narrow doc "" citation "" wide @other {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

ravine.optimizer @other doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c5: @other does not have the same declarations}}
ravine.optimizer @optimizer_c5_different doc "" citation "" wide @other {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

ravine.optimizer @other doc "" citation "" {
  ravine.hyper @lr : real = 0.5 from 0.0 to 1.0 doc ""
  ravine.step { ravine.parameter : !ravine.field<f64, element> }
}

// -----

ravine.optimizer @state_c6_of_a_tensor doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c6: elements and groups of them are stored in f32, f64, bf16 or f16, single numbers in f64}}
  ravine.state @m : !ravine.field<f64, tensor> store f32 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, tensor>
    ravine.yield %zero : !ravine.field<f64, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c6_type doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c6: elements and groups of them are stored in f32, f64, bf16 or f16, single numbers in f64}}
  ravine.state @m : !ravine.field<f32, element> store f80 doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c7_name doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c7: a master is over elements, is called `master` and exists under no case}}
  ravine.state @copy : !ravine.field<f32, element> master doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.yield %w : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c7_of_a_tensor doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c7: a master is over elements, is called `master` and exists under no case}}
  ravine.state @master : !ravine.field<f64, tensor> master doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, tensor>
    ravine.yield %zero : !ravine.field<f64, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c7_used doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c7: a master is neither read nor defined}}
  ravine.state @master : !ravine.field<f32, element> master doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.yield %w : !ravine.field<f32, element>
  }
  ravine.step {
    %m = ravine.current @master : !ravine.field<f32, element>
    ravine.update %m : !ravine.field<f32, element>
  }
}
