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
  // CHECK-NEXT: }
  ravine.state @always : !ravine.field<f32, element> doc "kept" initial {
    %zero = ravine.constant 0.0 : f32 : !ravine.field<f32, element>
    ravine.yield %zero : !ravine.field<f32, element>
  }

  // CHECK: ravine.hyper @scheduled : real = 1.000000e+00 from 0.000000e+00 to 1.000000e+00 doc "" follows "closed/step" {
  // CHECK-NEXT: %[[CLOSED:.*]] = ravine.hyper_value @closed : <f64, group>
  // CHECK: ravine.yield %{{.*}} : <f64, group>
  // CHECK-NEXT: }
  ravine.hyper @scheduled : real = 1.0 from 0.0 to 1.0 doc "" follows "closed/step" {
    %closed = ravine.hyper_value @closed : !ravine.field<f64, group>
    %step = ravine.clock step : !ravine.field<f64, model>
    %own = ravine.broadcast %step : !ravine.field<f64, model> to !ravine.field<f64, group>
    %value = ravine.div %closed, %own : !ravine.field<f64, group>
    ravine.yield %value : !ravine.field<f64, group>
  }

  // CHECK: ravine.case @flagged "flag" {
  // CHECK-NEXT: %[[FLAG:.*]] = ravine.hyper_value @flag : <i1, group>
  // CHECK-NEXT: ravine.yield %[[FLAG]] : <i1, group>
  // CHECK-NEXT: }
  ravine.case @flagged "flag" {
    %flag = ravine.hyper_value @flag : !ravine.field<i1, group>
    ravine.yield %flag : !ravine.field<i1, group>
  }

  // CHECK: ravine.case @biases "hidden" under [@flagged] choice 0 {
  // CHECK-NEXT: ravine.matches name "*.bias" : <i1, tensor>
  // CHECK-NEXT: ravine.matches group "head" : <i1, tensor>
  ravine.case @biases "hidden" under [@flagged] choice 0 {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    %isHead = ravine.matches group "head" : !ravine.field<i1, tensor>
    %both = ravine.and %isBias, %isHead : !ravine.field<i1, tensor>
    ravine.yield %both : !ravine.field<i1, tensor>
  }

  // CHECK: ravine.case @wide "cols > rows" under [@flagged] choice 0 {
  // CHECK-NEXT: ravine.clock rows : <f64, tensor>
  // CHECK-NEXT: ravine.clock cols : <f64, tensor>
  ravine.case @wide "cols > rows" under [@flagged] choice 0 {
    %rows = ravine.clock rows : !ravine.field<f64, tensor>
    %cols = ravine.clock cols : !ravine.field<f64, tensor>
    %isWide = ravine.compare gt %cols, %rows : !ravine.field<f64, tensor> -> !ravine.field<i1, tensor>
    ravine.yield %isWide : !ravine.field<i1, tensor>
  }

  // CHECK: ravine.state @sometimes : !ravine.field<f32, element> store bf16 under [@flagged, @wide] doc "" initial {
  ravine.state @sometimes : !ravine.field<f32, element> store bf16 under [@flagged, @wide] doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.yield %w : !ravine.field<f32, element>
  }

  // CHECK: ravine.state @master : !ravine.field<f32, element> master doc "" initial {
  ravine.state @master : !ravine.field<f32, element> master doc "" initial {
    %w = ravine.parameter : !ravine.field<f32, element>
    ravine.yield %w : !ravine.field<f32, element>
  }

  // CHECK: ravine.state @committed : !ravine.field<f64, model> doc "" initial {
  ravine.state @committed : !ravine.field<f64, model> doc "" initial {
    %one = ravine.constant 1.0 : f64 : !ravine.field<f64, model>
    ravine.yield %one : !ravine.field<f64, model>
  }

  // CHECK: ravine.state @ofBiases : !ravine.field<f64, tensor> under [@biases] doc "" initial {
  ravine.state @ofBiases : !ravine.field<f64, tensor> under [@biases] doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !ravine.field<f64, tensor>
    ravine.yield %zero : !ravine.field<f64, tensor>
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

// CHECK-LABEL: ravine.optimizer @stored doc "" citation "" precisions [#ravine.precision<"f32", f32, f32>, #ravine.precision<"bf16/f32", bf16, f32>] wide @stored.wide {
ravine.optimizer @stored doc "" citation ""
    precisions [#ravine.precision<"f32", f32, f32>, #ravine.precision<"bf16/f32", bf16, f32>] wide @stored.wide {
  ravine.step { ravine.parameter : !ravine.field<f32, element> }
}

// CHECK-LABEL: ravine.optimizer @stored.wide doc "" citation "" precisions [#ravine.precision<"f64", f64, f64>] {
ravine.optimizer @stored.wide doc "" citation "" precisions [#ravine.precision<"f64", f64, f64>] {
  ravine.step { ravine.parameter : !ravine.field<f64, element> }
}
