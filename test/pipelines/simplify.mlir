// Why the passes of the pipeline stand in their order: what one leaves, the next needs.
// RUN: ravine-opt %s -ravine-simplify | FileCheck %s

!element = !ravine.field<f32, element>
!model = !ravine.field<f64, model>

// Reciprocals are formed before constants are rounded to f32: x/1.1 is x times the f32 next to 1/1.1, which is
// 0.909090936. The reciprocal of the f32 next to 1.1 would be 0.909090877.
// CHECK-LABEL: @reciprocal_then_rounding
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[RECIPROCAL:.*]] = ravine.constant 0.909090936 : f32
// CHECK-NEXT: %[[PRODUCT:.*]] = ravine.mul %[[X]], %[[RECIPROCAL]]
// CHECK-NEXT: return %[[PRODUCT]]
func.func @reciprocal_then_rounding(%x: !element) -> !element {
  %divisor = ravine.constant 1.1 : f64 : !model
  %spread = ravine.broadcast %divisor : !model to !element
  %quotient = ravine.div %x, %spread : !element
  return %quotient : !element
}

// Powers are products before products are fused with sums.
// CHECK-LABEL: @powers_then_fusion
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[X]], %[[X]], %[[Y]]
// CHECK-NEXT: return %[[FUSED]]
func.func @powers_then_fusion(%x: !element, %y: !element) -> !element {
  %two = ravine.constant 2.0 : f64 : !model
  %exponent = ravine.broadcast %two : !model to !element
  %square = ravine.pow %x, %exponent : !element
  %sum = ravine.add %square, %y : !element
  return %sum : !element
}

// Equal products are one product with two uses before fusion asks whether there is one use.
// CHECK-LABEL: @sharing_then_fusion
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[PRODUCT:.*]] = ravine.mul %[[X]], %[[Y]]
// CHECK-NEXT: %[[SUM:.*]] = ravine.add %[[PRODUCT]], %[[Y]]
// CHECK-NEXT: return %[[SUM]], %[[PRODUCT]]
func.func @sharing_then_fusion(%x: !element, %y: !element) -> (!element, !element) {
  %product = ravine.mul %x, %y : !element
  %same = ravine.mul %x, %y : !element
  %sum = ravine.add %same, %y : !element
  return %sum, %product : !element, !element
}
