// One function for each scalar program: of hypers, clock, the values of the tensor and of the model, and slots.
// RUN: ravine-opt %s -ravine-scalars-to-functions -cse | FileCheck %s

// Neither programs nor optimizers are left. What hardware does stays; the rest are calls of the C library, each declared
// once.
// CHECK-NOT: sweep.
// CHECK-NOT: ravine.
// CHECK-DAG: func.func private @exp(f64) -> f64
// CHECK-DAG: func.func private @pow(f64, f64) -> f64
ravine.optimizer @rule doc "" citation "" {
  ravine.hyper @lr : real = 1.0e-2 from 0.0 to 1.0 doc ""
  ravine.hyper @beta : real = 0.9 from 0.0 to 1.0 doc ""
  ravine.hyper @momentum : real = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @a : !ravine.field<f64, model> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, model>
    ravine.yield %zero : !ravine.field<f64, model>
  }
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

sweep.program @rule.program optimizer @rule conditions 2 outcomes [0, 1] precisions 1 states [true, true] : [f32] requirements 0
    tensor_values [#sweep.value<reduction, "norm", 0>] model_values [#sweep.value<state, "a", 0>, #sweep.value<reduction, "sum", 1>] exits [] patterns [#sweep.pattern<"*.bias", false>, #sweep.pattern<"slow", true>] ranks [0, 0] groups [] fields 0 {
  // CHECK-LABEL: func.func @rule_conditions(
  // CHECK-SAME: %[[HYPERS:[^:]*]]: memref<?xf64>, %[[CLOCK:[^:]*]]: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %{{[^:]*}}: memref<?xf64>,
  // CHECK-SAME: %[[SLOTS:[^:]*]]: memref<?xf64>)
  // CHECK: %[[TWO:.*]] = arith.constant 2 : index
  // CHECK: %[[MOMENTUM:.*]] = memref.load %[[HYPERS]][%[[TWO]]]
  // What names are like stands behind the eight entries of the clock.
  // CHECK: %[[SECOND:.*]] = arith.constant 9 : index
  // CHECK: %[[MATCHES:.*]] = memref.load %[[CLOCK]][%[[SECOND]]]
  // CHECK: %[[FIRST:.*]] = arith.constant 0 : index
  // CHECK: memref.store %[[MOMENTUM]], %[[SLOTS]][%[[FIRST]]]
  // CHECK: memref.store %[[MATCHES]], %[[SLOTS]]
  // CHECK: return
  sweep.scalars @conditions conditions {
    %momentum = sweep.hyper 2
    %matches = sweep.matches 1
    sweep.yield %momentum, %matches : f64, f64
  }

  // Nothing to compute: an empty function.
  // CHECK-LABEL: func.func @rule_requirements(
  // CHECK-NEXT: return
  sweep.scalars @requirements requirements {}

  // CHECK-LABEL: func.func @rule_step_scalars(
  // CHECK-SAME: %[[HYPERS:[^:]*]]: memref<?xf64>, %[[CLOCK:[^:]*]]: memref<?xf64>,
  // CHECK-SAME: %{{[^:]*}}: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %[[SLOTS:[^:]*]]: memref<?xf64>)
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
  sweep.scalars @initial_tensor_0 initial_tensor {}
  sweep.scalars @end_tensor_0 end_tensor {}
  sweep.scalars @initial_tensor_1 initial_tensor variant 1 {}
  sweep.scalars @end_tensor_1 end_tensor variant 1 {}
  sweep.scalars @initial_model initial_model {}

  // CHECK-LABEL: func.func @rule_end_model(
  // CHECK-SAME: %{{[^:]*}}: memref<?xf64>, %{{[^:]*}}: memref<?xf64>, %[[TENSOR:[^:]*]]: memref<?xf64>, %[[MODEL:[^:]*]]: memref<?xf64>,
  // CHECK-SAME: %[[SLOTS:[^:]*]]: memref<?xf64>)
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
  // CHECK-DAG: %[[NORM:.*]] = memref.load %[[TENSOR]][%[[ZERO]]]
  // CHECK-DAG: %[[SUM:.*]] = memref.load %[[MODEL]][%[[ONE]]]
  // CHECK: %[[NEXT:.*]] = arith.addf %[[NORM]], %[[SUM]] : f64
  // CHECK: memref.store %[[NEXT]], %[[SLOTS]][%[[ZERO]]]
  sweep.scalars @end_model end_model {
    %norm = sweep.tensor_value 0
    %sum = sweep.model_value 1
    %next = arith.addf %norm, %sum : f64
    sweep.yield %next : f64
  }
  sweep.sweep @step_0 step variant 0 scalars @step_scalars buffers [] reductions [] {
  ^bb0(%a: f64, %b: f64):
    sweep.yield
  }
  sweep.sweep @step_1 step variant 1 scalars @requirements buffers [] reductions [] {}
}
