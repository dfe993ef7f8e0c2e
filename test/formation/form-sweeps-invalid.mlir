// Each condition doubles the variants, so there is a limit.
// RUN: ravine-opt %s -ravine-form-sweeps -verify-diagnostics

!element = !ravine.field<f32, element>
!truth = !ravine.field<i1, group>

// expected-error@+1 {{has 5 different conditions; at most 4 are supported}}
ravine.optimizer @five_conditions doc "" citation "" {
  ravine.hyper @keep_a : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @a : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "keep_a" {
    %keep = ravine.hyper_value @keep_a : !truth
    ravine.yield %keep : !truth
  }
  ravine.hyper @keep_b : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @b : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "keep_b" {
    %keep = ravine.hyper_value @keep_b : !truth
    ravine.yield %keep : !truth
  }
  ravine.hyper @keep_c : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @c : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "keep_c" {
    %keep = ravine.hyper_value @keep_c : !truth
    ravine.yield %keep : !truth
  }
  ravine.hyper @keep_d : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @d : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "keep_d" {
    %keep = ravine.hyper_value @keep_d : !truth
    ravine.yield %keep : !truth
  }
  ravine.hyper @keep_e : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @e : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "keep_e" {
    %keep = ravine.hyper_value @keep_e : !truth
    ravine.yield %keep : !truth
  }
  ravine.step { ravine.parameter : !element }
}
