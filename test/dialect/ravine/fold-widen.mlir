// A widened constant is a constant; reductions stay, and equal ones are merged.
// RUN: ravine-opt %s -canonicalize -cse | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>

// The f32 next to 0.1, not 0.1.
// CHECK-LABEL: @constant
// CHECK-NEXT: %[[WIDE:.*]] = ravine.constant 0.10000000149011612 : f64 : <f64, element>
// CHECK-NEXT: return %[[WIDE]]
func.func @constant() -> !wide {
  %tenth = ravine.constant 0.1 : f32 : !element
  %wide = ravine.widen %tenth : !element to !wide
  return %wide : !wide
}

// CHECK-LABEL: @unknown
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[X]]
// CHECK-NEXT: return %[[WIDE]]
func.func @unknown(%x: !element) -> !wide {
  %wide = ravine.widen %x : !element to !wide
  return %wide : !wide
}

// Of how many elements there are nothing is known, so the sum of a constant is none.
// CHECK-LABEL: @reduced_constant
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK: return %[[SUM]]
func.func @reduced_constant() -> !model {
  %zero = ravine.constant 0.0 : f64 : !wide
  %sum = ravine.reduce sum %zero : !wide to !model
  return %sum : !model
}

// CHECK-LABEL: @equal_reductions
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK-NOT: ravine.reduce
// CHECK: return %[[SUM]], %[[SUM]]
func.func @equal_reductions(%x: !element) -> (!model, !model) {
  %wide = ravine.widen %x : !element to !wide
  %again = ravine.widen %x : !element to !wide
  %sum = ravine.reduce sum %wide : !wide to !model
  %same = ravine.reduce sum %again : !wide to !model
  return %sum, %same : !model, !model
}

// CHECK-LABEL: @different_reductions
// CHECK-COUNT-3: ravine.reduce
func.func @different_reductions(%x: !wide) -> (!model, !model, !ravine.field<f64, tensor>) {
  %sum = ravine.reduce sum %x : !wide to !model
  %max = ravine.reduce max %x : !wide to !model
  %own = ravine.reduce sum %x : !wide to !ravine.field<f64, tensor>
  return %sum, %max, %own : !model, !model, !ravine.field<f64, tensor>
}
