// The constraints of the schedules of hypers.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

ravine.optimizer @hyper_c4_truth doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c4: the schedule must yield an f64, over nothing finer than the hyper}}
  ravine.hyper @a : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %true = ravine.constant true : !ravine.field<i1, model>
    ravine.yield %true : !ravine.field<i1, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c4_finer doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c4: the schedule must yield an f64, over nothing finer than the hyper}}
  ravine.hyper @a per model : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, group>
    ravine.yield %one : !ravine.field<f64, group>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c4_of_tensors doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c4: only a real hyper of groups or of the model has a schedule}}
  ravine.hyper @a per tensor : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    ravine.yield %one : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c4_int doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c4: only a real hyper of groups or of the model has a schedule}}
  ravine.hyper @a : int = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    ravine.yield %one : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c4_counters doc "" citation "" {
  ravine.hyper @a : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    // expected-error@+1 {{'ravine.clock' op c4: does not belong in a schedule}}
    %size = ravine.clock model_size : !ravine.field<f64, model>
    ravine.yield %size : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c4_names doc "" citation "" {
  ravine.hyper @a : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    // expected-error@+1 {{'ravine.matches' op c4: does not belong in a schedule}}
    %isBias = ravine.matches name "bias" : !ravine.field<i1, tensor>
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    ravine.yield %one : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c5_itself doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c5: is scheduled by itself}}
  ravine.hyper @a : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %v = ravine.hyper_value @a : !ravine.field<f64, group>
    ravine.yield %v : !ravine.field<f64, group>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @hyper_c5_through_another doc "" citation "" {
  // expected-error@+1 {{'ravine.hyper' op c5: is scheduled by itself}}
  ravine.hyper @a : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %v = ravine.hyper_value @b : !ravine.field<f64, group>
    ravine.yield %v : !ravine.field<f64, group>
  }
  ravine.hyper @b : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %v = ravine.hyper_value @a : !ravine.field<f64, group>
    ravine.yield %v : !ravine.field<f64, group>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// Two hypers may follow a third, and one of them the other: no error.
ravine.optimizer @hyper_c5_in_order doc "" citation "" {
  ravine.hyper @a : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %v = ravine.hyper_value @b : !ravine.field<f64, group>
    ravine.yield %v : !ravine.field<f64, group>
  }
  ravine.hyper @b : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %v = ravine.hyper_value @c : !ravine.field<f64, group>
    ravine.yield %v : !ravine.field<f64, group>
  }
  ravine.hyper @c : real = 1.0 from 0.0 to 1.0 doc "" follows "…" {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    ravine.yield %one : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
