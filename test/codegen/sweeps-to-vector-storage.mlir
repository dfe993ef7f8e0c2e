// What memory stores and what is computed: conversions stand between load and arithmetic, arithmetic and store.
// RUN: ravine-opt %s -ravine-sweeps-to-vector -cse | FileCheck %s

sweep.program @rule.program optimizer @rule conditions 0 outcomes [0] precisions 1 states [true] : [f32] requirements 0
    tensor_values [] model_values [#sweep.value<reduction, "norm", 0>] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}

  // CHECK-LABEL: func.func @rule_brain(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xbf16>, %[[G:[^:]*]]: memref<?xf32>,
  // CHECK: %[[ASIDE:.*]] = memref.alloca() : memref<16xbf16>
  // CHECK-NOT: memref.alloca
  // As many bytes ahead in every buffer: 512 f32.
  // CHECK: scf.for %[[AT:.*]] =
  // CHECK: %[[FAR:.*]] = arith.addi %[[AT]], %c1024
  // CHECK: memref.prefetch %[[W]][%[[FAR]]]
  // CHECK: %[[NEAR:.*]] = arith.addi %[[AT]], %c512
  // CHECK: memref.prefetch %[[G]][%[[NEAR]]]
  // A bf16 is the upper half of an f32.
  // CHECK: %[[STORED:.*]] = vector.load %[[W]][%[[AT]]] : memref<?xbf16>, vector<16xbf16>
  // CHECK: %[[HALF:.*]] = arith.bitcast %[[STORED]] : vector<16xbf16> to vector<16xi16>
  // CHECK: %[[LONG:.*]] = arith.extui %[[HALF]] : vector<16xi16> to vector<16xi32>
  // CHECK: %[[UPPER:.*]] = arith.shli %[[LONG]], %{{.*}}
  // CHECK: %[[WIDE:.*]] = arith.bitcast %[[UPPER]] : vector<16xi32> to vector<16xf32>
  // CHECK: %[[OTHER:.*]] = vector.load %[[G]][%[[AT]]] : memref<?xf32>, vector<16xf32>
  // CHECK: %[[SUM:.*]] = arith.addf %[[WIDE]], %[[OTHER]] : vector<16xf32>
  // Rounded with integers, as there is no such instruction on every target.
  // CHECK-NOT: arith.truncf
  // CHECK: %[[NAN:.*]] = arith.cmpf uno, %[[SUM]], %[[SUM]]
  // CHECK: arith.select %[[NAN]]
  // CHECK: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi16>
  // CHECK: vector.store %{{.*}}, %[[W]][%[[AT]]] : memref<?xbf16>, vector<16xbf16>
  // What is left comes by way of the stack, element by element, and is computed as a vector; f32 has masks.
  // CHECK: scf.if
  // CHECK: vector.store %{{.*}}, %[[ASIDE]]
  // CHECK: scf.for
  // CHECK-NEXT: %[[FROM:.*]] = arith.addi
  // CHECK-NEXT: %[[ONE:.*]] = memref.load %[[W]][%[[FROM]]]
  // CHECK: memref.store %[[ONE]], %[[ASIDE]]
  // CHECK: vector.load %[[ASIDE]]
  // CHECK: vector.maskedload %[[G]]
  // CHECK: vector.store %{{.*}}, %[[ASIDE]]
  // CHECK: scf.for
  // CHECK: memref.store %{{.*}}, %[[W]]
  sweep.sweep @brain step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, bf16, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>]
      reductions [] {
  ^bb0(%w: f32, %g: f32):
    %sum = arith.addf %w, %g : f32
    sweep.yield %sum : f32
  }

  // CHECK-LABEL: func.func @rule_half(
  // CHECK: %[[STORED:.*]] = vector.load {{.*}} vector<16xf16>
  // CHECK: %[[WIDE:.*]] = arith.extf %[[STORED]] : vector<16xf16> to vector<16xf32>
  // CHECK: %[[TWICE:.*]] = arith.addf %[[WIDE]], %[[WIDE]]
  // CHECK: arith.truncf %[[TWICE]] : vector<16xf32> to vector<16xf16>
  sweep.sweep @half step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f16, true, true>] reductions [] {
  ^bb0(%w: f32):
    %twice = arith.addf %w, %w : f32
    sweep.yield %twice : f32
  }

  // Half as many in f64. On the way from f64 to 16 bits the number is rounded to odd in between.
  // CHECK-LABEL: func.func @rule_double(
  // CHECK: arith.addi %{{.*}}, %c256
  // CHECK: %[[W:.*]] = vector.load {{.*}} vector<8xf64>
  // CHECK: %[[NEAREST:.*]] = arith.truncf %[[W]] : vector<8xf64> to vector<8xf32>
  // CHECK: %[[BACK:.*]] = arith.extf %[[NEAREST]] : vector<8xf32> to vector<8xf64>
  // CHECK: arith.cmpf one, %[[BACK]], %[[W]]
  // CHECK: arith.cmpf ogt
  // CHECK: arith.truncf {{.*}} : vector<8xf32> to vector<8xf16>
  // CHECK: vector.store {{.*}} vector<8xf16>
  // CHECK: vector.store %[[NEAREST]], {{.*}} vector<8xf32>
  sweep.sweep @double step variant 0 scalars @none
      buffers [#sweep.buffer<parameter, "w", 0, element, f64, true, false>, #sweep.buffer<state, "m", 0, element, f16, false, true>,
               #sweep.buffer<state, "n", 0, element, f32, false, true>] reductions [] {
  ^bb0(%w: f64):
    sweep.yield %w, %w : f64, f64
  }

  // What is folded and how far apart the parts are depends on what is computed, not on what is stored.
  // CHECK-LABEL: func.func @rule_sum(
  // CHECK-DAG: %[[STEP:.*]] = arith.constant 16 : index
  // CHECK: scf.for {{.*}} step %[[STEP]] iter_args({{.*}}) -> (vector<16xf64>, vector<16xf64>
  // CHECK: %[[FACTOR:.*]] = arith.extf {{.*}} : vector<16xf32> to vector<16xf64>
  // CHECK: math.fma %[[FACTOR]], %[[FACTOR]]
  sweep.sweep @sum step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, bf16, true, false>] reductions [#sweep.reduction<sum, model, 0>] {
  ^bb0(%g: f32):
    %wide = arith.extf %g : f32 to f64
    %square = arith.mulf %wide, %wide : f64
    sweep.yield %square : f64
  }

  // CHECK-LABEL: func.func @rule_zero(
  // CHECK: %[[ZEROS:.*]] = vector.broadcast %cst
  // CHECK: vector.store
  // CHECK-NOT: vector.load %arg
  sweep.sweep @zero step variant 0 scalars @none
      buffers [#sweep.buffer<gradient, "g", 0, element, f32, false, true>] reductions [] {
    %zero = arith.constant 0.0 : f32
    sweep.yield %zero : f32
  }
}
