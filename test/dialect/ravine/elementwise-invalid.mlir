// The constraints of `compare`, `select`, `constant` and `broadcast`.
// RUN: ravine-opt %s -split-input-file -verify-diagnostics

func.func @compare_c1(%x: !ravine.field<f64, tensor>) {
  // expected-error@+1 {{'ravine.compare' op c1: the result must vary over the operands' index set}}
  %0 = ravine.compare lt %x, %x : !ravine.field<f64, tensor> -> !ravine.field<i1, element>
  return
}

// -----

func.func @select_c1(%flag: !ravine.field<i1, group>, %x: !ravine.field<f32, element>) {
  // expected-error@+1 {{'ravine.select' op c1: the condition must vary over the values' index set}}
  %0 = ravine.select %flag, %x, %x : !ravine.field<i1, group>, !ravine.field<f32, element>
  return
}

// -----

func.func @constant_c1_number() {
  // expected-error@+1 {{'ravine.constant' op c1: the attribute's type must be 'f32'}}
  %0 = ravine.constant 1.0 : f64 : !ravine.field<f32, element>
  return
}

// -----

func.func @constant_c1_truth() {
  // expected-error@+1 {{'ravine.constant' op c1: the attribute's type must be 'f64'}}
  %0 = ravine.constant true : !ravine.field<f64, model>
  return
}

// -----

func.func @broadcast_c1_same(%x: !ravine.field<f64, element>) {
  // expected-error@+1 {{'ravine.broadcast' op c1: the result must vary over a finer index set than the operand}}
  %0 = ravine.broadcast %x : !ravine.field<f64, element> to !ravine.field<f32, element>
  return
}

// -----

func.func @broadcast_c1_coarser(%x: !ravine.field<f64, tensor>) {
  // expected-error@+1 {{'ravine.broadcast' op c1: the result must vary over a finer index set than the operand}}
  %0 = ravine.broadcast %x : !ravine.field<f64, tensor> to !ravine.field<f64, model>
  return
}

// -----

func.func @broadcast_c1_not_nested(%x: !ravine.field<f64, row>) {
  // expected-error@+1 {{'ravine.broadcast' op c1: the result must vary over a finer index set than the operand}}
  %0 = ravine.broadcast %x : !ravine.field<f64, row> to !ravine.field<f64, col>
  return
}

// -----

func.func @broadcast_c1_other_blocks(%x: !ravine.field<f64, block 8>) {
  // expected-error@+1 {{'ravine.broadcast' op c1: the result must vary over a finer index set than the operand}}
  %0 = ravine.broadcast %x : !ravine.field<f64, block 8> to !ravine.field<f64, block 4>
  return
}

// -----

func.func @broadcast_c2_truth_to_number(%flag: !ravine.field<i1, group>) {
  // expected-error@+1 {{'ravine.broadcast' op c2: a truth value stays one, a number stays one}}
  %0 = ravine.broadcast %flag : !ravine.field<i1, group> to !ravine.field<f32, element>
  return
}

// -----

func.func @broadcast_c2_number_to_truth(%x: !ravine.field<f64, group>) {
  // expected-error@+1 {{'ravine.broadcast' op c2: a truth value stays one, a number stays one}}
  %0 = ravine.broadcast %x : !ravine.field<f64, group> to !ravine.field<i1, element>
  return
}
