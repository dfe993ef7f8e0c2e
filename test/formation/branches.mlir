// A choice between branches: which conditions are asked, what each variant folds and what it waits for.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>
!tensor = !ravine.field<f64, tensor>
!truth = !ravine.field<i1, tensor>

// Three outcomes: `hidden` but not `large`, `rest`, and `hidden` with `large`. Only what can be has a variant.
// CHECK: sweep.program @chosen.program optimizer @chosen conditions 3 outcomes [1, 2, 5] precisions 1
// CHECK-SAME: states [true, false, true] : [f32]
// CHECK-SAME: patterns [#sweep.pattern<"layer*", false>, #sweep.pattern<"decay", true>]

// CHECK: sweep.scalars @conditions conditions {
// CHECK-DAG: %[[LAYER:.*]] = sweep.matches 0
// CHECK-DAG: %[[DECAY:.*]] = sweep.matches 1
// CHECK: %[[HIDDEN:.*]] = arith.ori
// CHECK: %[[REST:.*]] = arith.xori
// CHECK: %[[SIZE:.*]] = sweep.clock 2
// CHECK: %[[IS_LARGE:.*]] = arith.cmpf ogt, %[[SIZE]]
// CHECK: %[[LARGE:.*]] = arith.andi %[[HIDDEN]], %[[IS_LARGE]]
// CHECK-DAG: %[[HIDDEN_SLOT:.*]] = arith.uitofp %[[HIDDEN]]
// CHECK-DAG: %[[REST_SLOT:.*]] = arith.uitofp %[[REST]]
// CHECK-DAG: %[[LARGE_SLOT:.*]] = arith.uitofp %[[LARGE]]
// CHECK: sweep.yield %[[HIDDEN_SLOT]], %[[REST_SLOT]], %[[LARGE_SLOT]]

// The norm is that of the hidden tensors.
// CHECK: sweep.sweep @step_0_0_0 step variant 0
// CHECK-SAME: #sweep.buffer<gradient, "g", 0, element, f32, true, false>{{.*}} reductions [#sweep.reduction<sum, model, 0>]
// CHECK: sweep.sweep @step_0_1_0 step variant 0
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>,{{.*}} reductions []

// The others fold nothing, and yet they wait for the number, which the limit of their step depends on.
// CHECK: sweep.stage step variant 1 sweeps [] tiles [] resident [] tiles []
// CHECK: sweep.scalars @step_1_1_0_scalars slots variant 1 {
// CHECK-NEXT: sweep.model_value 0
// CHECK: sweep.sweep @step_1_1_0 step variant 1
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, true>] reductions []
ravine.optimizer @chosen doc "" citation "" {
  ravine.case @hidden "hidden" choice 0 {
    %layer = ravine.matches name "layer*" : !truth
    %decay = ravine.matches group "decay" : !truth
    %either = ravine.or %layer, %decay : !truth
    ravine.yield %either : !truth
  }
  ravine.case @rest "rest" choice 0 {
    %layer = ravine.matches name "layer*" : !truth
    %decay = ravine.matches group "decay" : !truth
    %either = ravine.or %layer, %decay : !truth
    %neither = ravine.not %either : !truth
    ravine.yield %neither : !truth
  }
  ravine.case @large "size > 4" under [@hidden] {
    %size = ravine.clock size : !tensor
    %four = ravine.constant 4.0 : f64 : !tensor
    %isLarge = ravine.compare gt %size, %four : !tensor -> !truth
    ravine.yield %isLarge : !truth
  }
  ravine.state @m : !element under [@hidden] doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %m = ravine.current @m : !element
    %g_wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %g_wide under [@hidden] : !wide to !model
    %sum_each = ravine.broadcast %sum : !model to !element
    %m_next = ravine.add %m, %g : !element
    ravine.next @m, %m_next : !element
    %isHidden = ravine.exists @hidden : !truth
    %isHidden_each = ravine.broadcast %isHidden : !truth to !ravine.field<i1, element>
    %isLarge = ravine.exists @large : !truth
    %isLarge_each = ravine.broadcast %isLarge : !truth to !ravine.field<i1, element>
    %doubled = ravine.add %m_next, %m_next : !element
    %ofHidden = ravine.select %isLarge_each, %doubled, %m_next : !ravine.field<i1, element>, !element
    %direction = ravine.select %isHidden_each, %ofHidden, %w : !ravine.field<i1, element>, !element
    %limited = ravine.min %direction, %sum_each : !element
    %w_next = ravine.sub %w, %limited : !element
    ravine.update %w_next : !element
  }
}
