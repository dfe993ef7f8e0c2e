// Elements divided by something coarser are multiplied by its reciprocal; every other division stays.
// RUN: ravine-opt %s -ravine-form-reciprocal | FileCheck %s

!element = !ravine.field<f32, element>
!group = !ravine.field<f64, group>

// The reciprocal is formed in f64, before the rounding to f32.
// CHECK-LABEL: @element_by_scalar
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[S:.*]]: !ravine.field<f64, group>)
// CHECK: %[[ONE:.*]] = ravine.constant 1.000000e+00 : f64 : <f64, group>
// CHECK: %[[RECIPROCAL:.*]] = ravine.div %[[ONE]], %[[S]] : <f64, group>
// CHECK: %[[SPREAD:.*]] = ravine.broadcast %[[RECIPROCAL]] : <f64, group> to <f32, element>
// CHECK: %[[PRODUCT:.*]] = ravine.mul %[[X]], %[[SPREAD]] : <f32, element>
// CHECK: return %[[PRODUCT]]
func.func @element_by_scalar(%x: !element, %s: !group) -> !element {
  %divisor = ravine.broadcast %s : !group to !element
  %quotient = ravine.div %x, %divisor : !element
  return %quotient : !element
}

// CHECK-LABEL: @element_by_tensor_scalar
// CHECK: ravine.div %{{.*}}, %{{.*}} : <f64, tensor>
// CHECK: ravine.mul %{{.*}}, %{{.*}} : <f32, element>
func.func @element_by_tensor_scalar(%x: !element, %s: !ravine.field<f64, tensor>) -> !element {
  %divisor = ravine.broadcast %s : !ravine.field<f64, tensor> to !element
  %quotient = ravine.div %x, %divisor : !element
  return %quotient : !element
}

// CHECK-LABEL: @element_by_number_of_its_row
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[S:.*]]: !ravine.field<f64, row>)
// CHECK: %[[RECIPROCAL:.*]] = ravine.div %{{.*}}, %[[S]] : <f64, row>
// CHECK: %[[SPREAD:.*]] = ravine.broadcast %[[RECIPROCAL]] : <f64, row> to <f32, element>
// CHECK: ravine.mul %[[X]], %[[SPREAD]] : <f32, element>
func.func @element_by_number_of_its_row(%x: !element, %s: !ravine.field<f64, row>) -> !element {
  %divisor = ravine.broadcast %s : !ravine.field<f64, row> to !element
  %quotient = ravine.div %x, %divisor : !element
  return %quotient : !element
}

// CHECK-LABEL: @number_of_row_by_scalar
// CHECK: ravine.div %{{.*}}, %{{.*}} : <f64, row>
// CHECK-NOT: ravine.mul
// CHECK: return
func.func @number_of_row_by_scalar(%x: !ravine.field<f64, row>, %s: !group) -> !ravine.field<f64, row> {
  %divisor = ravine.broadcast %s : !group to !ravine.field<f64, row>
  %quotient = ravine.div %x, %divisor : !ravine.field<f64, row>
  return %quotient : !ravine.field<f64, row>
}

// A literal is a scalar as well: x/3 is x times the f64 number 1/3, rounded once.
// CHECK-LABEL: @element_by_literal
// CHECK: %[[THREE:.*]] = ravine.constant 3.000000e+00 : f64
// CHECK: %[[THIRD:.*]] = ravine.div %{{.*}}, %[[THREE]] : <f64, model>
// CHECK: %[[SPREAD:.*]] = ravine.broadcast %[[THIRD]] : <f64, model> to <f32, element>
// CHECK: ravine.mul %{{.*}}, %[[SPREAD]] : <f32, element>
func.func @element_by_literal(%x: !element) -> !element {
  %three = ravine.constant 3.0 : f64 : !ravine.field<f64, model>
  %divisor = ravine.broadcast %three : !ravine.field<f64, model> to !element
  %quotient = ravine.div %x, %divisor : !element
  return %quotient : !element
}

// ---- stays a division

// CHECK-LABEL: @element_by_element
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[QUOTIENT:.*]] = ravine.div %[[X]], %[[Y]] : <f32, element>
// CHECK-NEXT: return %[[QUOTIENT]]
func.func @element_by_element(%x: !element, %y: !element) -> !element {
  %quotient = ravine.div %x, %y : !element
  return %quotient : !element
}

// CHECK-LABEL: @scalar_by_element
// CHECK-NOT: ravine.mul
// CHECK: ravine.div %{{.*}}, %{{.*}} : <f32, element>
func.func @scalar_by_element(%s: !group, %y: !element) -> !element {
  %dividend = ravine.broadcast %s : !group to !element
  %quotient = ravine.div %dividend, %y : !element
  return %quotient : !element
}

// CHECK-LABEL: @scalar_by_scalar
// CHECK-NOT: ravine.mul
// CHECK: ravine.div %{{.*}}, %{{.*}} : <f64, tensor>
func.func @scalar_by_scalar(%x: !ravine.field<f64, tensor>, %s: !group) -> !ravine.field<f64, tensor> {
  %divisor = ravine.broadcast %s : !group to !ravine.field<f64, tensor>
  %quotient = ravine.div %x, %divisor : !ravine.field<f64, tensor>
  return %quotient : !ravine.field<f64, tensor>
}

// Rounded already: its reciprocal in f32 would be a second rounding.
// CHECK-LABEL: @element_by_element_constant
// CHECK-NOT: ravine.mul
// CHECK: ravine.div %{{.*}}, %{{.*}} : <f32, element>
func.func @element_by_element_constant(%x: !element) -> !element {
  %three = ravine.constant 3.0 : f32 : !element
  %quotient = ravine.div %x, %three : !element
  return %quotient : !element
}
