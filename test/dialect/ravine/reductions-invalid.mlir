// The constraints of `widen`, `reduce` and `guard`.
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
  // expected-error@+1 {{'ravine.reduce' op c1: the operand must be a field of f64 over elements}}
  %0 = ravine.reduce sum %x : !ravine.field<f32, element> to !ravine.field<f64, model>
  return
}

// -----

func.func @reduce_c1_scalar(%x: !ravine.field<f64, tensor>) {
  // expected-error@+1 {{'ravine.reduce' op c1: the operand must be a field of f64 over elements}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, tensor> to !ravine.field<f64, model>
  return
}

// -----

func.func @reduce_c2_group(%x: !ravine.field<f64, element>) {
  // expected-error@+1 {{'ravine.reduce' op c2: the result must be a field of f64 over tensors or the model}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, element> to !ravine.field<f64, group>
  return
}

// -----

func.func @reduce_c2_element(%x: !ravine.field<f64, element>) {
  // expected-error@+1 {{'ravine.reduce' op c2: the result must be a field of f64 over tensors or the model}}
  %0 = ravine.reduce sum %x : !ravine.field<f64, element> to !ravine.field<f64, element>
  return
}

// -----

ravine.optimizer @guard_c1 doc "" citation "" nonfinite skip {
  ravine.step {
    %t = ravine.clock t : !ravine.field<f64, tensor>
    // expected-error@+1 {{'ravine.guard' op c1: the value must be an f64 of the model}}
    ravine.guard %t : !ravine.field<f64, tensor>
  }
}
