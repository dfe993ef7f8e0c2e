// Which elementary functions are calls, and of what.
// RUN: ravine-opt %s -ravine-scalars-to-functions | FileCheck %s

sweep.program @rule.program optimizer @rule conditions 0 outcomes [0] precisions 1 states [] : [] requirements 0
    tensor_values [] model_values [] exits [] patterns [] ranks [0] groups [] fields 0 {
  sweep.scalars @conditions conditions {}
  sweep.scalars @requirements requirements {}
  sweep.scalars @initial_tensor initial_tensor {}
  sweep.scalars @end_tensor end_tensor {}
  sweep.scalars @initial_model initial_model {}
  sweep.scalars @end_model end_model {}
  // CHECK-LABEL: func.func @rule_called(
  sweep.scalars @called slots {
    %x = sweep.hyper 0
    // CHECK: %[[POW:.*]] = call @pow(
    %pow = math.powf %x, %x : f64
    // CHECK: %[[EXP:.*]] = call @exp(%[[POW]])
    %exp = math.exp %pow : f64
    // CHECK: %[[EXPM1:.*]] = call @expm1(%[[EXP]])
    %expm1 = math.expm1 %exp : f64
    // CHECK: %[[LOG:.*]] = call @log(%[[EXPM1]])
    %log = math.log %expm1 : f64
    // CHECK: %[[LOG1P:.*]] = call @log1p(%[[LOG]])
    %log1p = math.log1p %log : f64
    // CHECK: %[[SIN:.*]] = call @sin(%[[LOG1P]])
    %sin = math.sin %log1p : f64
    // CHECK: %[[COS:.*]] = call @cos(%[[SIN]])
    %cos = math.cos %sin : f64
    // CHECK: %[[TAN:.*]] = call @tan(%[[COS]])
    %tan = math.tan %cos : f64
    // CHECK: %[[ASIN:.*]] = call @asin(%[[TAN]])
    %asin = math.asin %tan : f64
    // CHECK: %[[ACOS:.*]] = call @acos(%[[ASIN]])
    %acos = math.acos %asin : f64
    // CHECK: %[[ATAN:.*]] = call @atan(%[[ACOS]])
    %atan = math.atan %acos : f64
    // CHECK: %[[SINH:.*]] = call @sinh(%[[ATAN]])
    %sinh = math.sinh %atan : f64
    // CHECK: %[[COSH:.*]] = call @cosh(%[[SINH]])
    %cosh = math.cosh %sinh : f64
    // CHECK: %[[TANH:.*]] = call @tanh(%[[COSH]])
    %tanh = math.tanh %cosh : f64
    // CHECK: %[[ERF:.*]] = call @erf(%[[TANH]])
    %erf = math.erf %tanh : f64
    // CHECK: memref.store %[[ERF]]
    sweep.yield %erf : f64
  }
  // CHECK-LABEL: func.func @rule_not_called(
  // CHECK-NOT: call
  // CHECK: memref.store
  sweep.scalars @not_called slots {
    %x = sweep.hyper 0
    %sqrt = math.sqrt %x : f64
    %abs = math.absf %sqrt : f64
    %floor = math.floor %abs : f64
    %ceil = math.ceil %floor : f64
    %round = math.roundeven %ceil : f64
    %max = arith.maximumf %round, %x : f64
    sweep.yield %max : f64
  }
  sweep.sweep @step_0 step variant 0 scalars @not_called buffers [] reductions [] {
  ^bb0(%x: f64):
    sweep.yield
  }
}
