// A variant that reads a state which does not exist in it cannot be formed.
// RUN: ravine-opt %s -ravine-form-sweeps -verify-diagnostics

!element = !ravine.field<f32, element>

ravine.optimizer @reads_an_absent_state doc "" citation "" {
  ravine.hyper @keep : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @m : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "keep" {
    %keep = ravine.hyper_value @keep : !ravine.field<i1, group>
    ravine.yield %keep : !ravine.field<i1, group>
  }
  ravine.step {
    // expected-error@+1 {{state 'm' is read where it does not exist}}
    %m = ravine.current @m : !element
    ravine.update %m : !element
  }
}
