// One function on vectors for each sweep: uniform code first, then the loop, then what does not fill a vector.
// RUN: ravine-opt %s -ravine-sweeps-to-vector -cse | FileCheck %s
// RUN: ravine-opt %s -ravine-sweeps-to-vector="width=4 prefetch-distance=64" -cse | FileCheck %s --check-prefix=NARROW

// Neither programs nor optimizers are left.
// CHECK-NOT: sweep.
// CHECK-NOT: ravine.optimizer
ravine.optimizer @rule doc "" citation "" {
  ravine.hyper @lr : real = 1.0e-2 from 0.0 to 1.0 doc ""
  ravine.hyper @flag : bool = 1.0 from 0.0 to 1.0 doc ""
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.state @n : !ravine.field<f32, element> doc "" initial {
    %half = ravine.constant 0.5 : f32 : !ravine.field<f32, element>
    ravine.yield %half : !ravine.field<f32, element>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

sweep.program @rule.program optimizer @rule conditions 0 outcomes [0] precisions 1 states [true, true] : [f32, f32] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  sweep.scalars @none slots {}
  sweep.scalars @step_scalars slots {
    %lr = sweep.hyper 0
    %flag = sweep.hyper 1
    sweep.yield %lr, %flag : f64, f64
  }

  // CHECK-LABEL: func.func @rule_initial_0(
  // CHECK-SAME: %[[STATE:[^:]*]]: memref<?xf32>, %{{[^:]*}}: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %{{[^:]*}}: index, %{{[^:]*}}: index) attributes {ravine.buffer_count = 1 : i64}
  // A constant is spread once. A buffer that is only written is fetched ahead all the same, and not read.
  // CHECK: %[[HALF:.*]] = vector.broadcast %{{.*}} : f32 to vector<16xf32>
  // CHECK: scf.for
  // CHECK: memref.prefetch %[[STATE]]
  // CHECK-NOT: vector.{{load|broadcast}}
  // CHECK: vector.store %[[HALF]], %[[STATE]]
  // CHECK: scf.if
  // CHECK-NOT: vector.maskedload
  // CHECK: vector.maskedstore %[[STATE]]
  sweep.sweep @initial_0 initial variant 0 scalars @none buffers [#sweep.buffer<state, "n", 1, element, f32, false, true>]
      reductions [] {
    %half = arith.constant 0.5 : f32
    sweep.yield %half : f32
  }

  // CHECK-LABEL: func.func @rule_step_0(
  // CHECK-SAME: %[[W:[^:]*]]: memref<?xf32>, %[[G:[^:]*]]: memref<?xf32>, %[[M:[^:]*]]: memref<?xf32>,
  // CHECK-SAME: %[[SLOTS:[^:]*]]: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %[[BEGIN:[^:]*]]: index, %[[END:[^:]*]]: index)
  // CHECK-SAME: attributes {ravine.buffer_count = 3 : i64}

  // Slots are read, rounded or asked for their truth, and spread, before the loop.
  // CHECK-DAG: %[[FIRST:.*]] = memref.load %[[SLOTS]][%{{.*}}]
  // CHECK-DAG: %[[SECOND:.*]] = memref.load %[[SLOTS]][%{{.*}}]
  // CHECK-DAG: %[[ROUNDED:.*]] = arith.truncf %[[FIRST]] : f64 to f32
  // CHECK-DAG: %[[IS_SET:.*]] = arith.cmpf une, %[[SECOND]], %{{.*}} : f64
  // CHECK-DAG: %[[LR:.*]] = vector.broadcast %[[ROUNDED]] : f32 to vector<16xf32>
  // CHECK-DAG: %[[FLAG:.*]] = vector.broadcast %[[IS_SET]] : i1 to vector<16xi1>

  // The loop takes whole vectors only.
  // CHECK-DAG: %[[WIDTH:.*]] = arith.constant 16 : index
  // CHECK-DAG: %[[COUNT:.*]] = arith.subi %[[END]], %[[BEGIN]]
  // CHECK-DAG: %[[REST:.*]] = arith.remui %[[COUNT]], %[[WIDTH]]
  // CHECK-DAG: %[[FULL_END:.*]] = arith.subi %[[END]], %[[REST]]
  // CHECK: scf.for %[[I:.*]] = %[[BEGIN]] to %[[FULL_END]] step %[[WIDTH]] {

  // Every buffer is fetched ahead, the read ones are loaded once, the written ones stored once.
  // CHECK-DAG: %[[DISTANCE:.*]] = arith.constant 512 : index
  // CHECK-DAG: %[[AHEAD:.*]] = arith.addi %[[I]], %[[DISTANCE]]
  // CHECK: memref.prefetch %[[W]][%[[AHEAD]]], read, locality<3>, data
  // CHECK-NEXT: memref.prefetch %[[G]][%[[AHEAD]]], read
  // CHECK-NEXT: memref.prefetch %[[M]][%[[AHEAD]]], read
  // CHECK-NEXT: %[[OLD_W:.*]] = vector.load %[[W]][%[[I]]] : memref<?xf32>, vector<16xf32>
  // CHECK-NEXT: %[[GRADIENT:.*]] = vector.load %[[G]][%[[I]]]
  // CHECK-NEXT: %[[OLD_M:.*]] = vector.load %[[M]][%[[I]]]
  // CHECK-NEXT: %[[CHOSEN:.*]] = arith.select %[[FLAG]], %[[GRADIENT]], %[[OLD_M]] : vector<16xi1>, vector<16xf32>
  // CHECK-NEXT: %[[NEW_W:.*]] = math.fma %[[LR]], %[[CHOSEN]], %[[OLD_W]] : vector<16xf32>
  // CHECK-NEXT: vector.store %[[NEW_W]], %[[W]][%[[I]]]
  // CHECK-NEXT: vector.store %[[CHOSEN]], %[[M]][%[[I]]]
  // CHECK-NEXT: }

  // The rest, under a mask, and only if there is any.
  // CHECK: %[[HAS_REST:.*]] = arith.cmpi ne, %[[REST]], %{{.*}}
  // CHECK-NEXT: scf.if %[[HAS_REST]] {
  // CHECK-NEXT: %[[MASK:.*]] = vector.create_mask %[[REST]] : vector<16xi1>
  // CHECK-NOT: memref.prefetch
  // CHECK-NOT: vector.{{load|store}}
  // CHECK: vector.maskedload %[[W]][%[[FULL_END]]], %[[MASK]]
  // CHECK-NEXT: vector.maskedload %[[G]][%[[FULL_END]]], %[[MASK]]
  // CHECK-NEXT: vector.maskedload %[[M]][%[[FULL_END]]], %[[MASK]]
  // CHECK: vector.maskedstore %[[W]][%[[FULL_END]]], %[[MASK]]
  // CHECK-NEXT: vector.maskedstore %[[M]][%[[FULL_END]]], %[[MASK]]
  // CHECK-NOT: vector.
  // CHECK: return

  // NARROW-LABEL: func.func @rule_step_0(
  // NARROW-DAG: arith.constant 4 : index
  // NARROW-DAG: arith.constant 64 : index
  // NARROW: math.fma {{.*}} : vector<4xf32>
  sweep.sweep @step_0 step variant 0 scalars @step_scalars buffers [
      #sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>,
      #sweep.buffer<state, "m", 0, element, f32, true, true>] reductions [] {
  ^bb0(%w: f32, %g: f32, %m: f32, %lr: f64, %flag: f64):
    %rounded = arith.truncf %lr : f64 to f32
    %zero = arith.constant 0.0 : f64
    %is_set = arith.cmpf une, %flag, %zero : f64
    %chosen = arith.select %is_set, %g, %m : f32
    %next = math.fma %rounded, %chosen, %w : f32
    sweep.yield %next, %chosen : f32, f32
  }
}
