// One program gives every hyper its value in a step: what the host has set, or else its schedule.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s

!element = !ravine.field<f32, element>
!model = !ravine.field<f64, model>
!group = !ravine.field<f64, group>

// A schedule sees the other hypers as they are in this step, scheduled ones included, in whichever order they stand.
// CHECK-LABEL: sweep.program @followed.program
// CHECK: sweep.scalars @schedules schedules {
// CHECK: %[[LR:.*]] = sweep.hyper 0
// CHECK: %[[PEAK:.*]] = sweep.hyper 1
// CHECK: %[[BASE:.*]] = sweep.hyper 2
// CHECK: %[[OF_PEAK:.*]] = arith.addf %[[BASE]], %[[BASE]]
// CHECK: %[[PEAK_IS_FREE:.*]] = arith.cmpf uno, %[[PEAK]], %[[PEAK]]
// CHECK: %[[PEAK_NOW:.*]] = arith.select %[[PEAK_IS_FREE]], %[[OF_PEAK]], %[[PEAK]]
// CHECK: %[[STEP:.*]] = sweep.clock 1
// CHECK: %[[OF_LR:.*]] = arith.divf %[[PEAK_NOW]], %[[STEP]]
// CHECK: %[[LR_IS_FREE:.*]] = arith.cmpf uno, %[[LR]], %[[LR]]
// CHECK: %[[LR_NOW:.*]] = arith.select %[[LR_IS_FREE]], %[[OF_LR]], %[[LR]]
// CHECK: sweep.yield %[[LR_NOW]], %[[PEAK_NOW]], %[[BASE]] : f64, f64, f64
// Sweeps find hypers as they are in force.
// CHECK: sweep.scalars @step_0_0_0_scalars slots {
// CHECK-NEXT: %[[SLOT:.*]] = sweep.hyper 0
// CHECK-NEXT: sweep.yield %[[SLOT]]
ravine.optimizer @followed doc "" citation "" {
  ravine.hyper @lr : real = 1.0 from 0.0 to 1.0 doc "" follows "peak/step" {
    %peak = ravine.hyper_value @peak : !group
    %step = ravine.clock step : !model
    %step_each = ravine.broadcast %step : !model to !group
    %value = ravine.div %peak, %step_each : !group
    ravine.yield %value : !group
  }
  ravine.hyper @peak : real = 1.0 from 0.0 to 1.0 doc "" follows "base + base" {
    %base = ravine.hyper_value @base : !group
    %value = ravine.add %base, %base : !group
    ravine.yield %value : !group
  }
  ravine.hyper @base : real = 1.0 from 0.0 to 1.0 doc ""
  ravine.step {
    %w = ravine.parameter : !element
    %lr = ravine.hyper_value @lr : !group
    %lr_each = ravine.broadcast %lr : !group to !element
    %w_next = ravine.sub %w, %lr_each : !element
    ravine.update %w_next : !element
  }
}

// Where none follows a schedule there is no such program.
// CHECK-LABEL: sweep.program @unscheduled.program
// CHECK-NOT: schedules
ravine.optimizer @unscheduled doc "" citation "" {
  ravine.hyper @lr : real = 1.0 from 0.0 to 1.0 doc ""
  ravine.step {
    %w = ravine.parameter : !element
    %w_next = ravine.add %w, %w : !element
    ravine.update %w_next : !element
  }
}
