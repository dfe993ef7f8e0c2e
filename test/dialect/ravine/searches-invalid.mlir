// The constraints of `search` and `rearrange`.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

func.func @search_c1(%x: !ravine.field<f64, row>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.search' op c1: the operand must be a field of f32 or f64 over elements}}
  %0 = ravine.search kth_largest %x, %k : !ravine.field<f64, row>, !ravine.field<f64, model> to !ravine.field<f64, tensor>
  return
}

// -----

func.func @search_c2_channel(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.search' op c2: the result must be a field of f64 over blocks, rows, tensors or the model}}
  %0 = ravine.search kth_largest %x, %k : !ravine.field<f32, element>, !ravine.field<f64, model> to !ravine.field<f64, channel>
  return
}

// -----

func.func @search_c2_group(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.search' op c2: the result must be a field of f64 over blocks, rows, tensors or the model}}
  %0 = ravine.search quantile %x, %k : !ravine.field<f32, element>, !ravine.field<f64, model> to !ravine.field<f64, group>
  return
}

// -----

func.func @search_c2_element(%x: !ravine.field<f64, element>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.search' op c2: the result must be a field of f64 over blocks, rows, tensors or the model}}
  %0 = ravine.search quantile %x, %k : !ravine.field<f64, element>, !ravine.field<f64, model> to !ravine.field<f64, element>
  return
}

// -----

func.func @search_c3_finer(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, row>) {
  // expected-error@+1 {{'ravine.search' op c3: the argument must be a field of f64 that has one number for each tensor}}
  %0 = ravine.search quantile %x, %k : !ravine.field<f32, element>, !ravine.field<f64, row> to !ravine.field<f64, tensor>
  return
}

// -----

func.func @search_c3_not_nested(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, col>) {
  // expected-error@+1 {{'ravine.search' op c3: the argument must be a field of f64 that has one number for each block 8}}
  %0 = ravine.search quantile %x, %k : !ravine.field<f32, element>, !ravine.field<f64, col> to !ravine.field<f64, block 8>
  return
}

// -----

ravine.optimizer @search_c4_of_a_tensor doc "" citation "" {
  ravine.case @biases "bias" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %k = ravine.constant 2.0 : f64 : !ravine.field<f64, model>
    // expected-error@+1 {{'ravine.search' op c4: only what is gathered over the model is under cases}}
    %0 = ravine.search kth_largest %g, %k under [@biases] : !ravine.field<f32, element>, !ravine.field<f64, model>
        to !ravine.field<f64, row>
  }
}

// -----

ravine.optimizer @search_c4_unknown doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %k = ravine.constant 2.0 : f64 : !ravine.field<f64, model>
    // expected-error@+1 {{'ravine.search' op c4: @biases is no case of this optimizer}}
    %0 = ravine.search kth_largest %g, %k under [@biases] : !ravine.field<f32, element>, !ravine.field<f64, model>
        to !ravine.field<f64, model>
  }
}

// -----

func.func @rearrange_c1_scalar(%x: !ravine.field<f64, tensor>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.rearrange' op c1: the operand must be a field of f32 or f64 over elements}}
  %0 = ravine.rearrange largest %x, %k in <tensor> : !ravine.field<f64, tensor>, !ravine.field<f64, model>
  return
}

// -----

func.func @rearrange_c2_col(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.rearrange' op c2: rearranges blocks, rows or tensors, or the model}}
  %0 = ravine.rearrange largest %x, %k in <col> : !ravine.field<f32, element>, !ravine.field<f64, model>
  return
}

// -----

func.func @rearrange_c2_string_of_the_model(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.rearrange' op c2: rearranges blocks, rows or tensors}}
  %0 = ravine.rearrange taut_string %x, %k in <model> : !ravine.field<f32, element>, !ravine.field<f64, model>
  return
}

// -----

func.func @rearrange_c3_finer(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, tensor>) {
  // expected-error@+1 {{'ravine.rearrange' op c3: the argument must be a field of f64 that has one number for each model}}
  %0 = ravine.rearrange largest %x, %k in <model> : !ravine.field<f32, element>, !ravine.field<f64, tensor>
  return
}

// -----

func.func @rearrange_c3_difference(%x: !ravine.field<f32, element>) {
  %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
  // expected-error@+1 {{'ravine.rearrange' op c3: the argument of a difference is the constant 0}}
  %0 = ravine.rearrange difference %x, %one in <row> : !ravine.field<f32, element>, !ravine.field<f64, model>
  return
}

// -----

func.func @rearrange_c3_difference_unknown(%x: !ravine.field<f32, element>, %k: !ravine.field<f64, model>) {
  // expected-error@+1 {{'ravine.rearrange' op c3: the argument of a difference is the constant 0}}
  %0 = ravine.rearrange difference %x, %k in <row> : !ravine.field<f32, element>, !ravine.field<f64, model>
  return
}

// -----

ravine.optimizer @rearrange_c4_of_a_tensor doc "" citation "" {
  ravine.case @biases "bias" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %k = ravine.constant 2.0 : f64 : !ravine.field<f64, model>
    // expected-error@+1 {{'ravine.rearrange' op c4: only what is gathered over the model is under cases}}
    %0 = ravine.rearrange largest %g, %k in <row> under [@biases] : !ravine.field<f32, element>, !ravine.field<f64, model>
  }
}
