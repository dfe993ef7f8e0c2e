// The constraints of `skip`, and those of `step` that count skips.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

ravine.optimizer @skip_c1 doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    %isBias = ravine.matches name "bias" : !ravine.field<i1, tensor>
    // expected-error@+1 {{'ravine.skip' op c1: the condition must be a truth value of the model}}
    ravine.skip %isBias : !ravine.field<i1, tensor>
  }
}

// -----

ravine.optimizer @skip_c2_no_culprit doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    // expected-error@+1 {{'ravine.skip' op c2: a skip that refuses has a culprit, and no other has}}
    ravine.skip %true refuse : !ravine.field<i1, model>
  }
}

// -----

ravine.optimizer @skip_c2_culprit_alone doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    // expected-error@+1 {{'ravine.skip' op c2: a skip that refuses has a culprit, and no other has}}
    ravine.skip %true culprit %sum : !ravine.field<f64, model> : !ravine.field<i1, model>
  }
}

// -----

ravine.optimizer @skip_c2_no_reduction doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    %size = ravine.clock model_size : !ravine.field<f64, model>
    // expected-error@+1 {{'ravine.skip' op c2: the culprit must be a reduction to the model}}
    ravine.skip %true refuse culprit %size : !ravine.field<f64, model> : !ravine.field<i1, model>
  }
}

// -----

ravine.optimizer @skip_c2_of_a_tensor doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    %own = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, tensor>
    // expected-error@+1 {{'ravine.skip' op c2: the culprit must be a reduction to the model}}
    ravine.skip %true refuse culprit %own : !ravine.field<f64, tensor> : !ravine.field<i1, model>
  }
}

// -----

ravine.optimizer @skip_c2_second doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    ravine.skip %true : !ravine.field<i1, model>
    // expected-error@+1 {{'ravine.skip' op c2: a skip that refuses stands before all others}}
    ravine.skip %true refuse culprit %sum : !ravine.field<f64, model> : !ravine.field<i1, model>
  }
}

// -----

ravine.optimizer @step_c1_zero_gradient doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    ravine.zero_gradient
    // expected-error@+1 {{'ravine.zero_gradient' op c1: the gradient is zeroed twice}}
    ravine.zero_gradient
  }
}

// -----

ravine.optimizer @step_c2_update doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    ravine.skip %true : !ravine.field<i1, model>
    ravine.skip %true : !ravine.field<i1, model>
    // expected-error@+1 {{'ravine.update' op c2: comes after more skips than there are}}
    ravine.update %g after 3 : !ravine.field<f32, element>
  }
}

// -----

ravine.optimizer @step_c2_next doc "" citation "" {
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    %sum = ravine.reduce sum %wide : !ravine.field<f64, element> to !ravine.field<f64, model>
    %true = ravine.constant true : !ravine.field<i1, model>
    // expected-error@+1 {{'ravine.next' op c2: comes after more skips than there are}}
    ravine.next @m, %g after 1 : !ravine.field<f32, element>
  }
}
