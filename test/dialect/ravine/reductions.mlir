// Reductions and the way from f32 to what they fold.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>

// CHECK-LABEL: @every_kind_at_every_set
// CHECK-SAME: (%[[G:.*]]: !ravine.field<f32, element>)
func.func @every_kind_at_every_set(%g: !element) {
  // CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[G]] : <f32, element> to <f64, element>
  %wide = ravine.widen %g : !element to !wide
  // CHECK-NEXT: ravine.reduce sum %[[WIDE]] : <f64, element> to <f64, tensor>
  %0 = ravine.reduce sum %wide : !wide to !ravine.field<f64, tensor>
  // CHECK-NEXT: ravine.reduce max %[[WIDE]] : <f64, element> to <f64, tensor>
  %1 = ravine.reduce max %wide : !wide to !ravine.field<f64, tensor>
  // CHECK-NEXT: ravine.reduce min %[[WIDE]] : <f64, element> to <f64, model>
  %2 = ravine.reduce min %wide : !wide to !ravine.field<f64, model>
  return
}
