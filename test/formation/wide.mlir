// A rule and its form in f64 are one program: the variants of the rule's own precisions come first. Both fold the same
// numbers, under the same names.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>

// CHECK-NOT: sweep.program @rule.f64.program
// CHECK: sweep.program @rule.program optimizer @rule
// CHECK-SAME: precisions 3 states [true, true, true] : [bf16, bf16, bf16]
// CHECK-SAME: model_values [#sweep.value<reduction, {{[^>]*}}, 0>, #sweep.value<reduction, {{[^>]*}}, 1>]
// CHECK-NOT: sweep.program

// In f32 the difference is rounded before it is widened, or not: two numbers.
// CHECK: sweep.sweep @step_0_0_0 step variant 0
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<gradient, "g", 0, element, f32, true, false>]
// CHECK-SAME: reductions [#sweep.reduction<sum, model, 0>, #sweep.reduction<sum, model, 1>]
// CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32, %[[G:.*]]: f32):
// CHECK-DAG: %[[ROUNDED:.*]] = arith.subf %[[W]], %[[G]] : f32
// CHECK-DAG: %[[FIRST:.*]] = arith.extf %[[ROUNDED]]
// CHECK-DAG: %[[SECOND:.*]] = arith.subf {{.*}} : f64
// CHECK: sweep.yield %[[FIRST]], %[[SECOND]] : f64, f64

// How the gradient is stored is nothing to the body.
// CHECK: sweep.sweep @step_1_0_0 step variant 1
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, true, false>, #sweep.buffer<gradient, "g", 0, element, bf16, true, false>]
// CHECK-NEXT: ^{{.*}}(%{{.*}}: f32, %{{.*}}: f32):

// In f64 they are one, which stands in both places, because tensors of all precisions are folded together.
// CHECK: sweep.sweep @step_2_0_0 step variant 2
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f64, true, false>, #sweep.buffer<gradient, "g", 0, element, f64, true, false>]
// CHECK-SAME: reductions [#sweep.reduction<sum, model, 0>, #sweep.reduction<sum, model, 1>]
// CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f64, %[[G:.*]]: f64):
// CHECK-NEXT: %[[DIFFERENCE:.*]] = arith.subf %[[W]], %[[G]] : f64
// CHECK-NEXT: sweep.yield %[[DIFFERENCE]], %[[DIFFERENCE]] : f64, f64
// CHECK: sweep.sweep @step_2_1_0 step variant 2
// CHECK-SAME: #sweep.buffer<state, "s", 0, element, bf16, false, true>]
// CHECK: sweep.yield %{{.*}}, %{{.*}} : f64, f64
ravine.optimizer @rule doc "" citation "" precisions [#ravine.precision<"f32", f32, f32>, #ravine.precision<"f32/bf16", f32, bf16>] wide @rule.f64 {
  ravine.state @s : !element store bf16 doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %rounded = ravine.sub %w, %g : !element
    %rounded_wide = ravine.widen %rounded : !element to !wide
    %first = ravine.reduce sum %rounded_wide : !wide to !model
    %w_wide = ravine.widen %w : !element to !wide
    %g_wide = ravine.widen %g : !element to !wide
    %difference = ravine.sub %w_wide, %g_wide : !wide
    %second = ravine.reduce sum %difference : !wide to !model
    %product = ravine.mul %first, %second : !model
    %product_each = ravine.broadcast %product : !model to !element
    %tenth = ravine.constant 0.1 : f32 : !element
    %scaled = ravine.mul %product_each, %tenth : !element
    %w_next = ravine.sub %w, %scaled : !element
    ravine.next @s, %scaled : !element
    ravine.update %w_next : !element
  }
}

ravine.optimizer @rule.f64 doc "" citation "" precisions [#ravine.precision<"f64", f64, f64>] {
  ravine.state @s : !wide store bf16 doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !wide
    ravine.yield %zero : !wide
  }
  ravine.step {
    %w = ravine.parameter : !wide
    %g = ravine.gradient : !wide
    %difference = ravine.sub %w, %g : !wide
    %sum = ravine.reduce sum %difference : !wide to !model
    %product = ravine.mul %sum, %sum : !model
    %product_each = ravine.broadcast %product : !model to !wide
    %tenth = ravine.constant 0.1 : f64 : !wide
    %scaled = ravine.mul %product_each, %tenth : !wide
    %w_next = ravine.sub %w, %scaled : !wide
    ravine.next @s, %scaled : !wide
    ravine.update %w_next : !wide
  }
}
