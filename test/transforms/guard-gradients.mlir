// A step that must not use infinite gradients asks, before all else, a number that tells of them, an existing one if there is
// one.
// RUN: ravine-opt %s -pass-pipeline='builtin.module(ravine.optimizer(ravine-guard-gradients))' | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!model = !ravine.field<f64, model>

// ---- asked of what the rule folds

// CHECK-LABEL: ravine.optimizer @sum_of_squares
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK-NOT: ravine.reduce
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[SUM]], %{{.*}} : <f64, model> -> <i1, model>
// CHECK: %[[INFINITE:.*]] = ravine.not %[[FINITE]]
// CHECK: ravine.skip %[[INFINITE]] : <i1, model>
ravine.optimizer @sum_of_squares doc "" citation "" nonfinite skip {
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !model
    %norm = ravine.sqrt %sum : !model
    %scale = ravine.broadcast %norm : !model to !element
    ravine.update %scale : !element
  }
}

// CHECK-LABEL: ravine.optimizer @sum_of_magnitudes
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK-NOT: ravine.reduce
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[SUM]], %{{.*}} : <f64, model> -> <i1, model>
// CHECK: %[[INFINITE:.*]] = ravine.not %[[FINITE]]
// CHECK: ravine.skip %[[INFINITE]] refuse culprit %[[SUM]] : !ravine.field<f64, model> : <i1, model>
ravine.optimizer @sum_of_magnitudes doc "" citation "" nonfinite error {
  ravine.step {
    %g = ravine.gradient : !element
    %magnitude = ravine.abs %g : !element
    %wide = ravine.widen %magnitude : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !model
    %scale = ravine.broadcast %sum : !model to !element
    ravine.update %scale : !element
  }
}

// CHECK-LABEL: ravine.optimizer @greatest_magnitude
// CHECK: %[[GREATEST:.*]] = ravine.reduce max
// CHECK-NOT: ravine.reduce
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[GREATEST]], %{{.*}} : <f64, model> -> <i1, model>
// CHECK: %[[INFINITE:.*]] = ravine.not %[[FINITE]]
// CHECK: ravine.skip %[[INFINITE]] refuse culprit %[[GREATEST]] : !ravine.field<f64, model> : <i1, model>
ravine.optimizer @greatest_magnitude doc "" citation "" nonfinite error {
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %magnitude = ravine.abs %wide : !wide
    %greatest = ravine.reduce max %magnitude : !wide to !model
    %scale = ravine.broadcast %greatest : !model to !element
    ravine.update %scale : !element
  }
}

// ---- asked of a number of its own, for the form in f64 folds none that tells of its gradients

// CHECK-LABEL: ravine.optimizer @in_both_widths
// CHECK: ravine.reduce sum
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[SUM]], %{{.*}} : <f64, model> -> <i1, model>
// CHECK-LABEL: ravine.optimizer @in_both_widths.f64
// CHECK: ravine.reduce sum
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[SUM]], %{{.*}} : <f64, model> -> <i1, model>
ravine.optimizer @in_both_widths doc "" citation "" nonfinite skip wide @in_both_widths.f64 {
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !model
    %scale = ravine.broadcast %sum : !model to !element
    ravine.update %scale : !element
  }
}
ravine.optimizer @in_both_widths.f64 doc "" citation "" nonfinite skip {
  ravine.step {
    %g = ravine.gradient : !wide
    %square = ravine.mul %g, %g : !wide
    %sum = ravine.reduce sum %square : !wide to !model
    %scale = ravine.broadcast %sum : !model to !wide
    ravine.update %scale : !wide
  }
}

// ---- asked of a sum of its own

// CHECK-LABEL: ravine.optimizer @elementwise
// CHECK: %[[G:.*]] = ravine.gradient : <f32, element>
// CHECK: %[[WIDE:.*]] = ravine.widen %[[G]]
// CHECK: %[[ZERO:.*]] = ravine.constant 0.000000e+00 : f64 : <f64, element>
// CHECK: %[[PRODUCT:.*]] = ravine.mul %[[WIDE]], %[[ZERO]] : <f64, element>
// CHECK: %[[SUM:.*]] = ravine.reduce sum %[[PRODUCT]] : <f64, element> to <f64, model>
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[SUM]], %{{.*}} : <f64, model> -> <i1, model>
// CHECK: %[[INFINITE:.*]] = ravine.not %[[FINITE]]
// CHECK: ravine.skip %[[INFINITE]] : <i1, model>
ravine.optimizer @elementwise doc "" citation "" nonfinite skip {
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %next = ravine.sub %w, %g : !element
    ravine.update %next : !element
  }
}

// CHECK-LABEL: ravine.optimizer @without_gradient
// CHECK: ravine.update
// CHECK: %[[G:.*]] = ravine.gradient : <f32, element>
// CHECK: ravine.skip
ravine.optimizer @without_gradient doc "" citation "" nonfinite skip {
  ravine.step {
    %w = ravine.parameter : !element
    ravine.update %w : !element
  }
}

// The squares of one tensor tell nothing of the others.
// CHECK-LABEL: ravine.optimizer @sum_over_a_tensor
// CHECK: ravine.reduce sum {{.*}} to <f64, tensor>
// CHECK: %[[SUM:.*]] = ravine.reduce sum {{.*}} to <f64, model>
// CHECK: ravine.compare lt %[[SUM]],
ravine.optimizer @sum_over_a_tensor doc "" citation "" nonfinite skip {
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !ravine.field<f64, tensor>
    %scale = ravine.broadcast %sum : !ravine.field<f64, tensor> to !element
    ravine.update %scale : !element
  }
}

// A square of f32 may be infinite where the gradient is not.
// CHECK-LABEL: ravine.optimizer @sum_of_narrow_squares
// CHECK-COUNT-2: ravine.reduce sum
// CHECK: ravine.skip
ravine.optimizer @sum_of_narrow_squares doc "" citation "" nonfinite skip {
  ravine.step {
    %g = ravine.gradient : !element
    %square = ravine.mul %g, %g : !element
    %wide = ravine.widen %square : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !model
    %scale = ravine.broadcast %sum : !model to !element
    ravine.update %scale : !element
  }
}

// The greatest element does not tell of −inf, the least magnitude not of one inf, and numbers of w tell of w.
// CHECK-LABEL: ravine.optimizer @telling_too_little
// CHECK-COUNT-4: ravine.reduce
// CHECK: %[[OWN:.*]] = ravine.reduce sum
// CHECK: ravine.compare lt %[[OWN]],
ravine.optimizer @telling_too_little doc "" citation "" nonfinite skip {
  ravine.step {
    %g = ravine.gradient : !element
    %w = ravine.parameter : !element
    %wide = ravine.widen %g : !element to !wide
    %magnitude = ravine.abs %wide : !wide
    %wideW = ravine.widen %w : !element to !wide
    %squareW = ravine.mul %wideW, %wideW : !wide
    %product = ravine.mul %wide, %wideW : !wide
    %greatest = ravine.reduce max %wide : !wide to !model
    %least = ravine.reduce min %magnitude : !wide to !model
    %ofW = ravine.reduce sum %squareW : !wide to !model
    %ofBoth = ravine.reduce sum %product : !wide to !model
    %0 = ravine.add %greatest, %least : !model
    %1 = ravine.add %ofW, %ofBoth : !model
    %2 = ravine.add %0, %1 : !model
    %scale = ravine.broadcast %2 : !model to !element
    ravine.update %scale : !element
  }
}

// The square of an f64 may be infinite.
// CHECK-LABEL: ravine.optimizer @gradient_in_f64
// CHECK-COUNT-2: ravine.reduce sum
// CHECK: ravine.skip
ravine.optimizer @gradient_in_f64 doc "" citation "" nonfinite skip {
  ravine.step {
    %g = ravine.gradient : !wide
    %square = ravine.mul %g, %g : !wide
    %sum = ravine.reduce sum %square : !wide to !model
    %scale = ravine.broadcast %sum : !model to !wide
    ravine.update %scale : !wide
  }
}

// ---- not asked

// CHECK-LABEL: ravine.optimizer @propagates
// CHECK-NOT: ravine.skip
ravine.optimizer @propagates doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !element
    ravine.update %g : !element
  }
}

// ---- among what the rule asks itself

// Nothing comes about where a gradient is infinite, so everything stands after that question, the other skips too.
// CHECK-LABEL: ravine.optimizer @with_skips
// CHECK: %[[OWN:.*]] = ravine.compare gt
// CHECK: ravine.next @count, %{{.*}} after 1
// CHECK: ravine.update %{{.*}} after 2
// CHECK: %[[SUM:.*]] = ravine.reduce sum
// CHECK: %[[FINITE:.*]] = ravine.compare lt %[[SUM]]
// CHECK: %[[INFINITE:.*]] = ravine.not %[[FINITE]]
// CHECK: ravine.skip %[[INFINITE]]
// CHECK: ravine.skip %[[OWN]]
// CHECK-NOT: ravine.skip
ravine.optimizer @with_skips doc "" citation "" nonfinite skip {
  ravine.state @count : !model doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !model
    ravine.yield %zero : !model
  }
  ravine.step {
    %count = ravine.current @count : !model
    %step = ravine.clock step : !model
    %isAhead = ravine.compare gt %count, %step : !model -> !ravine.field<i1, model>
    ravine.skip %isAhead : !ravine.field<i1, model>
    ravine.next @count, %step : !model
    %g = ravine.gradient : !element
    ravine.update %g after 1 : !element
  }
}

// What only some tensors are folded to tells nothing of the others.
// CHECK-LABEL: ravine.optimizer @sum_over_some
// CHECK: ravine.reduce sum {{.*}} under [@biases]
// CHECK: %[[SUM:.*]] = ravine.reduce sum {{.*}} : <f64, element> to <f64, model>
// CHECK: ravine.compare lt %[[SUM]],
ravine.optimizer @sum_over_some doc "" citation "" nonfinite skip {
  ravine.case @biases "" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square under [@biases] : !wide to !model
    %scale = ravine.broadcast %sum : !model to !element
    ravine.update %scale : !element
  }
}
