// Every declaration with every part it can have.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

// CHECK-LABEL: ravine.optimizer @rule doc "what it does" citation "who and when" {
ravine.optimizer @rule doc "what it does" citation "who and when" {
  // CHECK: ravine.hyper @closed : real = 5.000000e-01 from 0.000000e+00 to 1.000000e+00 doc "a number"
  ravine.hyper @closed : real = 0.5 from 0.0 to 1.0 doc "a number"
  // CHECK: ravine.hyper @open : real = 5.000000e-01 from 0.000000e+00 open_below to 1.000000e+00 open_above doc ""
  ravine.hyper @open : real = 0.5 from 0.0 open_below to 1.0 open_above doc ""
  // CHECK: ravine.hyper @count : int = 3.000000e+00 from 1.000000e+00 to 0x7FF0000000000000 open_above doc ""
  ravine.hyper @count : int = 3.0 from 1.0 to 0x7FF0000000000000 open_above doc ""
  // CHECK: ravine.hyper @flag : bool = 1.000000e+00 from 0.000000e+00 to 1.000000e+00 doc ""
  ravine.hyper @flag : bool = 1.0 from 0.0 to 1.0 doc ""
  // CHECK: ravine.hyper @mode : enum = 1.000000e+00 from 0.000000e+00 to 1.000000e+00 choices ["plain", "scaled"] doc ""
  ravine.hyper @mode : enum = 1.0 from 0.0 to 1.0 choices ["plain", "scaled"] doc ""
  // CHECK: ravine.hyper @ofModel per model : real =
  ravine.hyper @ofModel per model : real = 0.5 from 0.0 to 1.0 doc ""
  // CHECK: ravine.hyper @ofTensor per tensor : real =
  ravine.hyper @ofTensor per tensor : real = 0.5 from 0.0 to 1.0 doc ""

  // CHECK: ravine.state @always : !ravine.field<f32, element> doc "kept" initial {
  // CHECK-NEXT: %[[ZERO:.*]] = ravine.constant 0.000000e+00 : f32 : <f32, element>
  // CHECK-NEXT: ravine.yield %[[ZERO]] : <f32, element>
  // CHECK-NEXT: } when "" {
  // CHECK-NEXT: }
  ravine.state @always : !ravine.field<f32, element> doc "kept" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  } when "" {}

  // CHECK: ravine.state @sometimes : !ravine.field<f32, element> doc "" initial {
  // CHECK: } when "flag" {
  // CHECK-NEXT: %[[FLAG:.*]] = ravine.hyper_value @flag : <i1, group>
  // CHECK-NEXT: ravine.yield %[[FLAG]] : <i1, group>
  // CHECK-NEXT: }
  ravine.state @sometimes : !ravine.field<f32, element> doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.yield %w : !ravine.field<f32, element>
  } when "flag" {
    %flag = ravine.hyper_value @flag : !ravine.field<i1, group>
    ravine.yield %flag : !ravine.field<i1, group>
  }

  // CHECK: ravine.state @committed : !ravine.field<f64, model> doc "" initial {
  ravine.state @committed : !ravine.field<f64, model> doc "" initial {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    ravine.yield %one : !ravine.field<f64, model>
  } when "" {}

  // CHECK: ravine.state @ofLarge : !ravine.field<f64, tensor> doc "" initial {
  // CHECK: } when "size > 9" {
  // CHECK: ravine.yield %{{.*}} : <i1, tensor>
  ravine.state @ofLarge : !ravine.field<f64, tensor> doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, tensor>
    ravine.yield %zero : !ravine.field<f64, tensor>
  } when "size > 9" {
    %size = ravine.clock size : !ravine.field<f64, tensor>
    %nine = ravine.constant 9.0 : f64 : !ravine.field<f64, tensor>
    %isLarge = ravine.compare gt %size, %nine : !ravine.field<f64, tensor> -> !ravine.field<i1, tensor>
    ravine.yield %isLarge : !ravine.field<i1, tensor>
  }

  // CHECK: ravine.case @case_0 "not flag" {
  // CHECK: ravine.yield %{{.*}} : <i1, group>
  ravine.case @case_0 "not flag" {
    %flag = ravine.hyper_value @flag : !ravine.field<i1, group>
    %not = ravine.not %flag : !ravine.field<i1, group>
    ravine.yield %not : !ravine.field<i1, group>
  }

  // CHECK: ravine.metric @steps : !ravine.field<f64, model> doc "how many"
  ravine.metric @steps : !ravine.field<f64, model> doc "how many"

  // CHECK: ravine.view @average doc "of always" {
  // CHECK-NEXT: %[[ALWAYS:.*]] = ravine.current @always : <f32, element>
  // CHECK-NEXT: ravine.yield %[[ALWAYS]] : <f32, element>
  // CHECK-NEXT: }
  ravine.view @average doc "of always" {
    %always = ravine.current @always : !ravine.field<f32, element>
    ravine.yield %always : !ravine.field<f32, element>
  }

  // CHECK: ravine.requirement "closed < open" {
  // CHECK: ravine.yield %{{.*}} : <i1, group>
  ravine.requirement "closed < open" {
    %closed = ravine.hyper_value @closed : !ravine.field<f64, group>
    %open = ravine.hyper_value @open : !ravine.field<f64, group>
    %holds = ravine.compare lt %closed, %open : !ravine.field<f64, group> -> !ravine.field<i1, group>
    ravine.yield %holds : !ravine.field<i1, group>
  }

  // CHECK: ravine.step {
  ravine.step {
    %step = ravine.clock step : !ravine.field<f64, model>
    ravine.measure @steps, %step : !ravine.field<f64, model>
  }
}

// CHECK-LABEL: ravine.optimizer @precise doc "" citation "" keeps_subnormals {
ravine.optimizer @precise doc "" citation "" keeps_subnormals {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// CHECK-LABEL: ravine.optimizer @careful doc "" citation "" nonfinite skip {
ravine.optimizer @careful doc "" citation "" nonfinite skip {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// CHECK-LABEL: ravine.optimizer @strict doc "" citation "" keeps_subnormals nonfinite error {
ravine.optimizer @strict doc "" citation "" keeps_subnormals nonfinite error {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}
