// The constraints of `metric` and `view`.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

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
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %spread = ravine.broadcast %sum : !ravine.field<f64, model> to !ravine.field<f32, element>
    ravine.yield %spread : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

ravine.optimizer @view_c2_rearrange doc "" citation "" {
  ravine.view @kept doc "" {
    %w = ravine.parameter : !ravine.field<f32, element>
    %ten = ravine.constant 10.0 : f64 : !ravine.field<f64, model>
    // expected-error@+1 {{'ravine.rearrange' op c2: does not belong in a view}}
    %kept = ravine.rearrange largest %w, %ten in <model> : !ravine.field<f32, element>, !ravine.field<f64, model>
    ravine.yield %kept : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// -----

// Over a tensor or less, anything may be folded: no error.
ravine.optimizer @view_c2_of_a_tensor doc "" citation "" {
  ravine.view @kept doc "" {
    %w = ravine.parameter : !ravine.field<f32, element>
    %ten = ravine.constant 10.0 : f64 : !ravine.field<f64, model>
    %kept = ravine.rearrange largest %w, %ten in <tensor> : !ravine.field<f32, element>, !ravine.field<f64, model>
    ravine.yield %kept : !ravine.field<f32, element>
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
