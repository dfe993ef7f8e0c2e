// A constant whole exponent of at most 4 in magnitude means the product; every other power stays.
// RUN: ravine-opt %s -canonicalize | FileCheck %s

!element = !ravine.field<f32, element>
!scalar = !ravine.field<f64, tensor>

// ---- becomes a product

// CHECK-LABEL: @power_0
// CHECK-NEXT: %[[ONE:.*]] = ravine.constant 1.000000e+00 : f32
// CHECK-NEXT: return %[[ONE]]
func.func @power_0(%x: !element) -> !element {
  %zero = ravine.constant 0.0 : f32 : !element
  %power = ravine.pow %x, %zero : !element
  return %power : !element
}

// CHECK-LABEL: @power_1
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: return %[[X]]
func.func @power_1(%x: !element) -> !element {
  %one = ravine.constant 1.0 : f32 : !element
  %power = ravine.pow %x, %one : !element
  return %power : !element
}

// CHECK-LABEL: @power_2
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[SQUARE:.*]] = ravine.mul %[[X]], %[[X]]
// CHECK-NEXT: return %[[SQUARE]]
func.func @power_2(%x: !element) -> !element {
  %two = ravine.constant 2.0 : f32 : !element
  %power = ravine.pow %x, %two : !element
  return %power : !element
}

// CHECK-LABEL: @power_3
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[SQUARE:.*]] = ravine.mul %[[X]], %[[X]]
// CHECK-NEXT: %[[CUBE:.*]] = ravine.mul %[[SQUARE]], %[[X]]
// CHECK-NEXT: return %[[CUBE]]
func.func @power_3(%x: !element) -> !element {
  %three = ravine.constant 3.0 : f32 : !element
  %power = ravine.pow %x, %three : !element
  return %power : !element
}

// CHECK-LABEL: @power_4
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK-NEXT: %[[X2:.*]] = ravine.mul %[[X]], %[[X]]
// CHECK-NEXT: %[[X4:.*]] = ravine.mul %[[X2]], %[[X2]]
// CHECK-NEXT: return %[[X4]]
func.func @power_4(%x: !element) -> !element {
  %four = ravine.constant 4.0 : f32 : !element
  %power = ravine.pow %x, %four : !element
  return %power : !element
}

// The reciprocal first: it overflows only where the power does.
// CHECK-LABEL: @power_minus_3
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>)
// CHECK: %[[ONE:.*]] = ravine.constant 1.000000e+00
// CHECK: %[[INVERSE:.*]] = ravine.div %[[ONE]], %[[X]]
// CHECK: %[[SQUARE:.*]] = ravine.mul %[[INVERSE]], %[[INVERSE]]
// CHECK: %[[CUBE:.*]] = ravine.mul %[[SQUARE]], %[[INVERSE]]
// CHECK: return %[[CUBE]]
func.func @power_minus_3(%x: !element) -> !element {
  %minus_three = ravine.constant -3.0 : f32 : !element
  %power = ravine.pow %x, %minus_three : !element
  return %power : !element
}

// Scalars as well, through the broadcast that lowering writes.
// CHECK-LABEL: @scalar_power
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f64, tensor>)
// CHECK-NEXT: %[[SQUARE:.*]] = ravine.mul %[[X]], %[[X]] : <f64, tensor>
// CHECK-NEXT: return %[[SQUARE]]
func.func @scalar_power(%x: !scalar) -> !scalar {
  %two = ravine.constant 2.0 : f64 : !ravine.field<f64, model>
  %exponent = ravine.broadcast %two : !ravine.field<f64, model> to !scalar
  %power = ravine.pow %x, %exponent : !scalar
  return %power : !scalar
}

// ---- stays a power

// CHECK-LABEL: @power_5
// CHECK: ravine.pow
func.func @power_5(%x: !element) -> !element {
  %five = ravine.constant 5.0 : f32 : !element
  %power = ravine.pow %x, %five : !element
  return %power : !element
}

// CHECK-LABEL: @power_minus_5
// CHECK: ravine.pow
func.func @power_minus_5(%x: !element) -> !element {
  %minus_five = ravine.constant -5.0 : f32 : !element
  %power = ravine.pow %x, %minus_five : !element
  return %power : !element
}

// Not √x: pow(−0, 0.5) is +0 and pow(−∞, 0.5) is +∞.
// CHECK-LABEL: @power_half
// CHECK: ravine.pow
func.func @power_half(%x: !element) -> !element {
  %half = ravine.constant 0.5 : f32 : !element
  %power = ravine.pow %x, %half : !element
  return %power : !element
}

// CHECK-LABEL: @power_not_a_number
// CHECK: ravine.pow
func.func @power_not_a_number(%x: !element) -> !element {
  %nan = ravine.constant 0x7FC00000 : f32 : !element
  %power = ravine.pow %x, %nan : !element
  return %power : !element
}

// CHECK-LABEL: @power_unknown
// CHECK: ravine.pow
func.func @power_unknown(%x: !element, %y: !element) -> !element {
  %power = ravine.pow %x, %y : !element
  return %power : !element
}

// A known base is not enough.
// CHECK-LABEL: @known_base
// CHECK: ravine.pow
func.func @known_base(%y: !element) -> !element {
  %two = ravine.constant 2.0 : f32 : !element
  %power = ravine.pow %two, %y : !element
  return %power : !element
}
