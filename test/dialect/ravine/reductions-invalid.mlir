// The constraints of `widen` and `reduce`.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

func.func @widen_c1_scalar(%x: !ravine.field<f64, tensor>) {
  // expected-error@+1 {{'ravine.widen' op c1: the operand must be a field over elements that is not f64}}
  %0 = ravine.widen %x : !ravine.field<f64, tensor> to !ravine.field<f64, element>
  return
}

// -----

func.func @widen_c1_wide(%x: !ravine.field<f64, element>) {
  // expected-error@+1 {{'ravine.widen' op c1: the operand must be a field over elements that is not f64}}
  %0 = ravine.widen %x : !ravine.field<f64, element> to !ravine.field<f64, element>
  return
}

// -----

func.func @widen_c2_narrow(%x: !ravine.field<f32, element>) {
  // expected-error@+1 {{'ravine.widen' op c2: the result must be a field of f64 over elements}}
  %0 = ravine.widen %x : !ravine.field<f32, element> to !ravine.field<f32, element>
  return
}

// -----

func.func @widen_c2_scalar(%x: !ravine.field<f32, element>) {
  // expected-error@+1 {{'ravine.widen' op c2: the result must be a field of f64 over elements}}
  %0 = ravine.widen %x : !ravine.field<f32, element> to !ravine.field<f64, tensor>
  return
}

// -----

func.func @reduce_c1_narrow(%x: !ravine.field<f32, element>) {
  // expected-error@+1 {{'ravine.reduce' op c1: the operand must be a field of f64 over elements, groups of elements or tensors}}
  %0 = ravine.reduce sum %x : !ravine.field<f32, element> to !ravine.field<f64, model>
  return
}

// -----

func.func @reduce_c1_parameter_group(%x: !ravine.field<f64, group>) {
  // expected-error@+1 {{'ravine.reduce' op c1: the operand must be a field of f64 over elements, groups of elements or tensors}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, group> to !ravine.field<f64, model>
  return
}

// -----

func.func @reduce_c2_group(%x: !ravine.field<f64, element>) {
  // expected-error@+1 {{'ravine.reduce' op c2: the result must be a field of f64 over an index set that is coarser than element and not group}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, element> to !ravine.field<f64, group>
  return
}

// -----

func.func @reduce_c2_element(%x: !ravine.field<f64, element>) {
  // expected-error@+1 {{'ravine.reduce' op c2: the result must be a field of f64 over an index set that is coarser than element and not group}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, element> to !ravine.field<f64, element>
  return
}

// -----

func.func @reduce_c2_not_nested(%x: !ravine.field<f64, row>) {
  // expected-error@+1 {{c2: the result must be a field of f64 over an index set that is coarser than row and not group}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, row> to !ravine.field<f64, channel>
  return
}

// -----

func.func @reduce_c2_finer(%x: !ravine.field<f64, channel>) {
  // expected-error@+1 {{c2: the result must be a field of f64 over an index set that is coarser than channel and not group}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, channel> to !ravine.field<f64, col>
  return
}

// -----

func.func @reduce_c2_other_blocks(%x: !ravine.field<f64, block 64>) {
  // expected-error@+1 {{c2: the result must be a field of f64 over an index set that is coarser than block 64 and not group}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, block 64> to !ravine.field<f64, block 128>
  return
}

// -----

func.func @reduce_c2_truth(%x: !ravine.field<f64, element>) {
  // expected-error@+1 {{'ravine.reduce' op result #0 must be field of real numbers, but got '!ravine.field<i1, row>'}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, element> to !ravine.field<i1, row>
  return
}

// -----

ravine.optimizer @reduce_c3_unknown doc "" citation "" {
  ravine.hyper @flag : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    // expected-error@+1 {{'ravine.reduce' op c3: @flag is no case of this optimizer}}
    %0 = ravine.reduce sum %wide under [@flag] : !ravine.field<f64, element> to !ravine.field<f64, model>
  }
}

// -----

ravine.optimizer @reduce_c3_of_a_tensor doc "" citation "" {
  ravine.case @biases "bias" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !ravine.field<f32, element>
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    // expected-error@+1 {{'ravine.reduce' op c3: only what is gathered over the model is under cases}}
    %0 = ravine.reduce sum %wide under [@biases] : !ravine.field<f64, element> to !ravine.field<f64, tensor>
  }
}
