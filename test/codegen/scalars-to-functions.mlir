// One function of three arrays, hypers, clock and slots, for each scalar program.
// RUN: ravine-opt %s -ravine-scalars-to-functions -cse | FileCheck %s

// Neither programs nor optimizers are left. What hardware does stays; the rest are calls of the C library, each declared
// once.
// CHECK-NOT: sweep.
// CHECK-NOT: ravine.
// CHECK-DAG: func.func private @exp(f64) -> f64
// CHECK-DAG: func.func private @pow(f64, f64) -> f64
ravine.optimizer @rule doc "" citation "" {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

sweep.program @rule.program optimizer @rule conditions 1 states [0] requirements 0 {
  // CHECK-LABEL: func.func @rule_conditions(
  // CHECK-SAME: %[[HYPERS:[^:]*]]: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %[[SLOTS:[^:]*]]: memref<?xf64>)
  // CHECK: %[[TWO:.*]] = arith.constant 2 : index
  // CHECK: %[[MOMENTUM:.*]] = memref.load %[[HYPERS]][%[[TWO]]]
  // CHECK: %[[FIRST:.*]] = arith.constant 0 : index
  // CHECK: memref.store %[[MOMENTUM]], %[[SLOTS]][%[[FIRST]]]
  // CHECK: return
  sweep.scalars @conditions conditions {
    %momentum = sweep.hyper 2
    sweep.yield %momentum : f64
  }

  // Nothing to compute: an empty function.
  // CHECK-LABEL: func.func @rule_requirements(
  // CHECK-NEXT: return
  sweep.scalars @requirements requirements {}

  // CHECK-LABEL: func.func @rule_step_scalars(
  // CHECK-SAME: %[[HYPERS:[^:]*]]: memref<?xf64>, %[[CLOCK:[^:]*]]: memref<?xf64>, %[[SLOTS:[^:]*]]: memref<?xf64>)
  // CHECK-DAG: %[[BETA:.*]] = memref.load %[[HYPERS]]
  // CHECK-DAG: %[[T:.*]] = memref.load %[[CLOCK]]
  // CHECK: %[[POWER:.*]] = call @pow(%[[BETA]], %[[T]]) : (f64, f64) -> f64
  // CHECK: %[[EXP:.*]] = call @exp(%[[POWER]])
  // CHECK: %[[AGAIN:.*]] = call @pow(%[[EXP]], %[[T]])
  // CHECK: %[[ROOT:.*]] = math.sqrt %[[AGAIN]] : f64
  // CHECK: %[[SUM:.*]] = arith.addf %[[ROOT]], %[[EXP]] : f64
  // CHECK: memref.store %[[SUM]], %[[SLOTS]]
  // CHECK: memref.store %[[POWER]], %[[SLOTS]]
  // CHECK: return
  sweep.scalars @step_scalars slots {
    %beta = sweep.hyper 1
    %t = sweep.clock 0
    %power = math.powf %beta, %t : f64
    %exp = math.exp %power : f64
    %again = math.powf %exp, %t : f64
    %root = math.sqrt %again : f64
    %sum = arith.addf %root, %exp : f64
    sweep.yield %sum, %power : f64, f64
  }
  sweep.sweep @step_0 step variant 0 scalars @step_scalars buffers [] {
  ^bb0(%a: f64, %b: f64):
    sweep.yield
  }
  sweep.sweep @step_1 step variant 1 scalars @requirements buffers [] {}
}
