// Numbers of groups are folded by sweeps over the groups, those of tensors by a scalar program at the end of a stage.
// RUN: ravine-opt %s -ravine-form-sweeps | FileCheck %s
// RUN: ravine-opt %s -ravine-form-sweeps | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!row = !ravine.field<f64, row>
!col = !ravine.field<f64, col>
!tensor = !ravine.field<f64, tensor>
!model = !ravine.field<f64, model>

// One sweep over rows folds them over the tensor and over the model, in the traversal that has made them.
// CHECK-LABEL: sweep.program @rows.program
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <row>
// CHECK-SAME: reductions [#sweep.reduction<max, tensor, 0>, #sweep.reduction<max, model, 0>]
// CHECK: sweep.scalars @step_0_0_fold fold
// CHECK-NEXT: %[[OF_TENSOR:.*]] = sweep.tensor_value 0
// CHECK-NEXT: sweep.yield %[[OF_TENSOR]]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1] tiles [2] resident [] tiles [] fold @step_0_0_fold reductions [#sweep.reduction<sum, model, 1>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_1_0] tiles [1]
ravine.optimizer @rows doc "" citation "" {
  ravine.metric @mean : !model doc ""
  ravine.step {
    %w = ravine.parameter : !element
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !row
    %norm = ravine.sqrt %sum : !row
    %of_tensor = ravine.reduce max %norm : !row to !tensor
    %of_model = ravine.reduce max %norm : !row to !model
    %total = ravine.reduce sum %of_tensor : !tensor to !model
    %each = ravine.broadcast %of_model : !model to !element
    %tensor_each = ravine.broadcast %of_tensor : !tensor to !element
    %scaled = ravine.div %g, %each : !element
    %more = ravine.mul %scaled, %tensor_each : !element
    %next = ravine.sub %w, %more : !element
    ravine.update %next : !element
    ravine.measure @mean, %total : !model
  }
}

// Columns are known when the tensor is through, and are folded in a run of their own.
// CHECK-LABEL: sweep.program @cols.program
// CHECK: sweep.sweep @step_0_0_1 step variant 0 over <col>
// CHECK-SAME: reductions [#sweep.reduction<sum, tensor, 0>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2] tiles [1, 1, 1]
ravine.optimizer @cols doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %most = ravine.reduce max %wide : !wide to !col
    %total = ravine.reduce sum %most : !col to !tensor
    %each = ravine.broadcast %total : !tensor to !element
    %next = ravine.sub %w, %each : !element
    ravine.update %next : !element
  }
}

// A fold of rows that needs a number of the tensor waits until the tensor is through: no traversal knows what it folds
// itself.
// CHECK-LABEL: sweep.program @shares.program
// CHECK: sweep.scalars @step_0_0_2_scalars slots
// CHECK-NEXT: %[[TOTAL:.*]] = sweep.tensor_value 0
// CHECK: sweep.sweep @step_0_0_2 step variant 0 over <row>
// CHECK-SAME: reductions [#sweep.reduction<max, tensor, 1>]
// CHECK: sweep.stage step variant 0 sweeps [@step_0_0_0, @step_0_0_1, @step_0_0_2, @step_0_0_3] tiles [2, 1, 1]
ravine.optimizer @shares doc "" citation "" {
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %most = ravine.reduce max %wide : !wide to !row
    %total = ravine.reduce sum %most : !row to !tensor
    %total_row = ravine.broadcast %total : !tensor to !row
    %share = ravine.div %most, %total_row : !row
    %greatest = ravine.reduce max %share : !row to !tensor
    %each = ravine.broadcast %greatest : !tensor to !element
    %next = ravine.sub %w, %each : !element
    ravine.update %next : !element
  }
}
