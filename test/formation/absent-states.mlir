// In a variant without a state neither its reads nor its definition are left. The checker lets a read stand only where
// its value is not chosen, so any number may stand in for it.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s

!element = !ravine.field<f32, element>
!truth = !ravine.field<i1, group>

ravine.optimizer @rule doc "" citation "" {
  ravine.hyper @keep : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @kept "keep" {
    %keep = ravine.hyper_value @keep : !truth
    ravine.yield %keep : !truth
  }
  ravine.state @m : !element under [@kept] doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  // CHECK: sweep.sweep @step_0_0_0 {{.*}} buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>]
  // CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32, %[[G:.*]]: f32):
  // CHECK-NEXT: %[[NEXT:.*]] = arith.subf %[[W]], %[[G]]
  // CHECK-NEXT: sweep.yield %[[NEXT]] : f32
  // CHECK: sweep.sweep @step_1_0_0 {{.*}} #sweep.buffer<state, "m", 0, element, f32, true, true>]
  // CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32, %[[G:.*]]: f32, %[[M:.*]]: f32):
  // CHECK-NEXT: %[[SUM:.*]] = arith.addf %[[M]], %[[G]]
  // CHECK-NEXT: %[[NEXT:.*]] = arith.subf %[[W]], %[[SUM]]
  // CHECK-NEXT: sweep.yield %[[NEXT]], %[[SUM]] : f32, f32
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %m = ravine.current @m : !element
    %sum = ravine.add %m, %g : !element
    ravine.next @m, %sum : !element
    %exists = ravine.exists @kept : !truth
    %condition = ravine.broadcast %exists : !truth to !ravine.field<i1, element>
    %direction = ravine.select %condition, %sum, %g : !ravine.field<i1, element>, !element
    %next = ravine.sub %w, %direction : !element
    ravine.update %next : !element
  }
}
