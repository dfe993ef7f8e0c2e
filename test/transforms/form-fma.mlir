// A product and a sum of elements become one rounding. (`-cse` takes away the products that nothing needs any more.)
// RUN: ravine-opt %s -ravine-form-fma -cse | FileCheck %s

!element = !ravine.field<f32, element>

// ---- the three shapes

// CHECK-LABEL: @product_plus_term
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[X]], %[[Y]], %[[Z]]
// CHECK-NEXT: return %[[FUSED]]
func.func @product_plus_term(%x: !element, %y: !element, %z: !element) -> !element {
  %product = ravine.mul %x, %y : !element
  %sum = ravine.add %product, %z : !element
  return %sum : !element
}

// CHECK-LABEL: @term_plus_product
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[X]], %[[Y]], %[[Z]]
// CHECK-NEXT: return %[[FUSED]]
func.func @term_plus_product(%x: !element, %y: !element, %z: !element) -> !element {
  %product = ravine.mul %x, %y : !element
  %sum = ravine.add %z, %product : !element
  return %sum : !element
}

// CHECK-LABEL: @term_minus_product
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[MINUS_X:.*]] = ravine.neg %[[X]]
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[MINUS_X]], %[[Y]], %[[Z]]
// CHECK-NEXT: return %[[FUSED]]
func.func @term_minus_product(%x: !element, %y: !element, %z: !element) -> !element {
  %product = ravine.mul %x, %y : !element
  %difference = ravine.sub %z, %product : !element
  return %difference : !element
}

// CHECK-LABEL: @product_minus_term
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[MINUS_Z:.*]] = ravine.neg %[[Z]]
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[X]], %[[Y]], %[[MINUS_Z]]
// CHECK-NEXT: return %[[FUSED]]
func.func @product_minus_term(%x: !element, %y: !element, %z: !element) -> !element {
  %product = ravine.mul %x, %y : !element
  %difference = ravine.sub %product, %z : !element
  return %difference : !element
}

// A negated factor is negated back, not twice.
// CHECK-LABEL: @term_minus_negated_product
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK: ravine.fma %[[X]], %[[Y]], %[[Z]]
func.func @term_minus_negated_product(%x: !element, %y: !element, %z: !element) -> !element {
  %minus = ravine.neg %x : !element
  %product = ravine.mul %minus, %y : !element
  %difference = ravine.sub %z, %product : !element
  return %difference : !element
}

// ---- which product, where there are two

// The left one of a sum.
// CHECK-LABEL: @product_plus_product
// CHECK-SAME: (%[[A:.*]]: !ravine.field<f32, element>, %[[B:.*]]: !ravine.field<f32, element>, %[[C:.*]]: !ravine.field<f32, element>, %[[D:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[RIGHT:.*]] = ravine.mul %[[C]], %[[D]]
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[A]], %[[B]], %[[RIGHT]]
// CHECK-NEXT: return %[[FUSED]]
func.func @product_plus_product(%a: !element, %b: !element, %c: !element, %d: !element) -> !element {
  %left = ravine.mul %a, %b : !element
  %right = ravine.mul %c, %d : !element
  %sum = ravine.add %left, %right : !element
  return %sum : !element
}

// The right one of a difference.
// CHECK-LABEL: @product_minus_product
// CHECK-SAME: (%[[A:.*]]: !ravine.field<f32, element>, %[[B:.*]]: !ravine.field<f32, element>, %[[C:.*]]: !ravine.field<f32, element>, %[[D:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[LEFT:.*]] = ravine.mul %[[A]], %[[B]]
// CHECK-NEXT: %[[MINUS_C:.*]] = ravine.neg %[[C]]
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[MINUS_C]], %[[D]], %[[LEFT]]
// CHECK-NEXT: return %[[FUSED]]
func.func @product_minus_product(%a: !element, %b: !element, %c: !element, %d: !element) -> !element {
  %left = ravine.mul %a, %b : !element
  %right = ravine.mul %c, %d : !element
  %difference = ravine.sub %left, %right : !element
  return %difference : !element
}

// A sum of three products: two of them share a rounding with a sum.
// CHECK-LABEL: @chain
// CHECK-SAME: (%[[A:.*]]: !ravine.field<f32, element>, %[[B:.*]]: !ravine.field<f32, element>, %[[C:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[BB:.*]] = ravine.mul %[[B]], %[[B]]
// CHECK-NEXT: %[[AA_BB:.*]] = ravine.fma %[[A]], %[[A]], %[[BB]]
// CHECK-NEXT: %[[ALL:.*]] = ravine.fma %[[C]], %[[C]], %[[AA_BB]]
// CHECK-NEXT: return %[[ALL]]
func.func @chain(%a: !element, %b: !element, %c: !element) -> !element {
  %aa = ravine.mul %a, %a : !element
  %bb = ravine.mul %b, %b : !element
  %cc = ravine.mul %c, %c : !element
  %aa_bb = ravine.add %aa, %bb : !element
  %all = ravine.add %aa_bb, %cc : !element
  return %all : !element
}

// ---- products with other uses: the bits of a sum depend on its own expression alone

// CHECK-LABEL: @product_used_elsewhere
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[PRODUCT:.*]] = ravine.mul %[[X]], %[[Y]]
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[X]], %[[Y]], %[[Z]]
// CHECK-NEXT: return %[[FUSED]], %[[PRODUCT]]
func.func @product_used_elsewhere(%x: !element, %y: !element, %z: !element) -> (!element, !element) {
  %product = ravine.mul %x, %y : !element
  %sum = ravine.add %product, %z : !element
  return %sum, %product : !element, !element
}

// CHECK-LABEL: @product_plus_itself
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[PRODUCT:.*]] = ravine.mul %[[X]], %[[Y]]
// CHECK-NEXT: %[[FUSED:.*]] = ravine.fma %[[X]], %[[Y]], %[[PRODUCT]]
// CHECK-NEXT: return %[[FUSED]]
func.func @product_plus_itself(%x: !element, %y: !element) -> !element {
  %product = ravine.mul %x, %y : !element
  %sum = ravine.add %product, %product : !element
  return %sum : !element
}

// Two sums share a product: each is one rounding, and the product is gone.
// CHECK-LABEL: @product_in_two_sums
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[FIRST:.*]] = ravine.fma %[[X]], %[[Y]], %[[Z]]
// CHECK-NEXT: %[[SECOND:.*]] = ravine.fma %[[X]], %[[Y]], %[[X]]
// CHECK-NEXT: return %[[FIRST]], %[[SECOND]]
func.func @product_in_two_sums(%x: !element, %y: !element, %z: !element) -> (!element, !element) {
  %product = ravine.mul %x, %y : !element
  %first = ravine.add %product, %z : !element
  %second = ravine.add %product, %x : !element
  return %first, %second : !element, !element
}

// ---- stays two roundings

// CHECK-LABEL: @no_product
// CHECK-NOT: ravine.fma
// CHECK: return
func.func @no_product(%x: !element, %y: !element, %z: !element) -> !element {
  %quotient = ravine.div %x, %y : !element
  %sum = ravine.add %quotient, %z : !element
  %difference = ravine.sub %sum, %y : !element
  return %difference : !element
}

// CHECK-LABEL: @scalars
// CHECK-NOT: ravine.fma
// CHECK: return
func.func @scalars(%x: !ravine.field<f64, group>, %y: !ravine.field<f64, group>) -> !ravine.field<f64, group> {
  %product = ravine.mul %x, %y : !ravine.field<f64, group>
  %sum = ravine.add %product, %y : !ravine.field<f64, group>
  %difference = ravine.sub %sum, %x : !ravine.field<f64, group>
  return %difference : !ravine.field<f64, group>
}

// Numbers of rows are computed as scalars are.
// CHECK-LABEL: @numbers_of_rows
// CHECK-NOT: ravine.fma
// CHECK: return
func.func @numbers_of_rows(%x: !ravine.field<f64, row>, %y: !ravine.field<f64, row>) -> !ravine.field<f64, row> {
  %product = ravine.mul %x, %y : !ravine.field<f64, row>
  %sum = ravine.add %product, %y : !ravine.field<f64, row>
  return %sum : !ravine.field<f64, row>
}

// A broadcast scalar product is a scalar: it is computed outside the loops.
// CHECK-LABEL: @product_of_scalars_plus_element
// CHECK-NOT: ravine.fma
// CHECK: return
func.func @product_of_scalars_plus_element(%x: !ravine.field<f64, group>, %z: !element) -> !element {
  %product = ravine.mul %x, %x : !ravine.field<f64, group>
  %spread = ravine.broadcast %product : !ravine.field<f64, group> to !element
  %sum = ravine.add %spread, %z : !element
  return %sum : !element
}
