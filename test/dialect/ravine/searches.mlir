// Searches and rearrangements, over all that they may be over.
// RUN: ravine-opt %s | ravine-opt | FileCheck %s

!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!row = !ravine.field<f64, row>
!tensor = !ravine.field<f64, tensor>
!model = !ravine.field<f64, model>

// CHECK-LABEL: @searches
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[WIDE:.*]]: !ravine.field<f64, element>, %[[S:.*]]: !ravine.field<f64, model>, %[[PER_ROW:.*]]: !ravine.field<f64, row>)
func.func @searches(%x: !element, %wide: !wide, %s: !model, %perRow: !row) {
  // CHECK-NEXT: ravine.search kth_largest %[[X]], %[[S]] : <f32, element>, <f64, model> to <f64, tensor>
  %0 = ravine.search kth_largest %x, %s : !element, !model to !tensor
  // CHECK-NEXT: ravine.search quantile %[[WIDE]], %[[S]] : <f64, element>, <f64, model> to <f64, block 64>
  %1 = ravine.search quantile %wide, %s : !wide, !model to !ravine.field<f64, block 64>
  // CHECK-NEXT: ravine.search simplex_threshold %[[X]], %[[PER_ROW]] : <f32, element>, <f64, row> to <f64, row>
  %2 = ravine.search simplex_threshold %x, %perRow : !element, !row to !row
  // CHECK-NEXT: ravine.search kth_largest %[[X]], %[[S]] : <f32, element>, <f64, model> to <f64, model>
  %3 = ravine.search kth_largest %x, %s : !element, !model to !model
  return
}

// CHECK-LABEL: @rearrangements
// CHECK-SAME: (%[[X:.*]]: !ravine.field<f32, element>, %[[K:.*]]: !ravine.field<f64, model>)
func.func @rearrangements(%x: !element, %k: !model) {
  // CHECK-NEXT: ravine.rearrange largest %[[X]], %[[K]] in <model> : <f32, element>, <f64, model>
  %0 = ravine.rearrange largest %x, %k in <model> : !element, !model
  // CHECK-NEXT: ravine.rearrange taut_string %[[X]], %[[K]] in <block 64> : <f32, element>, <f64, model>
  %1 = ravine.rearrange taut_string %x, %k in <block 64> : !element, !model
  // CHECK-NEXT: %[[ZERO:.*]] = ravine.constant 0.000000e+00 : f64 : <f64, tensor>
  %zero = ravine.constant 0.0 : f64 : !tensor
  // CHECK-NEXT: ravine.rearrange difference %[[X]], %[[ZERO]] in <row> : <f32, element>, <f64, tensor>
  %2 = ravine.rearrange difference %x, %zero in <row> : !element, !tensor
  return
}

// CHECK-LABEL: ravine.optimizer @of_some_tensors doc "" citation "" on_matrices {
ravine.optimizer @of_some_tensors doc "" citation "" on_matrices {
  ravine.case @biases "bias" {
    %isBias = ravine.matches name "*.bias" : !ravine.field<i1, tensor>
    ravine.yield %isBias : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !element
    %k = ravine.constant 2.0 : f64 : !model
    // CHECK: %[[FOUND:.*]] = ravine.search kth_largest %{{.*}}, %{{.*}} under [@biases] : <f32, element>
    %found = ravine.search kth_largest %g, %k under [@biases] : !element, !model to !model
    // CHECK: ravine.rearrange largest %{{.*}}, %[[FOUND]] in <model> under [@biases] : <f32, element>
    %kept = ravine.rearrange largest %g, %found in <model> under [@biases] : !element, !model
    ravine.update %kept : !element
  }
}
