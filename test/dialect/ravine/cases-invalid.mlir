// The constraints of `case` and of what states are under.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

ravine.optimizer @case_c1_number doc "" citation "" {
  // expected-error@+1 {{'ravine.case' op c1: must yield one truth value, per tensor at the finest}}
  ravine.case @case_0 "rank" {
    %rank = ravine.clock rank : !ravine.field<f64, tensor>
    ravine.yield %rank : !ravine.field<f64, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c1_finer_than_tensor doc "" citation "" {
  // expected-error@+1 {{'ravine.case' op c1: must yield one truth value, per tensor at the finest}}
  ravine.case @case_0 "true" {
    %true = ravine.constant true : !ravine.field<i1, element>
    ravine.yield %true : !ravine.field<i1, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c2_step doc "" citation "" {
  ravine.case @case_0 "step == 1" {
    // expected-error@+1 {{'ravine.clock' op c2: is not known when the optimizer is created}}
    %step = ravine.clock step : !ravine.field<f64, model>
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    %isFirst = ravine.compare eq %step, %one : !ravine.field<f64, model> -> !ravine.field<i1, model>
    ravine.yield %isFirst : !ravine.field<i1, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c2_state doc "" citation "" {
  ravine.state @s : !ravine.field<f64, tensor> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, tensor>
    ravine.yield %zero : !ravine.field<f64, tensor>
  }
  ravine.case @case_0 "s > 0" {
    // expected-error@+1 {{'ravine.current' op c2: is not known when the optimizer is created}}
    %s = ravine.current @s : !ravine.field<f64, tensor>
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, tensor>
    %holds = ravine.compare gt %s, %zero : !ravine.field<f64, tensor> -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c3_unknown doc "" citation "" {
  // expected-error@+1 {{'ravine.case' op c3: @b is no case of this optimizer}}
  ravine.case @a "…" under [@b] {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c3_later doc "" citation "" {
  // expected-error@+1 {{'ravine.case' op c3: @b does not stand before}}
  ravine.case @a "…" under [@b] {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.case @b "…" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c3_itself doc "" citation "" {
  // expected-error@+1 {{'ravine.case' op c3: @a does not stand before}}
  ravine.case @a "…" under [@a] {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c4 doc "" citation "" {
  ravine.case @a "…" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  // expected-error@+1 {{'ravine.case' op c4: is not under the cases that "c" is under}}
  ravine.case @b "…" choice 1 {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.case @c "…" under [@a] choice 1 {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @case_c5 doc "" citation "" {
  ravine.case @a "…" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  // expected-error@+1 {{'ravine.case' op c5: is decided for less than the cases it is under}}
  ravine.case @b "…" under [@a] {
    %true = ravine.constant true : !ravine.field<i1, model>
    ravine.yield %true : !ravine.field<i1, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// expected-error@+1 {{'ravine.optimizer' op c6: has more than 32 cases}}
ravine.optimizer @optimizer_c6 doc "" citation "" {
  ravine.case @case_0 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_1 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_2 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_3 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_4 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_5 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_6 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_7 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_8 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_9 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_10 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_11 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_12 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_13 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_14 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_15 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_16 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_17 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_18 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_19 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_20 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_21 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_22 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_23 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_24 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_25 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_26 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_27 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_28 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_29 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_30 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_31 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.case @case_32 "" { %true = ravine.constant true : !ravine.field<i1, model> ravine.yield %true : !ravine.field<i1, model> }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c3 doc "" citation "" {
  // expected-error@+1 {{'ravine.state' op c3: @a is no case of this optimizer}}
  ravine.state @m : !ravine.field<f32, element> under [@a] doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @state_c4 doc "" citation "" {
  ravine.case @a "…" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  // expected-error@+1 {{'ravine.state' op c4: a state of the model cannot depend on a tensor}}
  ravine.state @m : !ravine.field<f64, model> under [@a] doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, model>
    ravine.yield %zero : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// What is the same for all tensors may decide about the model: no error.
ravine.optimizer @state_c4_of_the_model doc "" citation "" {
  ravine.case @a "…" {
    %true = ravine.constant true : !ravine.field<i1, model>
    ravine.yield %true : !ravine.field<i1, model>
  }
  ravine.state @m : !ravine.field<f64, model> under [@a] doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, model>
    ravine.yield %zero : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
