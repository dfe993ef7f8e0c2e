// What arithmetic folds to, and what must not fold because it would change bits.
// RUN: ravine-opt %s -canonicalize | FileCheck %s

!element = !ravine.field<f32, element>
!scalar = !ravine.field<f64, model>

// ---- neutral elements: x + (−0), x − 0, x·1 and x/1 are x for every x

// CHECK-LABEL: @neutral
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]], %[[X]]
func.func @neutral(%x: !element) -> (!element, !element, !element, !element) {
  %negative_zero = ravine.constant -0.0 : f32 : !element
  %zero = ravine.constant 0.0 : f32 : !element
  %one = ravine.constant 1.0 : f32 : !element
  %sum = ravine.add %x, %negative_zero : !element
  %difference = ravine.sub %x, %zero : !element
  %product = ravine.mul %x, %one : !element
  %quotient = ravine.div %x, %one : !element
  return %sum, %difference, %product, %quotient : !element, !element, !element, !element
}

// CHECK-LABEL: @neutral_on_the_left
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: return %[[X]], %[[X]]
func.func @neutral_on_the_left(%x: !element) -> (!element, !element) {
  %negative_zero = ravine.constant -0.0 : f32 : !element
  %one = ravine.constant 1.0 : f32 : !element
  %sum = ravine.add %negative_zero, %x : !element
  %product = ravine.mul %one, %x : !element
  return %sum, %product : !element, !element
}

// x + 0 and x − (−0) turn −0 into +0; 0 − x is +0, not −0, for x = +0.
// CHECK-LABEL: @zeros_that_matter
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
func.func @zeros_that_matter(%x: !element) -> (!element, !element, !element) {
  // CHECK-DAG: %[[ZERO:.*]] = ravine.constant 0.000000e+00
  // CHECK-DAG: %[[NEGATIVE_ZERO:.*]] = ravine.constant -0.000000e+00
  // CHECK: %[[SUM:.*]] = ravine.add %[[X]], %[[ZERO]]
  // CHECK: %[[DIFFERENCE:.*]] = ravine.sub %[[X]], %[[NEGATIVE_ZERO]]
  // CHECK: %[[NEGATED:.*]] = ravine.sub %[[ZERO]], %[[X]]
  // CHECK: return %[[SUM]], %[[DIFFERENCE]], %[[NEGATED]]
  %zero = ravine.constant 0.0 : f32 : !element
  %negative_zero = ravine.constant -0.0 : f32 : !element
  %sum = ravine.add %x, %zero : !element
  %difference = ravine.sub %x, %negative_zero : !element
  %negated = ravine.sub %zero, %x : !element
  return %sum, %difference, %negated : !element, !element, !element
}

// 0·x, 0/x, x − x and x/x are NaN where x is infinite or NaN.
// CHECK-LABEL: @not_a_number_somewhere
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
func.func @not_a_number_somewhere(%x: !element) -> (!element, !element, !element, !element) {
  // CHECK: %[[ZERO:.*]] = ravine.constant 0.000000e+00
  // CHECK: %[[PRODUCT:.*]] = ravine.mul %[[X]], %[[ZERO]]
  // CHECK: %[[QUOTIENT:.*]] = ravine.div %[[ZERO]], %[[X]]
  // CHECK: %[[DIFFERENCE:.*]] = ravine.sub %[[X]], %[[X]]
  // CHECK: %[[RATIO:.*]] = ravine.div %[[X]], %[[X]]
  // CHECK: return %[[PRODUCT]], %[[QUOTIENT]], %[[DIFFERENCE]], %[[RATIO]]
  %zero = ravine.constant 0.0 : f32 : !element
  %product = ravine.mul %zero, %x : !element
  %quotient = ravine.div %zero, %x : !element
  %difference = ravine.sub %x, %x : !element
  %ratio = ravine.div %x, %x : !element
  return %product, %quotient, %difference, %ratio : !element, !element, !element, !element
}

// Neither sums nor products are regrouped, and nothing is factored out.
// CHECK-LABEL: @not_regrouped
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
func.func @not_regrouped(%x: !element) -> (!element, !element, !element) {
  // CHECK: %[[THREE:.*]] = ravine.constant 3.000000e+00
  // CHECK: %[[PLUS_THREE:.*]] = ravine.add %[[X]], %[[THREE]]
  // CHECK: %[[PLUS_SIX:.*]] = ravine.add %[[PLUS_THREE]], %[[THREE]]
  // CHECK: %[[TIMES_THREE:.*]] = ravine.mul %[[X]], %[[THREE]]
  // CHECK: %[[TIMES_NINE:.*]] = ravine.mul %[[TIMES_THREE]], %[[THREE]]
  // CHECK: %[[DOUBLE:.*]] = ravine.add %[[TIMES_THREE]], %[[TIMES_THREE]]
  // CHECK: return %[[PLUS_SIX]], %[[TIMES_NINE]], %[[DOUBLE]]
  %three = ravine.constant 3.0 : f32 : !element
  %plus_three = ravine.add %x, %three : !element
  %plus_six = ravine.add %plus_three, %three : !element
  %times_three = ravine.mul %x, %three : !element
  %times_nine = ravine.mul %times_three, %three : !element
  %double = ravine.add %times_three, %times_three : !element
  return %plus_six, %times_nine, %double : !element, !element, !element
}

// ---- involutions and the like

// CHECK-LABEL: @twice
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[MAGNITUDE:.*]] = ravine.abs %[[X]]
// CHECK-NEXT: return %[[X]], %[[MAGNITUDE]]
func.func @twice(%x: !element) -> (!element, !element) {
  %minus = ravine.neg %x : !element
  %plus = ravine.neg %minus : !element
  %magnitude = ravine.abs %x : !element
  %same = ravine.abs %magnitude : !element
  return %plus, %same : !element, !element
}

// x·(−1) is −x, wherever the −1 stands; no other factor is special.
// CHECK-LABEL: @times_minus_one
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK: %[[MINUS_TWO:.*]] = ravine.constant -2.000000e+00
// CHECK-NEXT: %[[MINUS:.*]] = ravine.neg %[[X]]
// CHECK-NEXT: %[[SAME:.*]] = ravine.neg %[[X]]
// CHECK-NEXT: %[[DOUBLE:.*]] = ravine.mul %[[X]], %[[MINUS_TWO]]
// CHECK-NEXT: return %[[MINUS]], %[[SAME]], %[[DOUBLE]]
func.func @times_minus_one(%x: !element) -> (!element, !element, !element) {
  %minus_one = ravine.constant -1.0 : f32 : !element
  %minus_two = ravine.constant -2.0 : f32 : !element
  %minus = ravine.mul %x, %minus_one : !element
  %same = ravine.mul %minus_one, %x : !element
  %double = ravine.mul %x, %minus_two : !element
  return %minus, %same, %double : !element, !element, !element
}

// ---- known operands

// f32 constants are multiplied in f32: 0.1·0.2 is the number above the one nearest to 0.02.
// CHECK-LABEL: @known_elements
func.func @known_elements() -> (!element, !element, !element, !element) {
  // CHECK-DAG: %[[SUM:.*]] = ravine.constant 3.000000e-01 : f32
  // CHECK-DAG: %[[DIFFERENCE:.*]] = ravine.constant -1.000000e-01 : f32
  // CHECK-DAG: %[[PRODUCT:.*]] = ravine.constant 0.0200000014 : f32
  // CHECK-DAG: %[[QUOTIENT:.*]] = ravine.constant 5.000000e-01 : f32
  // CHECK: return %[[SUM]], %[[DIFFERENCE]], %[[PRODUCT]], %[[QUOTIENT]]
  %tenth = ravine.constant 0.1 : f32 : !element
  %fifth = ravine.constant 0.2 : f32 : !element
  %sum = ravine.add %tenth, %fifth : !element
  %difference = ravine.sub %tenth, %fifth : !element
  %product = ravine.mul %tenth, %fifth : !element
  %quotient = ravine.div %tenth, %fifth : !element
  return %sum, %difference, %product, %quotient : !element, !element, !element, !element
}

// CHECK-LABEL: @known_scalars
func.func @known_scalars() -> !scalar {
  // CHECK-NEXT: %[[SUM:.*]] = ravine.constant 0.30000000000000004 : f64
  // CHECK-NEXT: return %[[SUM]]
  %tenth = ravine.constant 0.1 : f64 : !scalar
  %fifth = ravine.constant 0.2 : f64 : !scalar
  %sum = ravine.add %tenth, %fifth : !scalar
  return %sum : !scalar
}

// CHECK-LABEL: @known_signs
func.func @known_signs() -> (!scalar, !scalar, !scalar, !scalar) {
  // CHECK-DAG: %[[MINUS_ONE:.*]] = ravine.constant -1.000000e+00
  // CHECK-DAG: %[[NEGATIVE_ZERO:.*]] = ravine.constant -0.000000e+00
  // CHECK-DAG: %[[TWO:.*]] = ravine.constant 2.000000e+00
  // CHECK: return %[[MINUS_ONE]], %[[NEGATIVE_ZERO]], %[[TWO]], %[[TWO]]
  %minus_two = ravine.constant -2.0 : f64 : !scalar
  %negative_zero = ravine.constant -0.0 : f64 : !scalar
  %sign = ravine.sign %minus_two : !scalar
  %sign_of_zero = ravine.sign %negative_zero : !scalar
  %magnitude = ravine.abs %minus_two : !scalar
  %negated = ravine.neg %minus_two : !scalar
  return %sign, %sign_of_zero, %magnitude, %negated : !scalar, !scalar, !scalar, !scalar
}

// √2 in each format, correctly rounded.
// CHECK-LABEL: @known_roots
func.func @known_roots() -> (!element, !scalar) {
  // CHECK-DAG: %[[SINGLE:.*]] = ravine.constant 1.41421354 : f32
  // CHECK-DAG: %[[DOUBLE:.*]] = ravine.constant 1.4142135623730951 : f64
  // CHECK: return %[[SINGLE]], %[[DOUBLE]]
  %two = ravine.constant 2.0 : f32 : !element
  %scalar_two = ravine.constant 2.0 : f64 : !scalar
  %single = ravine.sqrt %two : !element
  %double = ravine.sqrt %scalar_two : !scalar
  return %single, %double : !element, !scalar
}

// The greater of the zeros is +0, the lesser −0; NaN is stronger than a number.
// CHECK-LABEL: @known_extremes
func.func @known_extremes() -> (!scalar, !scalar, !scalar, !scalar) {
  // CHECK-DAG: %[[ZERO:.*]] = ravine.constant 0.000000e+00
  // CHECK-DAG: %[[NEGATIVE_ZERO:.*]] = ravine.constant -0.000000e+00
  // CHECK-DAG: %[[NAN:.*]] = ravine.constant 0x7FF8000000000000
  // CHECK: return %[[ZERO]], %[[NEGATIVE_ZERO]], %[[NAN]], %[[NAN]]
  %zero = ravine.constant 0.0 : f64 : !scalar
  %negative_zero = ravine.constant -0.0 : f64 : !scalar
  %nan = ravine.constant 0x7FF8000000000000 : f64 : !scalar
  %greater = ravine.max %zero, %negative_zero : !scalar
  %lesser = ravine.min %zero, %negative_zero : !scalar
  %greater_of_nan = ravine.max %zero, %nan : !scalar
  %lesser_of_nan = ravine.min %nan, %zero : !scalar
  return %greater, %lesser, %greater_of_nan, %lesser_of_nan : !scalar, !scalar, !scalar, !scalar
}

// What the target computes with its own functions is not computed with those of the machine that compiles.
// CHECK-LABEL: @elementary_functions
// CHECK: ravine.exp
// CHECK: ravine.tanh
func.func @elementary_functions() -> (!scalar, !scalar) {
  %one = ravine.constant 1.0 : f64 : !scalar
  %exp = ravine.exp %one : !scalar
  %tanh = ravine.tanh %one : !scalar
  return %exp, %tanh : !scalar, !scalar
}
