// The larger or smaller of a vector and of a number spread over its lanes is one choice and one correction of it; of two
// vectors, and of a vector and a constant, it stays.
// RUN: ravine-opt %s --pass-pipeline='builtin.module(func.func(ravine-expand-extrema))' | FileCheck %s

// CHECK-LABEL: @at_least
// CHECK-SAME: %[[X:[^:]*]]: vector<16xf32>, %[[NUMBER:[^:]*]]: f32
func.func @at_least(%x: vector<16xf32>, %number: f32) -> vector<16xf32> {
  // CHECK: %[[BOUND:.*]] = vector.broadcast %[[NUMBER]]
  %bound = vector.broadcast %number : f32 to vector<16xf32>
  // CHECK: %[[ABOVE:.*]] = arith.cmpf ogt, %[[BOUND]], %[[X]]
  // CHECK: %[[CHOSEN:.*]] = arith.select %[[ABOVE]], %[[BOUND]], %[[X]]
  // CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00>
  // CHECK: %[[PLAIN:.*]] = arith.cmpf one, %[[BOUND]], %[[ZERO]]
  // CHECK: %[[TWICE:.*]] = arith.addf %[[BOUND]], %[[BOUND]]
  // CHECK: %[[NEUTRAL:.*]] = arith.constant dense<-0.000000e+00>
  // CHECK: %[[CORRECTION:.*]] = arith.select %[[PLAIN]], %[[NEUTRAL]], %[[TWICE]]
  // CHECK: %[[RESULT:.*]] = arith.addf %[[CHOSEN]], %[[CORRECTION]]
  // CHECK: return %[[RESULT]]
  %0 = arith.maximumf %x, %bound : vector<16xf32>
  return %0 : vector<16xf32>
}

// CHECK-LABEL: @at_most
// CHECK-SAME: %[[X:[^:]*]]: vector<8xf64>, %[[NUMBER:[^:]*]]: f64
func.func @at_most(%x: vector<8xf64>, %number: f64) -> vector<8xf64> {
  // CHECK: %[[BOUND:.*]] = vector.broadcast %[[NUMBER]]
  %bound = vector.broadcast %number : f64 to vector<8xf64>
  // CHECK: %[[BELOW:.*]] = arith.cmpf olt, %[[BOUND]], %[[X]]
  // CHECK: %[[CHOSEN:.*]] = arith.select %[[BELOW]], %[[BOUND]], %[[X]]
  // CHECK: %[[BITS:.*]] = arith.bitcast %[[CHOSEN]] : vector<8xf64> to vector<8xi64>
  // CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00>
  // CHECK: %[[PLAIN:.*]] = arith.cmpf one, %[[BOUND]], %[[ZERO]]
  // CHECK: %[[TWICE:.*]] = arith.addf %[[BOUND]], %[[BOUND]]
  // CHECK: %[[CORRECTION:.*]] = arith.select %[[PLAIN]], %{{.*}}, %[[TWICE]]
  // CHECK: %[[SET:.*]] = arith.bitcast %[[CORRECTION]]
  // CHECK: %[[EITHER:.*]] = arith.ori %[[BITS]], %[[SET]]
  // CHECK: arith.bitcast %[[EITHER]]
  %0 = arith.minimumf %bound, %x : vector<8xf64>
  return %0 : vector<8xf64>
}

// CHECK-LABEL: @as_they_are
// CHECK-NOT: arith.cmpf
func.func @as_they_are(%x: vector<16xf32>, %y: vector<16xf32>, %a: f32, %b: f32)
    -> (vector<16xf32>, vector<16xf32>, f32, vector<16xf32>) {
  %zero = arith.constant dense<0.0> : vector<16xf32>
  // CHECK: arith.maximumf
  %0 = arith.maximumf %x, %y : vector<16xf32>
  // CHECK: arith.minimumf
  %1 = arith.minimumf %x, %zero : vector<16xf32>
  // CHECK: arith.maximumf
  %2 = arith.maximumf %a, %b : f32
  %low = vector.broadcast %a : f32 to vector<16xf32>
  %high = vector.broadcast %b : f32 to vector<16xf32>
  // CHECK: arith.minimumf
  %3 = arith.minimumf %low, %high : vector<16xf32>
  return %0, %1, %2, %3 : vector<16xf32>, vector<16xf32>, f32, vector<16xf32>
}
