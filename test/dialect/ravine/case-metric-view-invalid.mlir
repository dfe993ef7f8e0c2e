// The constraints of `case`, `metric` and `view`.
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
  } when "" {}
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

ravine.optimizer @metric_c1 doc "" citation "" {
  // expected-error@+1 {{'ravine.metric' op c1: a metric is an f64 for each tensor or the model}}
  ravine.metric @lr : !ravine.field<f64, group> doc ""
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @view_c1_scalar doc "" citation "" {
  // expected-error@+1 {{'ravine.view' op c1: must yield one real number for each element}}
  ravine.view @size doc "" {
    %size = ravine.clock size : !ravine.field<f64, tensor>
    ravine.yield %size : !ravine.field<f64, tensor>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @view_c1_truth doc "" citation "" {
  // expected-error@+1 {{'ravine.view' op c1: must yield one real number for each element}}
  ravine.view @truth doc "" {
    %true = ravine.constant true : !ravine.field<i1, element>
    ravine.yield %true : !ravine.field<i1, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @view_c2_gradient doc "" citation "" {
  ravine.view @gradient doc "" {
    // expected-error@+1 {{'ravine.gradient' op c2: does not belong in a view}}
    %g = ravine.gradient : !ravine.field<f32, element>
    ravine.yield %g : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @view_c2_reduce doc "" citation "" {
  ravine.view @share doc "" {
    %w = ravine.parameter : !ravine.field<f32, element>
    %wide = ravine.widen %w : !ravine.field<f32, element> to !ravine.field<f64, element>
    // expected-error@+1 {{'ravine.reduce' op c2: does not belong in a view}}
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, tensor>
    %spread = ravine.broadcast %sum : !ravine.field<f64, tensor> to !ravine.field<f32, element>
    ravine.yield %spread : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @view_c2_model_size doc "" citation "" {
  ravine.view @count doc "" {
    // expected-error@+1 {{'ravine.clock' op c2: does not belong in a view}}
    %size = ravine.clock model_size : !ravine.field<f64, model>
    %spread = ravine.broadcast %size : !ravine.field<f64, model> to !ravine.field<f32, element>
    ravine.yield %spread : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
