// A widened product is multiplied in f64; every other widened value stays as it is.
// RUN: ravine-opt %s -ravine-widen-products -cse | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!truth = !ravine.field<i1, element>

// CHECK-LABEL: @product
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[WIDE_X:.*]] = ravine.widen %[[X]]
// CHECK-NEXT: %[[WIDE_Y:.*]] = ravine.widen %[[Y]]
// CHECK-NEXT: %[[PRODUCT:.*]] = ravine.mul %[[WIDE_X]], %[[WIDE_Y]] : <f64, element>
// CHECK-NEXT: return %[[PRODUCT]]
func.func @product(%x: !element, %y: !element) -> !wide {
  %product = ravine.mul %x, %y : !element
  %wide = ravine.widen %product : !element to !wide
  return %wide : !wide
}

// CHECK-LABEL: @square
// CHECK-SAME: (%[[G:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[G]]
// CHECK-NEXT: %[[SQUARE:.*]] = ravine.mul %[[WIDE]], %[[WIDE]] : <f64, element>
// CHECK-NEXT: return %[[SQUARE]]
func.func @square(%g: !element) -> !wide {
  %square = ravine.mul %g, %g : !element
  %wide = ravine.widen %square : !element to !wide
  return %wide : !wide
}

// CHECK-LABEL: @product_of_products
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[WIDE_X:.*]] = ravine.widen %[[X]]
// CHECK-NEXT: %[[SQUARE:.*]] = ravine.mul %[[WIDE_X]], %[[WIDE_X]] : <f64, element>
// CHECK-NEXT: %[[WIDE_Y:.*]] = ravine.widen %[[Y]]
// CHECK-NEXT: %[[PRODUCT:.*]] = ravine.mul %[[SQUARE]], %[[WIDE_Y]] : <f64, element>
// CHECK-NEXT: return %[[PRODUCT]]
func.func @product_of_products(%x: !element, %y: !element) -> !wide {
  %square = ravine.mul %x, %x : !element
  %product = ravine.mul %square, %y : !element
  %wide = ravine.widen %product : !element to !wide
  return %wide : !wide
}

// A factor was rounded to f32 where it met the elements, and stays so.
// CHECK-LABEL: @scaled
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[S:.*]]: !ravine.field<f64, group>)
// CHECK-NEXT: %[[SPREAD:.*]] = ravine.broadcast %[[S]] : <f64, group> to <f32, element>
// CHECK-NEXT: %[[WIDE_X:.*]] = ravine.widen %[[X]]
// CHECK-NEXT: %[[TENTH:.*]] = ravine.constant 0.10000000149011612 : f64 : <f64, element>
// CHECK-NEXT: %[[SCALED:.*]] = ravine.mul %[[WIDE_X]], %[[TENTH]] : <f64, element>
// CHECK-NEXT: %[[WIDE_SPREAD:.*]] = ravine.widen %[[SPREAD]]
// CHECK-NEXT: %[[PRODUCT:.*]] = ravine.mul %[[SCALED]], %[[WIDE_SPREAD]] : <f64, element>
// CHECK-NEXT: return %[[PRODUCT]]
func.func @scaled(%x: !element, %s: !ravine.field<f64, group>) -> !wide {
  %tenth = ravine.constant 0.1 : f32 : !element
  %scaled = ravine.mul %x, %tenth : !element
  %spread = ravine.broadcast %s : !ravine.field<f64, group> to !element
  %product = ravine.mul %scaled, %spread : !element
  %wide = ravine.widen %product : !element to !wide
  return %wide : !wide
}

// CHECK-LABEL: @through_sign_and_magnitude
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NOT: : <f32, element>{{$}}
// CHECK: %[[PRODUCT:.*]] = ravine.mul {{.*}} : <f64, element>
// CHECK-NEXT: %[[MAGNITUDE:.*]] = ravine.abs %[[PRODUCT]] : <f64, element>
// CHECK-NEXT: %[[NEGATED:.*]] = ravine.neg %[[MAGNITUDE]] : <f64, element>
// CHECK-NEXT: return %[[NEGATED]]
func.func @through_sign_and_magnitude(%x: !element, %y: !element) -> !wide {
  %product = ravine.mul %x, %y : !element
  %magnitude = ravine.abs %product : !element
  %negated = ravine.neg %magnitude : !element
  %wide = ravine.widen %negated : !element to !wide
  return %wide : !wide
}

// A sum over some elements: what is not chosen adds nothing.
// CHECK-LABEL: @through_choice
// CHECK-SAME: (%[[G:.*]]: !ravine.field<f32, element>, %[[MASK:.*]]: !ravine.field<i1, element>)
// CHECK-DAG: %[[WIDE:.*]] = ravine.widen %[[G]]
// CHECK-DAG: %[[SQUARE:.*]] = ravine.mul %[[WIDE]], %[[WIDE]] : <f64, element>
// CHECK-DAG: %[[ZERO:.*]] = ravine.constant 0.000000e+00 : f64 : <f64, element>
// CHECK: %[[CHOSEN:.*]] = ravine.select %[[MASK]], %[[SQUARE]], %[[ZERO]] : <i1, element>, <f64, element>
// CHECK-NEXT: return %[[CHOSEN]]
func.func @through_choice(%g: !element, %mask: !truth) -> !wide {
  %square = ravine.mul %g, %g : !element
  %zero = ravine.constant 0.0 : f32 : !element
  %chosen = ravine.select %mask, %square, %zero : !truth, !element
  %wide = ravine.widen %chosen : !element to !wide
  return %wide : !wide
}

// What else uses a product has no say in how it is folded.
// CHECK-LABEL: @product_with_other_uses
// CHECK-SAME: (%[[G:.*]]: !ravine.field<f32, element>)
// CHECK-DAG: %[[WIDE:.*]] = ravine.widen %[[G]]
// CHECK-DAG: %[[NARROW_SQUARE:.*]] = ravine.mul %[[G]], %[[G]] : <f32, element>
// CHECK-DAG: %[[WIDE_SQUARE:.*]] = ravine.mul %[[WIDE]], %[[WIDE]] : <f64, element>
// CHECK: return %[[WIDE_SQUARE]], %[[NARROW_SQUARE]]
func.func @product_with_other_uses(%g: !element) -> (!wide, !element) {
  %square = ravine.mul %g, %g : !element
  %wide = ravine.widen %square : !element to !wide
  return %wide, %square : !wide, !element
}

// Each factor is widened once, however often it is multiplied: ((x²)²)² takes three products.
// CHECK-LABEL: @repeated_squares
// CHECK-COUNT-3: ravine.mul {{.*}} : <f64, element>
// CHECK-NOT: ravine.mul
// CHECK: return
func.func @repeated_squares(%x: !element) -> !wide {
  %2 = ravine.mul %x, %x : !element
  %4 = ravine.mul %2, %2 : !element
  %8 = ravine.mul %4, %4 : !element
  %wide = ravine.widen %8 : !element to !wide
  return %wide : !wide
}

// ---- stays as it is

// CHECK-LABEL: @gradient
// CHECK-SAME: (%[[G:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[G]]
// CHECK-NEXT: return %[[WIDE]]
func.func @gradient(%g: !element) -> !wide {
  %wide = ravine.widen %g : !element to !wide
  return %wide : !wide
}

// A sum of products is rounded in f32, as on every other way to use it.
// CHECK-LABEL: @sum_of_products
// CHECK: %[[SUM:.*]] = ravine.add %{{.*}}, %{{.*}} : <f32, element>
// CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[SUM]]
// CHECK-NEXT: return %[[WIDE]]
func.func @sum_of_products(%x: !element, %y: !element) -> !wide {
  %product = ravine.mul %x, %y : !element
  %square = ravine.mul %x, %x : !element
  %sum = ravine.add %product, %square : !element
  %wide = ravine.widen %sum : !element to !wide
  return %wide : !wide
}

// The root of a square is a number of f32.
// CHECK-LABEL: @function_of_a_product
// CHECK: %[[ROOT:.*]] = ravine.sqrt %{{.*}} : <f32, element>
// CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[ROOT]]
// CHECK-NEXT: return %[[WIDE]]
func.func @function_of_a_product(%x: !element) -> !wide {
  %square = ravine.mul %x, %x : !element
  %root = ravine.sqrt %square : !element
  %wide = ravine.widen %root : !element to !wide
  return %wide : !wide
}

// CHECK-LABEL: @magnitude_and_choice_without_products
// CHECK: ravine.abs %{{.*}} : <f32, element>
// CHECK: %[[CHOSEN:.*]] = ravine.select %{{.*}} : <i1, element>, <f32, element>
// CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[CHOSEN]]
// CHECK-NEXT: return %[[WIDE]]
func.func @magnitude_and_choice_without_products(%x: !element, %y: !element, %mask: !truth) -> !wide {
  %magnitude = ravine.abs %x : !element
  %chosen = ravine.select %mask, %magnitude, %y : !truth, !element
  %wide = ravine.widen %chosen : !element to !wide
  return %wide : !wide
}
