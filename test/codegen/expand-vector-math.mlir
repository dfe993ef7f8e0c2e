// The elementary functions become arithmetic; what hardware does stays; what would become library calls is refused.
// RUN: ravine-opt %s --split-input-file --verify-diagnostics --pass-pipeline='builtin.module(func.func(ravine-expand-vector-math))' | FileCheck %s

// CHECK-LABEL: @every_function_of_f32
// CHECK-SAME: %[[X:[^:]*]]: vector<16xf32>
// CHECK: arith.extf %[[X]] : vector<16xf32> to vector<16xf64>
// CHECK-NOT: math.{{exp|expm1|log|log1p|powf|sin|cos|tan|asin|acos|atan|sinh|cosh|tanh|erf}} %
// CHECK-NOT: fastmath
// CHECK: return
func.func @every_function_of_f32(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.expm1 %0 : vector<16xf32>
  %2 = math.log %1 : vector<16xf32>
  %3 = math.log1p %2 : vector<16xf32>
  %4 = math.sin %3 : vector<16xf32>
  %5 = math.cos %4 : vector<16xf32>
  %6 = math.tan %5 : vector<16xf32>
  %7 = math.asin %6 : vector<16xf32>
  %8 = math.acos %7 : vector<16xf32>
  %9 = math.atan %8 : vector<16xf32>
  %10 = math.sinh %9 : vector<16xf32>
  %11 = math.cosh %10 : vector<16xf32>
  %12 = math.tanh %11 : vector<16xf32>
  %13 = math.erf %12 : vector<16xf32>
  %14 = math.powf %13, %x : vector<16xf32>
  return %14 : vector<16xf32>
}

// -----

// f64 is computed as it is.
// CHECK-LABEL: @every_function_of_f64
// CHECK-NOT: math.{{exp|expm1|log|log1p|powf|sin|cos|tan|asin|acos|atan|sinh|cosh|tanh|erf}} %
// CHECK-NOT: arith.{{extf|truncf}}
// CHECK-NOT: fastmath
// CHECK: return
func.func @every_function_of_f64(%x: vector<8xf64>) -> vector<8xf64> {
  %0 = math.exp %x : vector<8xf64>
  %1 = math.expm1 %0 : vector<8xf64>
  %2 = math.log %1 : vector<8xf64>
  %3 = math.log1p %2 : vector<8xf64>
  %4 = math.sin %3 : vector<8xf64>
  %5 = math.cos %4 : vector<8xf64>
  %6 = math.tan %5 : vector<8xf64>
  %7 = math.asin %6 : vector<8xf64>
  %8 = math.acos %7 : vector<8xf64>
  %9 = math.atan %8 : vector<8xf64>
  %10 = math.sinh %9 : vector<8xf64>
  %11 = math.cosh %10 : vector<8xf64>
  %12 = math.tanh %11 : vector<8xf64>
  %13 = math.erf %12 : vector<8xf64>
  %14 = math.powf %13, %x : vector<8xf64>
  return %14 : vector<8xf64>
}

// -----

// Only the far arguments of sin, cos and tan cost a branch.
// CHECK-LABEL: @straight_line
// CHECK-NOT: scf.
// CHECK: return
func.func @straight_line(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.log %0 : vector<16xf32>
  %2 = math.powf %1, %x : vector<16xf32>
  return %2 : vector<16xf32>
}

// -----

// CHECK-LABEL: @reduction_of_far_arguments
// CHECK: %[[FAR:.*]] = arith.cmpf olt, %{{.*}} : vector<16xf64>
// CHECK: %[[ANY:.*]] = vector.reduction <or>, %[[FAR]] : vector<16xi1> into i1
// CHECK: scf.if %[[ANY]]
// CHECK: scf.for
// CHECK-NOT: scf.{{if|for}}
// CHECK: %[[R:.*]] = arith.truncf %{{.*}} : vector<16xf64> to vector<16xf32>
// CHECK-NEXT: return %[[R]]
func.func @reduction_of_far_arguments(%x: vector<16xf32>) -> vector<16xf32> {
  %0 = math.sin %x : vector<16xf32>
  return %0 : vector<16xf32>
}

// -----

// What hardware does, and scalars.
// CHECK-LABEL: @left_alone
// CHECK-NEXT: math.sqrt
// CHECK-NEXT: math.absf
// CHECK-NEXT: math.floor
// CHECK-NEXT: math.ceil
// CHECK-NEXT: math.round
// CHECK-NEXT: math.roundeven
// CHECK-NEXT: math.copysign
// CHECK-NEXT: math.fma
// CHECK-NEXT: arith.maximumf
// CHECK-NEXT: math.exp %{{.*}} : f32
// CHECK-NEXT: return
func.func @left_alone(%x: vector<16xf32>, %s: f32) -> (vector<16xf32>, f32) {
  %0 = math.sqrt %x : vector<16xf32>
  %1 = math.absf %0 : vector<16xf32>
  %2 = math.floor %1 : vector<16xf32>
  %3 = math.ceil %2 : vector<16xf32>
  %4 = math.round %3 : vector<16xf32>
  %5 = math.roundeven %4 : vector<16xf32>
  %6 = math.copysign %5, %x : vector<16xf32>
  %7 = math.fma %6, %x, %x : vector<16xf32>
  %8 = arith.maximumf %7, %x : vector<16xf32>
  %9 = math.exp %s : f32
  return %8, %9 : vector<16xf32>, f32
}

// -----

// Inside a loop, where kernels are.
// CHECK-LABEL: @in_a_loop
// CHECK: scf.for
// CHECK-NOT: math.tanh
// CHECK: arith.truncf
// CHECK: scf.yield
func.func @in_a_loop(%x: vector<4xf32>, %count: index) -> vector<4xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %result = scf.for %i = %zero to %count step %one iter_args(%v = %x) -> (vector<4xf32>) {
    %0 = math.tanh %v : vector<4xf32>
    scf.yield %0 : vector<4xf32>
  }
  return %result : vector<4xf32>
}

// -----

func.func @half_precision(%x: vector<16xbf16>) -> vector<16xbf16> {
  // expected-error @+1 {{expected a one-dimensional vector of f32 or f64 of fixed width: any other would become scalar library calls}}
  %0 = math.exp %x : vector<16xbf16>
  return %0 : vector<16xbf16>
}

// -----

func.func @two_dimensions(%x: vector<4x4xf32>) -> vector<4x4xf32> {
  // expected-error @+1 {{expected a one-dimensional vector of f32 or f64 of fixed width: any other would become scalar library calls}}
  %0 = math.powf %x, %x : vector<4x4xf32>
  return %0 : vector<4x4xf32>
}
