// The broadcast of a constant is a constant, rounded once.
// RUN: ravine-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: @constants
func.func @constants() -> (!ravine.field<f32, element>, !ravine.field<f64, tensor>, !ravine.field<i1, element>) {
  // CHECK-DAG: %[[ROUNDED:.*]] = ravine.constant 0.333333343 : f32 : <f32, element>
  // CHECK-DAG: %[[KEPT:.*]] = ravine.constant 0.33333333333333331 : f64 : <f64, tensor>
  // CHECK-DAG: %[[TRUTH:.*]] = ravine.constant true : <i1, element>
  // CHECK: return %[[ROUNDED]], %[[KEPT]], %[[TRUTH]]
  %third = ravine.constant 0.33333333333333331 : f64 : !ravine.field<f64, model>
  %true = ravine.constant true : !ravine.field<i1, model>
  %rounded = ravine.broadcast %third : !ravine.field<f64, model> to !ravine.field<f32, element>
  %kept = ravine.broadcast %third : !ravine.field<f64, model> to !ravine.field<f64, tensor>
  %truth = ravine.broadcast %true : !ravine.field<i1, model> to !ravine.field<i1, element>
  return %rounded, %kept, %truth : !ravine.field<f32, element>, !ravine.field<f64, tensor>, !ravine.field<i1, element>
}

// Too large for f32 is infinite, too small is zero of the same sign.
// CHECK-LABEL: @out_of_range
func.func @out_of_range() -> (!ravine.field<f32, element>, !ravine.field<f32, element>) {
  // CHECK-DAG: %[[INFINITY:.*]] = ravine.constant 0x7F800000 : f32
  // CHECK-DAG: %[[NEGATIVE_ZERO:.*]] = ravine.constant -0.000000e+00 : f32
  // CHECK: return %[[INFINITY]], %[[NEGATIVE_ZERO]]
  %huge = ravine.constant 1.0e300 : f64 : !ravine.field<f64, model>
  %tiny = ravine.constant -1.0e-300 : f64 : !ravine.field<f64, model>
  %infinity = ravine.broadcast %huge : !ravine.field<f64, model> to !ravine.field<f32, element>
  %zero = ravine.broadcast %tiny : !ravine.field<f64, model> to !ravine.field<f32, element>
  return %infinity, %zero : !ravine.field<f32, element>, !ravine.field<f32, element>
}

// Two steps from coarse to fine are one: only the last may round.
// CHECK-LABEL: @in_two_steps
// CHECK-SAME: (%[[LR:.*]]: !ravine.field<f64, group>)
// CHECK-NEXT: %[[SPREAD:.*]] = ravine.broadcast %[[LR]] : <f64, group> to <f32, element>
// CHECK-NEXT: return %[[SPREAD]]
func.func @in_two_steps(%lr: !ravine.field<f64, group>) -> !ravine.field<f32, element> {
  %ofRows = ravine.broadcast %lr : !ravine.field<f64, group> to !ravine.field<f64, row>
  %spread = ravine.broadcast %ofRows : !ravine.field<f64, row> to !ravine.field<f32, element>
  return %spread : !ravine.field<f32, element>
}

// CHECK-LABEL: @unknown
// CHECK-SAME: (%[[LR:.*]]: !ravine.field<f64, group>)
// CHECK-NEXT: %[[SPREAD:.*]] = ravine.broadcast %[[LR]]
// CHECK-NEXT: return %[[SPREAD]]
func.func @unknown(%lr: !ravine.field<f64, group>) -> !ravine.field<f32, element> {
  %spread = ravine.broadcast %lr : !ravine.field<f64, group> to !ravine.field<f32, element>
  return %spread : !ravine.field<f32, element>
}
