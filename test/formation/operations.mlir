// What needs all elements of a member at once is done by the runtime, on a field that a sweep has filled.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s
// RUN: ravine-opt %s -ravine-form-sweeps | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!truth = !ravine.field<i1, element>
!row = !ravine.field<f64, row>
!tensor = !ravine.field<f64, tensor>
!model = !ravine.field<f64, model>

// A mask over the model: the threshold is known to the next stage.
// CHECK-LABEL: sweep.program @masked.program
// CHECK-SAME: model_values [#sweep.value<reduction, "kth_largest[model] {{[^"]*}}", 0>]
// CHECK-SAME: ranks [0] groups [] fields 1
// CHECK: sweep.sweep @step_0_0_0 step variant 0 scalars
// CHECK-SAME: #sweep.buffer<field, "field 0", 0, element, f32, false, true>] reductions []
// CHECK: sweep.scalars @step_0_0_1_scalars slots
// CHECK-NEXT: %[[K:.*]] = arith.constant 1.000000e+01
// CHECK-NEXT: sweep.yield %[[K]] : f64
// CHECK: sweep.operation @step_0_0_1 kth_largest variant 0 scalars @step_0_0_1_scalars over <model> field 0 : f32 argument -1 result 0
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1] tiles [1, 1]
// CHECK: sweep.scalars @step_0_1_0_scalars slots
// CHECK-NEXT: sweep.model_value 0
// CHECK: sweep.stage step variant 0 sweeps [@step_0_1_0] tiles [1]
ravine.optimizer @masked doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %size = ravine.abs %w : !element
    %k = ravine.constant 10.0 : f64 : !model
    %kth = ravine.search kth_largest %size, %k : !element, !model to !model
    %kth_each = ravine.broadcast %kth : !model to !element
    %isKept = ravine.compare ge %size, %kth_each : !element -> !truth
    %zero = ravine.constant 0.0 : f32 : !element
    %next = ravine.select %isKept, %w, %zero : !truth, !element
    ravine.update %next : !element
  }
}

// Rows are projected to the simplex in one traversal. The second pass loads what the first has put into the field; the
// thresholds stand in a group buffer as they are found.
// CHECK-LABEL: sweep.program @simplex.program
// CHECK-SAME: ranks [2] groups [#ravine.set<row>] fields 1
// CHECK: sweep.operation @step_0_0_1 simplex_threshold variant 0 scalars @step_0_0_1_scalars over <row> field 0 : f32 argument -1 result 0
// CHECK: sweep.sweep @step_0_0_2 step variant 0 scalars
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, false, true>, #sweep.buffer<group, "simplex_threshold[row] {{[^"]*}}", 0, row, f64, true, false>, #sweep.buffer<field, "field 0", 0, element, f32, true, false>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2] tiles [3]
ravine.optimizer @simplex doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %v = ravine.sub %w, %g : !element
    %one = ravine.constant 1.0 : f64 : !model
    %theta = ravine.search simplex_threshold %v, %one : !element, !model to !row
    %theta_each = ravine.broadcast %theta : !row to !element
    %less = ravine.sub %v, %theta_each : !element
    %zero = ravine.constant 0.0 : f32 : !element
    %next = ravine.max %less, %zero : !element
    ravine.update %next : !element
  }
}

// An argument that differs from row to row comes from a group buffer.
// CHECK-LABEL: sweep.program @radii.program
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <row>
// CHECK-SAME: #sweep.buffer<group, "group [[RADIUS:[0-9]+]]", [[RADIUS]], row, f64, false, true>]
// CHECK: sweep.scalars @step_0_0_2_scalars slots {
// CHECK-NEXT: }
// CHECK: sweep.operation @step_0_0_2 simplex_threshold variant 0 scalars @step_0_0_2_scalars over <row> field 0 : f32 argument [[RADIUS]] result
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2, @step_0_0_3] tiles [4]
ravine.optimizer @radii doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %most = ravine.reduce max %wide : !wide to !row
    %half = ravine.constant 0.5 : f64 : !row
    %radius = ravine.mul %most, %half : !row
    %theta = ravine.search simplex_threshold %w, %radius : !element, !row to !row
    %theta_each = ravine.broadcast %theta : !row to !element
    %next = ravine.sub %w, %theta_each : !element
    ravine.update %next : !element
  }
}

// A rearrangement replaces its field, and gives no number. Over a tensor it stands between two traversals.
// CHECK-LABEL: sweep.program @denoised.program
// CHECK: sweep.operation @step_0_0_1 taut_string variant 0 scalars @step_0_0_1_scalars over <tensor> field 0 : f32 argument -1 result -1
// CHECK: sweep.sweep @step_0_0_2 step variant 0 scalars
// CHECK-SAME: buffers [#sweep.buffer<parameter, "w", 0, element, f32, false, true>, #sweep.buffer<field, "field 0", 0, element, f32, true, false>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2] tiles [1, 1, 1]
ravine.optimizer @denoised doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %v = ravine.sub %w, %g : !element
    %one = ravine.constant 1.0 : f64 : !model
    %next = ravine.rearrange taut_string %v, %one in <tensor> : !element, !model
    ravine.update %next : !element
  }
}

// Initial values are computed at another time than the step: they use the same field.
// CHECK-LABEL: sweep.program @smooth.program
// CHECK-SAME: fields 1
// CHECK: sweep.operation @initial_0_1 taut_string variant 0 scalars @initial_0_1_scalars over <row> field 0
// CHECK: sweep.stage initial variant 0 sweeps [@initial_0_0, @initial_0_1, @initial_0_2] tiles [3]
// CHECK: sweep.operation @step_0_0_1 taut_string variant 0 scalars @step_0_0_1_scalars over <row> field 0
ravine.optimizer @smooth doc "" citation "" {
  ravine.state @u : !element doc "" initial {
    %w = ravine.parameter : !element
    %one = ravine.constant 1.0 : f64 : !model
    %smooth = ravine.rearrange taut_string %w, %one in <row> : !element, !model
    ravine.yield %smooth : !element
  }
  ravine.step {
    %w = ravine.parameter : !element
    %u = ravine.current @u : !element
    %one = ravine.constant 1.0 : f64 : !model
    %smooth = ravine.rearrange taut_string %w, %one in <row> : !element, !model
    ravine.next @u, %smooth : !element
    %next = ravine.sub %w, %u : !element
    ravine.update %next : !element
  }
}
