// Each outcome of the conditions has code of its own, so there is a limit.
// RUN: ravine-opt %s -split-input-file -ravine-form-sweeps -verify-diagnostics

!truth = !ravine.field<i1, group>

// Seven conditions have 128 outcomes.
// expected-error@+1 {{has more variants than are supported: its conditions may have 64 outcomes}}
ravine.optimizer @seven_conditions doc "" citation "" {
  ravine.hyper @a : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @has_a "a" {
    %a = ravine.hyper_value @a : !truth
    ravine.yield %a : !truth
  }
  ravine.hyper @b : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @has_b "b" {
    %b = ravine.hyper_value @b : !truth
    ravine.yield %b : !truth
  }
  ravine.hyper @c : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @has_c "c" {
    %c = ravine.hyper_value @c : !truth
    ravine.yield %c : !truth
  }
  ravine.hyper @d : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @has_d "d" {
    %d = ravine.hyper_value @d : !truth
    ravine.yield %d : !truth
  }
  ravine.hyper @e : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @has_e "e" {
    %e = ravine.hyper_value @e : !truth
    ravine.yield %e : !truth
  }
  ravine.hyper @f : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @has_f "f" {
    %f = ravine.hyper_value @f : !truth
    ravine.yield %f : !truth
  }
  ravine.hyper @g : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @has_g "g" {
    %g = ravine.hyper_value @g : !truth
    ravine.yield %g : !truth
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// The form in f64 has to fold what the rule folds.
// expected-error@+1 {{does not fold what 'rule' folds}}
ravine.optimizer @other doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !ravine.field<f64, element>
    %sum = ravine.reduce max %w : !ravine.field<f64, element> to !ravine.field<f64, tensor>
    ravine.update %w : !ravine.field<f64, element>
  }
}

ravine.optimizer @rule doc "" citation "" wide @other {
  ravine.step {
    %w = ravine.parameter : !ravine.field<f32, element>
    %wide = ravine.widen %w : !ravine.field<f32, element> to !ravine.field<f64, element>
    // expected-note@+1 {{here}}
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, tensor>
    ravine.update %w : !ravine.field<f32, element>
  }
}

// -----

ravine.optimizer @rule doc "" citation "" wide @other {
  ravine.step {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.update %w : !ravine.field<f32, element>
  }
}

ravine.optimizer @other doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !ravine.field<f64, element>
    // expected-error@+1 {{has no counterpart in 'rule'}}
    %sum = ravine.reduce max %w : !ravine.field<f64, element> to !ravine.field<f64, tensor>
    ravine.update %w : !ravine.field<f64, element>
  }
}
