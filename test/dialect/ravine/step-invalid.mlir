// The constraints of `current`, `next`, `measure`, `hyper_value`, `exists`, `matches` and `clock`: what their symbols
// may name and over what they vary.
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
  }
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
  }
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
    // expected-error@+1 {{'ravine.exists' op c1: @m is no ravine.case of this optimizer}}
    %exists = ravine.exists @m : !ravine.field<i1, group>
  }
}

// -----

ravine.optimizer @exists_c1_state doc "" citation "" {
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.step {
    // expected-error@+1 {{'ravine.exists' op c1: @m is no ravine.case of this optimizer}}
    %exists = ravine.exists @m : !ravine.field<i1, group>
  }
}

// -----

ravine.optimizer @exists_c2 doc "" citation "" {
  ravine.case @case_0 "matrix" {
    %rank = ravine.clock rank : !ravine.field<f64, tensor>
    %two = ravine.constant 2.0 : f64 : !ravine.field<f64, tensor>
    %isMatrix = ravine.compare ge %rank, %two : !ravine.field<f64, tensor> -> !ravine.field<i1, tensor>
    ravine.yield %isMatrix : !ravine.field<i1, tensor>
  }
  ravine.step {
    // expected-error@+1 {{'ravine.exists' op c2: the condition varies over tensor, not model}}
    %exists = ravine.exists @case_0 : !ravine.field<i1, model>
  }
}

// -----

ravine.optimizer @hyper_value_c3 doc "" citation "" {
  ravine.hyper @d0 per model : real = 0.1 from 0.0 to 1.0 doc ""
  ravine.step {
    // expected-error@+1 {{'ravine.hyper_value' op c3: the hyper varies over model, not group}}
    %d0 = ravine.hyper_value @d0 : !ravine.field<f64, group>
  }
}

// -----

ravine.optimizer @measure_c1_unknown doc "" citation "" {
  ravine.step {
    %size = ravine.clock size : !ravine.field<f64, tensor>
    // expected-error@+1 {{'ravine.measure' op c1: @size is no ravine.metric of this optimizer}}
    ravine.measure @size, %size : !ravine.field<f64, tensor>
  }
}

// -----

ravine.optimizer @measure_c1_type doc "" citation "" {
  ravine.metric @size : !ravine.field<f64, model> doc ""
  ravine.step {
    %size = ravine.clock size : !ravine.field<f64, tensor>
    // expected-error@+1 {{c1: the metric has type '!ravine.field<f64, model>', not '!ravine.field<f64, tensor>'}}
    ravine.measure @size, %size : !ravine.field<f64, tensor>
  }
}

// -----

func.func @clock_c1_of_tensors() {
  // expected-error@+1 {{'ravine.clock' op c1: the result must vary over tensors}}
  %rank = ravine.clock rank : !ravine.field<f64, model>
  return
}

// -----

func.func @clock_c1_of_the_model() {
  // expected-error@+1 {{'ravine.clock' op c1: the result must vary over the model}}
  %size = ravine.clock model_size : !ravine.field<f64, tensor>
  return
}

// -----

func.func @matches_c1() {
  // expected-error@+1 {{'ravine.matches' op c1: the result must vary over tensors}}
  %isBias = ravine.matches name "*.bias" : !ravine.field<i1, model>
  return
}
