// The operation on single numbers that each elementwise operation becomes.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s

!element = !ravine.field<f32, element>
!truth = !ravine.field<i1, element>

// CHECK: sweep.program @numbers.program
// CHECK: sweep.sweep @step_0_0_0
// CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32, %[[G:.*]]: f32):
ravine.optimizer @numbers doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    // CHECK-NEXT: %[[ADD:.*]] = arith.addf %[[W]], %[[G]] : f32
    %add = ravine.add %w, %g : !element
    // CHECK-NEXT: %[[SUB:.*]] = arith.subf %[[ADD]], %[[G]]
    %sub = ravine.sub %add, %g : !element
    // CHECK-NEXT: %[[MUL:.*]] = arith.mulf %[[SUB]], %[[G]]
    %mul = ravine.mul %sub, %g : !element
    // CHECK-NEXT: %[[DIV:.*]] = arith.divf %[[MUL]], %[[G]]
    %div = ravine.div %mul, %g : !element
    // NaN is stronger than a number:
    // CHECK-NEXT: %[[MAX:.*]] = arith.maximumf %[[DIV]], %[[G]]
    %max = ravine.max %div, %g : !element
    // CHECK-NEXT: %[[MIN:.*]] = arith.minimumf %[[MAX]], %[[G]]
    %min = ravine.min %max, %g : !element
    // CHECK-NEXT: %[[POW:.*]] = math.powf %[[MIN]], %[[G]]
    %pow = ravine.pow %min, %g : !element
    // CHECK-NEXT: %[[FMA:.*]] = math.fma %[[POW]], %[[W]], %[[G]]
    %fma = ravine.fma %pow, %w, %g : !element
    // CHECK-NEXT: %[[NEG:.*]] = arith.negf %[[FMA]]
    %neg = ravine.neg %fma : !element
    // CHECK-NEXT: %[[ABS:.*]] = math.absf %[[NEG]]
    %abs = ravine.abs %neg : !element
    // Zeros and NaN stay such, and a subnormal that counts as zero becomes one:
    // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
    // CHECK-DAG: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
    // CHECK-DAG: %[[IS_NONZERO:.*]] = arith.cmpf one, %[[ABS]], %[[ZERO]]
    // CHECK-DAG: %[[UNIT:.*]] = math.copysign %[[ONE]], %[[ABS]]
    // CHECK-DAG: %[[STAYS:.*]] = arith.mulf %[[ABS]], %[[ZERO]]
    // CHECK: %[[SIGN:.*]] = arith.select %[[IS_NONZERO]], %[[UNIT]], %[[STAYS]]
    %sign = ravine.sign %abs : !element
    // CHECK-NEXT: %[[SQRT:.*]] = math.sqrt %[[SIGN]]
    %sqrt = ravine.sqrt %sign : !element
    // CHECK-NEXT: %[[EXP:.*]] = math.exp %[[SQRT]]
    %exp = ravine.exp %sqrt : !element
    // CHECK-NEXT: %[[EXPM1:.*]] = math.expm1 %[[EXP]]
    %expm1 = ravine.expm1 %exp : !element
    // CHECK-NEXT: %[[LOG:.*]] = math.log %[[EXPM1]]
    %log = ravine.log %expm1 : !element
    // CHECK-NEXT: %[[LOG1P:.*]] = math.log1p %[[LOG]]
    %log1p = ravine.log1p %log : !element
    // CHECK-NEXT: %[[SIN:.*]] = math.sin %[[LOG1P]]
    %sin = ravine.sin %log1p : !element
    // CHECK-NEXT: %[[COS:.*]] = math.cos %[[SIN]]
    %cos = ravine.cos %sin : !element
    // CHECK-NEXT: %[[TAN:.*]] = math.tan %[[COS]]
    %tan = ravine.tan %cos : !element
    // CHECK-NEXT: %[[ASIN:.*]] = math.asin %[[TAN]]
    %asin = ravine.asin %tan : !element
    // CHECK-NEXT: %[[ACOS:.*]] = math.acos %[[ASIN]]
    %acos = ravine.acos %asin : !element
    // CHECK-NEXT: %[[ATAN:.*]] = math.atan %[[ACOS]]
    %atan = ravine.atan %acos : !element
    // CHECK-NEXT: %[[SINH:.*]] = math.sinh %[[ATAN]]
    %sinh = ravine.sinh %atan : !element
    // CHECK-NEXT: %[[COSH:.*]] = math.cosh %[[SINH]]
    %cosh = ravine.cosh %sinh : !element
    // CHECK-NEXT: %[[TANH:.*]] = math.tanh %[[COSH]]
    %tanh = ravine.tanh %cosh : !element
    // CHECK-NEXT: %[[ERF:.*]] = math.erf %[[TANH]]
    %erf = ravine.erf %tanh : !element
    // CHECK-NEXT: %[[FLOOR:.*]] = math.floor %[[ERF]]
    %floor = ravine.floor %erf : !element
    // CHECK-NEXT: %[[CEIL:.*]] = math.ceil %[[FLOOR]]
    %ceil = ravine.ceil %floor : !element
    // Ties to even:
    // CHECK-NEXT: %[[ROUND:.*]] = math.roundeven %[[CEIL]]
    %round = ravine.round %ceil : !element
    // CHECK-NEXT: sweep.yield %[[ROUND]] : f32
    ravine.update %round : !element
  }
}

// A comparison with NaN is false, except `ne`.
// CHECK: sweep.program @truth_values.program
// CHECK: sweep.sweep @step_0_0_0
// CHECK-NEXT: ^{{.*}}(%[[W:.*]]: f32, %[[G:.*]]: f32):
ravine.optimizer @truth_values doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    // CHECK-NEXT: %[[LT:.*]] = arith.cmpf olt, %[[W]], %[[G]] : f32
    %lt = ravine.compare lt %w, %g : !element -> !truth
    // CHECK-NEXT: %[[LE:.*]] = arith.cmpf ole, %[[W]], %[[G]]
    %le = ravine.compare le %w, %g : !element -> !truth
    // CHECK-NEXT: %[[GT:.*]] = arith.cmpf ogt, %[[W]], %[[G]]
    %gt = ravine.compare gt %w, %g : !element -> !truth
    // CHECK-NEXT: %[[GE:.*]] = arith.cmpf oge, %[[W]], %[[G]]
    %ge = ravine.compare ge %w, %g : !element -> !truth
    // CHECK-NEXT: %[[EQ:.*]] = arith.cmpf oeq, %[[W]], %[[G]]
    %eq = ravine.compare eq %w, %g : !element -> !truth
    // CHECK-NEXT: %[[NE:.*]] = arith.cmpf une, %[[W]], %[[G]]
    %ne = ravine.compare ne %w, %g : !element -> !truth
    // CHECK-NEXT: %[[AND:.*]] = arith.andi %[[LT]], %[[LE]] : i1
    %and = ravine.and %lt, %le : !truth
    // CHECK-NEXT: %[[OR:.*]] = arith.ori %[[GT]], %[[GE]] : i1
    %or = ravine.or %gt, %ge : !truth
    // CHECK-NEXT: %[[TRUE:.*]] = arith.constant true
    // CHECK-NEXT: %[[NOT:.*]] = arith.xori %[[EQ]], %[[TRUE]] : i1
    %not = ravine.not %eq : !truth
    // CHECK: arith.select %[[NE]], %[[W]], %[[G]] : f32
    %first = ravine.select %and, %w, %g : !truth, !element
    %second = ravine.select %or, %first, %g : !truth, !element
    %third = ravine.select %not, %second, %g : !truth, !element
    %fourth = ravine.select %ne, %w, %g : !truth, !element
    %sum = ravine.add %third, %fourth : !element
    ravine.update %sum : !element
  }
}
