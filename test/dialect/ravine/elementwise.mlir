// Every elementwise operation, `constant` and `broadcast`.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!truth = !ravine.field<i1, element>
!group = !ravine.field<f64, group>

// CHECK-LABEL: @unary
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
func.func @unary(%x: !element) {
  // CHECK-NEXT: ravine.neg %[[X]] : <f32, element>
  %neg = ravine.neg %x : !element
  // CHECK-NEXT: ravine.abs %[[X]] : <f32, element>
  %abs = ravine.abs %x : !element
  // CHECK-NEXT: ravine.sign %[[X]] : <f32, element>
  %sign = ravine.sign %x : !element
  // CHECK-NEXT: ravine.sqrt %[[X]] : <f32, element>
  %sqrt = ravine.sqrt %x : !element
  // CHECK-NEXT: ravine.exp %[[X]] : <f32, element>
  %exp = ravine.exp %x : !element
  // CHECK-NEXT: ravine.expm1 %[[X]] : <f32, element>
  %expm1 = ravine.expm1 %x : !element
  // CHECK-NEXT: ravine.log %[[X]] : <f32, element>
  %log = ravine.log %x : !element
  // CHECK-NEXT: ravine.log1p %[[X]] : <f32, element>
  %log1p = ravine.log1p %x : !element
  // CHECK-NEXT: ravine.sin %[[X]] : <f32, element>
  %sin = ravine.sin %x : !element
  // CHECK-NEXT: ravine.cos %[[X]] : <f32, element>
  %cos = ravine.cos %x : !element
  // CHECK-NEXT: ravine.tan %[[X]] : <f32, element>
  %tan = ravine.tan %x : !element
  // CHECK-NEXT: ravine.asin %[[X]] : <f32, element>
  %asin = ravine.asin %x : !element
  // CHECK-NEXT: ravine.acos %[[X]] : <f32, element>
  %acos = ravine.acos %x : !element
  // CHECK-NEXT: ravine.atan %[[X]] : <f32, element>
  %atan = ravine.atan %x : !element
  // CHECK-NEXT: ravine.sinh %[[X]] : <f32, element>
  %sinh = ravine.sinh %x : !element
  // CHECK-NEXT: ravine.cosh %[[X]] : <f32, element>
  %cosh = ravine.cosh %x : !element
  // CHECK-NEXT: ravine.tanh %[[X]] : <f32, element>
  %tanh = ravine.tanh %x : !element
  // CHECK-NEXT: ravine.erf %[[X]] : <f32, element>
  %erf = ravine.erf %x : !element
  // CHECK-NEXT: ravine.floor %[[X]] : <f32, element>
  %floor = ravine.floor %x : !element
  // CHECK-NEXT: ravine.ceil %[[X]] : <f32, element>
  %ceil = ravine.ceil %x : !element
  // CHECK-NEXT: ravine.round %[[X]] : <f32, element>
  %round = ravine.round %x : !element
  return
}

// CHECK-LABEL: @binary
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f64, group>, %[[Y:.*]]: !ravine.field<f64, group>)
func.func @binary(%x: !group, %y: !group) {
  // CHECK-NEXT: ravine.add %[[X]], %[[Y]] : <f64, group>
  %add = ravine.add %x, %y : !group
  // CHECK-NEXT: ravine.sub %[[X]], %[[Y]] : <f64, group>
  %sub = ravine.sub %x, %y : !group
  // CHECK-NEXT: ravine.mul %[[X]], %[[Y]] : <f64, group>
  %mul = ravine.mul %x, %y : !group
  // CHECK-NEXT: ravine.div %[[X]], %[[Y]] : <f64, group>
  %div = ravine.div %x, %y : !group
  // CHECK-NEXT: ravine.max %[[X]], %[[Y]] : <f64, group>
  %max = ravine.max %x, %y : !group
  // CHECK-NEXT: ravine.min %[[X]], %[[Y]] : <f64, group>
  %min = ravine.min %x, %y : !group
  // CHECK-NEXT: ravine.pow %[[X]], %[[Y]] : <f64, group>
  %pow = ravine.pow %x, %y : !group
  return
}

// CHECK-LABEL: @fused
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>, %[[Z:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: ravine.fma %[[X]], %[[Y]], %[[Z]] : <f32, element>
func.func @fused(%x: !element, %y: !element, %z: !element) {
  %fma = ravine.fma %x, %y, %z : !element
  return
}

// CHECK-LABEL: @comparisons
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[Y:.*]]: !ravine.field<f32, element>)
func.func @comparisons(%x: !element, %y: !element) {
  // CHECK-NEXT: ravine.compare lt %[[X]], %[[Y]] : <f32, element> -> <i1, element>
  %lt = ravine.compare lt %x, %y : !element -> !truth
  // CHECK-NEXT: ravine.compare le %[[X]], %[[Y]] : <f32, element> -> <i1, element>
  %le = ravine.compare le %x, %y : !element -> !truth
  // CHECK-NEXT: ravine.compare gt %[[X]], %[[Y]] : <f32, element> -> <i1, element>
  %gt = ravine.compare gt %x, %y : !element -> !truth
  // CHECK-NEXT: ravine.compare ge %[[X]], %[[Y]] : <f32, element> -> <i1, element>
  %ge = ravine.compare ge %x, %y : !element -> !truth
  // CHECK-NEXT: ravine.compare eq %[[X]], %[[Y]] : <f32, element> -> <i1, element>
  %eq = ravine.compare eq %x, %y : !element -> !truth
  // CHECK-NEXT: ravine.compare ne %[[X]], %[[Y]] : <f32, element> -> <i1, element>
  %ne = ravine.compare ne %x, %y : !element -> !truth
  return
}

// CHECK-LABEL: @truth_values
// CHECK-SAME: (%[[A:.*]]: !ravine.field<i1, element>, %[[B:.*]]: !ravine.field<i1, element>, %[[X:.*]]: !ravine.field<f32, element>)
func.func @truth_values(%a: !truth, %b: !truth, %x: !element) {
  // CHECK-NEXT: ravine.and %[[A]], %[[B]] : <i1, element>
  %and = ravine.and %a, %b : !truth
  // CHECK-NEXT: ravine.or %[[A]], %[[B]] : <i1, element>
  %or = ravine.or %a, %b : !truth
  // CHECK-NEXT: ravine.not %[[A]] : <i1, element>
  %not = ravine.not %a : !truth
  // CHECK-NEXT: ravine.select %[[A]], %[[X]], %[[X]] : <i1, element>, <f32, element>
  %number = ravine.select %a, %x, %x : !truth, !element
  // CHECK-NEXT: ravine.select %[[A]], %[[B]], %[[A]] : <i1, element>, <i1, element>
  %truth = ravine.select %a, %b, %a : !truth, !truth
  return
}

// CHECK-LABEL: @constants
func.func @constants() {
  // CHECK-NEXT: ravine.constant 1.500000e+00 : f32 : <f32, element>
  %element = ravine.constant 1.5 : f32 : !element
  // CHECK-NEXT: ravine.constant 1.500000e+00 : f64 : <f64, group>
  %scalar = ravine.constant 1.5 : f64 : !group
  // CHECK-NEXT: ravine.constant true : <i1, element>
  %truth = ravine.constant true : !truth
  return
}

// CHECK-LABEL: @broadcasts
// CHECK-SAME: (%[[LR:.*]]: !ravine.field<f64, group>, %[[FLAG:.*]]: !ravine.field<i1, group>)
func.func @broadcasts(%lr: !group, %flag: !ravine.field<i1, group>) {
  // CHECK-NEXT: ravine.broadcast %[[LR]] : <f64, group> to <f32, element>
  %rounded = ravine.broadcast %lr : !group to !element
  // CHECK-NEXT: ravine.broadcast %[[LR]] : <f64, group> to <f64, tensor>
  %finer = ravine.broadcast %lr : !group to !ravine.field<f64, tensor>
  // CHECK-NEXT: ravine.broadcast %[[FLAG]] : <i1, group> to <i1, element>
  %truth = ravine.broadcast %flag : !ravine.field<i1, group> to !truth
  return
}
