// What comparisons, logic and choices fold to, and which comparisons must not fold.
// RUN: ravine-opt %s -canonicalize | FileCheck %s

!number = !ravine.field<f32, element>
!truth = !ravine.field<i1, element>

// CHECK-LABEL: @known_comparisons
func.func @known_comparisons() -> (!truth, !truth, !truth, !truth, !truth, !truth) {
  // CHECK-DAG: %[[TRUE:.*]] = ravine.constant true
  // CHECK-DAG: %[[FALSE:.*]] = ravine.constant false
  // CHECK: return %[[TRUE]], %[[TRUE]], %[[FALSE]], %[[FALSE]], %[[FALSE]], %[[TRUE]]
  %one = ravine.constant 1.0 : f32 : !number
  %two = ravine.constant 2.0 : f32 : !number
  %lt = ravine.compare lt %one, %two : !number -> !truth
  %le = ravine.compare le %one, %two : !number -> !truth
  %gt = ravine.compare gt %one, %two : !number -> !truth
  %ge = ravine.compare ge %one, %two : !number -> !truth
  %eq = ravine.compare eq %one, %two : !number -> !truth
  %ne = ravine.compare ne %one, %two : !number -> !truth
  return %lt, %le, %gt, %ge, %eq, %ne : !truth, !truth, !truth, !truth, !truth, !truth
}

// NaN stands in no relation but `ne`; the two zeros are equal.
// CHECK-LABEL: @known_comparisons_of_special_numbers
func.func @known_comparisons_of_special_numbers() -> (!truth, !truth, !truth, !truth) {
  // CHECK-DAG: %[[TRUE:.*]] = ravine.constant true
  // CHECK-DAG: %[[FALSE:.*]] = ravine.constant false
  // CHECK: return %[[FALSE]], %[[FALSE]], %[[TRUE]], %[[TRUE]]
  %nan = ravine.constant 0x7FC00000 : f32 : !number
  %zero = ravine.constant 0.0 : f32 : !number
  %negative_zero = ravine.constant -0.0 : f32 : !number
  %eq = ravine.compare eq %nan, %nan : !number -> !truth
  %ge = ravine.compare ge %nan, %zero : !number -> !truth
  %ne = ravine.compare ne %nan, %nan : !number -> !truth
  %zeros = ravine.compare eq %zero, %negative_zero : !number -> !truth
  return %eq, %ge, %ne, %zeros : !truth, !truth, !truth, !truth
}

// x may be NaN, which does not equal itself.
// CHECK-LABEL: @comparison_with_itself
// CHECK: ravine.compare eq
// CHECK: ravine.compare le
func.func @comparison_with_itself(%x: !number) -> (!truth, !truth) {
  %eq = ravine.compare eq %x, %x : !number -> !truth
  %le = ravine.compare le %x, %x : !number -> !truth
  return %eq, %le : !truth, !truth
}

// CHECK-LABEL: @and
// CHECK-SAME: (%[[A:.*]]: !ravine.field<i1, element>)
func.func @and(%a: !truth) -> (!truth, !truth, !truth, !truth) {
  // CHECK: %[[FALSE:.*]] = ravine.constant false
  // CHECK-NEXT: return %[[A]], %[[A]], %[[FALSE]], %[[A]]
  %true = ravine.constant true : !truth
  %false = ravine.constant false : !truth
  %right = ravine.and %a, %true : !truth
  %left = ravine.and %true, %a : !truth
  %never = ravine.and %a, %false : !truth
  %itself = ravine.and %a, %a : !truth
  return %right, %left, %never, %itself : !truth, !truth, !truth, !truth
}

// CHECK-LABEL: @or
// CHECK-SAME: (%[[A:.*]]: !ravine.field<i1, element>)
func.func @or(%a: !truth) -> (!truth, !truth, !truth, !truth) {
  // CHECK: %[[TRUE:.*]] = ravine.constant true
  // CHECK-NEXT: return %[[A]], %[[A]], %[[TRUE]], %[[A]]
  %true = ravine.constant true : !truth
  %false = ravine.constant false : !truth
  %right = ravine.or %a, %false : !truth
  %left = ravine.or %false, %a : !truth
  %always = ravine.or %a, %true : !truth
  %itself = ravine.or %a, %a : !truth
  return %right, %left, %always, %itself : !truth, !truth, !truth, !truth
}

// CHECK-LABEL: @not
// CHECK-SAME: (%[[A:.*]]: !ravine.field<i1, element>)
func.func @not(%a: !truth) -> (!truth, !truth) {
  // CHECK: %[[FALSE:.*]] = ravine.constant false
  // CHECK-NEXT: return %[[A]], %[[FALSE]]
  %true = ravine.constant true : !truth
  %no = ravine.not %a : !truth
  %yes = ravine.not %no : !truth
  %false = ravine.not %true : !truth
  return %yes, %false : !truth, !truth
}

// CHECK-LABEL: @unknown_logic
// CHECK-SAME: (%[[A:.*]]: !ravine.field<i1, element>, %[[B:.*]]: !ravine.field<i1, element>)
// CHECK: ravine.and %[[A]], %[[B]]
// CHECK: ravine.or %[[A]], %[[B]]
func.func @unknown_logic(%a: !truth, %b: !truth) -> (!truth, !truth) {
  %both = ravine.and %a, %b : !truth
  %either = ravine.or %a, %b : !truth
  return %both, %either : !truth, !truth
}

// CHECK-LABEL: @choice
// CHECK-SAME: (%[[A:.*]]: !ravine.field<i1, element>, %[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
func.func @choice(%a: !truth, %x: !number, %y: !number) -> (!number, !number, !number, !number) {
  // CHECK-NEXT: %[[OPEN:.*]] = ravine.select %[[A]], %[[X]], %[[Y]]
  // CHECK-NEXT: return %[[X]], %[[Y]], %[[X]], %[[OPEN]]
  %true = ravine.constant true : !truth
  %false = ravine.constant false : !truth
  %first = ravine.select %true, %x, %y : !truth, !number
  %second = ravine.select %false, %x, %y : !truth, !number
  %either = ravine.select %a, %x, %x : !truth, !number
  %open = ravine.select %a, %x, %y : !truth, !number
  return %first, %second, %either, %open : !number, !number, !number, !number
}
