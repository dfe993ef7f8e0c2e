// Where a step ends early: what is written before, which is nothing, and what follows.
// RUN: ravine-opt %s -split-input-file -ravine-form-sweeps | FileCheck %s

!element = !ravine.field<f32, element>
!model = !ravine.field<f64, model>

// Whether enough gradients are gathered is known before any element is looked at. Steps that only gather touch the sum
// and the gradient; w is not even read.
// CHECK-LABEL: sweep.program @gather.program
// CHECK-SAME: exits [#sweep.exit<0, false, -1>]
// The step that uses the sum counts from 0 again; one that gathers counts on.
// CHECK: sweep.sweep @step_0_0_0
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>, #sweep.buffer<state, "sum", 1, element, f32, true, true>]
// CHECK: sweep.scalars @exit_0_condition exit_condition exit 0
// CHECK: %[[COUNT:.*]] = sweep.model_value 0
// CHECK: arith.cmpf olt, {{.*}} : f64
// CHECK: sweep.sweep @exit_0_step_0_0_0 step variant 0
// CHECK-SAME: buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>, #sweep.buffer<state, "sum", 1, element, f32, true, true>] reductions []
// CHECK: sweep.stage step variant 0 exit 0 sweeps [@exit_0_step_0_0_0] tiles [1] resident [] tiles []
// CHECK: sweep.scalars @exit_0_end_tensor_0 end_tensor exit 0
// CHECK-NEXT: }
// CHECK: sweep.scalars @exit_0_end_model end_model exit 0
// CHECK: arith.addf
// CHECK: sweep.yield %{{.*}} : f64
// CHECK-NEXT: }
ravine.optimizer @gather doc "" citation "" {
  ravine.state @count : !model doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !model
    ravine.yield %zero : !model
  }
  ravine.state @sum : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.metric @reached : !model doc ""
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %sum = ravine.current @sum : !element
    %count = ravine.current @count : !model
    %one = ravine.constant 1.0 : f64 : !model
    %four = ravine.constant 4.0 : f64 : !model
    %count_next = ravine.add %count, %one : !model
    %few = ravine.compare lt %count_next, %four : !model -> !ravine.field<i1, model>
    ravine.skip %few : !ravine.field<i1, model>
    %sum_next = ravine.add %sum, %g : !element
    ravine.next @count, %count_next : !model
    ravine.next @sum, %sum_next : !element
    %w_next = ravine.sub %w, %sum_next : !element
    ravine.update %w_next after 1 : !element
    ravine.measure @reached, %count_next : !model
  }
}

// -----

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>

// A question about the gradients: the stage that folds them writes nothing. Behind the exit the norm is known: it is not
// folded again. What stands after the skip does not come about; g is cleared all the same. A second question that needs
// no more is asked at the same place, and lets the first state be written.
// CHECK-LABEL: sweep.program @spikes.program
// CHECK-SAME: exits [#sweep.exit<1, false, -1>, #sweep.exit<1, false, -1>]
// CHECK: sweep.sweep @step_0_0_0
// CHECK-SAME: buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, false>] reductions [#sweep.reduction<sum, model, 0>]
// CHECK: sweep.sweep @step_0_1_0
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>, #sweep.buffer<gradient, "g", 0, element, f32, true, true>, #sweep.buffer<state, "first", 0, element, f32, false, true>, #sweep.buffer<state, "second", 1, element, f32, false, true>] reductions []
// CHECK: sweep.scalars @exit_0_condition exit_condition exit 0
// CHECK: sweep.model_value 0
// CHECK: sweep.sweep @exit_0_step_0_0_0
// CHECK-SAME: buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, true>, #sweep.buffer<state, "first", 0, element, f32, false, true>] reductions []
// CHECK: sweep.stage step variant 0 exit 0 sweeps [@exit_0_step_0_0_0]
// CHECK-NOT: sweep.stage
// CHECK: sweep.sweep @exit_1_step_0_0_0
// CHECK-SAME: buffers [#sweep.buffer<gradient, "g", 0, element, f32, true, true>, #sweep.buffer<state, "first", 0, element, f32, false, true>, #sweep.buffer<state, "second", 1, element, f32, false, true>] reductions []
// CHECK: sweep.stage step variant 0 exit 1 sweeps [@exit_1_step_0_0_0]
ravine.optimizer @spikes doc "" citation "" {
  ravine.state @first : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.state @second : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %g_wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %g_wide, %g_wide : !wide
    %sum = ravine.reduce sum %square : !wide to !model
    %limit = ravine.constant 4.0 : f64 : !model
    %is_large = ravine.compare gt %sum, %limit : !model -> !ravine.field<i1, model>
    ravine.skip %is_large : !ravine.field<i1, model>
    %step = ravine.clock step : !model
    %is_late = ravine.compare gt %step, %limit : !model -> !ravine.field<i1, model>
    ravine.skip %is_late : !ravine.field<i1, model>
    %norm = ravine.sqrt %sum : !model
    %norm_each = ravine.broadcast %norm : !model to !element
    %scaled = ravine.div %g, %norm_each : !element
    ravine.next @first, %scaled : !element
    ravine.next @second, %scaled after 1 : !element
    %w_next = ravine.sub %w, %scaled : !element
    ravine.update %w_next after 2 : !element
    ravine.zero_gradient
  }
}

// -----

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>

// A step that is refused changes nothing, gradients included: nothing follows.
// CHECK-LABEL: sweep.program @guarded.program
// CHECK-SAME: exits [#sweep.exit<1, true, 0>]
// CHECK: sweep.scalars @exit_0_condition exit_condition exit 0
// CHECK-NOT: exit 0
ravine.optimizer @guarded doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %g_wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %g_wide : !wide to !model
    %limit = ravine.constant 4.0 : f64 : !model
    %is_large = ravine.compare gt %sum, %limit : !model -> !ravine.field<i1, model>
    ravine.skip %is_large refuse culprit %sum : !model : !ravine.field<i1, model>
    %w_next = ravine.sub %w, %g : !element
    ravine.update %w_next after 1 : !element
    ravine.zero_gradient
  }
}
