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

// Sums are fused before equal values are merged: a·b + c·d and c·d + a·b round differently, though as sums they are equal.
// CHECK-LABEL: @fusion_then_merging
// CHECK-SAME: (%[[A:.*]]: !ravine.field<f32, element>, %[[B:.*]]: !ravine.field<f32, element>, %[[C:.*]]: !ravine.field<f32, element>, %[[D:.*]]: !ravine.field<f32, element>)
// CHECK-DAG: %[[AB:.*]] = ravine.mul %[[A]], %[[B]]
// CHECK-DAG: %[[CD:.*]] = ravine.mul %[[C]], %[[D]]
// CHECK-DAG: %[[ONE_WAY:.*]] = ravine.fma %[[A]], %[[B]], %[[CD]]
// CHECK-DAG: %[[OTHER_WAY:.*]] = ravine.fma %[[C]], %[[D]], %[[AB]]
// CHECK: return %[[ONE_WAY]], %[[OTHER_WAY]]
func.func @fusion_then_merging(%a: !element, %b: !element, %c: !element, %d: !element) -> (!element, !element) {
  %ab = ravine.mul %a, %b : !element
  %cd = ravine.mul %c, %d : !element
  %one_way = ravine.add %ab, %cd : !element
  %other_way = ravine.add %cd, %ab : !element
  return %one_way, %other_way : !element, !element
}

// Equal sums are merged, and products that only fused sums used are gone.
// CHECK-LABEL: @merging
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[X]], %[[Y]], %[[Y]]
// CHECK-NEXT: return %[[FUSED]], %[[FUSED]]
func.func @merging(%x: !element, %y: !element) -> (!element, !element) {
  %product = ravine.mul %x, %y : !element
  %same_product = ravine.mul %x, %y : !element
  %sum = ravine.add %product, %y : !element
  %same_sum = ravine.add %same_product, %y : !element
  return %sum, %same_sum : !element, !element
}

// Powers are products before what is folded is widened, and sums are fused after: here none is left to fuse.
// CHECK-LABEL: @powers_then_widening
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[X]]
// CHECK-NEXT: %[[SQUARE:.*]] = ravine.mul %[[WIDE]], %[[WIDE]] : <f64, element>
// CHECK-NEXT: return %[[SQUARE]]
func.func @powers_then_widening(%x: !element) -> !ravine.field<f64, element> {
  %two = ravine.constant 2.0 : f64 : !model
  %exponent = ravine.broadcast %two : !model to !element
  %square = ravine.pow %x, %exponent : !element
  %wide = ravine.widen %square : !element to !ravine.field<f64, element>
  return %wide : !ravine.field<f64, element>
}

// Sums of squares, however they were written, are one before the guard looks for it.
// CHECK-LABEL: ravine.optimizer @merging_then_guarding
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK-NOT: ravine.reduce
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[SUM]], %{{.*}}
// CHECK: %[[INFINITE:.*]] = ravine.not %[[FINITE]]
// CHECK: ravine.skip %[[INFINITE]]
ravine.optimizer @merging_then_guarding doc "" citation "" nonfinite skip {
  ravine.metric @energy : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %square = ravine.mul %g, %g : !element
    %wideSquare = ravine.widen %square : !element to !ravine.field<f64, element>
    %energy = ravine.reduce sum %wideSquare : !ravine.field<f64, element> to !model
    ravine.measure @energy, %energy : !model
    %again = ravine.gradient : !element
    %wide = ravine.widen %again : !element to !ravine.field<f64, element>
    %squareOfWide = ravine.mul %wide, %wide : !ravine.field<f64, element>
    %sum = ravine.reduce sum %squareOfWide : !ravine.field<f64, element> to !model
    %norm = ravine.sqrt %sum : !model
    %spread = ravine.broadcast %norm : !model to !element
    ravine.update %spread : !element
  }
}
