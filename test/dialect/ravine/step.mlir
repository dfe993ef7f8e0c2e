// What a step reads and defines.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

ravine.optimizer @rule doc "" citation "" {
  ravine.hyper @lr : real = 0.1 from 0.0 to 1.0 doc ""
  ravine.hyper @flag : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @m : !ravine.field<f32, element> doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }
  ravine.case @case_0 "matrix" {
    %rank = ravine.clock rank : !ravine.field<f64, tensor>
    %two = ravine.constant 2.0 : f64 : !ravine.field<f64, tensor>
    %isMatrix = ravine.compare ge %rank, %two : !ravine.field<f64, tensor> -> !ravine.field<i1, tensor>
    ravine.yield %isMatrix : !ravine.field<i1, tensor>
  }
  ravine.metric @elements : !ravine.field<f64, model> doc ""
  // CHECK: ravine.step {
  ravine.step {
    // CHECK-NEXT: ravine.parameter : <f32, element>
    %w = ravine.parameter : !ravine.field<f32, element>
    // CHECK-NEXT: %[[G:.*]] = ravine.gradient : <f32, element>
    %g = ravine.gradient : !ravine.field<f32, element>
    // CHECK-NEXT: %[[M:.*]] = ravine.current @m : <f32, element>
    %m = ravine.current @m : !ravine.field<f32, element>
    // CHECK-NEXT: ravine.hyper_value @lr : <f64, group>
    %lr = ravine.hyper_value @lr : !ravine.field<f64, group>
    // CHECK-NEXT: ravine.hyper_value @flag : <i1, group>
    %flag = ravine.hyper_value @flag : !ravine.field<i1, group>
    // CHECK-NEXT: ravine.exists @case_0 : <i1, tensor>
    %applies = ravine.exists @case_0 : !ravine.field<i1, tensor>
    // CHECK-NEXT: ravine.matches name "head?" : <i1, tensor>
    %named = ravine.matches name "head?" : !ravine.field<i1, tensor>
    // CHECK-NEXT: ravine.clock t : <f64, tensor>
    %t = ravine.clock t : !ravine.field<f64, tensor>
    // CHECK-NEXT: ravine.clock step : <f64, model>
    %step = ravine.clock step : !ravine.field<f64, model>
    // CHECK-NEXT: ravine.clock size : <f64, tensor>
    %size = ravine.clock size : !ravine.field<f64, tensor>
    // CHECK-NEXT: ravine.clock rank : <f64, tensor>
    %rank = ravine.clock rank : !ravine.field<f64, tensor>
    // CHECK-NEXT: %[[MODEL_SIZE:.*]] = ravine.clock model_size : <f64, model>
    %modelSize = ravine.clock model_size : !ravine.field<f64, model>
    // CHECK-NEXT: %[[WIDE:.*]] = ravine.widen %[[G]]
    %wide = ravine.widen %g : !ravine.field<f32, element> to !ravine.field<f64, element>
    // CHECK-NEXT: %[[SUM:.*]] = ravine.reduce sum %[[WIDE]] under [@case_0] : <f64, element> to <f64, model>
    %sum = ravine.reduce sum %wide under [@case_0] : !ravine.field<f64, element> to !ravine.field<f64, model>
    // CHECK-NEXT: %[[LESS:.*]] = ravine.compare lt %[[SUM]], %[[MODEL_SIZE]] : <f64, model> -> <i1, model>
    %less = ravine.compare lt %sum, %modelSize : !ravine.field<f64, model> -> !ravine.field<i1, model>
    // CHECK-NEXT: ravine.skip %[[LESS]] refuse culprit %[[SUM]] : !ravine.field<f64, model> : <i1, model>
    ravine.skip %less refuse culprit %sum : !ravine.field<f64, model> : !ravine.field<i1, model>
    // CHECK-NEXT: ravine.skip %[[LESS]] : <i1, model>
    ravine.skip %less : !ravine.field<i1, model>
    // CHECK-NEXT: ravine.next @m, %[[G]] after 1 : <f32, element>
    ravine.next @m, %g after 1 : !ravine.field<f32, element>
    // CHECK-NEXT: ravine.update %[[M]] after 2 : <f32, element>
    ravine.update %m after 2 : !ravine.field<f32, element>
    // CHECK-NEXT: ravine.measure @elements, %[[MODEL_SIZE]] : <f64, model>
    ravine.measure @elements, %modelSize : !ravine.field<f64, model>
    // CHECK-NEXT: ravine.zero_gradient
    ravine.zero_gradient
  }
}

// Nothing stands before what is defined, unless it says so.
// CHECK-LABEL: ravine.optimizer @plain
ravine.optimizer @plain doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !ravine.field<f32, element>
    // CHECK: ravine.update %{{.*}} : <f32, element>
    ravine.update %w after 0 : !ravine.field<f32, element>
  }
}
